#include <fcntl.h>
#include <unistd.h>

#include "cli/cli.h"

/* A standard stream that was closed would be taken by the next file that is opened, and be written to. What takes its
   place cannot be written to either, so that lost output is still noticed. */
static int open_standard_streams(void) {
    int fd;
    do {
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    return fd < 0 ? -1 : close(fd);
}

int main(int argc, char **argv) {
    return open_standard_streams() == 0 ? cli_main(argc, argv) : CLI_FAILED;
}

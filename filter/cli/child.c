#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_EXECUTE = 127 };

/* In the child: only functions that are safe after fork() in a program with threads. */
static void become(const char *const argv[], int output_fd) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (dup2(output_fd, STDOUT_FILENO) >= 0) execv("/proc/self/exe", (char *const *)argv);
    _exit(CANNOT_EXECUTE);
}

int child_start(struct child *child, const char *const argv[], const char *output_file) {
    const int output_fd = open(output_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (output_fd < 0) return -1;
    child->pid = fork();
    if (child->pid == 0) become(argv, output_fd);
    const int reason = errno;
    close(output_fd);
    errno = reason;
    if (child->pid > 0) return 0;
    child->pid = 0;
    return -1;
}

static bool reap(struct child *child, int flags, bool *is_good) {
    int status;
    pid_t pid;
    while ((pid = waitpid(child->pid, &status, flags)) < 0 && errno == EINTR) {
    }
    if (pid != child->pid) return false;
    child->pid = 0;
    *is_good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return true;
}

bool child_has_ended(struct child *child, bool *is_good) {
    return child->pid != 0 && reap(child, WNOHANG, is_good);
}

void child_stop(struct child *child) {
    bool is_good;
    if (child->pid == 0) return;
    kill(child->pid, SIGTERM);
    reap(child, 0, &is_good);
}

#include "rules/compile/build_id.h"

#include <elf.h>
#include <link.h>
#include <string.h>

struct id {
    const uint8_t *bytes;
    size_t length;
};

static size_t pad(size_t length) {
    return (length + 3) & ~(size_t)3;
}

static void search_notes(const uint8_t *notes, size_t length, struct id *id) {
    ElfW(Nhdr) head;
    for (size_t at = 0; at + sizeof head <= length;) {
        memcpy(&head, notes + at, sizeof head);
        const uint8_t *const name = notes + at + sizeof head;
        const uint8_t *const bytes = name + pad(head.n_namesz);
        if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof "GNU" && memcmp(name, "GNU", sizeof "GNU") == 0)
            *id = (struct id){bytes, head.n_descsz};
        at += sizeof head + pad(head.n_namesz) + pad(head.n_descsz);
    }
}

/* The program itself comes first, and its libraries are not looked at. */
static int search_program(struct dl_phdr_info *info, size_t size, void *id) {
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_NOTE)
            search_notes((const uint8_t *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr), info->dlpi_phdr[i].p_memsz,
                         id);
    return 1;
}

const uint8_t *build_id(size_t *length) {
    struct id id = {0};
    dl_iterate_phdr(search_program, &id);
    *length = id.length;
    return id.bytes;
}

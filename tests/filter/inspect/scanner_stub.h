#pragma once
/* A scanner that can be made to fail. This definition of hs_scan() takes the place of the shared library's in the test
   that includes it. */

#include <dlfcn.h>
#include <hs/hs_runtime.h>

typedef hs_error_t scanner(const hs_database_t *database, const char *data, unsigned int length, unsigned int flags,
                           hs_scratch_t *scratch, match_event_handler handler, void *context);

static hs_error_t planned_failure =
    HS_SUCCESS;                       /* what hs_scan() is to return without scanning, if it is no success ... */
static unsigned scans_before_failure; /* ... behind so many scans that go well */

hs_error_t HS_CDECL hs_scan(const hs_database_t *database, const char *data, unsigned int length, unsigned int flags,
                            hs_scratch_t *scratch, match_event_handler handler, void *context) {
    static scanner *real;
    if (planned_failure != HS_SUCCESS && scans_before_failure == 0) return planned_failure;
    if (planned_failure != HS_SUCCESS) scans_before_failure--;
    if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "hs_scan");
    return real(database, data, length, flags, scratch, handler, context);
}

static inline void plan_failure(hs_error_t failure, unsigned scans_before) {
    planned_failure = failure;
    scans_before_failure = scans_before;
}

/* Everything that can come back from it but success and a scan that was ended by its caller. */
static const hs_error_t scanner_failures[] = {
    HS_INVALID,
    HS_NOMEM,
    HS_COMPILER_ERROR,
    HS_DB_VERSION_ERROR,
    HS_DB_PLATFORM_ERROR,
    HS_DB_MODE_ERROR,
    HS_BAD_ALIGN,
    HS_BAD_ALLOC,
    HS_SCRATCH_IN_USE,
    HS_ARCH_ERROR,
    HS_INSUFFICIENT_SPACE,
    HS_UNKNOWN_ERROR,
    1,
    -99,
};

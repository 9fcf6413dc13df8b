#pragma once
/* Which build of the program is running: the GNU build id that the linker put into it, a digest of all code and
 * data. */

#include <stddef.h>
#include <stdint.h>

/* Its bytes, which live as long as the program; NULL when the program was linked without. */
const uint8_t *build_id(size_t *length);

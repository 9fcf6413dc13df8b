/* The tests of test_byte_class.c for what is compiled where there is no SSSE3. */
#undef __SSSE3__
#include "test_byte_class.c"

/* escape: text of any bytes as valid UTF-8 that fits between the quotes of JSON and is harmless on
 * a terminal. Pure functions. */
#ifndef KILN_LOG_ESCAPE_H
#define KILN_LOG_ESCAPE_H

#include <stddef.h>

#define ESCAPE_BYTES_MAX 8

/* Takes one character off the front of *text, which is not at its end, and writes what stands for
 * it into piece: the character, an escape of JSON, or U+FFFD for a byte that is not UTF-8.
 * Returns the length of that. */
size_t escape_next(const char **text, char piece[ESCAPE_BYTES_MAX]);

#endif

/* utf8: checks UTF-8 that comes in pieces; a character may begin in one and end in the next. */
#ifndef KILN_WIRE_UTF8_H
#define KILN_WIRE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Begins as zeros. */
struct utf8 {
	uint8_t missing;         /* bytes that the character still needs */
	uint8_t lowest, highest; /* what the next of them may be */
};

/* False when the bytes cannot follow those before; then the state is of no use. */
bool utf8_feed(struct utf8 *state, const uint8_t *data, size_t length);

/* Whether the bytes so far end with a whole character. */
static inline bool utf8_is_whole(const struct utf8 *state)
{
	return state->missing == 0;
}

#endif

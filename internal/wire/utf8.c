#include "wire/utf8.h"

#include "wire/wire.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* How many bytes at the start are ASCII: most output is, so eight are looked at together. */
static size_t ascii_run(const uint8_t *data, size_t length)
{
	size_t i = 0;
	uint64_t word;

	for (; length - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		if ((word & HIGH_BITS) != 0)
			break;
	}
	while (i < length && data[i] < 0x80)
		i++;
	return i;
}

/* The bytes that follow a first byte; 0 for one that cannot be first. */
static uint8_t bytes_after(uint8_t first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return 0;
}

/* RFC 3629, section 4: the second byte excludes overlong forms (E0, F0), surrogates (ED) and what
 * lies beyond U+10FFFF (F4). */
static bool begin_character(struct utf8 *state, uint8_t first)
{
	state->missing = bytes_after(first);
	state->lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	state->highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	return state->missing > 0;
}

bool utf8_feed(struct utf8 *state, const uint8_t *data, size_t length)
{
	size_t i = 0;

	while (i < length) {
		if (state->missing > 0) {
			if (data[i] < state->lowest || data[i] > state->highest)
				return false;
			state->missing--;
			state->lowest = 0x80;
			state->highest = 0xbf;
			i++;
		} else if (data[i] >= 0x80) {
			if (!begin_character(state, data[i]))
				return false;
			i++;
		} else {
			i += ascii_run(data + i, length - i);
		}
	}
	return true;
}

bool utf8_is_valid(const uint8_t *data, size_t length)
{
	struct utf8 state = {0};

	return utf8_feed(&state, data, length) && utf8_is_whole(&state);
}

size_t utf8_floor(const uint8_t *data, size_t length)
{
	size_t after = 0;

	while (after < 3 && after < length && (data[length - 1 - after] & 0xc0) == 0x80)
		after++;
	if (after < length && bytes_after(data[length - 1 - after]) > after)
		return length - 1 - after;
	return length;
}

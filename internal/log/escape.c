#include "log/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

struct lead {
	uint8_t mask;
	uint8_t value;
	uint32_t smallest; /* a smaller code in so many bytes is an overlong form */
};

/* RFC 3629: by the number of bytes. */
static const struct lead leads[] = {
	[1] = {0x80, 0x00, 0},
	[2] = {0xe0, 0xc0, 0x80},
	[3] = {0xf0, 0xe0, 0x800},
	[4] = {0xf8, 0xf0, 0x10000},
};

static bool is_scalar(uint32_t code)
{
	return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/* The length of the character at s, or 0 where s is not UTF-8. The NUL at the end of a string is
 * not a continuation byte, so that it is never passed. */
static size_t decode(const uint8_t *s, uint32_t *ret_code)
{
	for (size_t length = 1; length <= 4; length++) {
		uint32_t code = s[0] & (uint8_t)~leads[length].mask;

		if ((s[0] & leads[length].mask) != leads[length].value)
			continue;
		for (size_t i = 1; i < length; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (s[i] & 0x3f);
		}
		if (code < leads[length].smallest || !is_scalar(code))
			return 0;
		*ret_code = code;
		return length;
	}
	return 0;
}

/* Control characters of both sets, and what breaks lines or turns the direction of writing, by
 * which a text could pass for another. */
static bool is_hazard(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x061c ||
	       code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static size_t escape_code(uint32_t code, char piece[ESCAPE_BYTES_MAX])
{
	static const char shorts[][2] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};

	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++) {
		if (code == (uint32_t)shorts[i][0]) {
			piece[0] = '\\';
			piece[1] = shorts[i][1];
			return 2;
		}
	}
	return (size_t)snprintf(piece, ESCAPE_BYTES_MAX, "\\u%04x", (unsigned)code & 0xffff);
}

size_t escape_next(const char **text, char piece[ESCAPE_BYTES_MAX])
{
	uint32_t code = 0;
	size_t length = decode((const uint8_t *)*text, &code);

	if (length == 0) {
		*text += 1;
		memcpy(piece, REPLACEMENT, strlen(REPLACEMENT));
		return strlen(REPLACEMENT);
	}
	if (code == '"' || code == '\\') {
		piece[0] = '\\';
		piece[1] = **text;
		*text += 1;
		return 2;
	}
	if (is_hazard(code)) {
		*text += length;
		return escape_code(code, piece);
	}
	memcpy(piece, *text, length);
	*text += length;
	return length;
}

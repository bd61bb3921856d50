#include "wire/json.h"

#include "wire/utf8.h"
#include "wire/wire.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* The letter behind the backslash, where there is a form shorter than \u00XX. */
static const char letters[32] = {
	['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r',
};

static const char replacement[] = "\xef\xbf\xbd";

size_t json_byte_cost(uint8_t byte)
{
	if (byte == '"' || byte == '\\')
		return 2;
	if (byte >= 0x20)
		return 1;
	return letters[byte] != '\0' ? 2 : 6;
}

/* Whether one of the eight bytes is below 0x20, a quote or a backslash: see "Determine if a word
 * has a byte less than n" in https://graphics.stanford.edu/~seander/bithacks.html */
static uint64_t word_needs_escape(uint64_t word)
{
	uint64_t quote = word ^ ONES * '"';
	uint64_t backslash = word ^ ONES * '\\';

	return ((word - ONES * 0x20) & ~word & HIGH_BITS) | ((quote - ONES) & ~quote & HIGH_BITS) |
	       ((backslash - ONES) & ~backslash & HIGH_BITS);
}

/* How many bytes at the start stand for themselves. */
static size_t plain_run(const uint8_t *data, size_t length)
{
	size_t i = 0;
	uint64_t word;

	for (; length - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		if (word_needs_escape(word) != 0)
			break;
	}
	while (i < length && json_byte_cost(data[i]) == 1)
		i++;
	return i;
}

size_t json_escaped_length(const uint8_t *data, size_t length)
{
	size_t total = 0, i = 0;

	while (i < length) {
		size_t run = plain_run(data + i, length - i);

		total += run;
		i += run;
		while (i < length && json_byte_cost(data[i]) > 1)
			total += json_byte_cost(data[i++]);
	}
	return total;
}

/* Writes the escape of one byte and returns where the next goes. */
static uint8_t *escape(uint8_t *to, uint8_t byte)
{
	static const char digits[] = "0123456789abcdef";

	*to++ = '\\';
	if (byte >= 0x20) {
		*to++ = byte;
	} else if (letters[byte] != '\0') {
		*to++ = (uint8_t)letters[byte];
	} else {
		*to++ = 'u';
		*to++ = '0';
		*to++ = '0';
		*to++ = (uint8_t)digits[byte >> 4];
		*to++ = (uint8_t)digits[byte & 15];
	}
	return to;
}

void json_put_escaped(struct buf *b, const uint8_t *data, size_t length)
{
	size_t escaped = json_escaped_length(data, length);
	size_t i = 0;
	uint8_t *to;

	if (length == 0 || buf_reserve(b, escaped) < 0)
		return;
	to = b->data + b->length;
	while (i < length) {
		size_t run = plain_run(data + i, length - i);

		memcpy(to, data + i, run);
		to += run;
		i += run;
		while (i < length && json_byte_cost(data[i]) > 1)
			to = escape(to, data[i++]);
	}
	b->length += escaped;
}

/* How many bytes at the start a label takes as they are: printable ASCII, or one character. */
static size_t label_run(const uint8_t *data, size_t length)
{
	struct utf8 state = {0};
	size_t i = 0;

	while (i < length && data[i] >= 0x20 && data[i] < 0x7f)
		i++;
	if (i > 0 || data[0] < 0x80)
		return i;
	while (i < length && utf8_feed(&state, data + i, 1)) {
		i++;
		if (utf8_is_whole(&state))
			return i;
	}
	return 0;
}

void json_put_label(struct buf *b, const char *text, size_t max)
{
	const uint8_t *data = (const uint8_t *)text;
	size_t length, i = 0;

	if (text == NULL) {
		(void)buf_append_text(b, "null");
		return;
	}
	length = utf8_floor(data, strnlen(text, max));
	(void)buf_append_text(b, "\"");
	while (i < length) {
		size_t run = label_run(data + i, length - i);

		if (run == 0)
			(void)buf_append_text(b, replacement);
		else
			json_put_escaped(b, data + i, run);
		i += run == 0 ? 1 : run;
	}
	(void)buf_append_text(b, "\"");
}

void json_put_uint(struct buf *b, uint64_t value)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	(void)buf_append(b, digits + first, sizeof(digits) - first);
}

void json_put_ms(struct buf *b, int64_t us)
{
	uint64_t value = us > 0 ? (uint64_t)us : 0;
	char fraction[4] = {'.', (char)('0' + value % 1000 / 100), (char)('0' + value % 100 / 10),
			    (char)('0' + value % 10)};

	json_put_uint(b, value / 1000);
	(void)buf_append(b, fraction, sizeof(fraction));
}

/* libb64 does the arithmetic; this file keeps it from what it does wrong (1.2):
 *   - its decoder skips every byte outside the alphabet and takes '=' and an end anywhere, and
 *     where `char` is unsigned it even decodes them. So the text is checked first, and the decoder
 *     is shown bytes of the alphabet alone;
 *   - the decoder writes one byte beyond what it returns, also for no input at all;
 *   - its encoder breaks the line after 18 groups that it counts in its state. So the count is
 *     taken back before it gets there. */
#include "wire/base64.h"

#include "wire/wire.h"

#include <b64/cdecode.h>
#include <errno.h>
#include <stdlib.h>

/* A bit for each ASCII character: + / 0-9, then A-Z a-z. */
static const uint64_t alphabet[2] = {
	UINT64_C(0x03ff880000000000),
	UINT64_C(0x07fffffe07fffffe),
};

/* libb64 takes lengths as int. */
#define RUN_MAX ((size_t)1 << 30)

static size_t alphabet_run(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length) {
		unsigned char c = (unsigned char)text[i];

		if (c > 0x7f || (alphabet[c >> 6] >> (c & 63) & 1) == 0)
			break;
		i++;
	}
	return i;
}

/* The symbols that decode to `max` bytes; there are never more than `length`. */
static size_t symbols_for(size_t max, size_t length)
{
	if (max >= length)
		return length;
	return max / 3 * 4 + (max % 3 == 0 ? 0 : max % 3 + 1);
}

/* Checks the text and counts its symbols without padding. */
static int check(const char *text, size_t length, size_t max, size_t *ret_symbols,
		 size_t *ret_offset)
{
	size_t symbols_max = symbols_for(max, length);
	size_t symbols = 0, padding = 0, i = 0;

	while (i < length) {
		size_t run = padding > 0 ? 0 : alphabet_run(text + i, length - i);

		i += run;
		symbols += run;
		if (symbols > symbols_max)
			return -EMSGSIZE;
		if (i == length)
			break;
		if (text[i] == '=' && (symbols + padding) % 4 >= 2) {
			padding++;
		} else if (text[i] != '\r' && text[i] != '\n') {
			*ret_offset = i;
			return -EINVAL;
		}
		i++;
	}
	if ((symbols + padding) % 4 != 0) {
		*ret_offset = length;
		return -EINVAL;
	}
	*ret_symbols = symbols;
	return 0;
}

/* The text is as check() wants it: what is not of the alphabet carries nothing. */
static size_t decode(const char *text, size_t length, char *data)
{
	base64_decodestate state;
	size_t decoded = 0, i = 0;

	base64_init_decodestate(&state);
	while (i < length) {
		size_t left = length - i;
		size_t run = alphabet_run(text + i, left < RUN_MAX ? left : RUN_MAX);

		if (run > 0)
			decoded += (size_t)base64_decode_block(text + i, (int)run, data + decoded,
							       &state);
		i += run > 0 ? run : 1;
	}
	return decoded;
}

int base64_decode(const char *text, size_t length, size_t max, struct bytes *ret_bytes,
		  size_t *ret_offset)
{
	size_t symbols;
	int result = check(text, length, max, &symbols, ret_offset);
	char *data;

	if (result < 0)
		return result;
	if (symbols == 0) {
		*ret_bytes = (struct bytes){0};
		return 0;
	}
	data = malloc(symbols / 4 * 3 + 4);
	if (data == NULL)
		return -ENOMEM;
	ret_bytes->length = decode(text, length, data);
	ret_bytes->data = (uint8_t *)data;
	return 0;
}

/* 17 groups, with what a piece before may have left over: less than a line of the encoder. */
#define SLICE_BYTES 51
#define SLICE_TEXT_BYTES 80

void base64_begin(struct base64_encoder *encoder)
{
	base64_init_encodestate(&encoder->state);
}

void base64_put(struct base64_encoder *encoder, struct buf *b, const void *data, size_t length)
{
	const char *next = data;

	while (length > 0) {
		char text[SLICE_TEXT_BYTES];
		size_t slice = length < SLICE_BYTES ? length : SLICE_BYTES;
		int written;

		encoder->state.stepcount = 0;
		written = base64_encode_block(next, (int)slice, text, &encoder->state);
		(void)buf_append(b, text, (size_t)written);
		next += slice;
		length -= slice;
	}
}

void base64_end(struct base64_encoder *encoder, struct buf *b)
{
	char text[8];
	int written = base64_encode_blockend(text, &encoder->state);

	/* The last byte is a line break. */
	(void)buf_append(b, text, (size_t)written - 1);
}

char *base64_encode(const void *data, size_t length)
{
	struct base64_encoder encoder;
	struct buf text;

	buf_init(&text, BUF_UNBOUNDED);
	(void)buf_reserve(&text, base64_length(length) + 1);
	base64_begin(&encoder);
	base64_put(&encoder, &text, data, length);
	base64_end(&encoder, &text);
	return buf_take_text(&text);
}

/* Any text as base64, against a decoder that does one character after the other; and any bytes
 * there and back. */
#include "wire/wire.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void must(bool condition)
{
	if (!condition)
		abort();
}

/* The number of decoded bytes, or -1 and the offset. */
static ssize_t decode_slowly(const uint8_t *text, size_t length, uint8_t *data, size_t *ret_offset)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned group = 0, count = 0, padding = 0;
	ssize_t decoded = 0;

	for (size_t i = 0; i < length; i++) {
		const char *symbol = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);

		if (text[i] == '\r' || text[i] == '\n')
			continue;
		if (text[i] == '=' && count >= 2) {
			padding++;
			group <<= 6;
		} else if (symbol != NULL && padding == 0) {
			group = group << 6 | (unsigned)(symbol - alphabet);
		} else {
			*ret_offset = i;
			return -1;
		}
		if (++count < 4)
			continue;
		for (unsigned j = 0; j < 3 - padding; j++)
			data[decoded++] = (uint8_t)(group >> (16 - 8 * j));
		count = group = 0;
	}
	*ret_offset = length;
	return count == 0 ? decoded : -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *expected = malloc(size + 3);
	size_t offset = 0, expected_offset = 0;
	struct bytes bytes = {0};
	ssize_t length = decode_slowly(data, size, expected, &expected_offset);
	int result = base64_decode((const char *)data, size, SIZE_MAX, &bytes, &offset);
	char *text;

	must(result == (length < 0 ? -EINVAL : 0));
	if (length < 0) {
		must(offset == expected_offset);
	} else {
		must(bytes.length == (size_t)length);
		must(length == 0 || memcmp(bytes.data, expected, bytes.length) == 0);
	}
	free(bytes.data);
	free(expected);

	text = base64_encode(data, size);
	must(base64_decode(text, strlen(text), size, &bytes, &offset) == 0);
	must(bytes.length == size && (size == 0 || memcmp(bytes.data, data, size) == 0));
	free(bytes.data);
	free(text);
	return 0;
}

#include "wire/base64.h"
#include "wire/wire.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

struct base64_case {
	const char *text;
	size_t text_length;
	const char *data;
	size_t length;
};

#define PAIR(text, data)                                                                           \
	{                                                                                          \
		text, sizeof(text) - 1, data, sizeof(data) - 1                                     \
	}

/* The first seven are the vectors of RFC 4648, section 10. */
static const struct base64_case exact[] = {
	PAIR("", ""),
	PAIR("Zg==", "f"),
	PAIR("Zm8=", "fo"),
	PAIR("Zm9v", "foo"),
	PAIR("Zm9vYg==", "foob"),
	PAIR("Zm9vYmE=", "fooba"),
	PAIR("Zm9vYmFy", "foobar"),
	PAIR("AAAA", "\0\0\0"),
	PAIR("+/+/", "\xfb\xff\xbf"),
	PAIR("/////w==", "\xff\xff\xff\xff"),
};

static const struct base64_case lenient[] = {
	PAIR("\n\r\n", ""),         PAIR("Zm\n9v\r\n", "foo"),
	PAIR("Z\rm\n8\r=\n", "fo"), PAIR("Zg=\r\n=", "f"),
	PAIR("\nZg==\n", "f"),      PAIR("Zh==", "f"), /* bits that padding leaves over */
	PAIR("Zm9=", "fo"),
};

static void assert_decodes(const struct base64_case *c)
{
	struct bytes bytes = {0};
	size_t offset = 77;

	assert_int_equal(base64_decode(c->text, c->text_length, SIZE_MAX, &bytes, &offset), 0);
	assert_int_equal(bytes.length, c->length);
	if (c->length > 0)
		assert_memory_equal(bytes.data, c->data, c->length);
	assert_int_equal(offset, 77);
	free(bytes.data);
}

static void texts_decode_and_encode(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++) {
		auto_free char *text = base64_encode(exact[i].data, exact[i].length);

		assert_string_equal(text, exact[i].text);
		assert_decodes(&exact[i]);
	}
}

static void lines_and_left_over_bits_are_let_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lenient) / sizeof(lenient[0]); i++)
		assert_decodes(&lenient[i]);
}

static void the_first_wrong_byte_is_named(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{"Z", 1},       {"Zm", 2},       {"Zm9", 3},      {"Zg=", 3},     {"Zm9vZ", 5},
		{"=", 0},       {"Z===", 1},     {"Zg===", 4},    {"Zm8==", 4},   {"Zg=x", 3},
		{"Zm9v=", 4},   {"Zg==Zg==", 4}, {"Zm8=A", 4},    {"a!b=", 1},    {"Zm9v ", 4},
		{" Zm9v", 0},   {"Zm-v", 2},     {"Zm_v", 2},     {"Zm9v\t", 4},  {"Zm9\xff", 3},
		{"Zm9v\n!", 5}, {"Zg=\n", 4},    {"\nZg\n=x", 5}, {"Zm9\x80", 3}, {"@", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes bytes = {.length = 5};
		size_t offset = 77;

		assert_int_equal(base64_decode(cases[i].text, strlen(cases[i].text), SIZE_MAX,
					       &bytes, &offset),
				 -EINVAL);
		assert_int_equal(offset, cases[i].offset);
		assert_int_equal(bytes.length, 5);
	}
}

static void only_the_alphabet_is_taken(void **state)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		char text[4] = {'A', 'A', 'A', (char)c};
		const char *symbol = c == 0 ? NULL : strchr(alphabet, (int)c);
		struct bytes bytes = {0};
		size_t offset = 77;
		int result = base64_decode(text, 4, SIZE_MAX, &bytes, &offset);

		if (symbol != NULL) {
			assert_int_equal(result, 0);
			assert_int_equal(bytes.data[2], symbol - alphabet);
		} else if (c == '=') {
			assert_int_equal(result, 0);
			assert_int_equal(bytes.length, 2);
		} else {
			assert_int_equal(result, -EINVAL);
			assert_int_equal(offset, c == '\r' || c == '\n' ? 4 : 3);
		}
		free(bytes.data);
	}
}

static void what_is_larger_than_allowed_is_refused(void **state)
{
	(void)state;
	for (size_t length = 0; length < 40; length++) {
		auto_free char *text =
			base64_encode("0123456789012345678901234567890123456789", length);
		size_t offset = 0;

		for (size_t max = 0; max < 45; max++) {
			struct bytes bytes = {0};
			int result = base64_decode(text, strlen(text), max, &bytes, &offset);

			assert_int_equal(result, length > max ? -EMSGSIZE : 0);
			assert_int_equal(bytes.length, length > max ? 0 : length);
			free(bytes.data);
		}
	}
}

static void every_length_comes_back(void **state)
{
	uint8_t data[1200];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 151 + i / 256 * 7);
	for (size_t length = 0; length <= sizeof(data); length++) {
		auto_free char *text = base64_encode(data, length);
		struct bytes bytes = {0};
		size_t offset;

		assert_int_equal(strlen(text), base64_length(length));
		assert_null(strpbrk(text, "\r\n"));
		assert_int_equal(base64_decode(text, strlen(text), length, &bytes, &offset), 0);
		assert_int_equal(bytes.length, length);
		if (length > 0)
			assert_memory_equal(bytes.data, data, length);
		free(bytes.data);
	}
}

static void pieces_encode_as_the_whole(void **state)
{
	uint8_t data[400];
	auto_free char *expected = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 37);
	expected = base64_encode(data, sizeof(data));
	for (size_t piece = 1; piece <= sizeof(data); piece++) {
		struct base64_encoder encoder;
		struct buf b;

		buf_init(&b, BUF_UNBOUNDED);
		base64_begin(&encoder);
		for (size_t i = 0; i < sizeof(data); i += piece)
			base64_put(&encoder, &b, data + i,
				   piece < sizeof(data) - i ? piece : sizeof(data) - i);
		base64_end(&encoder, &b);
		auto_free char *text = buf_take_text(&b);
		assert_string_equal(text, expected);
	}
}

static void memory_that_is_gone_is_reported(void **state)
{
	struct bytes bytes = {0};
	size_t offset;

	(void)state;
	alloc_fail_at(1);
	assert_null(base64_encode("abc", 3));
	alloc_fail_at(1);
	assert_int_equal(base64_decode("Zm9v", 4, SIZE_MAX, &bytes, &offset), -ENOMEM);
	alloc_fail_at(0);
	assert_null(bytes.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_decode_and_encode),
		cmocka_unit_test(lines_and_left_over_bits_are_let_pass),
		cmocka_unit_test(the_first_wrong_byte_is_named),
		cmocka_unit_test(only_the_alphabet_is_taken),
		cmocka_unit_test(what_is_larger_than_allowed_is_refused),
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(pieces_encode_as_the_whole),
		cmocka_unit_test(memory_that_is_gone_is_reported),
	};

	return cmocka_run_group_tests_name("wire base64", tests, NULL, NULL);
}

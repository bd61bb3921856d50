#include "frame/hello.h"

#include "frame/frame.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static const struct hello sample = {
	.protocol = FRAME_PROTOCOL,
	.version = "0.1.0",
	.languages_count = 2,
	.languages =
		{
			{.name = "python",
			 .version = "Python 3.11.2",
			 .file = "main.py",
			 .judge0_id = 71,
			 .aliases_count = 2,
			 .aliases = {"py", "python3"}},
			{.name = "cpp", .version = "g++ 12", .file = "main.cpp", .compiled = true},
		},
};

static void encode(struct buf *b, const struct hello *hello)
{
	buf_init(b, BUF_UNBOUNDED);
	hello_encode(b, hello);
	assert_false(buf_failed(b));
	assert_int_equal(b->data[4], FRAME_HELLO);
}

static int decode(const struct buf *b, struct hello *hello)
{
	return hello_decode(hello, b->data + FRAME_HEADER_BYTES, b->length - FRAME_HEADER_BYTES);
}

static void a_hello_comes_through(void **state)
{
	static struct hello hello;
	auto_buf struct buf b;

	(void)state;
	encode(&b, &sample);
	assert_int_equal(decode(&b, &hello), 0);
	assert_memory_equal(&hello, &sample, sizeof(hello));
}

static void the_largest_hello_comes_through(void **state)
{
	static struct hello large, hello;
	auto_buf struct buf b;

	(void)state;
	large = (struct hello){.protocol = FRAME_PROTOCOL, .languages_count = LANGUAGES_MAX};
	for (unsigned i = 0; i < LANGUAGES_MAX; i++) {
		struct language *language = &large.languages[i];

		memset(language->name, 'n', sizeof(language->name) - 1);
		memset(language->version, 'v', sizeof(language->version) - 1);
		memset(language->file, 'f', sizeof(language->file) - 1);
		language->aliases_count = LANGUAGE_ALIASES_MAX;
		for (unsigned j = 0; j < LANGUAGE_ALIASES_MAX; j++)
			memset(language->aliases[j], 'a', LANGUAGE_NAME_BYTES - 1);
	}
	encode(&b, &large);
	assert_true(b.length - FRAME_HEADER_BYTES <= FRAME_FROM_AGENT_MAX);
	assert_int_equal(decode(&b, &hello), 0);
	assert_memory_equal(&hello, &large, sizeof(hello));
}

static void languages_are_found_by_name_and_alias(void **state)
{
	(void)state;
	assert_ptr_equal(hello_find(&sample, "python"), &sample.languages[0]);
	assert_ptr_equal(hello_find(&sample, "PY"), &sample.languages[0]);
	assert_ptr_equal(hello_find(&sample, "Python3"), &sample.languages[0]);
	assert_ptr_equal(hello_find(&sample, "cpp"), &sample.languages[1]);
	assert_null(hello_find(&sample, "c"));
	assert_null(hello_find(&sample, ""));
}

static void another_protocol_is_named(void **state)
{
	static struct hello other, hello;
	auto_buf struct buf b;

	(void)state;
	other = sample;
	other.protocol = FRAME_PROTOCOL + 1;
	encode(&b, &other);
	assert_int_equal(decode(&b, &hello), -EPROTO);
	assert_int_equal(hello.protocol, FRAME_PROTOCOL + 1);
	assert_string_equal(hello.version, "0.1.0");
	assert_int_equal(hello.languages_count, 0);
}

static void what_is_out_of_range_is_refused(void **state)
{
	static struct hello bad[4], hello;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		bad[i] = sample;
	bad[0].languages[0].name[0] = '\0';
	bad[1].languages[1].version[0] = '\n';
	bad[2].languages[0].aliases[1][2] = '\xe9';
	bad[3].version[0] = '\x7f';
	for (unsigned i = 0; i < 4; i++) {
		auto_buf struct buf b;

		encode(&b, &bad[i]);
		assert_int_equal(decode(&b, &hello), -EBADMSG);
		assert_int_equal(hello.languages_count, 0);
	}
}

static void a_hello_cut_anywhere_or_too_long_is_refused(void **state)
{
	static struct hello hello;
	auto_buf struct buf b;

	(void)state;
	encode(&b, &sample);
	for (size_t length = FRAME_HEADER_BYTES; length < b.length; length++) {
		/* A copy of exactly this length, so that AddressSanitizer sees a byte too many. */
		size_t payload_length = length - FRAME_HEADER_BYTES;
		uint8_t *payload = malloc(payload_length + (payload_length == 0));

		memcpy(payload, b.data + FRAME_HEADER_BYTES, payload_length);
		assert_int_equal(hello_decode(&hello, payload, payload_length), -EBADMSG);
		free(payload);
	}
	assert_int_equal(buf_append(&b, "x", 1), 0);
	assert_int_equal(decode(&b, &hello), -EBADMSG);
	assert_int_equal(hello_decode(&hello, NULL, 0), -EBADMSG);
}

static void a_hello_with_any_bit_flipped_stays_in_bounds(void **state)
{
	static struct hello hello;
	auto_buf struct buf b;

	(void)state;
	encode(&b, &sample);
	for (size_t bit = FRAME_HEADER_BYTES * 8; bit < b.length * 8; bit++) {
		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
		if (decode(&b, &hello) == 0) {
			assert_true(hello.languages_count <= LANGUAGES_MAX);
			for (unsigned i = 0; i < hello.languages_count; i++)
				assert_true(strlen(hello.languages[i].name) < LANGUAGE_NAME_BYTES);
		} else {
			assert_int_equal(hello.languages_count, 0);
		}
		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hello_comes_through),
		cmocka_unit_test(the_largest_hello_comes_through),
		cmocka_unit_test(languages_are_found_by_name_and_alias),
		cmocka_unit_test(another_protocol_is_named),
		cmocka_unit_test(what_is_out_of_range_is_refused),
		cmocka_unit_test(a_hello_cut_anywhere_or_too_long_is_refused),
		cmocka_unit_test(a_hello_with_any_bit_flipped_stays_in_bounds),
	};

	return cmocka_run_group_tests_name("frame hello", tests, NULL, NULL);
}

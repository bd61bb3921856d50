#include "wire/utf8.h"
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

struct utf8_case {
	const char *text;
	size_t length;
	bool valid;
};

#define TEXT(literal, is_valid)                                                                    \
	{                                                                                          \
		literal, sizeof(literal) - 1, is_valid                                             \
	}

static const struct utf8_case cases[] = {
	TEXT("", true),
	TEXT("plain", true),
	TEXT("with \0 inside", true),
	TEXT("exactly sixteen!", true),
	TEXT("\x7f", true),
	TEXT("\x80", false),
	TEXT("\xc2", false),
	TEXT("\xc2\x80", true),
	TEXT("\xdf\xbf", true),
	TEXT("\xc0\x80", false), /* overlong NUL */
	TEXT("\xc1\xbf", false),
	TEXT("\xe0\x9f\xbf", false), /* overlong */
	TEXT("\xe0\xa0\x80", true),
	TEXT("\xed\x9f\xbf", true),
	TEXT("\xed\xa0\x80", false), /* surrogates */
	TEXT("\xed\xbf\xbf", false),
	TEXT("\xee\x80\x80", true),
	TEXT("\xef\xbf\xbf", true),
	TEXT("\xe2\x82", false),
	TEXT("\xe2\x82\x41", false),
	TEXT("\xf0\x8f\xbf\xbf", false), /* overlong */
	TEXT("\xf0\x90\x80\x80", true),
	TEXT("\xf4\x8f\xbf\xbf", true),
	TEXT("\xf4\x90\x80\x80", false), /* beyond U+10FFFF */
	TEXT("\xf5\x80\x80\x80", false),
	TEXT("\xff", false),
	TEXT("\xf0\x9f\x98\x80 and \xc3\xa9", true),
	TEXT("a long run of plain text and then \xc3", false),
	TEXT("a long run of plain text and then \xa9", false),
};

static void validity(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(NULL, 0));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(utf8_is_valid((const uint8_t *)cases[i].text, cases[i].length),
				 cases[i].valid);
}

/* Decodes one character as RFC 3629 defines it. Its length, or 0 when there is none. */
static size_t character_by_definition(const uint8_t *data, size_t length)
{
	static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
	unsigned c = data[0], more, value;

	if (c < 0x80)
		return 1;
	if (c < 0xc0 || c > 0xf7)
		return 0;
	more = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
	if (more >= length)
		return 0;
	value = c & (0x3fu >> more);
	for (unsigned i = 1; i <= more; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (data[i] & 0x3f);
	}
	if (value < least[more] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return more + 1;
}

static bool is_valid_by_definition(const uint8_t *data, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t character = character_by_definition(data + i, length - i);

		if (character == 0)
			return false;
		i += character;
	}
	return true;
}

static void every_sequence_of_three_bytes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1u << 24; i++) {
		const uint8_t data[3] = {(uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

		if (utf8_is_valid(data, 3) != is_valid_by_definition(data, 3))
			fail_msg("%02x %02x %02x", data[0], data[1], data[2]);
	}
}

static void every_sequence_of_four_bytes_from_the_ends_of_ranges(void **state)
{
	static const uint8_t ends[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
				       0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
				       0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff};
	const unsigned n = sizeof(ends);

	(void)state;
	for (unsigned i = 0; i < n * n * n * n; i++) {
		const uint8_t data[4] = {ends[i / (n * n * n)], ends[i / (n * n) % n],
					 ends[i / n % n], ends[i % n]};

		assert_int_equal(utf8_is_valid(data, 4), is_valid_by_definition(data, 4));
	}
}

static void pieces_are_as_good_as_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *data = (const uint8_t *)cases[i].text;

		for (size_t cut = 0; cut <= cases[i].length; cut++) {
			struct utf8 s = {0};
			bool valid = utf8_feed(&s, data, cut) &&
				     utf8_feed(&s, data + cut, cases[i].length - cut) &&
				     utf8_is_whole(&s);

			assert_int_equal(valid, cases[i].valid);
		}
	}
}

static void the_floor_cuts_no_character(void **state)
{
	static const uint8_t text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
	static const size_t floors[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};

	(void)state;
	for (size_t i = 0; i < sizeof(floors) / sizeof(floors[0]); i++) {
		assert_int_equal(utf8_floor(text, i), floors[i]);
		assert_true(utf8_is_valid(text, utf8_floor(text, i)));
	}
}

static void the_floor_of_what_is_not_utf8_is_itself(void **state)
{
	(void)state;
	assert_int_equal(utf8_floor((const uint8_t *)"\x80\x80\x80\x80", 4), 4);
	assert_int_equal(utf8_floor((const uint8_t *)"\x80", 1), 1);
	assert_int_equal(utf8_floor((const uint8_t *)"ab\xff", 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validity),
		cmocka_unit_test(every_sequence_of_three_bytes),
		cmocka_unit_test(every_sequence_of_four_bytes_from_the_ends_of_ranges),
		cmocka_unit_test(pieces_are_as_good_as_the_whole),
		cmocka_unit_test(the_floor_cuts_no_character),
		cmocka_unit_test(the_floor_of_what_is_not_utf8_is_itself),
	};

	return cmocka_run_group_tests_name("wire utf8", tests, NULL, NULL);
}

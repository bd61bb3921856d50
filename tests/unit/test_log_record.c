#include "log/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 2026-01-02T03:04:05.678Z */
static const struct record_head example = {
	.time = {.tv_sec = 1767323045, .tv_nsec = 678912345},
	.level = LOG_INFO,
	.message = "job done",
	.engine = "",
	.environment = "",
};

static const char *format(enum record_style style, const struct record_head *head,
			  const struct log_field *fields, size_t count)
{
	static struct record record;
	static char text[RECORD_BYTES_MAX + 1];

	record_format(&record, style, head, fields, count);
	assert_true(record.length < sizeof(text));
	memcpy(text, record.data, record.length);
	text[record.length] = '\0';
	return text;
}

static const struct log_field some_fields[] = {
	{.name = "job_id", .kind = LOG_KIND_TEXT, .value.text = "a1"},
	{.name = "error", .kind = LOG_KIND_TEXT, .value.text = "exit status 1"},
	{.name = "container", .kind = LOG_KIND_TEXT, .value.text = NULL},
	{.name = "exit_code", .kind = LOG_KIND_NUMBER, .value.number = -9},
	{.name = "lease_ms", .kind = LOG_KIND_REAL, .value.real = 0.125},
	{.name = "warm", .kind = LOG_KIND_BOOLEAN, .value.number = 1},
	{.name = "rate", .kind = LOG_KIND_REAL, .value.real = (double)INFINITY},
};
#define SOME (sizeof(some_fields) / sizeof(some_fields[0]))

static void test_json(void **state)
{
	struct record_head head = example;

	(void)state;
	assert_string_equal(format(RECORD_JSON, &head, some_fields, SOME),
			    "{\"dt\":\"2026-01-02T03:04:05.678Z\",\"level\":\"info\","
			    "\"message\":\"job done\",\"job_id\":\"a1\","
			    "\"error\":\"exit status 1\",\"container\":null,\"exit_code\":-9,"
			    "\"lease_ms\":0.125,\"warm\":true,\"rate\":null}\n");
	head.engine = "kiln-1";
	head.environment = "test \"x\"";
	head.level = LOG_ERROR;
	assert_string_equal(format(RECORD_JSON, &head, NULL, 0),
			    "{\"dt\":\"2026-01-02T03:04:05.678Z\",\"level\":\"error\","
			    "\"message\":\"job done\",\"engine\":\"kiln-1\","
			    "\"environment\":\"test \\\"x\\\"\"}\n");
}

static void test_pretty(void **state)
{
	(void)state;
	assert_string_equal(format(RECORD_PRETTY, &example, some_fields, SOME),
			    "03:04:05.678Z INFO  job done job_id=a1 error=\"exit status 1\" "
			    "container=null exit_code=-9 lease_ms=0.125 warm=true rate=null\n");
	assert_string_equal(format(RECORD_COLORED, &example, NULL, 0),
			    "03:04:05.678Z \033[32mINFO \033[0m job done\n");
}

static void test_extreme_numbers(void **state)
{
	const struct log_field fields[] = {log_number("a", INT64_MIN), log_number("b", INT64_MAX),
					   log_real("c", -1.7976931348623157e308)};

	(void)state;
	assert_non_null(strstr(format(RECORD_JSON, &example, fields, 3),
			       "\"a\":-9223372036854775808,\"b\":9223372036854775807,"
			       "\"c\":-1.79769313486232e+308}"));
}

struct escape_case {
	const char *text;
	const char *expected; /* between the quotes */
};

static void test_texts_are_made_harmless(void **state)
{
	static const struct escape_case cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"say \"hi\" \\ bye", "say \\\"hi\\\" \\\\ bye"},
		{"a\nb\rc\td", "a\\nb\\rc\\td"},
		{"\033[31mred\x07", "\\u001b[31mred\\u0007"},
		{"\x7f", "\\u007f"},
		{"\xc2\x9b" "2J", "\\u009b2J"},                   /* CSI in one character */
		{"\xe2\x80\xae" "cba", "\\u202ecba"},             /* right-to-left override */
		{"\xe2\x80\xa8", "\\u2028"},                      /* line separator */
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5"},
		{"\xff", "\xef\xbf\xbd"},
		{"\xc3", "\xef\xbf\xbd"},                         /* ends within a character */
		{"\xe2\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},         /* overlong */
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* surrogate */
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\x80x", "\xef\xbf\xbdx"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct log_field field = log_text("t", cases[i].text);
		char expected[256];

		(void)snprintf(expected, sizeof(expected),
			       "{\"dt\":\"2026-01-02T03:04:05.678Z\",\"level\":\"info\","
			       "\"message\":\"job done\",\"t\":\"%s\"}\n",
			       cases[i].expected);
		assert_string_equal(format(RECORD_JSON, &example, &field, 1), expected);
	}
}

static void test_pretty_quotes_what_could_pass_for_more(void **state)
{
	static const struct escape_case cases[] = {
		{"", "t=\"\"\n"},
		{"a=b", "t=\"a=b\"\n"},
		{"a b", "t=\"a b\"\n"},
		{"a\033[2Jb", "t=\"a\\u001b[2Jb\"\n"},
		{"a\"b", "t=\"a\\\"b\"\n"},
		{"\xc3\xbc", "t=\"\xc3\xbc\"\n"},
		{"nats://host:4222", "t=nats://host:4222\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct log_field field = log_text("t", cases[i].text);
		const char *line = format(RECORD_PRETTY, &example, &field, 1);

		assert_string_equal(strstr(line, "t="), cases[i].expected);
	}
}

static void test_message_is_escaped_too(void **state)
{
	struct record_head head = example;

	(void)state;
	head.message = "a\n{\"level\":\"error\"}";
	assert_non_null(strstr(format(RECORD_JSON, &head, NULL, 0),
			       "\"message\":\"a\\n{\\\"level\\\":\\\"error\\\"}\""));
	head.message = "a\n\033[2J";
	assert_string_equal(format(RECORD_PRETTY, &head, NULL, 0),
			    "03:04:05.678Z INFO  a\\n\\u001b[2J\n");
}

/* The record as one JSON object on one line. */
static json_t *parse(const struct record *record)
{
	json_t *object;

	assert_true(record->length <= RECORD_BYTES_MAX);
	assert_ptr_equal(memchr(record->data, '\n', record->length),
			 record->data + record->length - 1);
	object = json_loadb(record->data, record->length, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	return object;
}

static void test_long_text_is_cut_and_marked(void **state)
{
	char text[3000];
	struct log_field field = log_text("t", text);
	struct record record;
	const char *cut;
	json_t *object;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	record_format(&record, RECORD_JSON, &example, &field, 1);
	object = parse(&record);
	cut = json_string_value(json_object_get(object, "t"));
	assert_in_range(strlen(cut), RECORD_TEXT_BYTES_MAX - 8, RECORD_TEXT_BYTES_MAX);
	assert_string_equal(cut + strlen(cut) - 3, "\xe2\x80\xa6");
	assert_false(record.truncated);
	json_decref(object);
}

static void test_fields_without_room_are_left_out(void **state)
{
	char text[1000];
	struct log_field fields[7];
	struct record record;
	json_t *object;

	(void)state;
	memset(text, '\x01', sizeof(text) - 1); /* each becomes six bytes */
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < 6; i++)
		fields[i] = log_text((const char *[]){"a", "b", "c", "d", "e", "f"}[i], text);
	fields[6] = log_number("last", 7);
	record_format(&record, RECORD_JSON, &example, fields, 7);
	assert_true(record.truncated);
	object = parse(&record);
	assert_true(json_is_true(json_object_get(object, "truncated")));
	assert_non_null(json_object_get(object, "c"));
	assert_null(json_object_get(object, "f"));
	json_decref(object);
	record_format(&record, RECORD_PRETTY, &example, fields, 7);
	assert_true(record.truncated);
	assert_memory_equal(record.data + record.length - 16, " truncated=true\n", 16);
}

static void check_harmless(const struct record *record)
{
	for (size_t i = 0; i + 1 < record->length; i++) {
		assert_true((unsigned char)record->data[i] >= 0x20);
		assert_true(record->data[i] != 0x7f);
	}
	assert_int_equal(record->data[record->length - 1], '\n');
}

static void test_any_bytes_make_a_valid_record(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (unsigned run = 0; run < 20000; run++) {
		char texts[6][1200];
		struct log_field fields[6];
		struct record record;

		for (size_t i = 0; i < 6; i++) {
			size_t length = (size_t)rand_r(&seed) % (run % 8 == 0 ? 1199 : 40);

			for (size_t j = 0; j < length; j++)
				texts[i][j] = (char)(1 + rand_r(&seed) % 255);
			texts[i][length] = '\0';
			fields[i] = log_text((const char *[]){"a", "b", "c", "d", "e", "f"}[i],
					     texts[i]);
		}
		record_format(&record, RECORD_JSON, &example, fields, 6);
		json_decref(parse(&record));
		check_harmless(&record);
		record_format(&record, RECORD_PRETTY, &example, fields, 6);
		check_harmless(&record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_pretty),
		cmocka_unit_test(test_extreme_numbers),
		cmocka_unit_test(test_texts_are_made_harmless),
		cmocka_unit_test(test_pretty_quotes_what_could_pass_for_more),
		cmocka_unit_test(test_message_is_escaped_too),
		cmocka_unit_test(test_long_text_is_cut_and_marked),
		cmocka_unit_test(test_fields_without_room_are_left_out),
		cmocka_unit_test(test_any_bytes_make_a_valid_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

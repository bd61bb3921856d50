#include "wire/wire.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static const struct hello none;
static const struct hello two = {
	.languages_count = 2,
	.languages = {{.name = "python",
		       .version = "Python 3.11.2",
		       .file = "main.py",
		       .judge0_id = 71,
		       .aliases_count = 2,
		       .aliases = {"py", "python3"}},
		      {.name = "c", .version = "gcc \"12\"", .file = "main.c", .compiled = true}},
};

#define ENGINE "{\"engine\":{\"name\":\"kiln-1\",\"version\":\"" KILN_VERSION "\"},\"languages\":"

static const char expected[] = ENGINE
	"[{\"name\":\"python\",\"version\":\"Python 3.11.2\",\"file\":\"main.py\","
	"\"aliases\":[\"py\",\"python3\"],\"judge0_id\":71,\"compiled\":false},"
	"{\"name\":\"c\",\"version\":\"gcc \\\"12\\\"\",\"file\":\"main.c\",\"aliases\":[],"
	"\"judge0_id\":null,\"compiled\":true}]}";

static void languages_are_listed(void **state)
{
	auto_free char *empty = wire_format_languages(&none, "kiln-1");
	auto_free char *text = wire_format_languages(&two, "kiln-1");

	(void)state;
	assert_string_equal(empty, ENGINE "[]}");
	assert_string_equal(text, expected);
}

/* All or nothing: a language is never missing because memory was. */
static void memory_that_is_gone_is_reported(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		char *text;
		bool failed;

		alloc_fail_at(n);
		text = wire_format_languages(&two, "kiln-1");
		failed = alloc_failed();
		alloc_fail_at(0);
		assert_int_equal(text == NULL, failed);
		if (text != NULL)
			assert_string_equal(text, expected);
		free(text);
		if (!failed)
			break;
	}
	assert_in_range(n, 3, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(languages_are_listed),
		cmocka_unit_test(memory_that_is_gone_is_reported),
	};

	return cmocka_run_group_tests_name("wire directory", tests, NULL, NULL);
}

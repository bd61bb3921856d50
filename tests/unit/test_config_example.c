#include "config/config.h"

#include "base/cleanup.h"
#include "config/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beside this file's folder, wherever the checkout lies. */
#define COMMITTED "/../../.env.example"

static char *generate(size_t *ret_length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_length);

	assert_non_null(out);
	assert_int_equal(config_print_example(out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* To make it anew: KILN_TEST_WRITE_EXAMPLE=1 in the environment of this test. */
static void test_committed_file_is_what_the_table_says(void **state)
{
	char path[4096] = __FILE__;
	char *slash = strrchr(path, '/');
	size_t length, got;
	auto_free char *expected = generate(&length);
	auto_free char *committed = calloc(1, length + 2);
	auto_fclose FILE *file = NULL;

	(void)state;
	assert_non_null(slash);
	(void)snprintf(slash, sizeof(path) - (size_t)(slash - path), COMMITTED);
	if (getenv("KILN_TEST_WRITE_EXAMPLE") != NULL) {
		file = fopen(path, "we");
		assert_non_null(file);
		assert_int_equal(fwrite(expected, 1, length, file), length);
		return;
	}
	file = fopen(path, "re");
	if (file == NULL)
		fail_msg("%s is missing", path);
	got = fread(committed, 1, length + 1, file);
	assert_string_equal(committed, expected);
	assert_int_equal(got, length);
}

static void test_every_variable_stands_in_it_once(void **state)
{
	size_t length;
	auto_free char *text = generate(&length);

	(void)state;
	for (size_t i = 0; i < option_count; i++) {
		char line[256];
		const char *found;

		(void)snprintf(line, sizeof(line), "\n# %s=%s\n", option_table[i].name,
			       option_table[i].fallback == NULL ? "" : option_table[i].fallback);
		found = strstr(text, line);
		if (found == NULL)
			fail_msg("%s is missing", option_table[i].name);
		assert_null(strstr(found + 1, line));
	}
}

static void test_lines_fit_a_terminal(void **state)
{
	size_t length;
	auto_free char *text = generate(&length);

	(void)state;
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
		assert_in_range(strcspn(line, "\n"), 0, 100);
}

static void test_full_disk_is_an_error(void **state)
{
	auto_fclose FILE *full = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(full);
	assert_true(config_print_example(full) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_committed_file_is_what_the_table_says),
		cmocka_unit_test(test_every_variable_stands_in_it_once),
		cmocka_unit_test(test_lines_fit_a_terminal),
		cmocka_unit_test(test_full_disk_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "config/dotenv.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBLEMS_MAX 65536

struct case_row {
	const char *text;
	const char *expected; /* "NAME=value@line;" for each entry, then the problems */
};

/* Both results as one text, to compare with. */
static char *parse(const char *text, size_t length)
{
	auto_buf struct buf problems = {.max = PROBLEMS_MAX};
	struct buf all = {.max = 2 * PROBLEMS_MAX};
	struct dotenv dotenv = {0};

	assert_int_equal(dotenv_parse(&dotenv, text, length, &problems), 0);
	for (size_t i = 0; i < dotenv.count; i++)
		(void)buf_append_format(&all, "%s=%s@%u;", dotenv.entries[i].name,
					dotenv.entries[i].value, dotenv.entries[i].line);
	(void)buf_append(&all, problems.data, problems.length);
	dotenv_fini(&dotenv);
	return buf_take_text(&all);
}

static void check_rows(const struct case_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		auto_free char *got = parse(rows[i].text, strlen(rows[i].text));

		assert_string_equal(got, rows[i].expected);
	}
}
#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_well_formed_lines(void **state)
{
	static const struct case_row rows[] = {
		{"", ""},
		{"\n\n  \n\t# comment\n#", ""},
		{"A=1", "A=1@1;"},
		{"A=1\n", "A=1@1;"},
		{"A=1\r\nB=2\r\n", "A=1@1;B=2@2;"},
		{"\xef\xbb\xbf" "A=1", "A=1@1;"},
		{"  A = 1  ", "A=1@1;"},
		{"export A=1\nexport\tB=2", "A=1@1;B=2@2;"},
		{"export=1\nexports=2", "export=1@1;exports=2@2;"},
		{"A=", "A=@1;"},
		{"A= # comment", "A=@1;"},
		{"A=#comment", "A=@1;"},
		{"A=a#b # c", "A=a#b@1;"},
		{"A=two words\t# c", "A=two words@1;"},
		{"A=b=c", "A=b=c@1;"},
		{"A=it's", "A=it's@1;"},
		{"A=C:\\dir", "A=C:\\dir@1;"},
		{"A=$HOME", "A=$HOME@1;"},
		{"A=''", "A=@1;"},
		{"A=' #\\n\" '  # c", "A= #\\n\" @1;"},
		{"A=\"\"", "A=@1;"},
		{"A=\"a\\n\\t\\r\\\\\\\"\\$\\#'#\"", "A=a\n\t\r\\\"$#'#@1;"},
		{"A=1\nA=2", "A=1@1;A=2@2;"},
		{"_a9=\xc3\xbc", "_a9=\xc3\xbc@1;"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_malformed_lines_are_named_and_not_repeated(void **state)
{
	static const struct case_row rows[] = {
		{"s3cret", ".env:1: expected '=' after the name\n"},
		{"export A", ".env:1: expected '=' after the name\n"},
		{"A B=1", ".env:1: expected '=' after the name\n"},
		{"=1", ".env:1: expected NAME=value\n"},
		{"9A=1", ".env:1: expected NAME=value\n"},
		{"A-B=1", ".env:1: expected '=' after the name\n"},
		{"A=\"s3cret", ".env:1: the closing \" is missing\n"},
		{"A=\"s3cret\\\"", ".env:1: the closing \" is missing\n"},
		{"A=\"\\", ".env:1: unknown escape: allowed are \\n \\r \\t \\\\ \\\" \\$ \\#\n"},
		{"A=\"\\x\"",
		 ".env:1: unknown escape: allowed are \\n \\r \\t \\\\ \\\" \\$ \\#\n"},
		{"A='s3cret", ".env:1: the closing ' is missing\n"},
		{"A='a'b", ".env:1: nothing but a comment may follow the closing quote\n"},
		{"A=\"a\" b", ".env:1: nothing but a comment may follow the closing quote\n"},
		{"A=1\n\n?\nB=2", "A=1@1;B=2@4;.env:3: expected NAME=value\n"},
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void test_nul_byte_is_refused(void **state)
{
	auto_free char *got = parse("A=a\0b\nB=2", 9);

	(void)state;
	assert_string_equal(got, "B=2@2;.env:1: a NUL byte\n");
}

static void test_later_line_holds(void **state)
{
	auto_buf struct buf problems = {.max = PROBLEMS_MAX};
	struct dotenv dotenv = {0};

	(void)state;
	assert_int_equal(dotenv_parse(&dotenv, "A=1\nB=2\nA=3", 11, &problems), 0);
	assert_string_equal(dotenv_find(&dotenv, "A")->value, "3");
	assert_int_equal(dotenv_find(&dotenv, "A")->line, 3);
	assert_string_equal(dotenv_find(&dotenv, "B")->value, "2");
	assert_null(dotenv_find(&dotenv, "C"));
	dotenv_fini(&dotenv);
	assert_null(dotenv_find(&dotenv, "A"));
}

static void test_every_allocation_may_fail(void **state)
{
	static const char text[] = "A=1\nB='two'\n?\nC=\"three\"\n";

	(void)state;
	for (unsigned n = 1; n <= ALLOC_RUNS; n++) {
		auto_buf struct buf problems = {.max = PROBLEMS_MAX};
		struct dotenv dotenv = {0};
		bool failed;
		int result;

		alloc_fail_at(n);
		result = dotenv_parse(&dotenv, text, sizeof(text) - 1, &problems);
		failed = alloc_failed();
		alloc_fail_at(0);
		dotenv_fini(&dotenv);
		if (!failed) {
			assert_int_equal(result, 0);
			assert_true(n > 8);
			return;
		}
		assert_int_equal(result, -ENOMEM);
	}
	fail_msg("it never ran through");
}

struct scene {
	char directory[64];
	char path[80];
};

static int make_scene(void **state)
{
	static struct scene scene;

	(void)snprintf(scene.directory, sizeof(scene.directory), "/tmp/test_config_dotenv.XXXXXX");
	if (mkdtemp(scene.directory) == NULL)
		return -1;
	(void)snprintf(scene.path, sizeof(scene.path), "%s/.env", scene.directory);
	*state = &scene;
	return 0;
}

static int remove_scene(void **state)
{
	struct scene *scene = *state;

	(void)remove(scene->path);
	return rmdir(scene->directory);
}

static void write_file(const char *path, char byte, size_t length)
{
	auto_fclose FILE *file = fopen(path, "we");

	assert_non_null(file);
	while (length-- > 0)
		assert_int_equal(fputc(byte, file), byte);
}

/* The problems that reading the file leads to, and how many entries. */
static char *read_back(const char *path, size_t *ret_count)
{
	struct buf problems = {.max = PROBLEMS_MAX};
	struct dotenv dotenv = {0};

	assert_int_equal(dotenv_read(&dotenv, path, &problems), 0);
	*ret_count = dotenv.count;
	dotenv_fini(&dotenv);
	return buf_take_text(&problems);
}

static void expect_problem(const char *path, const char *expected)
{
	size_t count;
	auto_free char *problems = read_back(path, &count);

	assert_int_equal(count, 0);
	assert_non_null(strstr(problems, expected));
}

static void test_file_that_is_not_there_holds_nothing(void **state)
{
	const struct scene *scene = *state;
	size_t count;
	auto_free char *problems = read_back(scene->path, &count);

	assert_int_equal(count, 0);
	assert_string_equal(problems, "");
}

static void test_size_is_bounded(void **state)
{
	const struct scene *scene = *state;
	size_t count;
	auto_free char *problems = NULL;

	write_file(scene->path, '#', DOTENV_BYTES_MAX);
	problems = read_back(scene->path, &count);
	assert_string_equal(problems, "");
	write_file(scene->path, '#', DOTENV_BYTES_MAX + 1);
	expect_problem(scene->path, ".env: is larger than 64 KiB\n");
}

static void test_folder_is_a_problem(void **state)
{
	const struct scene *scene = *state;

	assert_int_equal(mkdir(scene->path, 0700), 0);
	expect_problem(scene->path, ".env: is not a file\n");
}

static void test_named_pipe_does_not_hang(void **state)
{
	const struct scene *scene = *state;

	assert_int_equal(mkfifo(scene->path, 0600), 0);
	expect_problem(scene->path, ".env: is not a file\n");
}

static void test_link_loop_is_a_problem(void **state)
{
	const struct scene *scene = *state;

	assert_int_equal(symlink(scene->path, scene->path), 0);
	expect_problem(scene->path, "Too many levels of symbolic links\n");
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, make_scene, remove_scene)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_well_formed_lines),
		cmocka_unit_test(test_malformed_lines_are_named_and_not_repeated),
		cmocka_unit_test(test_nul_byte_is_refused),
		cmocka_unit_test(test_later_line_holds),
		cmocka_unit_test(test_every_allocation_may_fail),
		IN_SCENE(test_file_that_is_not_there_holds_nothing),
		IN_SCENE(test_size_is_bounded),
		IN_SCENE(test_folder_is_a_problem),
		IN_SCENE(test_named_pipe_does_not_hang),
		IN_SCENE(test_link_loop_is_a_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

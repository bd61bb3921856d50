#include "client/listing.h"
#include "client/plain.h"
#include "client/source.h"
#include "client/submission.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

static void test_extensions(void **state)
{
	static const struct {
		const char *path;
		const char *language; /* NULL: not known */
	} paths[] = {
		{"a.py", "python"},
		{"a.js", "javascript"},
		{"a.mjs", "javascript"},
		{"a.go", "go"},
		{"a.c", "c"},
		{"a.cpp", "cpp"},
		{"a.cc", "cpp"},
		{"a.cxx", "cpp"},
		{"a.rs", "rust"},
		{"a.ts", "typescript"},
		{"A.PY", "python"},
		{"x/y.z/a.b.py", "python"},
		{"a", NULL},
		{"-", NULL},
		{"a.", NULL},
		{".py", NULL},
		{"x.py/a", NULL},
		{"a.pyc", NULL},
		{"", NULL},
		{"x.py/.c", NULL},
	};
	char list[512];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const char *language = source_language(paths[i].path);

		if (paths[i].language == NULL)
			assert_null(language);
		else
			assert_string_equal(language, paths[i].language);
	}
	source_list_extensions(list, sizeof(list));
	assert_non_null(strstr(list, ".py .js "));
	source_list_extensions(list, 4);
	assert_string_equal(list, ".py");
}

static void test_workspace_names(void **state)
{
	(void)state;
	assert_string_equal(source_workspace_name("a.txt"), "a.txt");
	assert_string_equal(source_workspace_name("lib/a.txt"), "lib/a.txt");
	assert_string_equal(source_workspace_name("/etc/hosts"), "hosts");
	assert_string_equal(source_workspace_name("../up/a.txt"), "a.txt");
	assert_string_equal(source_workspace_name("./a.txt"), "a.txt");
	assert_null(source_workspace_name(""));
	assert_null(source_workspace_name("x/.."));
	assert_null(source_workspace_name("/"));
}

static void test_files_are_read_whole(void **state)
{
	char path[] = "/tmp/kiln-test-XXXXXX";
	int fd = mkstemp(path);
	struct bytes bytes = {0};
	struct err err = {0};
	char text[300000];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(source_read(path, &bytes, &err), 0);
	assert_int_equal(bytes.length, 0);
	assert_int_equal(bytes.data[0], '\0');
	free(bytes.data);
	memset(text, 'x', sizeof(text));
	text[7] = '\0';
	assert_int_equal(write(fd, text, sizeof(text)), sizeof(text));
	assert_int_equal(source_read(path, &bytes, &err), 0);
	assert_int_equal(bytes.length, sizeof(text));
	assert_memory_equal(bytes.data, text, sizeof(text));
	free(bytes.data);
	assert_int_equal(ftruncate(fd, (off_t)SOURCE_BYTES_MAX + 1), 0);
	assert_int_equal(source_read(path, &bytes, &err), -EFBIG);
	(void)close(fd);
	(void)unlink(path);
	assert_int_equal(source_read(path, &bytes, &err), -ENOENT);
	assert_non_null(strstr(err.text, path));
	assert_int_equal(source_read("/tmp", &bytes, &err), -EISDIR);
}

static const struct submission full = {
	.language = "python",
	.code = {(uint8_t *)(uintptr_t) "print(1)\n", 9},
	.has_input = true,
	.input = {(uint8_t *)(uintptr_t) "\0\xff", 2},
	.files = (const struct job_file[]){{(char *)(uintptr_t) "a/b", {NULL, 0}}},
	.files_count = 1,
	.args = (char *const[]){(char *)(uintptr_t) "x y", (char *)(uintptr_t) "\xc3\xa9"},
	.args_count = 2,
	.limits = {.wall_ms = 2000, .file_bytes = 5},
};

static void test_a_submission_is_the_contract_s_request(void **state)
{
	static const char expected[] =
		"{\"language\":\"python\",\"encoding\":\"base64\",\"code\":\"cHJpbnQoMSkK\","
		"\"stdin\":\"AP8=\",\"args\":[\"x y\",\"\xc3\xa9\"],"
		"\"files\":[{\"name\":\"a/b\",\"content\":\"\"}],"
		"\"limits\":{\"wall_ms\":2000,\"file_bytes\":5}}";
	static const char least[] = "{\"language\":\"c\",\"encoding\":\"base64\",\"code\":\"\","
				    "\"limits\":{}}";
	const struct submission empty = {.language = "c"};
	size_t length = 0;
	char *text = submission_format(&full, &length);

	(void)state;
	assert_string_equal(text, expected);
	assert_int_equal(length, sizeof(expected) - 1);
	free(text);
	text = submission_format(&empty, &length);
	assert_string_equal(text, least);
	free(text);
}

static void test_an_argument_that_is_not_utf8_is_refused(void **state)
{
	struct submission submission = full;
	size_t length;

	(void)state;
	submission.args = (char *const[]){(char *)(uintptr_t) "\xff"};
	submission.args_count = 1;
	assert_null(submission_format(&submission, &length));
}

static void test_memory_runs_out(void **state)
{
	unsigned n;

	(void)state;
	for (n = 1; n <= ALLOC_RUNS; n++) {
		size_t length;
		char *text;

		alloc_fail_at(n);
		text = submission_format(&full, &length);
		if (!alloc_failed()) {
			assert_non_null(text);
			free(text);
			break;
		}
		assert_null(text);
	}
	alloc_fail_at(0);
	assert_in_range(n, 10, ALLOC_RUNS);
}

static const char languages[] =
	"{\"engine\":{\"name\":\"kiln\",\"version\":\"0.1.0\"},\"languages\":["
	"{\"name\":\"python\",\"version\":\"3.11.2\",\"aliases\":[\"py\"],\"judge0_id\":71,"
	"\"compiled\":false},"
	"{\"name\":\"cpp\",\"version\":\"g++ 12.2.0\",\"aliases\":[\"c++\",\"cc\"],\"judge0_id\":null,"
	"\"compiled\":true}]}";

static void test_languages_are_a_table(void **state)
{
	struct buf table;
	struct err err = {0};
	auto_free char *text = NULL;
	char summary[128];

	(void)state;
	buf_init(&table, 65536);
	assert_int_equal(listing_format(languages, sizeof(languages) - 1, &table, &err), 0);
	text = buf_take_text(&table);
	assert_string_equal(text, "NAME    VERSION     KIND         JUDGE0  ALIASES\n"
				  "python  3.11.2      interpreted  71      py\n"
				  "cpp     g++ 12.2.0  compiled     -       c++, cc\n");
	assert_int_equal(
		listing_summary(languages, sizeof(languages) - 1, summary, sizeof(summary), &err),
		0);
	assert_string_equal(summary, "kiln 0.1.0 (2 languages)");
}

static void test_what_is_no_list_of_languages_is_refused(void **state)
{
	static const char *const replies[] = {"", "[]", "{}", "{\"languages\":1}", "x"};
	struct err err = {0};
	struct buf table;
	char text[64];

	(void)state;
	buf_init(&table, 65536);
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		size_t length = strlen(replies[i]);

		assert_int_equal(listing_format(replies[i], length, &table, &err), -EPROTO);
		assert_int_equal(listing_summary(replies[i], length, text, sizeof(text), &err),
				 -EPROTO);
	}
	assert_int_equal(table.length, 0);
	/* Entries of the wrong kind are shown as unknown. */
	assert_int_equal(listing_format("{\"languages\":[1,{}]}", 20, &table, &err), 0);
	buf_fini(&table);
}

static void test_plain_commands(void **state)
{
	const char *argv[PLAIN_ARGS_MAX];

	(void)state;
	plain_command(plain_find("PY"), "f", "p", argv);
	assert_string_equal(argv[0], "python3");
	assert_string_equal(argv[1], "f");
	assert_null(argv[2]);
	plain_command(plain_find("golang"), "f", "p", argv);
	assert_string_equal(argv[1], "run");
	assert_string_equal(argv[2], "f");
	assert_null(argv[3]);
	plain_command(plain_find("c++"), "f", "p", argv);
	assert_string_equal(argv[0], "sh");
	assert_string_equal(argv[4], "f");
	assert_string_equal(argv[5], "p");
	assert_null(argv[6]);
	assert_string_equal(plain_extension(plain_find("javascript")), "js");
	assert_null(plain_find("cobol"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_workspace_names),
		cmocka_unit_test(test_files_are_read_whole),
		cmocka_unit_test(test_a_submission_is_the_contract_s_request),
		cmocka_unit_test(test_an_argument_that_is_not_utf8_is_refused),
		cmocka_unit_test(test_memory_runs_out),
		cmocka_unit_test(test_languages_are_a_table),
		cmocka_unit_test(test_what_is_no_list_of_languages_is_refused),
		cmocka_unit_test(test_plain_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

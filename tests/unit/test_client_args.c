#include "client/args.h"
#include "client/bench_options.h"
#include "client/client.h"
#include "client/run_options.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

#define ARGS_MAX 64

/* What was printed to stderr during a call. */
static char complaint[2048];

static FILE *capture_begin(int *ret_saved_fd)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	(void)fflush(stderr);
	*ret_saved_fd = dup(STDERR_FILENO);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	return file;
}

static void capture_end(FILE *file, int saved_fd)
{
	size_t length;

	(void)fflush(stderr);
	assert_true(dup2(saved_fd, STDERR_FILENO) >= 0);
	(void)close(saved_fd);
	rewind(file);
	length = fread(complaint, 1, sizeof(complaint) - 1, file);
	complaint[length] = '\0';
	(void)fclose(file);
}

/* Splits a line at its spaces into an argv that lives until the next call. */
static int split(const char *line, char ***ret_argv)
{
	static char text[1024];
	static char *argv[ARGS_MAX + 1];
	int argc = 0;

	(void)snprintf(text, sizeof(text), "%s", line);
	for (char *rest = text, *word = strsep(&rest, " "); word != NULL;
	     word = strsep(&rest, " ")) {
		assert_true(argc < ARGS_MAX);
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	*ret_argv = argv;
	return argc;
}

static int parse_run(const char *line, struct run_options *options)
{
	int saved_fd, status, argc;
	char **argv;
	FILE *file;

	argc = split(line, &argv);
	file = capture_begin(&saved_fd);
	status = run_options_parse(argc, argv, options);
	capture_end(file, saved_fd);
	return status;
}

static int parse_bench(const char *line, struct bench_options *options)
{
	int saved_fd, status, argc;
	char **argv;
	FILE *file;

	argc = split(line, &argv);
	file = capture_begin(&saved_fd);
	status = bench_options_parse(argc, argv, options);
	capture_end(file, saved_fd);
	return status;
}

static void test_run_with_everything(void **state)
{
	struct run_options options;

	(void)state;
	assert_int_equal(
		parse_run("run --language PY a.txt --stdin in --file b --file=c/d "
			  "--limit wall_ms=2000 --limit memory_bytes=1048576 --subject s.t "
			  "--timeout 1.5 --server nats://h --json -- --json x -- y",
			  &options),
		ARGS_GO);
	assert_string_equal(complaint, "");
	assert_string_equal(options.program, "a.txt");
	assert_string_equal(options.language, "PY");
	assert_string_equal(options.input, "in");
	assert_int_equal(options.files_count, 2);
	assert_string_equal(options.files[0], "b");
	assert_string_equal(options.files[1], "c/d");
	assert_int_equal(options.limits.wall_ms, 2000);
	assert_int_equal(options.limits.memory_bytes, 1048576);
	assert_int_equal(options.limits.cpu_ms, 0);
	assert_string_equal(options.subject, "s.t");
	assert_int_equal(options.timeout_ms, 1500);
	assert_string_equal(options.server, "nats://h");
	assert_true(options.json);
	assert_int_equal(options.args_count, 4);
	assert_string_equal(options.args[0], "--json");
	assert_string_equal(options.args[2], "--");
}

static void test_run_by_default(void **state)
{
	struct run_options options;

	(void)state;
	assert_int_equal(parse_run("run dir.d/hello.CPP", &options), ARGS_GO);
	assert_string_equal(options.language, "cpp");
	assert_null(options.subject);
	assert_null(options.server);
	assert_int_equal(options.timeout_ms, RUN_TIMEOUT_MS);
	assert_int_equal(options.args_count, 0);
	assert_false(options.json);
	assert_int_equal(
		parse_run("run - --language c --limit cpu_ms=1 --limit output_bytes=2 --limit "
			  "processes=3 --limit file_bytes=4",
			  &options),
		ARGS_GO);
	assert_string_equal(options.program, "-");
	assert_int_equal(options.limits.cpu_ms, 1);
	assert_int_equal(options.limits.output_bytes, 2);
	assert_int_equal(options.limits.processes, 3);
	assert_int_equal(options.limits.file_bytes, 4);
}

static const struct {
	const char *line;
	const char *says;
} refused_runs[] = {
	{"run", "which FILE"},
	{"run -- a.py", "which FILE"},
	{"run -", "give --language"},
	{"run a", "'a' does not tell a language"},
	{"run .py", "does not tell a language"},
	{"run a.py b.py", "unexpected 'b.py'"},
	{"run a.py --lnguage c", "unknown option '--lnguage'; did you mean '--language'?"},
	{"run a.py --limt=wall_ms=1", "unknown option '--limt'; did you mean '--limit'?"},
	{"run a.py --zzzzzzzz", "unknown option '--zzzzzzzz'\n"},
	{"run a.py -x", "unknown option '-x'"},
	{"run a.py --json=1", "--json takes no value"},
	{"run a.py --stdin", "--stdin needs a value"},
	{"run - --language c --stdin -", "both come from stdin"},
	{"run a.py --timeout 0", "--timeout 0: not a number of seconds"},
	{"run a.py --timeout ten", "--timeout ten"},
	{"run a.py --limit wall=1", "the limits are wall_ms"},
	{"run a.py --limit compile_wall_ms=1", "the limits are wall_ms"},
	{"run a.py --limit wall_ms", "wall_ms=N needs a whole number"},
	{"run a.py --limit wall_ms=", "wall_ms=N needs a whole number"},
	{"run a.py --limit wall_ms=0", "wall_ms=N needs a whole number"},
	{"run a.py --limit wall_ms=-1", "wall_ms=N needs a whole number"},
	{"run a.py --limit wall_ms=1s", "wall_ms=N needs a whole number"},
	{"run a.py --limit wall_ms=99999999999999999999", "wall_ms=N needs a whole number"},
};

static void test_a_wrong_run_is_refused_by_name(void **state)
{
	struct run_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(refused_runs) / sizeof(refused_runs[0]); i++) {
		assert_int_equal(parse_run(refused_runs[i].line, &options), CLIENT_USAGE);
		assert_int_equal(strncmp(complaint, "kiln run: ", 10), 0);
		assert_non_null(strstr(complaint, refused_runs[i].says));
		assert_non_null(strstr(complaint, "See: kiln run --help\n"));
	}
}

static void test_files_and_arguments_are_bounded(void **state)
{
	static char *argv[2 * JOB_FILES_MAX + JOB_ARGS_MAX + 8];
	static char run[] = "run", file[] = "a.py", option[] = "--file", end[] = "--";
	struct run_options options;
	int argc = 0, saved_fd;
	FILE *capture = capture_begin(&saved_fd);

	(void)state;
	argv[argc++] = run;
	argv[argc++] = file;
	for (int i = 0; i < JOB_FILES_MAX + 1; i++) {
		argv[argc++] = option;
		argv[argc++] = file;
	}
	assert_int_equal(run_options_parse(argc, argv, &options), CLIENT_USAGE);
	assert_int_equal(run_options_parse(argc - 2, argv, &options), ARGS_GO);
	assert_int_equal(options.files_count, JOB_FILES_MAX);
	argc = 2;
	argv[argc++] = end;
	for (int i = 0; i < JOB_ARGS_MAX + 1; i++)
		argv[argc++] = file;
	assert_int_equal(run_options_parse(argc, argv, &options), CLIENT_USAGE);
	assert_int_equal(run_options_parse(argc - 1, argv, &options), ARGS_GO);
	assert_int_equal(options.args_count, JOB_ARGS_MAX);
	capture_end(capture, saved_fd);
}

static void test_bench(void **state)
{
	struct bench_options options;

	(void)state;
	assert_int_equal(parse_bench("bench", &options), ARGS_GO);
	assert_null(options.file);
	assert_string_equal(options.language, "python");
	assert_int_equal(options.concurrency, 1);
	assert_int_equal(options.requests, 1000);
	assert_int_equal(options.warmup, 10);
	assert_int_equal(
		parse_bench("bench a.go --concurrency 8 --duration 2 --warmup 0", &options),
		ARGS_GO);
	assert_string_equal(options.language, "go");
	assert_int_equal(options.concurrency, 8);
	assert_int_equal(options.duration_ms, 2000);
	assert_int_equal(options.warmup, 0);
	assert_true(options.requests > 1000000);
	assert_int_equal(
		parse_bench("bench a --language c --duration 2 --requests 5 --json", &options),
		ARGS_GO);
	assert_int_equal(options.requests, 5);
	assert_true(options.json);
	assert_int_equal(parse_bench("bench --compare", &options), ARGS_GO);
	assert_int_equal(options.requests, 30);
	assert_int_equal(options.warmup, 2);
}

static const struct {
	const char *line;
	const char *says;
} refused_benches[] = {
	{"bench a", "give --language"},
	{"bench -", "FILE must be a file"},
	{"bench a.py b.py", "unexpected 'b.py'"},
	{"bench a.py -- x", "without arguments"},
	{"bench --language c", "needs a FILE"},
	{"bench --concurrency 0", "--concurrency 0: not a whole number from 1 to 512"},
	{"bench --concurrency 513", "not a whole number from 1 to 512"},
	{"bench --requests 0", "--requests 0"},
	{"bench --requests 1e3", "--requests 1e3"},
	{"bench --warmup -1", "--warmup -1"},
	{"bench --duration x", "--duration x: not a number of seconds"},
	{"bench --compare --concurrency 2", "leave out --concurrency"},
	{"bench --request 3 --concurency 2", "'--concurency'; did you mean '--concurrency'?"},
};

static void test_a_wrong_bench_is_refused_by_name(void **state)
{
	struct bench_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(refused_benches) / sizeof(refused_benches[0]); i++) {
		assert_int_equal(parse_bench(refused_benches[i].line, &options), CLIENT_USAGE);
		assert_non_null(strstr(complaint, refused_benches[i].says));
	}
}

static void test_what_is_close(void **state)
{
	static const char *const words[] = {"run", "languages", "doctor", "bench", NULL};

	(void)state;
	assert_string_equal(args_closest("rum", words), "run");
	assert_string_equal(args_closest("rnu", words), "run");
	assert_string_equal(args_closest("ru", words), "run");
	assert_string_equal(args_closest("runs", words), "run");
	assert_string_equal(args_closest("language", words), "languages");
	assert_string_equal(args_closest("docter", words), "doctor");
	assert_string_equal(args_closest("bnech", words), "bench");
	assert_null(args_closest("zzz", words));
	assert_null(args_closest("", words));
	assert_null(args_closest("a-word-that-is-much-longer-than-any-option-is", words));
}

static void test_commands(void **state)
{
	int saved_fd, status;
	FILE *file;

	(void)state;
	assert_string_equal(client_find_command("run")->name, "run");
	assert_string_equal(client_find_command("bench")->name, "bench");
	assert_null(client_find_command("ru"));
	file = capture_begin(&saved_fd);
	status = client_refuse_command("langauges");
	capture_end(file, saved_fd);
	assert_int_equal(status, CLIENT_USAGE);
	assert_string_equal(complaint, "kiln: no command 'langauges'; did you mean 'languages'?\n"
				       "See: kiln --help\n");
}

static void test_seconds(void **state)
{
	int64_t ms = 7;

	(void)state;
	assert_int_equal(args_parse_seconds("2", &ms), 0);
	assert_int_equal(ms, 2000);
	assert_int_equal(args_parse_seconds("0.25", &ms), 0);
	assert_int_equal(ms, 250);
	for (const char *const *text =
		     (const char *const[]){"", ".", "1.2.3", "-1", "inf", "nan", "0x5", "1e3",
					   "86401", "0", " 1", NULL};
	     *text != NULL; text++)
		assert_int_equal(args_parse_seconds(*text, &ms), -EINVAL);
	assert_int_equal(ms, 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run_with_everything),
		cmocka_unit_test(test_run_by_default),
		cmocka_unit_test(test_a_wrong_run_is_refused_by_name),
		cmocka_unit_test(test_files_and_arguments_are_bounded),
		cmocka_unit_test(test_bench),
		cmocka_unit_test(test_a_wrong_bench_is_refused_by_name),
		cmocka_unit_test(test_what_is_close),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "job/verdict.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

struct verdict_case {
	struct stage_report compile, run;
	enum limit_name limit;
	enum verdict verdict;
	const char *error;
};

#define NOT_RUN                                                                                    \
	{                                                                                          \
		.ran = false                                                                       \
	}
#define EXITED(code)                                                                               \
	{                                                                                          \
		.ran = true, .exit_code = (code)                                                   \
	}
#define KILLED(number)                                                                             \
	{                                                                                          \
		.ran = true, .exit_code = -1, .signal = (number)                                   \
	}

static const struct verdict_case cases[] = {
	{NOT_RUN, EXITED(0), LIMIT_NONE, VERDICT_OK, ""},
	{EXITED(0), EXITED(0), LIMIT_NONE, VERDICT_OK, ""},
	{NOT_RUN, EXITED(3), LIMIT_NONE, VERDICT_RUNTIME_ERROR, "execution error: exit status 3"},
	{NOT_RUN, EXITED(255), LIMIT_NONE, VERDICT_RUNTIME_ERROR,
	 "execution error: exit status 255"},
	{NOT_RUN, KILLED(SIGKILL), LIMIT_NONE, VERDICT_RUNTIME_ERROR,
	 "execution error: signal: killed"},
	{EXITED(1), NOT_RUN, LIMIT_NONE, VERDICT_COMPILE_ERROR, "execution error: exit status 1"},
	{KILLED(SIGSEGV), NOT_RUN, LIMIT_NONE, VERDICT_COMPILE_ERROR,
	 "execution error: signal: segmentation fault"},
	{KILLED(SIGKILL), NOT_RUN, LIMIT_COMPILE_WALL, VERDICT_COMPILE_ERROR,
	 "execution error: signal: killed"},
	{EXITED(0), NOT_RUN, LIMIT_COMPILE_MEMORY, VERDICT_COMPILE_ERROR,
	 "execution error: signal: killed"},
	{NOT_RUN, KILLED(SIGKILL), LIMIT_WALL, VERDICT_TIME_LIMIT,
	 "execution error: signal: killed"},
	{NOT_RUN, KILLED(SIGXCPU), LIMIT_CPU, VERDICT_TIME_LIMIT,
	 "execution error: signal: killed"},
	/* The program had forked, and ended by itself while its child went on. */
	{NOT_RUN, EXITED(0), LIMIT_WALL, VERDICT_TIME_LIMIT, "execution error: signal: killed"},
	{NOT_RUN, EXITED(1), LIMIT_MEMORY, VERDICT_MEMORY_LIMIT, "execution error: exit status 1"},
	{NOT_RUN, KILLED(SIGKILL), LIMIT_OUTPUT, VERDICT_OUTPUT_LIMIT,
	 "execution error: signal: killed"},
	/* A refused fork or write is the program's to handle. */
	{NOT_RUN, EXITED(0), LIMIT_PROCESSES, VERDICT_OK, ""},
	{NOT_RUN, EXITED(1), LIMIT_PROCESSES, VERDICT_RUNTIME_ERROR,
	 "execution error: exit status 1"},
	{NOT_RUN, KILLED(SIGXFSZ), LIMIT_FILE, VERDICT_RUNTIME_ERROR,
	 "execution error: signal: signal 25"},
};

static void outcomes_decide_verdict_and_error(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct outcome outcome = {
			.compile = cases[i].compile,
			.run = cases[i].run,
			.limit = {cases[i].limit, 1, 2},
		};
		char error[128];

		assert_int_equal(verdict_decide(&outcome), cases[i].verdict);
		verdict_error_text(&outcome, error, sizeof(error));
		assert_string_equal(error, cases[i].error);
	}
}

/* What syscall.Signal.String() of Go gives on Linux. */
static void signals_read_as_go_prints_them(void **state)
{
	static const char *const texts[] = {
		[1] = "hangup",
		[2] = "interrupt",
		[3] = "quit",
		[4] = "illegal instruction",
		[5] = "trace/breakpoint trap",
		[6] = "aborted",
		[7] = "bus error",
		[8] = "floating point exception",
		[9] = "killed",
		[10] = "user defined signal 1",
		[11] = "segmentation fault",
		[12] = "user defined signal 2",
		[13] = "broken pipe",
		[14] = "alarm clock",
		[15] = "terminated",
		[16] = "signal 16",
		[31] = "signal 31",
		[64] = "signal 64",
	};

	(void)state;
	for (int i = 1; i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
		struct outcome outcome = {.run = KILLED(i)};
		char error[64];

		if (texts[i] == NULL)
			continue;
		verdict_error_text(&outcome, error, sizeof(error));
		assert_memory_equal(error, "execution error: signal: ", 25);
		assert_string_equal(error + 25, texts[i]);
	}
}

static void signals_have_names(void **state)
{
	static const struct {
		int signal;
		const char *name;
	} names[] = {
		{SIGSEGV, "SIGSEGV"}, {SIGKILL, "SIGKILL"}, {SIGSYS, "SIGSYS"},
		{SIGABRT, "SIGABRT"}, {34, "SIG34"},        {64, "SIG64"},
	};
	char text[5];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[16];

		verdict_signal_name(names[i].signal, name, sizeof(name));
		assert_string_equal(name, names[i].name);
	}
	verdict_signal_name(SIGSEGV, text, sizeof(text));
	assert_string_equal(text, "SIGS");
}

static void verdicts_have_words(void **state)
{
	static const char *const words[VERDICT_COUNT] = {
		"ok",           "compile_error", "runtime_error", "time_limit", "memory_limit",
		"output_limit", "rejected",      "busy",          "cancelled",  "internal_error",
	};

	(void)state;
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		assert_string_equal(verdict_text((enum verdict)i), words[i]);
	assert_string_equal(verdict_text(VERDICT_COUNT), "internal_error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcomes_decide_verdict_and_error),
		cmocka_unit_test(signals_read_as_go_prints_them),
		cmocka_unit_test(signals_have_names),
		cmocka_unit_test(verdicts_have_words),
	};

	return cmocka_run_group_tests_name("job verdict", tests, NULL, NULL);
}

#include "client/usage.h"

#include "base/clock.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka needs those above it. */
#include <cmocka.h>

#define NAME "kiln-usage-test"
#define BURNT_NS (60 * NS_PER_MS)

static void test_files_of_proc(void **state)
{
	(void)state;
	assert_int_equal(usage_parse_parent("17 (sh) S 4 17 17 0 -1"), 4);
	assert_int_equal(usage_parse_parent("17 (a) R 9 (b) S 12 17"), 12);
	assert_int_equal(usage_parse_parent(""), -1);
	assert_int_equal(usage_parse_parent("17 (sh) S"), -1);
	assert_int_equal(usage_parse_memory("0-1 ---p 00 00:00 0 [rollup]\nRss: 900 kB\n"
					    "Pss:                 12 kB\nPss_Dirty: 7 kB\n"),
			 12 * 1024);
	assert_int_equal(usage_parse_memory("Rss: 900 kB\n"), 0);
}

/* Uses the CPU for a while, and stays. */
static void burn(void)
{
	struct timespec time;

	do
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	while (time.tv_sec * NS_PER_S + time.tv_nsec < BURNT_NS);
	for (;;)
		(void)pause();
}

/* A child of that name, whose own child uses the CPU. */
static pid_t start_family(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child > 0)
		return child;
	(void)prctl(PR_SET_NAME, NAME);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fork() == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)prctl(PR_SET_NAME, "another");
		burn();
	}
	for (;;)
		(void)pause();
}

static void end_family(pid_t child)
{
	(void)kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static struct usage await_burnt(pid_t child)
{
	const struct timespec pause = clock_timespec(NS_PER_MS);
	int64_t deadline_ns = clock_after_ms(10000);
	struct usage usage = {0};
	struct err err = {0};

	while ((usage.processes < 2 || usage.cpu_ns < BURNT_NS) && clock_now_ns() < deadline_ns) {
		(void)nanosleep(&pause, NULL);
		assert_int_equal(usage_read(child, &usage, &err), 0);
	}
	return usage;
}

static void test_a_family_is_counted_as_one(void **state)
{
	pid_t child = start_family(), found = 0;
	struct usage usage = await_burnt(child);
	struct err err = {0};
	int64_t alone = 0;

	(void)state;
	assert_int_equal(usage.processes, 2);
	assert_true(usage.cpu_ns >= BURNT_NS && usage.cpu_ns < 100 * BURNT_NS);
	assert_true(usage.memory_bytes >= 4096);
	assert_int_equal(usage_cpu(child, &alone, &err), 0);
	assert_true(alone < usage.cpu_ns);
	assert_int_equal(usage_find(NAME, &found, &err), 0);
	assert_int_equal(found, child);
	assert_int_equal(usage_check_name(child, NAME, &err), 0);
	assert_int_equal(usage_check_name(child, "kilnd", &err), -ESRCH);
	end_family(child);
}

static void test_a_name_that_says_too_little(void **state)
{
	struct err err = {0};
	pid_t one, two, found;

	(void)state;
	assert_int_equal(usage_find(NAME, &found, &err), -ENOENT);
	assert_non_null(strstr(err.text, NAME));
	one = start_family();
	two = start_family();
	(void)await_burnt(one);
	(void)await_burnt(two);
	assert_int_equal(usage_find(NAME, &found, &err), -ENOTUNIQ);
	assert_non_null(strstr(err.text, "--pid"));
	end_family(one);
	end_family(two);
}

static void test_a_process_that_is_gone(void **state)
{
	struct usage usage;
	struct err err = {0};
	int64_t ns;
	pid_t child = fork();

	(void)state;
	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(usage_read(child, &usage, &err), -ESRCH);
	assert_true(usage_cpu(child, &ns, &err) < 0);
	assert_int_equal(usage_check_name(child, NAME, &err), -ESRCH);
}

static void test_memory_runs_out(void **state)
{
	struct usage usage;
	struct err err = {0};

	(void)state;
	alloc_fail_at(1);
	assert_int_equal(usage_read(getpid(), &usage, &err), -ENOMEM);
	alloc_fail_at(0);
	assert_int_equal(usage_read(getpid(), &usage, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_proc),
		cmocka_unit_test(test_a_family_is_counted_as_one),
		cmocka_unit_test(test_a_name_that_says_too_little),
		cmocka_unit_test(test_a_process_that_is_gone),
		cmocka_unit_test(test_memory_runs_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

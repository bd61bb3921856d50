/* The counters of both cgroup versions, read from files that stand in unit/cgroup/. */
#include "agent/cgroup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void root_of(const char *version, char *path, size_t size)
{
	const char *slash = strrchr(__FILE__, '/');

	(void)snprintf(path, size, "%.*s/cgroup/%s", (int)(slash - __FILE__), __FILE__, version);
}

static void version_1(void **state)
{
	struct cgroup cgroup;
	char root[512];

	(void)state;
	root_of("v1", root, sizeof(root));
	cgroup_open(&cgroup, root);
	assert_false(cgroup.is_v2);
	assert_true(cgroup_has_oom(&cgroup));
	assert_int_equal(cgroup.memory_max, 419430400);
	assert_int_equal(cgroup_oom_kills(&cgroup), 3);
	assert_int_equal(cgroup_cpu_us(&cgroup), 36209);
	assert_int_equal(cgroup_memory_bytes(&cgroup), 102400);
	assert_int_equal(cgroup_memory_peak_bytes(&cgroup), 421388288);
	assert_int_equal(cgroup_pids(&cgroup), 5);
	assert_int_equal(cgroup_refused_forks(&cgroup), 7);
	cgroup_close(&cgroup);
}

static void version_2(void **state)
{
	struct cgroup cgroup;
	char root[512];

	(void)state;
	root_of("v2", root, sizeof(root));
	cgroup_open(&cgroup, root);
	assert_true(cgroup.is_v2);
	assert_true(cgroup_has_oom(&cgroup));
	assert_int_equal(cgroup.memory_max, 419430400);
	/* Not `oom 2`, `oom_group_kill 0` or `max 1412` beside it. */
	assert_int_equal(cgroup_oom_kills(&cgroup), 2);
	assert_int_equal(cgroup_cpu_us(&cgroup), 1234567);
	assert_int_equal(cgroup_memory_bytes(&cgroup), 2670592 + 8192);
	assert_int_equal(cgroup_memory_peak_bytes(&cgroup), 419434496);
	assert_int_equal(cgroup_pids(&cgroup), 12);
	assert_int_equal(cgroup_refused_forks(&cgroup), 34);
	cgroup_close(&cgroup);
}

/* gVisor mounts none. Nothing is taken for an out-of-memory kill, and memory and processes are
 * those of /proc: at least this test's own. */
static void no_counters(void **state)
{
	struct cgroup cgroup;

	(void)state;
	cgroup_open(&cgroup, "/nonexistent");
	assert_false(cgroup_has_oom(&cgroup));
	assert_int_equal(cgroup.memory_max, 0);
	assert_int_equal(cgroup_oom_kills(&cgroup), 0);
	assert_int_equal(cgroup_cpu_us(&cgroup), 0);
	assert_true(cgroup_memory_bytes(&cgroup) > 100000);
	assert_int_equal(cgroup_memory_peak_bytes(&cgroup), 0);
	assert_true(cgroup_pids(&cgroup) >= 2);
	assert_int_equal(cgroup_refused_forks(&cgroup), 0);
	cgroup_close(&cgroup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_1),
		cmocka_unit_test(version_2),
		cmocka_unit_test(no_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

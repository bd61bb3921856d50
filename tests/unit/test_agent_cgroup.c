/* The counters of both cgroup versions and of gVisor, read from files that stand in unit/cgroup/,
 * and what is counted where there is neither. */
#include "agent/cgroup.h"
#include "agent/proc.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* As Debian's gVisor writes it: what a job has is its own pages and its files in tmpfs. */
static void gvisor(void **state)
{
	struct cgroup cgroup;
	char root[512], meminfo[600];

	(void)state;
	root_of("gvisor", root, sizeof(root));
	(void)snprintf(meminfo, sizeof(meminfo), "%s/meminfo", root);
	cgroup_open(&cgroup, root);
	cgroup_use_gvisor(&cgroup, meminfo);
	assert_false(cgroup_has_oom(&cgroup));
	assert_false(cgroup_has_cpu(&cgroup));
	assert_false(cgroup_has_processes(&cgroup));
	assert_int_equal(cgroup_memory_bytes(&cgroup), 136468 * 1024);
	assert_true(cgroup_pids(&cgroup) >= 1);
	cgroup_close(&cgroup);
}

static void spin(double seconds)
{
	struct rusage usage;

	do
		(void)getrusage(RUSAGE_SELF, &usage);
	while ((double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
		       (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6 <
	       seconds);
}

/* A child that waits still has the CPU time of its own child, whom it has waited for. */
static void cpu_of_the_living(void **state)
{
	struct proc_usage before, after;
	int ready[2];
	pid_t child;
	char byte;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	proc_read(&before);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (fork() == 0) {
			spin(0.2);
			_exit(0);
		}
		(void)wait(NULL);
		_exit(write(ready[1], "x", 1) == 1 && pause() == 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	proc_read(&after);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	assert_true(after.cpu_us >= before.cpu_us + 150000);
	assert_true(after.memory_bytes > 100000);
	(void)close(ready[0]);
	(void)close(ready[1]);
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
		cmocka_unit_test(gvisor),
		cmocka_unit_test(cpu_of_the_living),
		cmocka_unit_test(no_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

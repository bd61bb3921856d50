/* Tells each thing of the machine's or the administrator's that it could change. */
#define _GNU_SOURCE
#include "denied.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static long write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	long result = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		close(fd);
	return result;
}

static void raise_rlimits(void)
{
	char what[32];

	for (int resource = 0; resource < RLIMIT_NLIMITS; resource++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)resource, &limit) < 0 ||
		    limit.rlim_max == RLIM_INFINITY)
			continue;
		limit.rlim_max++;
		snprintf(what, sizeof(what), "rlimit %d", resource);
		attempt(what, setrlimit((__rlimit_resource_t)resource, &limit));
		limit.rlim_max = RLIM_INFINITY;
		attempt(what, syscall(SYS_prlimit64, 0, resource, &limit, NULL));
	}
}

static void raise_priority(void)
{
	struct sched_param parameter = {.sched_priority = 1};
	struct { unsigned size, policy; unsigned long flags; int nice; unsigned priority;
		 unsigned long runtime, deadline, period; } deadline = {
		sizeof(deadline), 6, 0, 0, 0, 10000000, 30000000, 30000000};

	errno = 0;
	attempt("nice", nice(-1) == -1 && errno != 0 ? -1 : 0);
	attempt("setpriority", setpriority(PRIO_PROCESS, 0, -1));
	attempt("setpriority of the user", setpriority(PRIO_USER, 0, -1));
	attempt("SCHED_FIFO", sched_setscheduler(0, SCHED_FIFO, &parameter));
	attempt("SCHED_RR", sched_setscheduler(0, SCHED_RR, &parameter));
	attempt("SCHED_FIFO of the agent", sched_setscheduler(1, SCHED_FIFO, &parameter));
	attempt("SCHED_DEADLINE", syscall(SYS_sched_setattr, 0, &deadline, 0));
	attempt("real-time I/O", syscall(SYS_ioprio_set, 1, 0, 1 << 13));
	attempt("mlockall", syscall(SYS_mlockall, 3));
}

static void change_the_machine(void)
{
	struct timeval now = {.tv_sec = time(NULL)};
	struct timespec precise = {.tv_sec = time(NULL)};
	struct timex clock = {.modes = ADJ_OFFSET};

	attempt("settimeofday", settimeofday(&now, NULL));
	attempt("clock_settime", clock_settime(CLOCK_REALTIME, &precise));
	attempt("adjtimex", adjtimex(&clock));
	attempt("clock_adjtime", clock_adjtime(CLOCK_REALTIME, &clock));
	attempt("mknod, block", mknod("block", S_IFBLK | 0666, makedev(254, 0)));
	attempt("mknod, kernel memory", mknod("/tmp/mem", S_IFCHR | 0666, makedev(1, 1)));
	attempt("reboot", reboot(RB_DISABLE_CAD));
	attempt("sethostname", sethostname("owned", 5));
	attempt("setdomainname", setdomainname("owned", 5));
	attempt("iopl", syscall(SYS_iopl, 3));
	attempt("ioperm", syscall(SYS_ioperm, 0x80, 1, 1));
	attempt("modify_ldt", syscall(SYS_modify_ldt, 1, (char[16]){0}, 16));
	attempt("syslog", syscall(SYS_syslog, 3, (char[64]){0}, 64));
	attempt("init_module", syscall(SYS_init_module, "", 0, ""));
	attempt("finit_module", syscall(SYS_finit_module, open("/bin/sh", O_RDONLY), "", 0));
	attempt("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
	attempt("swapoff", syscall(SYS_swapoff, "/swap"));
	attempt("vhangup", syscall(SYS_vhangup));
}

static void write_to_control_files(void)
{
	static const char *const paths[] = {
		"/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
		"/proc/sys/kernel/shmmax", "/proc/sys/kernel/msgmax", "/proc/sys/kernel/sem",
		"/proc/sys/kernel/shm_rmid_forced", "/proc/sys/kernel/ns_last_pid",
		"/proc/sys/fs/mqueue/queues_max", "/proc/sys/net/ipv4/ip_forward",
		"/proc/sys/net/ipv4/ping_group_range", "/proc/sys/vm/overcommit_memory",
		"/proc/sys/vm/drop_caches", "/proc/sys/kernel/randomize_va_space",
		"/proc/sys/user/max_user_namespaces", "/proc/irq/default_smp_affinity",
		"/proc/self/uid_map", "/proc/self/setgroups", "/proc/acpi/wakeup",
		"/sys/kernel/mm/transparent_hugepage/enabled", "/sys/power/state",
		"/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/pids.max",
		"/sys/fs/cgroup/cgroup.subtree_control", "/sys/fs/cgroup/memory/cgroup.procs",
		"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/pids/pids.max",
		"/sys/fs/cgroup/pids/cgroup.procs", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us",
		"/sys/fs/cgroup/memory/release_agent", "/sys/fs/cgroup/devices/devices.allow"};
	static const char *const folders[] = {"/sys/fs/cgroup/x", "/sys/fs/cgroup/memory/x",
					      "/sys/fs/cgroup/cpu/x", "/sys/fs/cgroup/pids/x"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		attempt(paths[i], write_to(paths[i], "1"));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		attempt(folders[i], mkdir(folders[i], 0700));
}

int main(void)
{
	raise_rlimits();
	raise_priority();
	change_the_machine();
	write_to_control_files();
	return tell();
}

#include "base/io.h"
#include "client/doctor.h"
#include "client/host.h"

#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MIB (1024.0 * 1024.0)
/* With it came close_range(); its time also brought pidfds and the last parts of cgroup v2. */
#define KERNEL_MAJOR 5
#define KERNEL_MINOR 9
/* Version 1 forbids every rename from one folder to another; the agent does not use it. */
#define LANDLOCK_ABI_USED 2
#define SWAP_LIMIT_V1 "/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"

static void check_kernel(struct doctor *doctor)
{
	struct utsname name;
	unsigned major, minor;

	if (uname(&name) < 0 || host_parse_release(name.release, &major, &minor) < 0) {
		doctor_report(doctor, DOCTOR_WARN, "kernel", "its version is not known");
		return;
	}
	if (major > KERNEL_MAJOR || (major == KERNEL_MAJOR && minor >= KERNEL_MINOR)) {
		doctor_report(doctor, DOCTOR_OK, "kernel", "%s", name.release);
		return;
	}
	doctor_report(doctor, DOCTOR_WARN, "kernel", "%s is old", name.release);
	doctor_advise("use %d.%d or newer", KERNEL_MAJOR, KERNEL_MINOR);
}

static void check_seccomp(struct doctor *doctor)
{
	char actions[256];

	if (io_read_file("/proc/sys/kernel/seccomp/actions_avail", actions, sizeof(actions)) < 0) {
		doctor_report(doctor, DOCTOR_FAIL, "kernel seccomp", "this kernel has no filters");
		doctor_advise("use a kernel built with CONFIG_SECCOMP_FILTER");
		return;
	}
	actions[strcspn(actions, "\n")] = '\0';
	if (host_has_word(actions, "errno") && host_has_word(actions, "kill_process")) {
		doctor_report(doctor, DOCTOR_OK, "kernel seccomp", "%s", actions);
		return;
	}
	doctor_report(doctor, DOCTOR_FAIL, "kernel seccomp",
		      "errno and kill_process are missing of: %s", actions);
	doctor_advise("use Linux 4.14 or newer");
}

/* One wall more around a job; without it the others stand. */
static void check_landlock(struct doctor *doctor)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi >= LANDLOCK_ABI_USED) {
		doctor_report(doctor, DOCTOR_OK, "Landlock", "version %ld", abi);
		return;
	}
	doctor_report(doctor, DOCTOR_WARN, "Landlock", "this kernel does not offer it");
	doctor_advise("use Linux 5.19 or newer with `landlock` among its lsm= modules");
}

static void check_controllers(struct doctor *doctor, int version)
{
	struct host_controllers found;

	if (!host_read_controllers(version, &found)) {
		doctor_report(doctor, DOCTOR_WARN, "cgroup controllers", "cannot be read here");
		return;
	}
	if (found.memory && found.cpu && found.pids) {
		doctor_report(doctor, DOCTOR_OK, "cgroup controllers", "memory cpu pids");
		return;
	}
	doctor_report(doctor, DOCTOR_FAIL, "cgroup controllers", "missing:%s%s%s",
		      found.memory ? "" : " memory", found.cpu ? "" : " cpu",
		      found.pids ? "" : " pids");
	doctor_advise(
		"enable them on the kernel's command line (cgroup_enable=memory), or delegate "
		"them to Docker's slice");
}

static void check_swap_limit(struct doctor *doctor)
{
	if (access(SWAP_LIMIT_V1, F_OK) == 0) {
		doctor_report(doctor, DOCTOR_OK, "swap limit", "can be set");
		return;
	}
	doctor_report(doctor, DOCTOR_WARN, "swap limit",
		      "cannot be set: a program over its memory limit swaps instead of ending");
	doctor_advise("add swapaccount=1 to the kernel's command line, or turn swap off");
}

static void check_cgroups(struct doctor *doctor, const struct docker_info *info)
{
	int version = host_cgroup_version();

	if (info != NULL)
		version = strcmp(info->cgroup_version, "2") == 0 ? 2 : 1;
	if (version == 0) {
		doctor_report(doctor, DOCTOR_FAIL, "cgroups", "this kernel shows none");
		return;
	}
	if (info != NULL && strcmp(info->cgroup_driver, "none") == 0) {
		doctor_report(doctor, DOCTOR_FAIL, "cgroups",
			      "Docker sets no limits (cgroup driver none)");
		doctor_advise("rootless Docker needs cgroup v2 with systemd: "
			      "https://docs.docker.com/engine/security/rootless/");
		return;
	}
	doctor_report(doctor, DOCTOR_OK, "cgroups", "version %d%s%s", version,
		      info != NULL ? ", driver " : "", info != NULL ? info->cgroup_driver : "");
	check_controllers(doctor, version);
	if (version == 1)
		check_swap_limit(doctor);
}

static void check_memory(struct doctor *doctor, const struct config *config)
{
	double available = (double)host_memory_available();
	double container = (double)(config->container_memory_bytes + config->overhead_bytes);
	double pool = container * config->pool_size;

	if (available >= pool) {
		doctor_report(doctor, DOCTOR_OK, "memory",
			      "%.0f MiB free for %u containers of %.0f MiB", available / MIB,
			      config->pool_size, container / MIB);
		return;
	}
	doctor_report(doctor, available < container ? DOCTOR_FAIL : DOCTOR_WARN, "memory",
		      "%.0f MiB free, but %u containers of %.0f MiB may take %.0f MiB",
		      available / MIB, config->pool_size, container / MIB, pool / MIB);
	doctor_advise("lower KILN_POOL_SIZE or KILN_MEMORY_BYTES, or give the machine more");
}

static void report_docker_host(struct doctor *doctor, const struct docker_info *info)
{
	if (info == NULL)
		return;
	doctor_report(doctor, DOCTOR_OK, "Docker host", "%u CPUs, %.0f MiB%s", info->cpus,
		      (double)info->memory_bytes / MIB, info->is_rootless ? ", rootless" : "");
}

void doctor_check_host(struct doctor *doctor, const struct config *config,
		       const struct docker_info *info)
{
	report_docker_host(doctor, info);
	check_cgroups(doctor, info);
	check_seccomp(doctor);
	check_landlock(doctor);
	check_kernel(doctor);
	check_memory(doctor, config);
}

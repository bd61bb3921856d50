/* cgroup: the container's own counters, as they are mounted inside it, versions 1 and 2.
 *
 * A counter that the kernel or the runtime does not offer (gVisor has none) reads as zero, but for
 * memory and processes, which are then counted in /proc (proc.h); cgroup_has_oom() tells whether
 * out-of-memory kills can be seen at all.
 * Files: Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst of Linux. */
#ifndef KILN_AGENT_CGROUP_H
#define KILN_AGENT_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

/* Open descriptors; -1 where there is none. */
struct cgroup {
	bool is_v2;
	int cpu_fd;         /* v1 cpuacct.usage (ns), v2 cpu.stat (usage_usec) */
	int oom_fd;         /* v1 memory.oom_control, v2 memory.events (oom_kill) */
	int memory_stat_fd; /* memory.stat of both */
	int memory_peak_fd; /* v1 memory.max_usage_in_bytes, v2 memory.peak */
	int pids_fd;        /* pids.current of both */
	int pids_events_fd; /* pids.events of both (max: forks that were refused) */
	int meminfo_fd;      /* of cgroup_use_gvisor */
	uint64_t memory_max; /* bytes; 0: unlimited or unknown */
};

/* `root`: "/sys/fs/cgroup". */
void cgroup_open(struct cgroup *cgroup, const char *root);
/* Takes what the container has from what gVisor says of itself, for it runs nothing else: memory
 * from `meminfo` ("/proc/meminfo"), which knows files and counts shared pages once, and the number
 * of processes from sysinfo(2). */
void cgroup_use_gvisor(struct cgroup *cgroup, const char *meminfo);
void cgroup_close(struct cgroup *cgroup);

static inline bool cgroup_has_oom(const struct cgroup *cgroup)
{
	return cgroup->oom_fd >= 0;
}

/* Whether CPU time is counted for the container; else it is in proc.h. */
static inline bool cgroup_has_cpu(const struct cgroup *cgroup)
{
	return cgroup->cpu_fd >= 0;
}

/* Whether processes are, and forks beyond the limit refused. */
static inline bool cgroup_has_processes(const struct cgroup *cgroup)
{
	return cgroup->pids_fd >= 0;
}

uint64_t cgroup_cpu_us(const struct cgroup *cgroup);
uint64_t cgroup_oom_kills(const struct cgroup *cgroup);
/* What cannot be reclaimed: anonymous memory and tmpfs. */
uint64_t cgroup_memory_bytes(const struct cgroup *cgroup);
/* The most that was ever charged, page cache included. */
uint64_t cgroup_memory_peak_bytes(const struct cgroup *cgroup);

/* Processes and threads, the agent among them. */
uint64_t cgroup_pids(const struct cgroup *cgroup);
/* Forks that the container's own limit has refused. */
uint64_t cgroup_refused_forks(const struct cgroup *cgroup);

#endif

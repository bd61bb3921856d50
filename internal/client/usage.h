/* usage: the CPU time and memory of other processes of this host, from /proc and their CPU clocks.
 *
 * Sources: proc(5), clock_getcpuclockid(3). Threads: any. */
#ifndef KILN_CLIENT_USAGE_H
#define KILN_CLIENT_USAGE_H

#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

struct usage {
	unsigned processes;
	int64_t cpu_ns;        /* user and system, of all their threads, ended ones too */
	uint64_t memory_bytes; /* the proportional set size: a page shared by N counts 1/N each */
};

/* The process of that name, when there is just one. 0, -ENOENT none, -ENOTUNIQ several, or another
 * negative errno; err tells what to do. */
int usage_find(const char *name, pid_t *ret_pid, struct err *err);

/* Whether the process is there and has that name (its first 15 bytes). */
int usage_check_name(pid_t pid, const char *name, struct err *err);

/* Of a process and all that descend from it. 0, -ESRCH, -EACCES for processes of others, …. */
int usage_read(pid_t root, struct usage *ret_usage, struct err *err);

/* The CPU time of one process alone, in nanoseconds. */
int usage_cpu(pid_t pid, int64_t *ret_ns, struct err *err);

/* Pure: a line of /proc/PID/stat -> the parent, or -1; a text of /proc/PID/smaps_rollup -> bytes,
 * or 0 when it has no Pss. */
pid_t usage_parse_parent(const char *stat);
uint64_t usage_parse_memory(const char *rollup);

#endif

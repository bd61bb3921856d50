/* proc: the processes of this container, from /proc.
 *
 * What they use is asked of it under runtimes that show no cgroup counters inside (gVisor). It is
 * slower and coarser than they are. */
#ifndef KILN_AGENT_PROC_H
#define KILN_AGENT_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_usage {
	uint64_t tasks;  /* processes and threads, the agent among them */
	uint64_t cpu_us; /* of all but the agent, with what they have waited for; by the tick */
	uint64_t memory_bytes; /* resident, of all; shared pages count once for each process, and
				* files in tmpfs not at all */
};

/* Goes through all processes. */
void proc_read(struct proc_usage *ret_usage);

/* Processes and threads that this kernel runs: under gVisor, which runs this container alone, the
 * same as `tasks` at the price of one system call. */
uint64_t proc_tasks_of_kernel(void);

/* Whether the kernel is gVisor's, whose /proc/meminfo is about this container alone too. To be
 * asked before sandbox_confine(), which forbids the question. */
bool proc_is_gvisor(void);

struct standbys;

/* Whether the agent has a child that is none of these. */
bool proc_has_other_child(const struct standbys *standbys);

/* 0: there is no such process. */
uint64_t proc_threads(pid_t pid);

#endif

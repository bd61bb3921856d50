/* proc: the processes of this container, from /proc.
 *
 * What they use is asked of it under runtimes that show no cgroup counters inside (gVisor). It is
 * slower and coarser: shared pages count once for each process, files in tmpfs not at all. */
#ifndef KILN_AGENT_PROC_H
#define KILN_AGENT_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Resident memory of all processes, the agent among them. */
uint64_t proc_memory_bytes(void);

/* Processes (not threads), the agent among them. */
uint64_t proc_count(void);

struct standbys;

/* Whether the agent has a child that is none of these. */
bool proc_has_other_child(const struct standbys *standbys);

/* 0: there is no such process. */
uint64_t proc_threads(pid_t pid);

#endif

/* proc: what the processes of this container use, from /proc: for runtimes that show no cgroup
 * counters inside (gVisor). Slower and coarser than they are: shared pages count once for each
 * process, files in tmpfs not at all. */
#ifndef KILN_AGENT_PROC_H
#define KILN_AGENT_PROC_H

#include <stdint.h>

/* Resident memory of all processes, the agent among them. */
uint64_t proc_memory_bytes(void);

/* Processes (not threads), the agent among them. */
uint64_t proc_count(void);

#endif

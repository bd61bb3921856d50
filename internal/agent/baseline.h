/* baseline: the agent's own state at its start, to be compared with after each job. */
#ifndef KILN_AGENT_BASELINE_H
#define KILN_AGENT_BASELINE_H

#include "agent/cgroup.h"

#include <stdint.h>

struct standbys;

struct baseline {
	unsigned descriptors;  /* that the agent has open */
	uint64_t mounts;       /* a hash of /proc/self/mountinfo */
	uint64_t memory_bytes; /* of the container */
};

/* Once, when everything is open that stays open. It has at least one descriptor then. */
void baseline_take(struct baseline *baseline, const struct cgroup *cgroup);

/* What differs now, beyond what belongs to the processes that stand ready: a mask of enum residue
 * (frame/message.h), 0 when nothing does. Memory that the kernel has not given back yet is waited
 * for, at most 100 ms. *ret_memory: what the container uses now, in bytes. */
uint32_t baseline_compare(const struct baseline *baseline, const struct cgroup *cgroup,
			  const struct standbys *standbys, uint64_t *ret_memory);

#endif

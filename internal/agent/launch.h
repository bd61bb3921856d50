/* launch: from a stage's plan to a process that runs it. */
#ifndef KILN_AGENT_LAUNCH_H
#define KILN_AGENT_LAUNCH_H

#include "agent/pipes.h"
#include "agent/supervise.h"
#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

struct launched {
	pid_t pid;
	struct pipe_ends pipes; /* the agent's */
	int64_t start_ns;
	int64_t cpu_us; /* that a process which stood ready had used before */
};

/* Hands the job to the plan's warm process, or starts a new one where there is none or it fails.
 * 0 or a negative errno. */
int launch(const struct supervisor *supervisor, const struct stage_plan *plan,
	   struct launched *ret_launched, struct err *err);

#endif

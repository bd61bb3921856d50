/* agent: what runs as process 1 of a worker container. See agent.c for how and why. */
#ifndef KILN_AGENT_AGENT_H
#define KILN_AGENT_AGENT_H

#include "base/err.h"

/* Serves jobs until kilnd closes the connection or the container is stopped: 0. A negative errno
 * when the agent cannot do its work; kilnd then replaces the container.
 *
 * Environment: KILN_JOB_UID, the user id of the jobs; KILN_CHANNEL, "socket" or "attach". */
int agent_run(struct err *err);

#endif

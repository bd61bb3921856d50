/* artifact: what the compiler made, taken for kilnd's compile cache.
 *
 * It is taken when every process of the compile is dead and before the program runs: from then on
 * the file is the program's, which may write over it, and what kilnd gets is the copy. */
#ifndef KILN_AGENT_ARTIFACT_H
#define KILN_AGENT_ARTIFACT_H

#include "agent/assignment.h"
#include "agent/link.h"
#include "frame/artifact.h"

#include <stdint.h>
#include <sys/types.h>

/* A copy of the artifact in memory of its own, when there is one that can stand for the compile: a
 * plain file of the job's user and of nobody else's making, no larger than ARTIFACT_BYTES_MAX, and
 * nothing else was left behind by the compiler. Else one without data: that is no error. */
struct artifact artifact_take(const struct assignment *a, uid_t uid);

/* Sends it, when it has data. 0, -EPIPE or -ETIMEDOUT. */
int artifact_send(const struct artifact *artifact, struct link *link, int64_t deadline_ns);

void artifact_drop(struct artifact *artifact); /* accepts one without data */

#endif

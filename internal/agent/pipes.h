/* pipes: a job's three streams, from both sides. */
#ifndef KILN_AGENT_PIPES_H
#define KILN_AGENT_PIPES_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/* One side of them; -1 where there is none. */
struct pipe_ends {
	int input_fd;
	int output_fd;
	int error_fd;
};

static inline struct pipe_ends pipe_ends_none(void)
{
	return (struct pipe_ends){.input_fd = -1, .output_fd = -1, .error_fd = -1};
}

void pipe_ends_close(struct pipe_ends *ends);

/* Owned by the job's user, who could not open /dev/stdin and the like on a pipe of the agent's.
 * The agent's ends are non-blocking. `merged`: error is output. 0 or a negative errno. */
int pipes_open(uid_t owner, bool merged, struct pipe_ends *ret_agent, struct pipe_ends *ret_job,
	       struct err *err);

#endif

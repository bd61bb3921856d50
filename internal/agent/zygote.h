/* zygote: an interpreter that has loaded what programs load, and forks a child for each job.
 *
 * It runs as root and never runs a line of a job's, nor reads a byte of one: the agent hands it the
 * descriptors of the child to come, and the child alone hears of the job, after it has become the
 * job's user with sandbox_enter(). Its program comes with the language's folder. It finds
 *
 *	descriptor 3   a SOCK_SEQPACKET socket to the agent
 *	descriptor 4   the Landlock ruleset for its children, where there is one
 *
 * and says on the socket, in native byte order: an int32_t 0 when it can fork; then, for each
 * struct zygote_order that it gets, with the child's standard streams and control socket as
 * descriptors beside it, an int32_t with the child's process id. The child is no child of the
 * zygote, but of the agent: it is forked by a process that ends at once. */
#ifndef KILN_AGENT_ZYGOTE_H
#define KILN_AGENT_ZYGOTE_H

#include "agent/pipes.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define ZYGOTE_CONTROL_FD 3
#define ZYGOTE_RULESET_FD 4
#define ZYGOTE_ORDER_FDS 4

struct zygote_order {
	uint32_t uid;
};

struct zygote {
	pid_t pid; /* 0: there is none */
	int fd;
	bool up; /* it can fork */
	unsigned forks;
	uint64_t memory_bytes; /* that came with it */
};

/* Executes `path` with the arguments of the command that it stands in for. 0, a negative errno. */
int zygote_start(struct zygote *zygote, const char *path, char *const *argv,
		 char *const *environment, int ruleset_fd, struct err *err);

/* Orders a child with these streams and this control socket, which remain the caller's. */
int zygote_order(struct zygote *zygote, uid_t uid, const struct pipe_ends *job, int control_fd);

/* What it has to say: 1 and *ret_pid, 0 for the moment when it is up, -EAGAIN, or -EPIPE. */
int zygote_hear(struct zygote *zygote, pid_t *ret_pid);

/* Ends it and waits for its end. Nothing when there is none. */
void zygote_end(struct zygote *zygote);

#endif

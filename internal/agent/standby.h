/* standby: processes that stand ready for the next job of their language.
 *
 * The start of an interpreter is dearer than most programs: 10 ms for Python, 90 ms for Node.js.
 * So it happens ahead, while no job runs, in one of the two ways that a manifest can ask for:
 *
 *	wait   the interpreter is started as for a job, with the job's sandbox around it but in the
 *	       root folder, and waits
 *	fork   a zygote (zygote.h) forks a child, which enters the sandbox, and waits
 *
 * Either waits on its control socket for the job, which is a length (uint32_t, native) and so many
 * bytes: the program's arguments, each with a NUL behind it. It has said that it is ready by one
 * byte. The job's files lie in the workspace then, and its limits have been set from outside.
 *
 * Each has a user id that no job has that runs before it, so that none can reach it. It serves one
 * job, and is followed by another. One at a time is started, and none while a job runs: one that is
 * half started is stopped then, so that what it uses is not taken for the job's.
 *
 * Threads: the agent has one. */
#ifndef KILN_AGENT_STANDBY_H
#define KILN_AGENT_STANDBY_H

#include "agent/cgroup.h"
#include "agent/manifest.h"
#include "agent/pipes.h"
#include "agent/zygote.h"
#include "frame/warm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct sandbox_failure;

/* One process that waits for its job. */
struct warm_process {
	pid_t pid; /* 0: there is none */
	uid_t uid;
	int control_fd;
	struct pipe_ends pipes; /* the agent's */
	uint64_t memory_bytes;  /* that came with it */
};

enum standby_state {
	STANDBY_ABSENT,
	STANDBY_STARTING,
	STANDBY_READY,
};

struct standby {
	const struct manifest *manifest;
	bool wanted;
	bool stopped; /* by SIGSTOP, for the time of a job */
	unsigned failures;
	enum standby_state state;
	struct warm_process process;
	struct zygote zygote; /* of a language that forks */
	uint64_t memory_before;
};

struct standbys {
	struct standby list[WARM_MAX];
	size_t count;
	struct cgroup *cgroup;
	int ruleset_fd;
	struct sandbox_failure *failure;
	int64_t idle_since_ns;
};

/* Those of the manifests that can be warm. The user ids from `uid` on are theirs. Nothing starts
 * before it is wanted. */
int standbys_init(struct standbys *standbys, const struct manifest *manifests, size_t count,
		  uid_t uid, struct cgroup *cgroup, int ruleset_fd);

/* These are wanted now, and no others. */
void standbys_want(struct standbys *standbys, const struct warm_set *set);

/* The standby of a language that is ready for its job; waits a moment for one that is about to be.
 * The process is the caller's then. False: there is none. */
bool standbys_take(struct standbys *standbys, const struct manifest *manifest,
		   struct warm_process *ret_process);

/* Tells the process of its job, whose files and limits are set. 0, or -EPIPE: it cannot do it. */
int warm_process_go(struct warm_process *process, char *const *args);
/* Ends it and waits for its end. */
void warm_process_end(struct warm_process *process);

/* Around a job. */
void standbys_pause(struct standbys *standbys);
void standbys_resume(struct standbys *standbys);

/* While no job runs: descriptors to poll for input, at most STANDBY_FDS; what to do when one has
 * some, or at the time that standbys_next_ns tells. */
#define STANDBY_FDS (2 * WARM_MAX)
struct pollfd;
size_t standbys_poll(const struct standbys *standbys, struct pollfd *fds);
int64_t standbys_next_ns(const struct standbys *standbys);
void standbys_turn(struct standbys *standbys);

/* A child was reaped. True when it was one of these. */
bool standbys_reaped(struct standbys *standbys, pid_t pid);
bool standbys_have(const struct standbys *standbys, pid_t pid);
size_t standbys_processes(const struct standbys *standbys);

/* The languages whose next job finds a process, or waits for one no longer than a fork takes. */
void standbys_ready(const struct standbys *standbys, struct warm_set *ret_set);
uint64_t standbys_memory_bytes(const struct standbys *standbys);
unsigned standbys_descriptors(const struct standbys *standbys);

#endif

/* sandbox: the inner wall around a job, inside the container.
 *
 * The container (read-only root, no network, no capabilities to speak of, cgroup limits) is the
 * outer wall. This one keeps a job away from the agent that runs beside it as root: a user id of
 * its own, no capabilities, no way to regain any, resource limits, its own session, no descriptor
 * but its three streams.
 *
 * Threads: the agent has one. */
#ifndef KILN_SANDBOX_SANDBOX_H
#define KILN_SANDBOX_SANDBOX_H

#include "base/err.h"
#include "job/job.h"
#include "job/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SANDBOX_WORKSPACE "/workspace"

/* Forbids the agent, and with it every job, the system calls of filter.c. Once, at the agent's
 * start. 0 or a negative errno. */
int sandbox_confine(struct err *err);

/* What a job may write to, as a Landlock ruleset: a descriptor for sandbox_stage. -EOPNOTSUPP where
 * the kernel or the runtime has no Landlock, or another negative errno. */
int sandbox_make_ruleset(void);

/* Where a process that stands ready for a job finds its socket to the agent: high, so that it
 * leaves no hole among the descriptors when it is closed. */
#define SANDBOX_CONTROL_FD 63

/* A file to be written into the workspace by the job's own user before the program starts. */
struct sandbox_file {
	const char *name; /* relative; checked with job_file_name_is_safe by the caller */
	const uint8_t *data;
	size_t length;
	bool executable;
};

/* One program to run as the job. */
struct sandbox_stage {
	char *const *argv;
	char *const *environment;
	uid_t uid;      /* of the job; its group has the same number */
	int ruleset_fd; /* of sandbox_make_ruleset, or negative */
	const struct limits *limits; /* NULL: set later, by sandbox_limit_process */
	int input_fd;
	int output_fd;
	int error_fd;
	int control_fd; /* to keep as SANDBOX_CONTROL_FD, or negative */
	const char *folder; /* to start in; NULL: SANDBOX_WORKSPACE */
	const struct sandbox_file *files; /* to write first */
	size_t files_count;
};

/* Why a child did not reach its program. Lives in memory that the agent shares with the child
 * until it executes the program, so that no pipe is needed on the way. */
struct sandbox_failure {
	bool failed;
	bool by_exec; /* the program itself could not be executed: it is the job's own */
	struct err err;
};

/* Forks and executes the stage. The child's pid, or a negative errno. When the child could not
 * reach its program it exits with 127 and *failure (made with sandbox_failure_new) tells why. */
pid_t sandbox_spawn(const struct sandbox_stage *stage, struct sandbox_failure *failure,
		    struct err *err);

/* NULL: out of memory. */
struct sandbox_failure *sandbox_failure_new(void);

/* Turns the calling process, just forked, into one that may run the stage's program. When that is
 * impossible it exits as in sandbox_spawn. */
void sandbox_enter(const struct sandbox_stage *stage, struct sandbox_failure *failure);

/* For a process that stood ready: the job's files, and its own limits. Called by the agent.
 * `cpu_s`: what the process has used before. 0 or a negative errno. */
int sandbox_write_files(uid_t uid, const struct sandbox_file *files, size_t count,
			struct err *err);
int sandbox_limit_process(pid_t pid, uid_t uid, const struct limits *limits, uint64_t cpu_s);

/* SIGKILL for every process of this user: the kernel goes through all processes under one lock and
 * lets none with a pending SIGKILL fork, so nothing outruns it. */
void sandbox_kill_user(uid_t uid);

/* Turns the calling process, a child of the agent, into the job's user for good. */
bool sandbox_take_user(uid_t uid);

/* Whether the job has a file of at least so many bytes, where that can be seen with little effort:
 * the evidence for a file size limit, after the job's processes have ended. */
bool sandbox_has_file_of(uid_t uid, uint64_t bytes);

/* What a job left behind, after its processes were killed. */
struct sandbox_remains {
	uint32_t files;
	uint32_t ipc;
	bool files_left; /* some could not be removed */
	bool ipc_left;
};

/* Removes everything that the job's user owns in the workspace, /tmp, /dev/shm, /dev/mqueue and
 * System V IPC, as that user and never longer than `deadline_ns` (clock.h), and looks afterwards.
 * No process of the user may run. */
int sandbox_clean(uid_t uid, int64_t deadline_ns, struct sandbox_remains *ret_remains,
		  struct err *err);

#endif

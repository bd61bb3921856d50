/* supervise: runs one stage of a job (compile, or run) to its end and measures it. */
#ifndef KILN_AGENT_SUPERVISE_H
#define KILN_AGENT_SUPERVISE_H

#include "agent/cgroup.h"
#include "agent/link.h"
#include "frame/message.h"
#include "job/outcome.h"
#include "sandbox/sandbox.h"

/* What lives as long as the agent. */
struct supervisor {
	struct link *link;
	struct cgroup *cgroup;
	int signal_fd;  /* SIGCHLD and SIGTERM */
	int ruleset_fd; /* of sandbox_make_ruleset, or negative */
	uid_t uid;      /* of the job */
	struct sandbox_failure *failure;
	struct standbys *standbys; /* children that are no job's */
};

struct standbys;
struct warm_process;

/* A stage to run. Pointers are borrowed for the call. */
struct stage_plan {
	char *const *argv;
	char *const *args;         /* the part of argv that is the request's */
	struct warm_process *warm; /* to run it, or NULL; taken by the call */
	char *const *environment;
	const struct sandbox_file *files; /* written before it starts */
	size_t files_count;
	struct slice input;
	bool is_compile;  /* stdout and stderr are one stream, STREAM_COMPILE */
	bool is_prebuilt; /* the files are what a compile stage would have left: not its own use */
	struct limits limits;
};

struct stage_result {
	struct stage_report report;
	struct limit_hit limit;
	bool stdout_truncated; /* of a compile: its one stream */
	bool stderr_truncated;
	uint32_t survivors; /* processes that had to be killed after the first had ended */
};

/* Sends OUTPUT frames while it runs; when it returns no process is left.
 * 0; -EPIPE when kilnd is gone, -EINTR when the container is being stopped: the agent has to exit;
 * another negative errno with a text when Kiln could not run the stage. */
int supervise_stage(struct supervisor *supervisor, const struct stage_plan *plan,
		    struct stage_result *ret_result, struct err *err);

#endif

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
	uid_t uid;      /* of the jobs */
	struct sandbox_failure *failure;
};

/* A stage to run. Pointers are borrowed for the call. */
struct stage_plan {
	char *const *argv;
	char *const *environment;
	const struct sandbox_file *files; /* written before it starts */
	size_t files_count;
	struct slice input;
	bool is_compile; /* stdout and stderr are one stream, STREAM_COMPILE */
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

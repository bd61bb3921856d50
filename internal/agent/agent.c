/* kiln-agent: theory of operation.
 *
 * The agent is process 1 of a worker container. kilnd starts the container, the agent reads the
 * image's languages, opens its one connection (link.c) and says HELLO. From then on it waits for
 * RUN, one job at a time, until the connection ends; then it exits, the kernel kills whatever is
 * left in the container, and Docker removes it. So a killed kilnd leaves nothing behind.
 *
 * Processes. For each stage of a job (compile, run) one child is forked, becomes the job's user
 * (sandbox/spawn.c) and executes the program. As init of the PID namespace the agent inherits every
 * orphan of the job, reaps it, and adds up its CPU time. When the first process of a stage ends,
 * all others are killed; when the agent has no child left but those that stand ready, no process of
 * the job is left anywhere. Between the two stages the agent takes a copy of what the compiler
 * made, where kilnd asked for it (artifact.c); where RUN brings one, there is nothing to compile.
 * After the last stage another child takes the job's user id and removes what the job left in the
 * file systems and in IPC (sandbox/clean.c).
 *
 * Standing by. For a language whose start is dear, the run's process may have been started before
 * the job came (standby.c): it is a child of the agent like the others, already in its sandbox, and
 * is told of the job instead of being forked for it. Such processes are the only children that the
 * end of a job does not find reaped.
 *
 * Pipes. One for the program's input, one each for its output and error (one for both while
 * compiling). They belong to a stage; the agent keeps its ends closed to every child.
 *
 * Privileges. The agent is root in the container with three capabilities: SETUID and SETGID to
 * become the job's user, KILL to kill what that user runs. It reads no file that a job can write,
 * and follows no path that a job can change. Whoever owned the agent would have a root user without
 * capabilities in a container without network, on a read-only file system, for which kilnd believes
 * no byte: the container could lie about its jobs' results until kilnd retires it.
 *
 * Time. DONE is sent as soon as no process of the job is left, so that the reply can go out; the
 * clean-up happens after it, and READY says how it went. An agent that is not as clean as it was at
 * its start says so, and kilnd replaces the container. */
#include "agent/agent.h"

#include "agent/artifact.h"
#include "agent/assignment.h"
#include "agent/baseline.h"
#include "agent/cgroup.h"
#include "agent/link.h"
#include "agent/manifest.h"
#include "agent/proc.h"
#include "agent/standby.h"
#include "agent/supervise.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "frame/hello.h"
#include "frame/message.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define CGROUP_ROOT "/sys/fs/cgroup"

/* kilnd reads a reply within this time, or is as good as gone. */
#define SEND_PATIENCE_MS 30000
#define CLEAN_PATIENCE_MS 3000

/* The first of the container's own user ids; a few after it are its own, too. */
#define JOB_UID_MAX (65500 - WARM_MAX)

struct agent {
	struct link link;
	struct cgroup cgroup;
	struct supervisor supervisor;
	struct standbys standbys;
	struct warm_set told; /* what kilnd believes to stand ready */
	uid_t uid; /* of jobs for which nothing stands ready; those after it are others' */
	struct baseline baseline;
	uint32_t processes_max; /* of the container, but for the agent */
	struct manifest *manifests;
	size_t manifests_count;
};

/* A compiler may use what the container has; only its time is limited further. */
static struct limits compile_limits(const struct limits *job, const struct agent *agent)
{
	uint64_t container_memory = agent->cgroup.memory_max;

	return (struct limits){
		.wall_ms = job->compile_wall_ms,
		.cpu_ms = job->compile_wall_ms,
		.memory_bytes = container_memory == 0 ? INT64_MAX : container_memory,
		.output_bytes = job->output_bytes,
		.processes = agent->processes_max,
		.file_bytes = INT64_MAX,
	};
}

static int compile(struct agent *agent, const struct assignment *a, struct outcome *outcome,
		   uint32_t *survivors, struct err *err)
{
	struct stage_plan plan = {
		.argv = a->compile_argv,
		.environment = a->manifest->environment,
		.files = a->files,
		.files_count = a->files_count,
		.is_compile = true,
		.limits = compile_limits(&a->message.limits, agent),
	};
	struct stage_result stage;
	int result;

	standbys_pause(&agent->standbys);
	result = supervise_stage(&agent->supervisor, &plan, &stage, err);
	if (result < 0)
		return result;
	outcome->compile = stage.report;
	outcome->limit = stage.limit;
	outcome->compile_truncated = stage.stdout_truncated;
	*survivors += stage.survivors;
	return 0;
}

static int run(struct agent *agent, const struct assignment *a, struct outcome *outcome,
	       uint32_t *survivors, struct err *err)
{
	struct warm_process warm = {.control_fd = -1, .pipes = pipe_ends_none()};
	bool is_warm = standbys_take(&agent->standbys, a->manifest, &warm);
	struct stage_plan plan = {
		.argv = a->run_argv,
		.args = a->run_argv + a->run_command_length,
		.warm = is_warm ? &warm : NULL,
		.environment = a->manifest->environment,
		.files = a->files,
		.files_count = a->compile_argv == NULL ? a->files_count : 0,
		.is_prebuilt = a->message.artifact.data != NULL,
		.input = a->message.input,
		.limits = a->message.limits,
	};
	struct stage_result stage;
	int result;

	standbys_pause(&agent->standbys);
	if (is_warm)
		agent->supervisor.uid = warm.uid;
	result = supervise_stage(&agent->supervisor, &plan, &stage, err);
	warm_process_end(&warm);
	if (result < 0)
		return result;
	outcome->run = stage.report;
	outcome->limit = stage.limit;
	outcome->stdout_truncated = stage.stdout_truncated;
	outcome->stderr_truncated = stage.stderr_truncated;
	*survivors += stage.survivors;
	return 0;
}

static bool has_compiled(const struct outcome *outcome)
{
	return outcome->limit.name == LIMIT_NONE && outcome->compile.signal == 0 &&
	       outcome->compile.exit_code == 0;
}

/* kilnd measures the time limit as well, from here on. */
static int say_started(struct agent *agent)
{
	frame_end(&agent->link.out, frame_begin(&agent->link.out, FRAME_STARTED));
	return link_flush(&agent->link);
}

static int run_stages(struct agent *agent, const struct frame *frame, struct outcome *outcome,
		      struct artifact *artifact, uint32_t *survivors, struct err *err)
{
	struct assignment a = {0};
	int result = assignment_init(&a, agent->manifests, agent->manifests_count,
				     frame, err);

	if (result == 0 && a.compile_argv != NULL)
		result = compile(agent, &a, outcome, survivors, err);
	if (result == 0 && a.compile_argv != NULL && has_compiled(outcome) &&
	    !outcome->compile_truncated)
		*artifact = artifact_take(&a, agent->supervisor.uid);
	if (result == 0 && a.manifest->compile != NULL && has_compiled(outcome))
		result = say_started(agent);
	if (result == 0 && (a.compile_argv == NULL || has_compiled(outcome)))
		result = run(agent, &a, outcome, survivors, err);
	assignment_fini(&a);
	return result;
}

/* kilnd leases a container rather where the language's process stands ready. */
static void tell_standbys(struct agent *agent)
{
	struct warm_set ready;

	standbys_ready(&agent->standbys, &ready);
	if (warm_set_equal(&ready, &agent->told))
		return;
	warm_set_encode(&agent->link.out, FRAME_WARM, &ready);
	agent->told = ready;
}

/* 0 when the next job may come. */
static int clean_up(struct agent *agent, uint32_t survivors, struct err *err)
{
	struct sandbox_remains remains = {0};
	struct ready_message ready = {.processes = survivors};
	int result = sandbox_clean(agent->supervisor.uid, clock_after_ms(CLEAN_PATIENCE_MS),
				   &remains, err);

	if (result < 0)
		return result;
	ready.files = remains.files;
	ready.ipc = remains.ipc;
	ready.residue = baseline_compare(&agent->baseline, &agent->cgroup, &agent->standbys,
					 &ready.memory_bytes);
	if (remains.files_left)
		ready.residue |= RESIDUE_FILES;
	if (remains.ipc_left)
		ready.residue |= RESIDUE_IPC;
	ready_message_encode(&agent->link.out, &ready);
	agent->told.count = 0;
	tell_standbys(agent);
	return link_flush_all(&agent->link, clock_after_ms(SEND_PATIENCE_MS));
}

static bool is_end(int result)
{
	return result == -EPIPE || result == -EINTR;
}

static int report_fault(struct agent *agent, int result, const struct err *err)
{
	fault_message_encode(&agent->link.out, err->text);
	(void)link_flush_all(&agent->link, clock_after_ms(SEND_PATIENCE_MS));
	return result;
}

static int prepare_standbys(struct agent *agent, const struct frame *frame, struct err *err)
{
	struct warm_set wanted;
	int result = warm_set_decode(&wanted, frame->payload, frame->length);

	if (result < 0)
		return err_set(err, result, "PREPARE is malformed");
	standbys_want(&agent->standbys, &wanted);
	return 0;
}

/* One RUN, or PREPARE. A job that could not be run is reported with FAULT, and the agent goes on to
 * exit: what it could not do once it is not trusted to do again. */
static int serve(struct agent *agent, const struct frame *frame, struct err *err)
{
	struct outcome outcome = {0};
	struct artifact artifact = {0};
	uint32_t survivors = 0;
	int result;

	if (frame->type == FRAME_PREPARE)
		return prepare_standbys(agent, frame, err);
	if (frame->type != FRAME_RUN)
		return err_set(err, -EBADMSG, "frame of type %d instead of RUN", frame->type);
	agent->supervisor.uid = agent->uid;
	result = run_stages(agent, frame, &outcome, &artifact, &survivors, err);
	if (is_end(result))
		return result;
	if (result < 0)
		return report_fault(agent, result, err);
	done_message_encode(&agent->link.out, &outcome);
	result = link_flush_all(&agent->link, clock_after_ms(SEND_PATIENCE_MS));
	if (result == 0)
		result = artifact_send(&artifact, &agent->link, clock_after_ms(SEND_PATIENCE_MS));
	artifact_drop(&artifact);
	if (result == 0)
		result = clean_up(agent, survivors, err);
	if (result == 0)
		standbys_resume(&agent->standbys);
	return result;
}

static int say_hello(struct agent *agent)
{
	struct hello *hello = calloc(1, sizeof(*hello));

	if (hello == NULL)
		return -ENOMEM;
	hello->protocol = FRAME_PROTOCOL;
	(void)snprintf(hello->version, sizeof(hello->version), "%s", KILN_VERSION);
	hello->walls = WALL_SECCOMP;
	if (agent->supervisor.ruleset_fd >= 0)
		hello->walls |= WALL_LANDLOCK;
	hello->languages_count = (unsigned)agent->manifests_count;
	for (size_t i = 0; i < agent->manifests_count; i++)
		hello->languages[i] = agent->manifests[i].language;
	hello_encode(&agent->link.out, hello);
	free(hello);
	return link_flush_all(&agent->link, clock_after_ms(SEND_PATIENCE_MS));
}

/* Reaps what stood ready and died, and whatever came in by another way. */
static int idle_signal(struct agent *agent)
{
	struct signalfd_siginfo info;
	pid_t pid;

	while (read(agent->supervisor.signal_fd, &info, sizeof(info)) > 0) {
		if (info.ssi_signo == SIGTERM)
			return -EINTR;
	}
	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		(void)standbys_reaped(&agent->standbys, pid);
	return 0;
}

/* Waits, and does what is to do in between jobs. 0, or a negative errno: the agent has to exit. */
static int idle(struct agent *agent)
{
	struct pollfd fds[2 + STANDBY_FDS] = {
		{.fd = agent->link.in_fd, .events = POLLIN},
		{.fd = agent->supervisor.signal_fd, .events = POLLIN},
	};
	size_t count = 2 + standbys_poll(&agent->standbys, fds + 2);
	int timeout_ms = clock_poll_ms(standbys_next_ns(&agent->standbys));

	if (poll(fds, count, timeout_ms) < 0 && errno != EINTR)
		return -errno;
	if (fds[1].revents != 0 && idle_signal(agent) < 0)
		return -EINTR;
	if (fds[0].revents != 0)
		return 0; /* a job goes first */
	standbys_turn(&agent->standbys);
	tell_standbys(agent);
	return link_flush_all(&agent->link, clock_after_ms(SEND_PATIENCE_MS));
}

static int wait_for_frame(struct agent *agent, struct frame *ret_frame)
{
	for (;;) {
		int result = link_poll_frame(&agent->link, ret_frame);

		if (result != 0)
			return result < 0 ? result : 0;
		result = idle(agent);
		if (result < 0)
			return result;
	}
}

static int open_signals(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int parse_uid(const char *text, uid_t *ret_uid)
{
	char *end;
	unsigned long uid = text == NULL ? 0 : strtoul(text, &end, 10);

	if (uid == 0 || uid > JOB_UID_MAX || *end != '\0')
		return -EINVAL;
	*ret_uid = (uid_t)uid;
	return 0;
}

/* A variable of kilnd's; UINT64_MAX where it is not a number above 0. */
static uint64_t bound_from_environment(const char *name)
{
	const char *text = getenv(name);
	uint64_t bound = text == NULL ? 0 : strtoull(text, NULL, 10);

	return bound == 0 ? UINT64_MAX : bound;
}

/* What the container may have: what kilnd says, when its cgroup allows more or cannot be seen. */
static void learn_bounds(struct agent *agent)
{
	uint64_t memory = bound_from_environment("KILN_MEMORY_BYTES");
	uint64_t pids = bound_from_environment("KILN_PIDS");

	cgroup_open(&agent->cgroup, CGROUP_ROOT);
	if (proc_is_gvisor())
		cgroup_use_gvisor(&agent->cgroup, "/proc/meminfo");
	if (!cgroup_has_oom(&agent->cgroup) && memory != UINT64_MAX &&
	    (agent->cgroup.memory_max == 0 || memory < agent->cgroup.memory_max))
		agent->cgroup.memory_max = memory;
	agent->processes_max = pids > UINT32_MAX ? UINT32_MAX : (uint32_t)pids - 1;
}

static int prepare(struct agent *agent, struct err *err)
{
	struct supervisor *supervisor = &agent->supervisor;

	/* kill(-1) means "all in this container" to process 1, and "all of this user" elsewhere. */
	if (getpid() != 1)
		return err_set(err, -EPERM, "kiln-agent is process 1 of a worker container, and "
					    "runs nowhere else");
	if (parse_uid(getenv("KILN_JOB_UID"), &agent->uid) < 0)
		return err_set(err, -EINVAL, "KILN_JOB_UID must be a user id from 1 to %d",
			       JOB_UID_MAX);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	supervisor->signal_fd = open_signals();
	supervisor->failure = sandbox_failure_new();
	supervisor->link = &agent->link;
	supervisor->cgroup = &agent->cgroup;
	supervisor->ruleset_fd = sandbox_make_ruleset();
	if (supervisor->signal_fd < 0 || supervisor->failure == NULL)
		return err_set(err, -ENOMEM, "signalfd or shared memory: %s", strerror(errno));
	learn_bounds(agent);
	if (manifest_load_all(LANGUAGES_PATH, &agent->manifests, &agent->manifests_count, err) < 0)
		return err->code;
	supervisor->standbys = &agent->standbys;
	if (standbys_init(&agent->standbys, agent->manifests, agent->manifests_count,
			  agent->uid + 1, &agent->cgroup, supervisor->ruleset_fd) < 0)
		return err_set(err, -ENOMEM, "shared memory: %s", strerror(errno));
	return sandbox_confine(err);
}

static int connect_to_kilnd(struct agent *agent, struct err *err)
{
	const char *channel = getenv("KILN_CHANNEL");

	if (channel != NULL && strcmp(channel, "attach") == 0)
		return link_use_stdio(&agent->link, err);
	return link_dial(&agent->link, err);
}

static int serve_all(struct agent *agent, struct err *err)
{
	int result = say_hello(agent);

	while (result == 0) {
		struct frame frame;

		result = wait_for_frame(agent, &frame);
		/* Before the first job, not before HELLO: kilnd removes the socket's folder then,
		 * which shows in the list of mounts. */
		if (result == 0 && agent->baseline.descriptors == 0)
			baseline_take(&agent->baseline, &agent->cgroup);
		if (result == 0)
			result = serve(agent, &frame, err);
	}
	return is_end(result) ? 0 : result;
}

int agent_run(struct err *err)
{
	static struct agent agent;
	int result = connect_to_kilnd(&agent, err);

	if (result < 0)
		return result;
	result = prepare(&agent, err);
	if (result < 0)
		return report_fault(&agent, result, err);
	result = serve_all(&agent, err);
	if (result < 0 && err->code == 0)
		(void)err_set(err, result, "connection to kilnd: %s", strerror(-result));
	return result;
}

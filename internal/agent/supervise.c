/* One stage, from fork to the last byte.
 *
 * The agent waits in one poll() for its children (signalfd), the job's output, room in the job's
 * input, kilnd, and the next moment at which a limit has to be looked at. A stage ends when its
 * first process ends, never by the end of its output: a job may close its streams and run on, or
 * exit and leave a grandchild that holds them. Then everything that is left is killed and reaped,
 * and the pipes, which nobody can write to any more, are read to their end. */
#include "agent/supervise.h"

#include "agent/launch.h"
#include "agent/proc.h"
#include "agent/standby.h"
#include "base/clock.h"
#include "base/io.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* A job is looked at early, since most are short, and then less often; but no later than it could
 * reach a limit from where it is, and never more often than this. */
#define FIRST_SAMPLE_NS (10 * NS_PER_MS)
#define SAMPLE_NS (50 * NS_PER_MS)
#define SHORTEST_SAMPLE_NS NS_PER_MS

/* Faster than any measured machine fills memory that it has to be given first. */
#define MEMORY_BYTES_PER_NS 4
/* To go through /proc costs the more the more there is: it gets at most a quarter of the time. */
#define WALK_PAUSE 3

/* With this much unsent the job has to wait: its pipes are not read. */
#define BACKLOG_MAX ((size_t)512 * 1024)

/* SIGKILL takes hold at the latest when a process leaves the kernel. */
#define KILL_PATIENCE_NS (5 * NS_PER_S)

struct capture {
	int fd; /* -1: closed */
	enum stream stream;
	uint64_t kept;
	uint64_t seen;
	bool truncated;
};

struct stage_run {
	struct supervisor *supervisor;
	const struct stage_plan *plan;
	struct stage_result *result;
	struct capture captures[2];
	int input_fd; /* -1: all was written, or nobody reads it */
	size_t input_written;
	pid_t pid;
	bool ended; /* the first process was reaped */
	int status;
	int64_t start_ns;
	int64_t next_sample_ns;
	int64_t next_walk_ns;
	int64_t children_cpu_us; /* of those that were reaped */
	int64_t living_cpu_us;   /* of the others, where the cgroup does not count it */
	uint64_t cgroup_cpu_start_us;
	int64_t own_cpu_start_us;
	uint64_t oom_kills_start;
	uint64_t memory_start;
	uint64_t memory_peak;
	uint64_t refused_forks_start;
	uint64_t strangers; /* the agent, and what stands ready for other jobs */
	uint64_t processes_peak;
};

static int64_t timeval_us(const struct timeval *time)
{
	return (int64_t)time->tv_sec * 1000000 + time->tv_usec;
}

static int64_t rusage_cpu_us(const struct rusage *usage)
{
	return timeval_us(&usage->ru_utime) + timeval_us(&usage->ru_stime);
}

static int64_t own_cpu_us(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return rusage_cpu_us(&usage);
}

static uint64_t elapsed_ms(const struct stage_run *run)
{
	return (uint64_t)((clock_now_ns() - run->start_ns) / NS_PER_MS);
}

/* Reaping knows every process that the job did not reap itself; the cgroup knows all, also those
 * whose parent ignored SIGCHLD, but counts the agent as well. */
static int64_t stage_cpu_us(const struct stage_run *run)
{
	uint64_t now = cgroup_cpu_us(run->supervisor->cgroup);
	int64_t all = (int64_t)(now - run->cgroup_cpu_start_us);
	int64_t own = own_cpu_us() - run->own_cpu_start_us;

	if (now < run->cgroup_cpu_start_us || all - own < run->children_cpu_us)
		return run->children_cpu_us + run->living_cpu_us;
	return all - own;
}

/* What the stage uses now. */
static uint64_t note_memory(struct stage_run *run)
{
	uint64_t now = cgroup_memory_bytes(run->supervisor->cgroup);
	uint64_t used = now > run->memory_start ? now - run->memory_start : 0;

	if (used > run->memory_peak)
		run->memory_peak = used;
	return used;
}

/* `reaped`: processes of the stage that the kernel has forgotten just now. */
static void note_processes(struct stage_run *run, uint64_t reaped)
{
	uint64_t now = cgroup_pids(run->supervisor->cgroup) + reaped;

	if (now > run->processes_peak + run->strangers)
		run->processes_peak = now - run->strangers;
}

static void set_limit(struct stage_run *run, enum limit_name name, uint64_t allowed,
		      uint64_t measured)
{
	if (run->result->limit.name == LIMIT_NONE)
		run->result->limit =
			(struct limit_hit){.name = name, .allowed = allowed, .measured = measured};
}

static void reap(struct stage_run *run)
{
	for (;;) {
		struct rusage usage;
		int status;
		pid_t pid = wait4(-1, &status, WNOHANG, &usage);
		uint64_t resident;

		if (pid <= 0)
			return;
		if (standbys_reaped(run->supervisor->standbys, pid))
			continue;
		run->children_cpu_us += rusage_cpu_us(&usage);
		run->living_cpu_us = 0; /* until it is read again, or this one counts twice */
		resident = (uint64_t)usage.ru_maxrss * 1024;
		if (resident > run->memory_peak)
			run->memory_peak = resident;
		if (pid == run->pid) {
			note_processes(run, 1);
			run->ended = true;
			run->status = status;
			run->result->report.wall_us = (clock_now_ns() - run->start_ns) / NS_PER_US;
		} else if (run->ended) {
			run->result->survivors++;
		}
	}
}

/* -EINTR when the container is being stopped. */
static int take_signals(struct stage_run *run)
{
	struct signalfd_siginfo info[4];
	ssize_t got = read(run->supervisor->signal_fd, info, sizeof(info));

	for (size_t i = 0; got > 0 && i < (size_t)got / sizeof(info[0]); i++) {
		if (info[i].ssi_signo == SIGTERM)
			return -EINTR;
	}
	reap(run);
	return 0;
}

static void end_capture(struct capture *capture)
{
	(void)close(capture->fd);
	capture->fd = -1;
}

/* Passes a chunk on, as far as the limit goes. */
static void keep_output(struct stage_run *run, struct capture *capture, const uint8_t *data,
			size_t length)
{
	struct buf *out = &run->supervisor->link->out;
	uint64_t room = run->plan->limits.output_bytes - capture->kept;
	size_t kept = length < room ? length : (size_t)room;

	capture->seen += length;
	capture->kept += kept;
	if (kept > 0) {
		uint8_t prefix[OUTPUT_PREFIX_BYTES];

		output_message_prefix(prefix, capture->stream, kept);
		(void)buf_append(out, prefix, sizeof(prefix));
		(void)buf_append(out, data, kept);
	}
	if (kept < length) {
		capture->truncated = true;
		set_limit(run, LIMIT_OUTPUT, run->plan->limits.output_bytes, capture->seen);
	}
}

/* One read. False when there was nothing to read now, or never will be. */
static bool read_capture(struct stage_run *run, struct capture *capture)
{
	uint8_t data[OUTPUT_CHUNK_MAX];
	ssize_t got = read(capture->fd, data, sizeof(data));

	if (got < 0 && errno == EINTR)
		return true;
	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0) {
		end_capture(capture);
		return false;
	}
	keep_output(run, capture, data, (size_t)got);
	return !capture->truncated;
}

static void feed_input(struct stage_run *run)
{
	const struct slice *input = &run->plan->input;

	while (run->input_written < input->length) {
		ssize_t put = write(run->input_fd, input->data + run->input_written,
				    input->length - run->input_written);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN)
			return;
		if (put < 0)
			break; /* the job closed its standard input */
		run->input_written += (size_t)put;
	}
	(void)close(run->input_fd);
	run->input_fd = -1;
}

/* Whether the agent alone keeps the memory limit: it is below the container's, or the kernel would
 * not end just a job for it. */
static bool is_tight(const struct stage_run *run)
{
	const struct cgroup *cgroup = run->supervisor->cgroup;

	return !cgroup_has_oom(cgroup) || cgroup->memory_max == 0 ||
	       run->plan->limits.memory_bytes < cgroup->memory_max;
}

/* Linux refuses a fork beyond the limit, and the job may go on. gVisor refuses none. */
static void check_processes(struct stage_run *run)
{
	uint64_t allowed = run->plan->limits.processes;

	note_processes(run, 0);
	if (!cgroup_has_processes(run->supervisor->cgroup) && run->processes_peak > allowed)
		set_limit(run, LIMIT_PROCESSES, allowed, run->processes_peak);
}

static void note_living_cpu(struct stage_run *run)
{
	int64_t start_ns = clock_now_ns();
	struct proc_usage usage;

	if (cgroup_has_cpu(run->supervisor->cgroup) || start_ns < run->next_walk_ns)
		return;
	proc_read(&usage);
	run->living_cpu_us = (int64_t)usage.cpu_us;
	run->next_walk_ns = clock_now_ns() + WALK_PAUSE * (clock_now_ns() - start_ns);
}

/* Until the next sample: `cpu_us` and `memory` are what the stage has used. */
static int64_t sample_delay_ns(const struct stage_run *run, int64_t cpu_us, uint64_t memory)
{
	const struct limits *limits = &run->plan->limits;
	int64_t left_us = (int64_t)limits->cpu_ms * 1000 - cpu_us;
	int64_t delay_ns = left_us * NS_PER_US / sysconf(_SC_NPROCESSORS_ONLN);

	if (is_tight(run)) {
		int64_t left_bytes = (int64_t)(limits->memory_bytes - memory);

		if (left_bytes / MEMORY_BYTES_PER_NS < delay_ns)
			delay_ns = left_bytes / MEMORY_BYTES_PER_NS;
	}
	if (delay_ns > SAMPLE_NS)
		return SAMPLE_NS;
	return delay_ns < SHORTEST_SAMPLE_NS ? SHORTEST_SAMPLE_NS : delay_ns;
}

static void sample(struct stage_run *run)
{
	const struct limits *limits = &run->plan->limits;
	bool is_compile = run->plan->is_compile;
	uint64_t memory = note_memory(run);
	int64_t cpu_us;

	if (run->memory_peak > limits->memory_bytes)
		set_limit(run, is_compile ? LIMIT_COMPILE_MEMORY : LIMIT_MEMORY,
			  limits->memory_bytes, run->memory_peak);
	check_processes(run);
	note_living_cpu(run);
	cpu_us = stage_cpu_us(run);
	if (cpu_us >= (int64_t)limits->cpu_ms * 1000)
		set_limit(run, LIMIT_CPU, limits->cpu_ms, (uint64_t)cpu_us / 1000);
	run->next_sample_ns = clock_now_ns() + sample_delay_ns(run, cpu_us, memory);
}

static void check_limits(struct stage_run *run)
{
	const struct limits *limits = &run->plan->limits;
	bool is_compile = run->plan->is_compile;
	uint64_t wall_ms = elapsed_ms(run);

	if (wall_ms >= limits->wall_ms)
		set_limit(run, is_compile ? LIMIT_COMPILE_WALL : LIMIT_WALL, limits->wall_ms,
			  wall_ms);
	if (clock_now_ns() >= run->next_sample_ns)
		sample(run);
}

static int64_t next_look_ns(const struct stage_run *run)
{
	int64_t wall_ns = run->start_ns + (int64_t)run->plan->limits.wall_ms * NS_PER_MS;

	return wall_ns < run->next_sample_ns ? wall_ns : run->next_sample_ns;
}

/* Waits for something to happen and deals with it. */
static int turn(struct stage_run *run, int64_t deadline_ns)
{
	struct link *link = run->supervisor->link;
	bool crowded = link_backlog(link) > BACKLOG_MAX;
	struct pollfd fds[] = {
		{.fd = run->supervisor->signal_fd, .events = POLLIN},
		{.fd = link->in_fd, .events = POLLIN},
		{.fd = link_backlog(link) > 0 ? link->out_fd : -1, .events = POLLOUT},
		{.fd = crowded ? -1 : run->captures[0].fd, .events = POLLIN},
		{.fd = crowded ? -1 : run->captures[1].fd, .events = POLLIN},
		{.fd = run->input_fd, .events = POLLOUT},
	};

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), clock_poll_ms(deadline_ns)) < 0)
		return errno == EINTR ? 0 : -errno;
	/* kilnd sends nothing while a job runs: this is its end. */
	if (fds[1].revents != 0)
		return -EPIPE;
	for (int i = 0; i < 2; i++) {
		if (fds[3 + i].revents != 0 && run->captures[i].fd >= 0)
			(void)read_capture(run, &run->captures[i]);
	}
	if (fds[5].revents != 0)
		feed_input(run);
	if (fds[0].revents != 0 && take_signals(run) < 0)
		return -EINTR;
	return link_flush(link);
}

static int watch(struct stage_run *run)
{
	while (!run->ended && run->result->limit.name == LIMIT_NONE) {
		int result = turn(run, next_look_ns(run));

		if (result < 0)
			return result;
		if (!run->ended)
			check_limits(run);
	}
	return 0;
}

/* Orphans become children of init, which the agent is: nobody of the job is left when it has no
 * child but those that stand ready. */
static bool is_alone(const struct supervisor *supervisor)
{
	if (waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD)
		return true;
	return standbys_processes(supervisor->standbys) > 0 &&
	       !proc_has_other_child(supervisor->standbys);
}

static int end_everyone(struct stage_run *run, struct err *err)
{
	int64_t deadline_ns = clock_now_ns() + KILL_PATIENCE_NS;

	for (;;) {
		reap(run);
		if (is_alone(run->supervisor))
			return 0;
		if (clock_now_ns() >= deadline_ns)
			return err_set(err, -EBUSY, "processes of the job outlive SIGKILL");
		sandbox_kill_user(run->supervisor->uid);
		(void)io_wait(run->supervisor->signal_fd, POLLIN, clock_after_ms(10));
		if (take_signals(run) < 0)
			return -EINTR;
	}
}

/* What the job had written before it ended is still in the pipes. */
static void drain(struct stage_run *run)
{
	for (int i = 0; i < 2; i++) {
		struct capture *capture = &run->captures[i];

		while (capture->fd >= 0 && read_capture(run, capture))
			continue;
		if (capture->fd >= 0)
			end_capture(capture);
	}
	if (run->input_fd >= 0)
		(void)close(run->input_fd);
	run->input_fd = -1;
}

/* A fork that is refused is the program's to handle; when it fails, this is why. */
static void judge_processes(struct stage_run *run)
{
	uint64_t allowed = run->plan->limits.processes;
	bool refused = cgroup_refused_forks(run->supervisor->cgroup) > run->refused_forks_start;

	if (refused || run->processes_peak >= allowed)
		set_limit(run, LIMIT_PROCESSES, allowed, run->processes_peak);
}

/* Limits that show only when all is over: the kernel's own kills and refusals. */
static void judge_end(struct stage_run *run, bool killed_by_agent)
{
	const struct limits *limits = &run->plan->limits;
	struct stage_report *report = &run->result->report;
	bool failed = report->signal != 0 || report->exit_code != 0;
	uint64_t cpu_ms = (uint64_t)report->cpu_us / 1000;

	if (killed_by_agent || !failed)
		return;
	if (cgroup_oom_kills(run->supervisor->cgroup) > run->oom_kills_start) {
		uint64_t peak = cgroup_memory_peak_bytes(run->supervisor->cgroup);

		set_limit(run, run->plan->is_compile ? LIMIT_COMPILE_MEMORY : LIMIT_MEMORY,
			  limits->memory_bytes,
			  peak > run->memory_peak ? peak : run->memory_peak);
	} else if ((report->signal == SIGXCPU || report->signal == SIGKILL) &&
		   cpu_ms >= limits->cpu_ms) {
		set_limit(run, LIMIT_CPU, limits->cpu_ms, cpu_ms);
	} else if (report->signal == SIGXFSZ &&
		   sandbox_has_file_of(run->supervisor->uid, limits->file_bytes)) {
		set_limit(run, LIMIT_FILE, limits->file_bytes, limits->file_bytes);
	} else {
		judge_processes(run);
	}
}

static void report_end(struct stage_run *run, bool killed_by_agent)
{
	struct stage_report *report = &run->result->report;

	report->ran = true;
	report->signal = WIFSIGNALED(run->status) ? WTERMSIG(run->status) : 0;
	report->exit_code = WIFEXITED(run->status) ? WEXITSTATUS(run->status) : -1;
	report->cpu_us = stage_cpu_us(run);
	note_memory(run); /* of a job too short for a sample: what it wrote is still there */
	report->memory_bytes = run->memory_peak;
	judge_end(run, killed_by_agent);
	run->result->stdout_truncated = run->captures[0].truncated;
	run->result->stderr_truncated = run->captures[1].truncated;
}

static int start(struct stage_run *run, struct err *err)
{
	struct launched launched;
	int result = launch(run->supervisor, run->plan, &launched, err);

	run->input_fd = launched.pipes.input_fd;
	run->captures[0].fd = launched.pipes.output_fd;
	run->captures[1].fd = launched.pipes.error_fd;
	run->pid = launched.pid;
	run->start_ns = launched.start_ns;
	run->next_sample_ns = run->start_ns + FIRST_SAMPLE_NS;
	run->children_cpu_us = -launched.cpu_us;
	if (result == 0)
		feed_input(run);
	return result;
}

/* A program that cannot be executed is the job's own fault when the job made it. */
static int check_started(struct stage_run *run, struct err *err)
{
	const struct sandbox_failure *failure = run->supervisor->failure;
	static const char text[] = "kiln: the program cannot be executed\n";

	if (!failure->failed)
		return 0;
	if (!failure->by_exec || run->plan->argv[0][0] == '/') {
		*err = failure->err;
		return err_wrap(err, "start of %s", run->plan->argv[0]);
	}
	keep_output(run, &run->captures[run->plan->is_compile ? 0 : 1], (const uint8_t *)text,
		    sizeof(text) - 1);
	return 0;
}

/* What the stage finds there and did not make. What the process that is to run it uses already is
 * the stage's. A program that need not be compiled is measured as one that was: its files were
 * there before it. */
static uint64_t memory_before(const struct supervisor *supervisor, const struct stage_plan *plan)
{
	uint64_t bytes = cgroup_memory_bytes(supervisor->cgroup);
	uint64_t its = plan->warm == NULL ? 0 : plan->warm->memory_bytes;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	bytes = bytes > its ? bytes - its : 0;
	for (size_t i = 0; plan->is_prebuilt && i < plan->files_count; i++)
		bytes += (plan->files[i].length + page - 1) / page * page;
	return bytes;
}

static uint64_t strangers(const struct supervisor *supervisor, const struct warm_process *warm)
{
	uint64_t now = cgroup_pids(supervisor->cgroup);
	uint64_t its = warm == NULL ? 0 : proc_threads(warm->pid);

	return now > its ? now - its : 0;
}

int supervise_stage(struct supervisor *supervisor, const struct stage_plan *plan,
		    struct stage_result *ret_result, struct err *err)
{
	struct stage_run run = {
		.supervisor = supervisor,
		.plan = plan,
		.result = ret_result,
		.input_fd = -1,
		.captures = {{.fd = -1, .stream = STREAM_STDOUT},
			     {.fd = -1, .stream = STREAM_STDERR}},
		.cgroup_cpu_start_us = cgroup_cpu_us(supervisor->cgroup),
		.own_cpu_start_us = own_cpu_us(),
		.oom_kills_start = cgroup_oom_kills(supervisor->cgroup),
		.memory_start = memory_before(supervisor, plan),
		.refused_forks_start = cgroup_refused_forks(supervisor->cgroup),
		.strangers = strangers(supervisor, plan->warm),
	};
	bool killed_by_agent;
	int result;

	if (plan->is_compile)
		run.captures[0].stream = STREAM_COMPILE;
	*ret_result = (struct stage_result){0};
	result = start(&run, err);
	if (result == 0)
		result = watch(&run);
	killed_by_agent = !run.ended;
	if (result == 0)
		result = end_everyone(&run, err);
	drain(&run);
	if (result == 0)
		result = check_started(&run, err);
	if (result == 0)
		report_end(&run, killed_by_agent);
	return result;
}

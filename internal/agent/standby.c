#include "agent/standby.h"

#include "base/clock.h"
#include "base/io.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A language whose process does not come to stand is left alone after so many tries. */
#define FAILURES_MAX 3

/* A process that is being started is sooner ready than another that is started now. */
#define FORK_PATIENCE_MS 200
#define WAIT_PATIENCE_MS 3000

/* The hash seed of an interpreter is the same for all children of a zygote. So a zygote is
 * replaced when nobody waits for it: at once after this many jobs, or when nothing was run for
 * so long. */
#define ZYGOTE_JOBS_MAX 500
#define RENEW_AFTER_MS 1000

/* What a process is told of its job fits into its socket. */
#define ARGS_BYTES_MAX ((size_t)32 * 1024)

static const struct warm_process no_process = {
	.control_fd = -1,
	.pipes = {.input_fd = -1, .output_fd = -1, .error_fd = -1},
};

int standbys_init(struct standbys *standbys, const struct manifest *manifests, size_t count,
		  uid_t uid, struct cgroup *cgroup, int ruleset_fd)
{
	*standbys = (struct standbys){.cgroup = cgroup, .ruleset_fd = ruleset_fd};
	standbys->failure = sandbox_failure_new();
	if (standbys->failure == NULL)
		return -ENOMEM;
	/* Where nothing counts for the container, what starts would be taken for the job's. */
	if (!cgroup_has_cpu(cgroup))
		return 0;
	for (size_t i = 0; i < count && standbys->count < WARM_MAX; i++) {
		struct standby *standby = &standbys->list[standbys->count];

		if (manifests[i].warm == NULL)
			continue;
		*standby = (struct standby){
			.manifest = &manifests[i],
			.process = no_process,
			.zygote = {.fd = -1},
		};
		standby->process.uid = uid + (uid_t)standbys->count;
		standbys->count++;
	}
	return 0;
}

/* ------------------------------------------------------------------ its end */

static void forget_process(struct standby *standby)
{
	uid_t uid = standby->process.uid;

	standby->process = no_process;
	standby->process.uid = uid;
	standby->state = STANDBY_ABSENT;
	standby->stopped = false;
}

static void close_process(struct warm_process *process)
{
	pipe_ends_close(&process->pipes);
	if (process->control_fd >= 0)
		(void)close(process->control_fd);
	process->control_fd = -1;
}

void warm_process_end(struct warm_process *process)
{
	close_process(process);
	if (process->pid > 0) {
		(void)kill(process->pid, SIGKILL);
		while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	process->pid = 0;
}

static void end_process(struct standby *standby)
{
	warm_process_end(&standby->process);
	forget_process(standby);
}

/* A child that the zygote is about to fork dies with its control socket. */
static void end_standby(struct standby *standby)
{
	zygote_end(&standby->zygote);
	end_process(standby);
}

static void fail(struct standby *standby)
{
	end_standby(standby);
	standby->failures++;
}

/* ------------------------------------------------------------------ its start */

static int open_control(int *ret_agent_fd, int *ret_child_fd)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	*ret_agent_fd = fds[0];
	*ret_child_fd = fds[1];
	return 0;
}

static int spawn_waiting(const struct standbys *standbys, struct standby *standby,
			 const struct pipe_ends *job, int control_fd)
{
	const struct sandbox_stage stage = {
		.argv = standby->manifest->warm,
		.environment = standby->manifest->environment,
		.uid = standby->process.uid,
		.ruleset_fd = standbys->ruleset_fd,
		.input_fd = job->input_fd,
		.output_fd = job->output_fd,
		.error_fd = job->error_fd,
		.control_fd = control_fd,
		.folder = "/", /* so that it knows nothing yet of the workspace */
	};
	pid_t pid = sandbox_spawn(&stage, standbys->failure, NULL);

	if (pid < 0)
		return (int)pid;
	standby->process.pid = pid;
	return 0;
}

static int start_process(const struct standbys *standbys, struct standby *standby)
{
	struct warm_process *process = &standby->process;
	struct pipe_ends job;
	int control_fd;
	int result = pipes_open(process->uid, false, &process->pipes, &job, NULL);

	if (result < 0)
		return result;
	result = open_control(&process->control_fd, &control_fd);
	if (result == 0) {
		result = standby->manifest->warm_forks
				 ? zygote_order(&standby->zygote, process->uid, &job, control_fd)
				 : spawn_waiting(standbys, standby, &job, control_fd);
		(void)close(control_fd);
	}
	pipe_ends_close(&job);
	standby->state = STANDBY_STARTING;
	return result;
}

static int start_zygote(const struct standbys *standbys, struct standby *standby)
{
	const struct manifest *manifest = standby->manifest;

	return zygote_start(&standby->zygote, manifest->warm[0], manifest->run,
			    manifest->environment, standbys->ruleset_fd, NULL);
}

static bool is_starting(const struct standby *standby)
{
	return standby->state == STANDBY_STARTING ||
	       (standby->zygote.pid != 0 && !standby->zygote.up);
}

static bool lacks_process(const struct standby *standby)
{
	return standby->wanted && standby->state == STANDBY_ABSENT &&
	       standby->failures < FAILURES_MAX;
}

static void start_next(struct standbys *standbys)
{
	for (size_t i = 0; i < standbys->count; i++) {
		if (is_starting(&standbys->list[i]))
			return;
	}
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];
		int result;

		if (!lacks_process(standby))
			continue;
		standby->memory_before = cgroup_memory_bytes(standbys->cgroup);
		if (standby->manifest->warm_forks && standby->zygote.pid == 0)
			result = start_zygote(standbys, standby);
		else
			result = start_process(standbys, standby);
		if (result < 0)
			fail(standby);
		return;
	}
}

/* ------------------------------------------------------------------ what they say */

/* What came into use since its start began. */
static uint64_t memory_of(const struct standbys *standbys, const struct standby *standby)
{
	uint64_t now = cgroup_memory_bytes(standbys->cgroup);

	return now > standby->memory_before ? now - standby->memory_before : 0;
}

static void hear_zygote(const struct standbys *standbys, struct standby *standby)
{
	pid_t pid = 0;
	int result = zygote_hear(&standby->zygote, &pid);

	if (result == -EAGAIN)
		return;
	if (result < 0)
		fail(standby);
	else if (result == 0)
		standby->zygote.memory_bytes = memory_of(standbys, standby);
	else if (standby->state == STANDBY_STARTING)
		standby->process.pid = pid;
}

static void hear_process(const struct standbys *standbys, struct standby *standby)
{
	char ready;
	ssize_t got = recv(standby->process.control_fd, &ready, 1, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != 1 || standby->state != STANDBY_STARTING || standby->process.pid == 0) {
		fail(standby);
		return;
	}
	standby->process.memory_bytes = memory_of(standbys, standby);
	standby->state = STANDBY_READY;
	standby->failures = 0;
}

static void hear(const struct standbys *standbys, struct standby *standby)
{
	if (standby->zygote.pid != 0)
		hear_zygote(standbys, standby);
	if (standby->state != STANDBY_ABSENT && standby->process.control_fd >= 0)
		hear_process(standbys, standby);
}

static size_t poll_one(const struct standby *standby, struct pollfd *fds)
{
	size_t count = 0;

	if (standby->zygote.pid != 0)
		fds[count++] = (struct pollfd){.fd = standby->zygote.fd, .events = POLLIN};
	if (standby->state != STANDBY_ABSENT)
		fds[count++] =
			(struct pollfd){.fd = standby->process.control_fd, .events = POLLIN};
	return count;
}

size_t standbys_poll(const struct standbys *standbys, struct pollfd *fds)
{
	size_t count = 0;

	for (size_t i = 0; i < standbys->count; i++)
		count += poll_one(&standbys->list[i], fds + count);
	return count;
}

/* Waits until it is ready, or has failed, or the time is over. */
static void await(const struct standbys *standbys, struct standby *standby, int64_t patience_ms)
{
	int64_t deadline_ns = clock_after_ms(patience_ms);

	while (standby->state == STANDBY_STARTING && clock_now_ns() < deadline_ns) {
		struct pollfd fds[2];
		size_t count = poll_one(standby, fds);

		(void)poll(fds, count, clock_poll_ms(deadline_ns));
		hear(standbys, standby);
	}
}

/* ------------------------------------------------------------------ in between jobs */

static bool is_worn(const struct standbys *standbys, const struct standby *standby)
{
	if (!standby->zygote.up || standby->zygote.forks <= 1)
		return false;
	return standby->zygote.forks > ZYGOTE_JOBS_MAX ||
	       clock_now_ns() >= standbys->idle_since_ns + RENEW_AFTER_MS * NS_PER_MS;
}

int64_t standbys_next_ns(const struct standbys *standbys)
{
	for (size_t i = 0; i < standbys->count; i++) {
		if (standbys->list[i].zygote.forks > 1)
			return standbys->idle_since_ns + RENEW_AFTER_MS * NS_PER_MS;
	}
	return CLOCK_FOREVER;
}

void standbys_turn(struct standbys *standbys)
{
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];

		hear(standbys, standby);
		if (is_worn(standbys, standby))
			end_standby(standby);
	}
	start_next(standbys);
}

void standbys_want(struct standbys *standbys, const struct warm_set *set)
{
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];

		standby->wanted = warm_set_has(set, standby->manifest->language.name);
		if (!standby->wanted)
			end_standby(standby);
	}
	standbys_resume(standbys);
}

/* Who forks is through in a moment; whoever loads its library takes long. */
static void pause_one(const struct standbys *standbys, struct standby *standby)
{
	if (standby->state == STANDBY_STARTING && standby->manifest->warm_forks) {
		await(standbys, standby, FORK_PATIENCE_MS);
		if (standby->state == STANDBY_STARTING)
			fail(standby);
	} else if (is_starting(standby)) {
		pid_t pid = standby->zygote.pid != 0 ? standby->zygote.pid : standby->process.pid;

		(void)kill(pid, SIGSTOP);
		standby->stopped = true;
		if (standby->zygote.pid != 0)
			standby->zygote.memory_bytes = memory_of(standbys, standby);
		else
			standby->process.memory_bytes = memory_of(standbys, standby);
	}
}

void standbys_pause(struct standbys *standbys)
{
	for (size_t i = 0; i < standbys->count; i++)
		pause_one(standbys, &standbys->list[i]);
}

void standbys_resume(struct standbys *standbys)
{
	standbys->idle_since_ns = clock_now_ns();
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];

		if (standby->stopped)
			(void)kill(standby->zygote.pid != 0 ? standby->zygote.pid
							    : standby->process.pid,
				   SIGCONT);
		standby->stopped = false;
	}
	start_next(standbys);
}

bool standbys_take(struct standbys *standbys, const struct manifest *manifest,
		   struct warm_process *ret_process)
{
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];

		if (standby->manifest != manifest)
			continue;
		await(standbys, standby,
		      manifest->warm_forks ? FORK_PATIENCE_MS : WAIT_PATIENCE_MS);
		if (standby->state == STANDBY_STARTING)
			fail(standby);
		if (standby->state != STANDBY_READY)
			return false;
		*ret_process = standby->process;
		forget_process(standby);
		return true;
	}
	return false;
}

int warm_process_go(struct warm_process *process, char *const *args)
{
	uint8_t message[sizeof(uint32_t) + ARGS_BYTES_MAX];
	size_t length = sizeof(uint32_t);
	uint32_t args_length;

	for (; *args != NULL; args++) {
		size_t size = strlen(*args) + 1;

		if (size > sizeof(message) - length)
			return -E2BIG;
		memcpy(message + length, *args, size);
		length += size;
	}
	args_length = (uint32_t)(length - sizeof(uint32_t));
	memcpy(message, &args_length, sizeof(args_length));
	if (send(process->control_fd, message, length, MSG_NOSIGNAL | MSG_DONTWAIT) !=
	    (ssize_t)length)
		return -EPIPE;
	(void)close(process->control_fd);
	process->control_fd = -1;
	return 0;
}

/* ------------------------------------------------------------------ who they are */

bool standbys_reaped(struct standbys *standbys, pid_t pid)
{
	for (size_t i = 0; i < standbys->count; i++) {
		struct standby *standby = &standbys->list[i];

		if (standby->process.pid == pid) {
			standby->process.pid = 0;
			fail(standby);
			return true;
		}
		if (standby->zygote.pid == pid) {
			(void)close(standby->zygote.fd);
			standby->zygote = (struct zygote){.fd = -1};
			fail(standby);
			return true;
		}
	}
	return false;
}

bool standbys_have(const struct standbys *standbys, pid_t pid)
{
	for (size_t i = 0; i < standbys->count; i++) {
		if (standbys->list[i].process.pid == pid || standbys->list[i].zygote.pid == pid)
			return true;
	}
	return false;
}

size_t standbys_processes(const struct standbys *standbys)
{
	size_t count = 0;

	for (size_t i = 0; i < standbys->count; i++) {
		count += standbys->list[i].process.pid != 0;
		count += standbys->list[i].zygote.pid != 0;
	}
	return count;
}

/* Its zygote forks sooner than a job can come: it need not be told of twice. */
static bool is_promised(const struct standby *standby)
{
	return standby->wanted && standby->zygote.up && standby->failures < FAILURES_MAX;
}

void standbys_ready(const struct standbys *standbys, struct warm_set *ret_set)
{
	*ret_set = (struct warm_set){0};
	for (size_t i = 0; i < standbys->count; i++) {
		if (standbys->list[i].state == STANDBY_READY || is_promised(&standbys->list[i]))
			warm_set_add(ret_set, standbys->list[i].manifest->language.name);
	}
}

uint64_t standbys_memory_bytes(const struct standbys *standbys)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < standbys->count; i++)
		bytes += standbys->list[i].process.memory_bytes +
			 standbys->list[i].zygote.memory_bytes;
	return bytes;
}

/* Three pipes and a socket for a process, a socket for a zygote. */
unsigned standbys_descriptors(const struct standbys *standbys)
{
	unsigned count = 0;

	for (size_t i = 0; i < standbys->count; i++) {
		if (standbys->list[i].state != STANDBY_ABSENT)
			count += 4;
		if (standbys->list[i].zygote.pid != 0)
			count++;
	}
	return count;
}

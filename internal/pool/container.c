/* One worker container: what it is made of, and how it comes to say HELLO. */
#include "pool/internal.h"

#include "base/clock.h"
#include "channel/channel.h"
#include "frame/frame.h"
#include "frame/hello.h"
#include "frame/message.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An agent connects within 50 ms of its start; a machine under load may take much longer. */
#define HELLO_PATIENCE_MS 15000
#define HELLO_LOOK_MS 200

#define REMOVAL_PATIENCE_MS 5000
#define REMOVAL_POLL_MS 5

/* As a long-run average, a job may use its share of a core. With a period of a second (the longest
 * that the kernel takes) a short job runs at full speed instead of being stopped every 100 ms. */
#define CPU_PERIOD_US 1000000

/* User ids of jobs. Each container has another one, so that what the kernel counts by user id
 * (processes, pipe pages, message queues, keys) is not shared between two jobs. They stay below
 * 65536, which is all that a daemon with remapped user ids has. */
#define JOB_UID_FIRST 20000
#define JOB_UIDS_EACH (1 + WARM_MAX) /* one more for each process that stands ready */
#define JOB_UID_SETS 10000

/* For the processes that stand ready, beside a job that may use all that it is allowed. */
#define WARM_MEMORY_BYTES ((uint64_t)64 * 1024 * 1024)
#define WARM_PIDS 32

/* Before the host runs out of memory, containers go. */
#define OOM_SCORE_ADJ 500

static const char *const capabilities[] = {
	"SETUID", /* to become the job's user */
	"SETGID",
	"KILL", /* to kill what that user runs */
	NULL,
};

/* What a job must not see of the host, or of its neighbours. The first ten are Docker's own list
 * (oci/defaults.go of moby); the others show or carry something across containers. */
static const char *const masked_paths[] = {
	"/proc/asound",
	"/proc/acpi",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/sys/firmware",
	"/sys/devices/virtual/powercap", /* power draw tells what neighbours compute */
	"/proc/locks",                   /* every file lock of the host */
	"/proc/key-users",               /* keys of every user id */
	"/proc/kallsyms",
	"/proc/slabinfo",
	"/proc/vmallocinfo",
	"/proc/pagetypeinfo",
	"/proc/interrupts",
	NULL,
};

static void engine_dir(const char *run_dir, const struct config *config, char *path, size_t size)
{
	(void)snprintf(path, size, "%s/%s", run_dir, config->engine_name);
}

static void container_dir(const char *run_dir, const struct config *config, uint64_t serial,
			  char *path, size_t size)
{
	(void)snprintf(path, size, "%s/%s/%llu", run_dir, config->engine_name,
		       (unsigned long long)serial);
}

/* Folders of an engine that was killed: each has at most the socket in it. */
static void empty_run_dir(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		char name[sizeof(entry->d_name) + sizeof(CHANNEL_SOCKET_NAME) + 1];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", entry->d_name, CHANNEL_SOCKET_NAME);
		(void)unlinkat(dirfd(folder), name, 0);
		(void)unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	}
	if (folder != NULL)
		(void)closedir(folder);
}

int container_prepare_run_dir(const struct config *config, struct err *err)
{
	char path[PATH_MAX];

	if (mkdir(config->run_dir, 0711) < 0 && errno != EEXIST)
		return err_set(err, -errno, "KILN_RUN_DIR: mkdir '%s': %s", config->run_dir,
			       strerror(errno));
	engine_dir(config->run_dir, config, path, sizeof(path));
	/* Nobody else on this host can reach a socket in it. */
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(err, -errno, "KILN_RUN_DIR: mkdir '%s': %s", path, strerror(errno));
	empty_run_dir(path);
	return 0;
}

void container_remove_run_dir(const struct config *config)
{
	char path[PATH_MAX];

	engine_dir(config->run_dir, config, path, sizeof(path));
	empty_run_dir(path);
	(void)rmdir(path);
}

void container_free(struct container *container)
{
	if (container == NULL)
		return;
	channel_free(container->channel);
	free(container);
}

struct tmpfs_options {
	char text[160];
};

static struct tmpfs_options tmpfs_options(const struct config *config)
{
	struct tmpfs_options options;

	(void)snprintf(options.text, sizeof(options.text),
		       "rw,exec,nosuid,nodev,mode=1777,size=%llu,nr_inodes=%llu",
		       (unsigned long long)config->workspace_bytes,
		       (unsigned long long)config->workspace_inodes);
	return options;
}

static int create(const struct config *config, const char *seccomp_option, struct docker *docker,
		  uint64_t serial, char ret_id[DOCKER_ID_BYTES], struct err *err)
{
	/* No set-uid program gives anything back; and the system calls of seccomp.c. */
	const char *const security_options[] = {"no-new-privileges", seccomp_option, NULL};
	bool is_socket = config->channel == CHANNEL_SOCKET;
	struct tmpfs_options options = tmpfs_options(config);
	const struct docker_tmpfs tmpfs[] = {
		{.path = "/workspace", .options = options.text},
		{.path = "/tmp", .options = options.text},
		/* In place of Docker's own, which has no limit on the number of files. */
		{.path = "/dev/shm", .options = options.text},
	};
	char source[PATH_MAX], name[128], uid[32], channel[32], memory[48], pids[32];
	const struct docker_bind bind = {
		.source = source, .target = "/run/kiln", .read_only = true};
	const char *const environment[] = {uid, channel, memory, pids, NULL};
	const struct docker_ulimit ulimits[] = {{.name = "core", .soft = 0, .hard = 0}};
	const struct docker_spec spec = {
		.name = name,
		.image = config->image,
		.command = (const char *const[]){NULL},
		.environment = environment,
		.label_name = ENGINE_LABEL,
		.label_value = config->engine_name,
		.runtime = config->runtime,
		.attach_stdio = !is_socket,
		.memory_bytes = config->container_memory_bytes + config->overhead_bytes +
				(config->warm_ms > 0 ? WARM_MEMORY_BYTES : 0),
		.cpu_period_us = CPU_PERIOD_US,
		.cpu_quota_us = (uint64_t)(config->container_cpus * CPU_PERIOD_US),
		.pids = config->container_pids + config->overhead_pids +
			(config->warm_ms > 0 ? WARM_PIDS : 0),
		.shm_bytes = config->workspace_bytes,
		.oom_score_adj = OOM_SCORE_ADJ,
		.capabilities = capabilities,
		.security_options = security_options,
		.masked_paths = masked_paths,
		.tmpfs = tmpfs,
		.tmpfs_count = sizeof(tmpfs) / sizeof(tmpfs[0]),
		.binds = &bind,
		.binds_count = is_socket ? 1 : 0,
		.ulimits = ulimits,
		.ulimits_count = 1,
	};

	container_dir(config->run_dir_host, config, serial, source, sizeof(source));
	(void)snprintf(name, sizeof(name), "kiln-%s-%llu", config->engine_name,
		       (unsigned long long)serial);
	(void)snprintf(uid, sizeof(uid), "KILN_JOB_UID=%llu",
		       JOB_UID_FIRST + JOB_UIDS_EACH * (unsigned long long)(serial % JOB_UID_SETS));
	(void)snprintf(channel, sizeof(channel), "KILN_CHANNEL=%s",
		       is_socket ? "socket" : "attach");
	/* For an agent whose container's limits are wider, or cannot be seen from inside. */
	(void)snprintf(memory, sizeof(memory), "KILN_MEMORY_BYTES=%llu",
		       (unsigned long long)config->container_memory_bytes);
	(void)snprintf(pids, sizeof(pids), "KILN_PIDS=%llu",
		       (unsigned long long)config->container_pids);
	return docker_create(docker, &spec, ret_id, err);
}

/* The daemon removes by itself what has ended, and refuses to do it twice: waits for it. */
int container_remove(struct docker *docker, const char *id, struct err *err)
{
	int64_t deadline_ns = clock_after_ms(REMOVAL_PATIENCE_MS);
	int result = docker_remove(docker, id, err);

	while (result == -EALREADY && clock_now_ns() < deadline_ns) {
		const struct timespec pause = clock_timespec(REMOVAL_POLL_MS * NS_PER_MS);
		struct docker_state state;

		(void)nanosleep(&pause, NULL);
		if (docker_inspect(docker, id, &state, err) == -ENOENT)
			return 0;
	}
	return result == -ENOENT ? 0 : result;
}

/* The image may be another under the same name by the time of the next container. */
static int note_image(struct docker *docker, struct container *container, struct err *err)
{
	struct docker_state state;
	int result = docker_inspect(docker, container->id, &state, err);

	if (result == 0)
		memcpy(container->image_id, state.image_id, sizeof(container->image_id));
	return result;
}

/* A container between its creation and its HELLO. */
struct birth {
	struct pool *pool;
	struct docker *docker;
	const char *id;
	struct channel_listener *listener; /* NULL: the container's stdio is its channel */
	struct channel *channel;           /* NULL until the agent is there */
	int64_t deadline_ns;
};

static int check_running(const struct birth *birth, int *ret_pid, struct err *err)
{
	struct docker_state state;
	int result = docker_inspect(birth->docker, birth->id, &state, err);

	if (result == -ENOENT)
		return err_set(err, -EIO, "the container ended at once, and is gone: is '%s' a "
					  "Kiln worker image?",
			       birth->pool->config->image);
	if (result < 0)
		return result;
	if (!state.running)
		return err_set(err, -EIO, "the container ended at once, with status %d: is '%s' a "
					  "Kiln worker image?",
			       state.exit_code, birth->pool->config->image);
	*ret_pid = state.pid;
	return 0;
}

/* A wait for the agent is cut into pieces: an agent that died before it connected would be waited
 * for in vain, and one that says nothing must not keep the service from ending. */
static int64_t piece_end_ns(const struct birth *birth)
{
	int64_t end_ns = clock_after_ms(HELLO_LOOK_MS);

	return end_ns < birth->deadline_ns ? end_ns : birth->deadline_ns;
}

/* True when only a piece of the wait is over. */
static bool waits_on(const struct birth *birth, int *result, struct err *err)
{
	int pid;

	if (*result != -ETIMEDOUT || clock_now_ns() >= birth->deadline_ns)
		return false;
	*result = pool_is_stopping(birth->pool)
			  ? err_set(err, -ECANCELED, "the pool is being stopped")
			  : check_running(birth, &pid, err);
	return *result == 0;
}

static int receive_hello(struct birth *birth, struct frame *ret_frame, struct err *err)
{
	int result;

	do {
		result = channel_receive(birth->channel, piece_end_ns(birth), ret_frame, err);
	} while (waits_on(birth, &result, err));
	return result < 0 ? err_wrap(err, "waiting for the agent's HELLO") : 0;
}

static int read_hello(struct birth *birth, struct hello *hello, struct err *err)
{
	struct frame frame;
	int result = receive_hello(birth, &frame, err);

	if (result < 0)
		return result;
	if (frame.type == FRAME_FAULT) {
		char text[128];

		fault_message_decode(text, sizeof(text), frame.payload, frame.length);
		return err_set(err, -EPROTO, "the agent cannot work: %s", text);
	}
	if (frame.type != FRAME_HELLO)
		return err_set(err, -EPROTO, "the agent did not begin with HELLO");
	result = hello_decode(hello, frame.payload, frame.length);
	if (result == -EPROTO)
		return err_set(err, result,
			       "the image's agent %s speaks protocol %u, this kilnd (%s) speaks "
			       "%d: build the image again with worker-image/build.sh",
			       hello->version, hello->protocol, KILN_VERSION, FRAME_PROTOCOL);
	if (result < 0)
		return err_set(err, result, "the agent's HELLO is malformed");
	if (hello->languages_count == 0)
		return err_set(err, -EPROTO, "the image has no languages");
	return 0;
}

/* Starts the container and gets its channel, by one way or the other. */
static int start_with_socket(struct birth *birth, struct err *err)
{
	int result = docker_start(birth->docker, birth->id, err);
	int pid;

	if (result == 0)
		result = check_running(birth, &pid, err);
	if (result < 0)
		return result;
	do {
		result = channel_accept(birth->listener, pid, piece_end_ns(birth), &birth->channel,
					err);
	} while (waits_on(birth, &result, err));
	return result;
}

static int start_with_attach(struct birth *birth, struct err *err)
{
	int result = channel_attach(birth->docker, birth->id, &birth->channel, err);

	return result < 0 ? result : docker_start(birth->docker, birth->id, err);
}

static int bring_up(struct birth *birth, struct hello *hello, struct err *err)
{
	int result;

	birth->deadline_ns = clock_after_ms(HELLO_PATIENCE_MS);
	result = birth->listener != NULL ? start_with_socket(birth, err)
					 : start_with_attach(birth, err);
	if (result == 0)
		result = read_hello(birth, hello, err);
	if (result < 0) {
		channel_free(birth->channel);
		birth->channel = NULL;
	}
	return result;
}

int container_build(struct pool *pool, struct docker *docker, uint64_t serial, struct hello *hello,
		    struct container **ret_container, struct err *err)
{
	const struct config *config = pool->config;
	struct container *container = calloc(1, sizeof(*container));
	struct birth birth = {.pool = pool, .docker = docker};
	char path[PATH_MAX];
	int result = 0;

	if (container == NULL)
		return err_set(err, -ENOMEM, "memory for a container");
	container->serial = serial;
	birth.id = container->id;
	container_dir(config->run_dir, config, serial, path, sizeof(path));
	if (config->channel == CHANNEL_SOCKET)
		result = channel_listen(path, &birth.listener, err);
	if (result == 0)
		result = create(config, pool->seccomp_option, docker, serial, container->id, err);
	if (result == 0)
		result = note_image(docker, container, err);
	if (result == 0)
		result = bring_up(&birth, hello, err);
	channel_listener_free(birth.listener);
	if (result < 0) {
		if (container->id[0] != '\0')
			(void)container_remove(docker, container->id, NULL);
		container_free(container);
		return result;
	}
	container->channel = birth.channel;
	*ret_container = container;
	return 0;
}

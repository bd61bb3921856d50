#include "engine/engine.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "broker/broker.h"
#include "cache/cache.h"
#include "config/config.h"
#include "job/job.h"
#include "languages/languages.h"
#include "log/log.h"
#include "policy/policy.h"
#include "pool/pool.h"
#include "queue/queue.h"
#include "worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often queued jobs are looked at for having waited too long, and NATS for having gone. */
#define TICK_MS 250
/* For what is on its way out after the last reply. */
#define FLUSH_PATIENCE_MS 5000

/* A queue that was this long is worth it. */
#define BURST_JOBS 64

/* Every thread with an arena of its own would keep what one large job needed. */
#define MALLOC_ARENAS 2
#define MALLOC_TRIM_BYTES (256 * 1024)

struct engine {
	const struct config *config;
	int signal_fd;
	int lock_fd;
	struct policy *policy; /* NULL: off */
	struct worker_context parts;
	struct workers *workers;
	size_t longest_queue; /* since memory was last given back */
};

/* Two engines of one name would remove each other's containers. */
static int lock_name(struct engine *engine, struct err *err)
{
	const struct config *config = engine->config;
	char path[PATH_MAX];
	int length;

	if (mkdir(config->run_dir, 0711) < 0 && errno != EEXIST)
		return err_set(err, -errno, "KILN_RUN_DIR: mkdir '%s': %s", config->run_dir,
			       strerror(errno));
	length = snprintf(path, sizeof(path), "%s/%s.lock", config->run_dir, config->engine_name);
	if (length < 0 || (size_t)length >= sizeof(path))
		return err_set(err, -ENAMETOOLONG, "KILN_RUN_DIR is too long");
	engine->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (engine->lock_fd < 0)
		return err_set(err, -errno, "open '%s': %s", path, strerror(errno));
	if (flock(engine->lock_fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(err, -EBUSY,
			       "an engine named '%s' runs on this host already; give this one "
			       "another KILN_ENGINE_NAME",
			       config->engine_name);
	return 0;
}

static int block_signals(struct engine *engine, struct err *err)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	engine->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (engine->signal_fd < 0)
		return err_set(err, -errno, "signalfd: %s", strerror(errno));
	return 0;
}

static int load_policy(struct engine *engine, struct err *err)
{
	const struct config *config = engine->config;

	if (config->policy == POLICY_OFF)
		return 0;
	engine->policy = policy_load(config->policy_file, err);
	if (engine->policy == NULL)
		return err->code;
	log_info("policy loaded", log_text("file", config->policy_file),
		 log_number("rules", (int64_t)policy_rules_count(engine->policy)),
		 log_flag("enforced", config->policy == POLICY_ENFORCE),
		 log_flag("compiled", policy_is_compiled(engine->policy)));
	return 0;
}

/* Back to front: a part starts when those that it uses are there. */
static int start(struct engine *engine, struct err *err)
{
	const struct config *config = engine->config;
	struct worker_context *parts = &engine->parts;

	parts->config = config;
	parts->languages = languages_new();
	parts->queue = queue_new(config->queue_capacity, config->workers);
	if (parts->languages == NULL || parts->queue == NULL)
		return err_set(err, -ENOMEM, "memory for the queue");
	if (config->compile_cache_bytes > 0) {
		parts->compile_cache = cache_new(config->compile_cache_bytes);
		if (parts->compile_cache == NULL)
			return err_set(err, -ENOMEM, "memory for the compile cache");
	}
	parts->pool = pool_start(config, parts->languages, err);
	if (parts->pool == NULL)
		return err->code;
	parts->broker = broker_open(config, parts->languages, engine->policy, parts->queue, err);
	if (parts->broker == NULL)
		return err->code;
	engine->workers = workers_start(parts, err);
	return engine->workers == NULL ? err->code : 0;
}

static bool take_signal(const struct engine *engine)
{
	struct signalfd_siginfo info;

	return read(engine->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

static void refuse_expired(struct engine *engine)
{
	struct job *job;

	while (queue_pop_expired(engine->parts.queue, clock_now_ns(), &job) == 0)
		worker_refuse_expired(&engine->parts, &job);
}

/* After a burst the allocator would keep what the queue was made of. */
static void give_memory_back(struct engine *engine)
{
	size_t length = queue_length(engine->parts.queue);

	if (length > engine->longest_queue)
		engine->longest_queue = length;
	if (length > 0 || engine->longest_queue < BURST_JOBS)
		return;
	(void)malloc_trim(0);
	engine->longest_queue = 0;
}

/* Until the first signal, or until NATS refuses for good. */
static int serve(struct engine *engine, struct err *err)
{
	for (;;) {
		const char *failure = broker_failure(engine->parts.broker);

		if (failure != NULL)
			return err_set(err, -ECONNREFUSED, "NATS closed the connection: %s",
				       failure);
		(void)io_wait(engine->signal_fd, POLLIN, clock_after_ms(TICK_MS));
		if (take_signal(engine))
			return 0;
		refuse_expired(engine);
		give_memory_back(engine);
	}
}

/* Waits for the workers to finish what was accepted. */
static void finish_jobs(struct engine *engine, int64_t deadline_ns)
{
	while (!workers_wait(engine->workers, clock_after_ms(TICK_MS))) {
		if (take_signal(engine)) {
			log_warn("second signal: not waiting for jobs");
			break;
		}
		if (clock_now_ns() >= deadline_ns) {
			log_warn("the grace period is over: not waiting for jobs");
			break;
		}
		refuse_expired(engine);
	}
	workers_abort(engine->workers);
	pool_close(engine->parts.pool);
	while (!workers_wait(engine->workers, clock_after_ms(TICK_MS)))
		pool_abort_leased(engine->parts.pool);
}

static void drain(struct engine *engine)
{
	int64_t deadline_ns = clock_after_ms((int64_t)engine->config->grace_ms);

	log_info("draining", log_number("queued", (int64_t)queue_length(engine->parts.queue)),
		 log_number("grace_ms", (int64_t)engine->config->grace_ms));
	broker_stop_intake(engine->parts.broker, deadline_ns);
	queue_close(engine->parts.queue);
	finish_jobs(engine, deadline_ns);
}

/* Whether its size was well chosen. */
static void log_cache(struct cache *cache)
{
	struct cache_status status;

	if (cache == NULL)
		return;
	cache_status(cache, &status);
	log_info("compile cache", log_number("hits", (int64_t)status.hits),
		 log_number("misses", (int64_t)status.misses),
		 log_number("evictions", (int64_t)status.evictions),
		 log_number("entries", (int64_t)status.entries),
		 log_number("bytes", (int64_t)status.bytes));
}

static void stop(struct engine *engine)
{
	struct worker_context *parts = &engine->parts;

	if (engine->workers != NULL)
		drain(engine);
	workers_join(engine->workers);
	broker_close(parts->broker, clock_after_ms(FLUSH_PATIENCE_MS));
	pool_stop(parts->pool);
	queue_free(parts->queue);
	log_cache(parts->compile_cache);
	cache_free(parts->compile_cache);
	languages_free(parts->languages);
	policy_free(engine->policy);
	if (engine->signal_fd >= 0)
		(void)close(engine->signal_fd);
	if (engine->lock_fd >= 0)
		(void)close(engine->lock_fd);
}

static void tune_malloc(void)
{
	(void)mallopt(M_ARENA_MAX, MALLOC_ARENAS);
	(void)mallopt(M_TRIM_THRESHOLD, MALLOC_TRIM_BYTES);
}

int engine_run(const struct config *config, struct err *err)
{
	struct engine engine = {.config = config, .signal_fd = -1, .lock_fd = -1};
	int result;

	tune_malloc();
	result = block_signals(&engine, err);
	if (result == 0)
		result = lock_name(&engine, err);
	if (result == 0)
		result = load_policy(&engine, err);
	if (result == 0)
		result = start(&engine, err);
	if (result == 0) {
		log_info("kilnd started", log_text("version", KILN_VERSION),
			 log_number("workers", config->workers),
			 log_number("pool_size", config->pool_size),
			 log_number("queue_capacity", (int64_t)config->queue_capacity));
		result = serve(&engine, err);
	}
	stop(&engine);
	if (result == 0)
		log_info("kilnd ended");
	return result;
}

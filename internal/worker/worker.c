#include "worker/worker.h"

#include "base/clock.h"
#include "base/sync.h"
#include "broker/broker.h"
#include "config/config.h"
#include "job/job.h"
#include "job/result.h"
#include "languages/languages.h"
#include "log/log.h"
#include "pool/pool.h"
#include "queue/queue.h"
#include "worker/reuse.h"
#include "worker/run.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A container that dies takes the job's first attempt with it, not the job. */
#define ATTEMPTS 2

/* Beside the program's two streams there is the compiler's. */
#define STREAMS 3

struct workers {
	struct worker_context context;
	atomic_bool aborting;
	struct mutex lock;
	struct cond ended;
	unsigned running GUARDED_BY(lock);
	unsigned count;
	pthread_t threads[];
};

static int64_t us_since(int64_t start_ns)
{
	return (clock_now_ns() - start_ns) / NS_PER_US;
}

static void log_job(const struct job *job, const struct result *result, const char *container)
{
	log_info("job done", log_text("job_id", job->id), log_text("container_id", container),
		 log_text("language", job->language),
		 log_text("verdict", verdict_text(result->verdict)),
		 log_real("duration_ms", (double)result->timing.total_us / 1000),
		 log_real("queue_ms", (double)result->timing.queue_us / 1000),
		 log_real("lease_ms", (double)result->timing.lease_us / 1000),
		 log_real("compile_ms", (double)result->timing.compile_us / 1000),
		 log_flag("cached", result->compile_cached),
		 log_real("run_ms", (double)result->timing.run_us / 1000),
		 log_text("error", result->error));
}

static void reply(const struct worker_context *context, const struct job *job,
		  struct result *result, const char *container)
{
	result->timing.compile_us = result->outcome.compile.wall_us;
	result->timing.run_us = result->outcome.run.wall_us;
	result->timing.total_us = us_since(job->received_ns);
	broker_reply(context->broker, job, result);
	log_job(job, result, container);
}

static void refuse_shutdown(struct result *result)
{
	result_refuse(result, VERDICT_BUSY, "the engine is shutting down");
}

static void refuse_late(const struct worker_context *context, const struct job *job,
			struct result *result)
{
	struct pool_status status;

	pool_status(context->pool, &status);
	result->outcome.limit = (struct limit_hit){
		.name = LIMIT_QUEUE,
		.allowed = context->config->queue_wait_ms,
		.measured = (uint64_t)(us_since(job->received_ns) / 1000),
	};
	if (status.trouble[0] != '\0')
		result_refuse(result, VERDICT_BUSY, "no container within %llu ms: %s",
			      (unsigned long long)context->config->queue_wait_ms, status.trouble);
	else
		result_refuse(result, VERDICT_BUSY, "no container was free within %llu ms",
			      (unsigned long long)context->config->queue_wait_ms);
}

/* What is left to do with a job whose attempt failed. What an agent could not do with an artifact
 * it may do without. */
static bool may_try_again(const struct workers *workers, int status, bool had_artifact,
			  unsigned attempt)
{
	bool may_help = had_artifact || (status != -EREMOTEIO && status != -ENOMEM);

	return may_help && attempt < ATTEMPTS && !atomic_load(&workers->aborting);
}

struct late_container {
	struct pool *pool;
	struct container *container;
};

static void relieve(void *arg)
{
	const struct late_container *late = arg;

	pool_relieve(late->pool, late->container);
}

/* Runs the job on a container that is leased for it. True when the job has its result. */
static bool run_leased(struct workers *workers, struct job *job, unsigned attempt,
		       struct container **container, struct reuse *reuse, struct result *result)
{
	struct late_container late = {.pool = workers->context.pool, .container = *container};
	const struct run_watch watch = {.late = relieve, .arg = &late};
	struct err err = {0};
	int64_t queue_us = result->timing.queue_us, lease_us = result->timing.lease_us;
	bool again;
	int status;

	reuse_end(reuse); /* of the attempt before, on a container of perhaps another image */
	reuse_begin(reuse, workers->context.compile_cache, container_image_id(*container), job);
	status = run_attempt(container_channel(*container), job, reuse, &watch, result, &err);
	if (status == 0)
		return true;
	again = may_try_again(workers, status, reuse->entry != NULL, attempt);
	reuse_distrust(reuse);
	log_warn("a container failed while it ran a job", log_text("job_id", job->id),
		 log_text("container_id", container_id(*container)), log_text("error", err.text),
		 log_flag("runs_again", again));
	pool_retire(workers->context.pool, container, err.text);
	result_reset(result);
	result->timing.queue_us = queue_us;
	result->timing.lease_us = lease_us;
	if (again)
		return false;
	if (atomic_load(&workers->aborting))
		refuse_shutdown(result);
	else
		result_refuse(result, VERDICT_INTERNAL_ERROR, "the job could not be run: %s",
			      err.text);
	return true;
}

/* Gets a container for the job. False when the job has its result already. */
static bool lease(struct workers *workers, struct job *job, unsigned attempt,
		  struct container **ret_container, struct result *result)
{
	const struct worker_context *context = &workers->context;
	int64_t start_ns = clock_now_ns();
	int64_t wait_ms = (int64_t)context->config->queue_wait_ms;
	int64_t deadline_ns = attempt == 1 ? job->deadline_ns : clock_after_ms(wait_ms);
	int status = pool_lease(context->pool, job->language, deadline_ns, ret_container);

	result->timing.lease_us += us_since(start_ns);
	if (status == 0) {
		/* When the job was accepted no image may have been seen yet. */
		status = languages_admit(context->languages, job, result);
		if (status == 0)
			return true;
		pool_release(context->pool, ret_container);
		if (status == -ENOMEM)
			result_refuse(result, VERDICT_BUSY, "out of memory");
	} else if (status == -ETIMEDOUT) {
		refuse_late(context, job, result);
	} else {
		refuse_shutdown(result);
	}
	return false;
}

static void run_job(struct workers *workers, struct job *job, struct reuse *reuse,
		    struct result *result, struct container **ret_container)
{
	unsigned attempt = 1;

	if (atomic_load(&workers->aborting)) {
		refuse_shutdown(result);
		return;
	}
	while (lease(workers, job, attempt, ret_container, result) &&
	       !run_leased(workers, job, attempt, ret_container, reuse, result))
		attempt++;
}

/* The reply is out; now the container has to prove itself. */
static void give_back(struct workers *workers, struct container **container, struct reuse *reuse,
		      const struct result *result)
{
	struct err err = {0};

	if (run_await_ready(container_channel(*container), reuse, &err) < 0) {
		pool_retire(workers->context.pool, container, err.text);
		return;
	}
	reuse_keep(reuse, result);
	pool_release(workers->context.pool, container);
}

static void serve(struct workers *workers, struct job *job)
{
	struct container *container = NULL;
	struct reuse reuse = {0};
	struct result result;

	result_init(&result, STREAMS * job->limits.output_bytes);
	result.timing.queue_us = us_since(job->received_ns);
	run_job(workers, job, &reuse, &result, &container);
	reply(&workers->context, job, &result, container == NULL ? NULL : container_id(container));
	if (container != NULL)
		give_back(workers, &container, &reuse, &result);
	reuse_end(&reuse);
	result_fini(&result);
}

static void *worker_main(void *arg)
{
	struct workers *workers = arg;
	struct job *job;

	while (queue_pop(workers->context.queue, &job) == 0) {
		serve(workers, job);
		job_free(job);
	}
	mutex_lock(&workers->lock);
	workers->running--;
	cond_broadcast(&workers->ended);
	mutex_unlock(&workers->lock);
	return NULL;
}

void worker_refuse_expired(const struct worker_context *context, struct job **job)
{
	struct result result;

	result_init(&result, 0);
	result.timing.queue_us = us_since((*job)->received_ns);
	refuse_late(context, *job, &result);
	reply(context, *job, &result, NULL);
	result_fini(&result);
	job_free(*job);
	*job = NULL;
}

struct workers *workers_start(const struct worker_context *context, struct err *err)
{
	unsigned count = context->config->workers;
	struct workers *workers = calloc(1, sizeof(*workers) + count * sizeof(pthread_t));

	if (workers == NULL) {
		(void)err_set(err, -ENOMEM, "memory for the workers");
		return NULL;
	}
	workers->context = *context;
	mutex_init(&workers->lock);
	cond_init(&workers->ended);
	for (unsigned i = 0; i < count; i++) {
		int status = thread_start(&workers->threads[i], "kiln-worker", worker_main,
					  workers);

		if (status < 0) {
			(void)err_set(err, status, "start a worker: %s", strerror(-status));
			queue_close(context->queue);
			workers_join(workers);
			return NULL;
		}
		mutex_lock(&workers->lock);
		workers->running++;
		mutex_unlock(&workers->lock);
		workers->count++;
	}
	return workers;
}

bool workers_wait(struct workers *workers, int64_t deadline_ns)
{
	bool ended;

	mutex_lock(&workers->lock);
	while (workers->running > 0 && clock_now_ns() < deadline_ns)
		(void)cond_wait_until(&workers->ended, &workers->lock, deadline_ns);
	ended = workers->running == 0;
	mutex_unlock(&workers->lock);
	return ended;
}

void workers_abort(struct workers *workers)
{
	atomic_store(&workers->aborting, true);
}

void workers_join(struct workers *workers)
{
	if (workers == NULL)
		return;
	for (unsigned i = 0; i < workers->count; i++)
		(void)pthread_join(workers->threads[i], NULL);
	cond_fini(&workers->ended);
	mutex_fini(&workers->lock);
	free(workers);
}

/* The bounded job channel: order, bounds, waiting consumers, closing. */
#include "queue/queue.h"

#include "support/alloc.h"

#include "base/clock.h"
#include "base/sync.h"
#include "job/job.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct profile profile = {.subject = "test"};

static struct job *numbered(size_t number)
{
	struct job *job = job_new(&profile);

	assert_non_null(job);
	job->deadline_ns = (int64_t)number;
	return job;
}

static int push(struct queue *q, size_t number)
{
	struct job *job = numbered(number);
	int result = queue_push(q, &job);

	if (result == 0)
		assert_null(job);
	else
		assert_non_null(job);
	job_free(job);
	return result;
}

static void expect_pop(struct queue *q, size_t number)
{
	struct job *job = NULL;

	assert_int_equal(queue_pop(q, &job), 0);
	assert_int_equal(job->deadline_ns, number);
	job_free(job);
}

static void first_in_first_out(void **state)
{
	struct queue *q = queue_new(3, 1);

	(void)state;
	/* More than one lap around the ring. */
	for (size_t i = 0; i < 10; i++) {
		assert_int_equal(push(q, 2 * i), 0);
		assert_int_equal(push(q, 2 * i + 1), 0);
		assert_int_equal(queue_length(q), 2);
		expect_pop(q, 2 * i);
		expect_pop(q, 2 * i + 1);
	}
	queue_free(q);
}

static void full_queue_refuses(void **state)
{
	struct queue *q = queue_new(2, 1);

	(void)state;
	assert_int_equal(queue_capacity(q), 2);
	assert_int_equal(push(q, 1), 0);
	assert_int_equal(push(q, 2), 0);
	assert_int_equal(push(q, 3), -EAGAIN);
	expect_pop(q, 1);
	assert_int_equal(push(q, 4), 0);
	expect_pop(q, 2);
	expect_pop(q, 4);
	queue_free(q);
}

static void closed_queue_hands_out_what_it_has(void **state)
{
	struct queue *q = queue_new(2, 1);
	struct job *job = NULL;

	(void)state;
	assert_int_equal(push(q, 1), 0);
	queue_close(q);
	queue_close(q);
	assert_int_equal(push(q, 2), -ESHUTDOWN);
	expect_pop(q, 1);
	assert_int_equal(queue_pop(q, &job), -ESHUTDOWN);
	assert_null(job);
	queue_free(q);
}

static void free_frees_what_is_left(void **state)
{
	struct queue *q = queue_new(2, 1);

	(void)state;
	assert_int_equal(push(q, 1), 0); /* the address sanitizer would see it leak */
	queue_free(q);
	queue_free(NULL);
}

static void only_expired_jobs_are_taken_out(void **state)
{
	struct queue *q = queue_new(4, 1);
	struct job *job = NULL;

	(void)state;
	assert_int_equal(queue_pop_expired(q, 100, &job), -ENOENT);
	assert_int_equal(push(q, 10), 0);
	assert_int_equal(push(q, 20), 0);
	assert_int_equal(queue_pop_expired(q, 9, &job), -ENOENT);
	assert_int_equal(queue_pop_expired(q, 10, &job), 0);
	assert_int_equal(job->deadline_ns, 10);
	job_free(job);
	assert_int_equal(queue_pop_expired(q, 10, &job), -ENOENT);
	expect_pop(q, 20);
	queue_free(q);
}

struct consumer {
	struct queue *queue;
	pthread_t thread;
	atomic_size_t popped;
	atomic_size_t sum;
};

static void *consume(void *arg)
{
	struct consumer *consumer = arg;
	struct job *job;

	while (queue_pop(consumer->queue, &job) == 0) {
		atomic_fetch_add(&consumer->sum, (size_t)job->deadline_ns);
		atomic_fetch_add(&consumer->popped, 1);
		job_free(job);
	}
	return NULL;
}

static void start_consumer(struct consumer *consumer, struct queue *q)
{
	consumer->queue = q;
	assert_int_equal(thread_start(&consumer->thread, "consumer", consume, consumer), 0);
}

static void wait_a_millisecond(void)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	(void)nanosleep(&pause, NULL);
}

/* With a capacity of zero a job is taken exactly when somebody waits for it. */
static void zero_capacity_hands_over(void **state)
{
	struct queue *q = queue_new(0, 1);
	struct consumer consumer = {0};
	int64_t deadline_ns = clock_after_ms(5000);

	(void)state;
	assert_int_equal(push(q, 1), -EAGAIN);
	start_consumer(&consumer, q);
	while (push(q, 1) == -EAGAIN && clock_now_ns() < deadline_ns)
		wait_a_millisecond();
	while (atomic_load(&consumer.popped) == 0 && clock_now_ns() < deadline_ns)
		wait_a_millisecond();
	assert_int_equal(atomic_load(&consumer.popped), 1);
	queue_close(q);
	(void)pthread_join(consumer.thread, NULL);
	queue_free(q);
}

#define PRODUCERS 4
#define CONSUMERS 3
#define JOBS_EACH 2000

static void *produce(void *arg)
{
	struct queue *q = arg;

	for (size_t i = 1; i <= JOBS_EACH; i++) {
		struct job *job = job_new(&profile);

		if (job == NULL)
			abort();
		job->deadline_ns = (int64_t)i;
		while (queue_push(q, &job) == -EAGAIN)
			(void)sched_yield();
	}
	return NULL;
}

static void every_job_arrives_once(void **state)
{
	struct queue *q = queue_new(8, CONSUMERS);
	struct consumer consumers[CONSUMERS] = {0};
	pthread_t producers[PRODUCERS];
	size_t popped = 0, sum = 0;

	(void)state;
	for (int i = 0; i < CONSUMERS; i++)
		start_consumer(&consumers[i], q);
	for (int i = 0; i < PRODUCERS; i++)
		assert_int_equal(thread_start(&producers[i], "producer", produce, q), 0);
	for (int i = 0; i < PRODUCERS; i++)
		(void)pthread_join(producers[i], NULL);
	queue_close(q);
	for (int i = 0; i < CONSUMERS; i++) {
		(void)pthread_join(consumers[i].thread, NULL);
		popped += atomic_load(&consumers[i].popped);
		sum += atomic_load(&consumers[i].sum);
	}
	assert_int_equal(popped, PRODUCERS * JOBS_EACH);
	assert_int_equal(sum, (size_t)PRODUCERS * JOBS_EACH * (JOBS_EACH + 1) / 2);
	queue_free(q);
}

static void out_of_memory_is_told(void **state)
{
	(void)state;
	alloc_fail_at(1);
	assert_null(queue_new(10, 1));
	assert_true(alloc_failed());
	alloc_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out),
		cmocka_unit_test(full_queue_refuses),
		cmocka_unit_test(closed_queue_hands_out_what_it_has),
		cmocka_unit_test(free_frees_what_is_left),
		cmocka_unit_test(only_expired_jobs_are_taken_out),
		cmocka_unit_test(zero_capacity_hands_over),
		cmocka_unit_test(every_job_arrives_once),
		cmocka_unit_test(out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

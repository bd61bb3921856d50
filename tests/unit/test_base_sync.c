#include "base/sync.h"

#include "base/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

struct shared {
	struct mutex lock;
	struct cond changed;
	unsigned count GUARDED_BY(lock);
};

#define THREADS 4
#define STEPS 20000

static void *count_up(void *arg)
{
	struct shared *shared = arg;

	for (unsigned i = 0; i < STEPS; i++) {
		mutex_lock(&shared->lock);
		shared->count++;
		cond_signal(&shared->changed);
		mutex_unlock(&shared->lock);
	}
	return NULL;
}

static void init(struct shared *shared)
{
	*shared = (struct shared){.count = 0};
	mutex_init(&shared->lock);
	cond_init(&shared->changed);
}

static void fini(struct shared *shared)
{
	cond_fini(&shared->changed);
	mutex_fini(&shared->lock);
}

static void threads_take_turns(void **state)
{
	pthread_t threads[THREADS];
	struct shared shared;

	(void)state;
	init(&shared);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(thread_start(&threads[i], "count", count_up, &shared), 0);
	mutex_lock(&shared.lock);
	while (shared.count < THREADS * STEPS)
		assert_true(cond_wait_until(&shared.changed, &shared.lock, clock_after_ms(60000)));
	mutex_unlock(&shared.lock);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(shared.count, THREADS * STEPS);
	fini(&shared);
}

static void a_wait_ends_at_its_deadline(void **state)
{
	int64_t begin = clock_now_ns();
	struct shared shared;

	(void)state;
	init(&shared);
	mutex_lock(&shared.lock);
	while (cond_wait_until(&shared.changed, &shared.lock, begin + 20 * NS_PER_MS))
		;
	assert_true(clock_now_ns() - begin >= 20 * NS_PER_MS);
	assert_false(cond_wait_until(&shared.changed, &shared.lock, begin));
	mutex_unlock(&shared.lock);
	fini(&shared);
}

static void *wait_forever(void *arg)
{
	struct shared *shared = arg;

	mutex_lock(&shared->lock);
	shared->count++;
	cond_broadcast(&shared->changed);
	while (shared->count < 100)
		(void)cond_wait_until(&shared->changed, &shared->lock, CLOCK_FOREVER);
	mutex_unlock(&shared->lock);
	return NULL;
}

static void a_broadcast_wakes_all(void **state)
{
	pthread_t threads[THREADS];
	struct shared shared;

	(void)state;
	init(&shared);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(thread_start(&threads[i], "wait", wait_forever, &shared), 0);
	mutex_lock(&shared.lock);
	while (shared.count < THREADS)
		cond_wait(&shared.changed, &shared.lock);
	shared.count = 100;
	cond_broadcast(&shared.changed);
	mutex_unlock(&shared.lock);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	fini(&shared);
}

struct seen {
	char name[16];
	sigset_t blocked;
};

static void *look_at_itself(void *arg)
{
	struct seen *seen = arg;

	/* The name is given by the thread that starts this one, at about the same time. */
	for (int64_t deadline = clock_after_ms(5000); clock_now_ns() < deadline;) {
		(void)pthread_getname_np(pthread_self(), seen->name, sizeof(seen->name));
		if (strcmp(seen->name, "a-worker") == 0)
			break;
		(void)usleep(1000);
	}
	(void)pthread_sigmask(SIG_SETMASK, NULL, &seen->blocked);
	return NULL;
}

static void threads_have_a_name_and_take_no_signals(void **state)
{
	struct seen seen = {0};
	sigset_t before, after;
	pthread_t thread;

	(void)state;
	(void)pthread_sigmask(SIG_SETMASK, NULL, &before);
	assert_int_equal(thread_start(&thread, "a-worker", look_at_itself, &seen), 0);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &after);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(seen.name, "a-worker");
	assert_int_equal(sigismember(&seen.blocked, SIGTERM), 1);
	assert_int_equal(sigismember(&seen.blocked, SIGINT), 1);
	assert_int_equal(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
}

static void misuse_aborts(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		struct mutex held;

		(void)close(STDERR_FILENO);
		mutex_init(&held);
		mutex_lock(&held);
		mutex_fini(&held);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* ThreadSanitizer sees it first, and ends the child with a status of its own. */
	if (WIFSIGNALED(status))
		assert_int_equal(WTERMSIG(status), SIGABRT);
	else
		assert_int_not_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_take_turns),
		cmocka_unit_test(a_wait_ends_at_its_deadline),
		cmocka_unit_test(a_broadcast_wakes_all),
		cmocka_unit_test(threads_have_a_name_and_take_no_signals),
		cmocka_unit_test(misuse_aborts),
	};

	return cmocka_run_group_tests_name("base sync", tests, NULL, NULL);
}

#include "base/sync.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int result, const char *what)
{
	if (result != 0) {
		(void)fprintf(stderr, "kiln: %s: %s\n", what, strerror(result));
		abort();
	}
}

void mutex_init(struct mutex *m)
{
	must(pthread_mutex_init(&m->handle, NULL), "mutex_init");
}

void mutex_fini(struct mutex *m)
{
	must(pthread_mutex_destroy(&m->handle), "mutex_fini");
}

void mutex_lock(struct mutex *m) NO_THREAD_SAFETY_ANALYSIS
{
	must(pthread_mutex_lock(&m->handle), "mutex_lock");
}

void mutex_unlock(struct mutex *m) NO_THREAD_SAFETY_ANALYSIS
{
	must(pthread_mutex_unlock(&m->handle), "mutex_unlock");
}

void cond_init(struct cond *c)
{
	pthread_condattr_t attr;

	must(pthread_condattr_init(&attr), "cond_init");
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC), "cond_init");
	must(pthread_cond_init(&c->handle, &attr), "cond_init");
	must(pthread_condattr_destroy(&attr), "cond_init");
}

void cond_fini(struct cond *c)
{
	must(pthread_cond_destroy(&c->handle), "cond_fini");
}

void cond_wait(struct cond *c, struct mutex *m)
{
	must(pthread_cond_wait(&c->handle, &m->handle), "cond_wait");
}

bool cond_wait_until(struct cond *c, struct mutex *m, int64_t deadline_ns)
{
	struct timespec until;
	int result;

	if (deadline_ns == CLOCK_FOREVER) {
		cond_wait(c, m);
		return true;
	}
	until = clock_timespec(deadline_ns);
	result = pthread_cond_timedwait(&c->handle, &m->handle, &until);
	if (result == ETIMEDOUT)
		return false;
	must(result, "cond_wait_until");
	return true;
}

void cond_signal(struct cond *c)
{
	must(pthread_cond_signal(&c->handle), "cond_signal");
}

void cond_broadcast(struct cond *c)
{
	must(pthread_cond_broadcast(&c->handle), "cond_broadcast");
}

int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	int result;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	result = pthread_create(ret_thread, NULL, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (result != 0)
		return -result;
	(void)pthread_setname_np(*ret_thread, name);
	return 0;
}

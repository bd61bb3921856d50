/* sync: mutex and condition variable, annotated for clang's thread safety analysis.
 *
 * Conditions run on CLOCK_MONOTONIC. Failures of these calls are defects of the
 * program (a lock that is not held, memory that is not there): they abort.
 * Annotations: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html */
#ifndef KILN_BASE_SYNC_H
#define KILN_BASE_SYNC_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#if defined(__clang__)
#define KILN_TSA(x) __attribute__((x))
#else
#define KILN_TSA(x)
#endif

#define CAPABILITY(x) KILN_TSA(capability(x))
/* For the reader alone: in C, clang does not look up the members of a struct that it is still
 * reading (but with -fexperimental-late-parse-attributes). What it checks is REQUIRES. */
#define GUARDED_BY(x)
#define REQUIRES(x) KILN_TSA(requires_capability(x))
#define ACQUIRE(x) KILN_TSA(acquire_capability(x))
#define RELEASE(x) KILN_TSA(release_capability(x))
#define EXCLUDES(x) KILN_TSA(locks_excluded(x))
#define NO_THREAD_SAFETY_ANALYSIS KILN_TSA(no_thread_safety_analysis)

struct CAPABILITY("mutex") mutex {
	pthread_mutex_t handle;
};

struct cond {
	pthread_cond_t handle;
};

void mutex_init(struct mutex *m);
void mutex_fini(struct mutex *m);
void mutex_lock(struct mutex *m) ACQUIRE(*m);
void mutex_unlock(struct mutex *m) RELEASE(*m);

void cond_init(struct cond *c);
void cond_fini(struct cond *c);
void cond_wait(struct cond *c, struct mutex *m) REQUIRES(*m);
/* False when the deadline (clock.h) passed first. Wakes without cause, as all conditions do. */
bool cond_wait_until(struct cond *c, struct mutex *m, int64_t deadline_ns) REQUIRES(*m);
void cond_signal(struct cond *c);
void cond_broadcast(struct cond *c);

/* Starts a thread with every signal blocked and a name of at most 15 characters for ps and gdb.
 * 0 or a negative errno. */
int thread_start(pthread_t *ret_thread, const char *name, void *(*run)(void *), void *arg);

#endif

/* internal: what the files of pool/ share. See pool.h. */
#ifndef KILN_POOL_INTERNAL_H
#define KILN_POOL_INTERNAL_H

#include "base/sync.h"
#include "config/config.h"
#include "docker/docker.h"
#include "frame/warm.h"
#include "pool/pool.h"

#include <pthread.h>
#include <sys/types.h>

#define ENGINE_LABEL "kiln.engine"

struct channel;
struct hello;

enum container_state {
	CONTAINER_IDLE,
	CONTAINER_LEASED,
	CONTAINER_DOOMED, /* to be removed by a builder; its channel is closed */
};

struct container {
	char id[DOCKER_ID_BYTES];
	char image_id[DOCKER_IMAGE_ID_BYTES];
	uint64_t serial;         /* counts up from a random number */
	struct channel *channel; /* NULL when doomed */
	unsigned jobs;           /* that it has served */
	enum container_state state;
	bool relieved;           /* its CPU quota was lifted, or is about to be */
	struct warm_set prepared; /* the languages that it was told to be warm for */
	struct warm_set warm;     /* those for which a process stands ready */
	unsigned heard;           /* in between two jobs, how often it was listened to */
	struct container *next;   /* in the list of its state */
};

/* An agent has a few words to say in between two jobs. One that talks without end has gone mad. */
#define HEARD_MAX 256

/* When a language that can be warm was last asked for. */
struct demand {
	char language[LANGUAGE_NAME_BYTES];
	int64_t used_ns;
};

/* Two are enough: with more, the daemon does not create faster by as much as it costs the jobs. */
#define BUILDERS 2

/* A container whose CPU quota is to be lifted. More at a time than this are not: then their agents
 * wait for the next second. */
#define RELIEFS_MAX 32
struct relief {
	char id[DOCKER_ID_BYTES];
};

struct pool {
	const struct config *config;
	struct languages *languages;
	int epoll_fd; /* the channels of idle containers, and wake_fd */
	int wake_fd;
	struct docker_events *events;
	char *seccomp_option; /* immutable */

	struct mutex lock;
	struct cond idle_available; /* workers wait here */
	struct cond work_available; /* builders wait here */
	struct container *idle GUARDED_BY(lock); /* the one that is idle longest comes first: it has
						  * the most of its CPU quota left */
	struct container *leased GUARDED_BY(lock);
	struct container *doomed GUARDED_BY(lock); /* the one that is doomed longest comes first:
						    * it is most likely to have ended */
	struct relief reliefs[RELIEFS_MAX] GUARDED_BY(lock);
	unsigned reliefs_count GUARDED_BY(lock);
	unsigned idle_count GUARDED_BY(lock);
	unsigned leased_count GUARDED_BY(lock);
	unsigned doomed_count GUARDED_BY(lock);
	unsigned building GUARDED_BY(lock);
	unsigned listening GUARDED_BY(lock); /* neither idle nor leased: the keeper has them */
	struct demand demands[WARM_MAX] GUARDED_BY(lock);
	unsigned demands_count GUARDED_BY(lock);
	uint64_t next_serial GUARDED_BY(lock);
	uint32_t walls GUARDED_BY(lock); /* of the newest container, as its agent said */
	unsigned failures GUARDED_BY(lock); /* creations in a row that failed */
	int64_t retry_at_ns GUARDED_BY(lock);
	int64_t tidy_at_ns GUARDED_BY(lock); /* leftovers of all engines are looked for again */
	char trouble[252] GUARDED_BY(lock); /* as in struct err */
	bool swept GUARDED_BY(lock);   /* leftovers are gone; containers may be created */
	bool closed GUARDED_BY(lock);  /* no more leases */
	bool stopping GUARDED_BY(lock);

	pthread_t builder_threads[BUILDERS];
	pthread_t keeper_thread;
	pthread_t events_thread;
	unsigned builders_started;
	bool keeper_started;
	bool events_started;
};

/* seccomp.c: the security option "seccomp={…}". To be freed. NULL: out of memory. */
char *container_seccomp_option(void);

/* container.c: from nothing to a container that said HELLO, in one call. -ECANCELED when the pool
 * is to stop before that. */
int container_build(struct pool *pool, struct docker *docker, uint64_t serial, struct hello *hello,
		    struct container **ret_container, struct err *err);

/* The folder in which this engine keeps its sockets, made and emptied. */
int container_prepare_run_dir(const struct config *config, struct err *err);
void container_remove_run_dir(const struct config *config);

/* Returns when it is gone. The daemon may have begun to remove it by itself. */
int container_remove(struct docker *docker, const char *id, struct err *err);

/* Closes the channel and frees; removal from the daemon is the builders' work. */
void container_free(struct container *container);

/* warmth.c */
/* Takes note of the languages that can be warm. */
void pool_discover(struct pool *pool, const struct hello *hello) EXCLUDES(pool->lock);
void pool_note_demand_locked(struct pool *pool, const char *language) REQUIRES(pool->lock);
/* Tells the caller's container what to be warm for. 0 or a negative errno: it is of no use. */
int pool_prepare(struct pool *pool, struct container *container) EXCLUDES(pool->lock);
/* Takes what the caller's container has said. 0, or a negative errno: its end, or nonsense. */
int container_hear(struct container *container);

/* pool.c */
/* Listens to an idle container, which may turn out to be dead. False when it is. */
bool pool_hear_idle(struct pool *pool, uint64_t serial) EXCLUDES(pool->lock);
bool pool_is_stopping(struct pool *pool) EXCLUDES(pool->lock);
void pool_add_idle(struct pool *pool, struct container *container) EXCLUDES(pool->lock);
/* Takes an idle container with this serial out and dooms it. NULL when none is idle. */
bool pool_doom_idle(struct pool *pool, uint64_t serial) EXCLUDES(pool->lock);
bool pool_doom_idle_by_id(struct pool *pool, const char *id) EXCLUDES(pool->lock);

/* The threads. */
void *builder_main(void *arg);
void *keeper_main(void *arg);
void *events_main(void *arg);

#endif

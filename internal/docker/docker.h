/* docker: the calls of the Docker Engine API that Kiln needs, over the engine's Unix socket.
 *
 * A client keeps one connection open and negotiates the API version at its first call, and again
 * after the daemon was away (https://docs.docker.com/engine/api/).
 *
 * Threads: a client (and an event stream) belongs to one thread at a time; open one per thread.
 * Errors:  -ENOENT no such container or image, -EALREADY already in that state (304, 409),
 *          -ECONNREFUSED the daemon cannot be reached or broke off, -ETIMEDOUT, -EPROTO an answer
 *          that is not understood, -EIO the daemon refused for another reason (its message is in
 *          err), -EINVAL what is not a container id, -ENOMEM. Every call has a time-out of its
 *          own. */
#ifndef KILN_DOCKER_DOCKER_H
#define KILN_DOCKER_DOCKER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct docker;

#define DOCKER_ID_BYTES 65 /* 64 hexadecimal digits and a NUL */
#define DOCKER_IMAGE_ID_BYTES 96 /* "sha256:" and 64 digits, or those of a longer hash */

/* NULL: out of memory, or a socket path that is empty or longer than 107 bytes (err says). Does not
 * connect. */
struct docker *docker_open(const char *socket_path, struct err *err);
void docker_close(struct docker *docker); /* accepts NULL */

struct docker_version {
	char engine[64];      /* "20.10.24+dfsg1" */
	char api[16];         /* the newest API version of the daemon */
	char api_minimum[16];
	char used[16];        /* the one that this client speaks */
};
int docker_version(struct docker *docker, struct docker_version *ret_version, struct err *err);

/* What `docker info` tells that matters here. */
struct docker_info {
	char cgroup_version[8]; /* "1" or "2" */
	char cgroup_driver[16];
	char storage_driver[32];
	char default_runtime[32];
	char runtimes[256]; /* names with spaces between them */
	bool has_seccomp;
	bool is_rootless;
	bool limits_memory; /* the limits that its kernel enforces; the daemon ignores the others */
	bool limits_swap;
	bool limits_pids;
	bool limits_cpu;
	uint64_t memory_bytes;
	unsigned cpus;
};
int docker_info(struct docker *docker, struct docker_info *ret_info, struct err *err);

/* The image's id, "sha256:…". -ENOENT when the daemon does not have it. */
int docker_image_id(struct docker *docker, const char *image, char *ret_id, size_t size,
		    struct err *err);

struct docker_tmpfs {
	const char *path;
	const char *options; /* "rw,nosuid,nodev,size=1048576,mode=1777" */
};

struct docker_bind {
	const char *source; /* on the daemon's host */
	const char *target;
	bool read_only;
};

struct docker_ulimit {
	const char *name;
	int64_t soft;
	int64_t hard;
};

/* A container to create. It never has a network, a log, or more privileges than listed here, and
 * is removed when it ends. A limit of 0 is the daemon's default, which may be none. */
struct docker_spec {
	const char *name;  /* NULL: the daemon makes one up */
	const char *image;
	const char *const *command; /* ends with NULL */
	const char *const *environment; /* "NAME=value", ends with NULL */
	const char *label_name;
	const char *label_value;
	const char *runtime; /* NULL: the daemon's default */
	bool attach_stdio;   /* opens stdin once, for docker_attach */
	uint64_t memory_bytes;
	uint64_t cpu_period_us;
	uint64_t cpu_quota_us;
	uint64_t pids;
	uint64_t shm_bytes;
	int oom_score_adj;
	const char *const *capabilities;     /* kept of none, ends with NULL */
	const char *const *security_options; /* ends with NULL */
	const char *const *masked_paths;     /* ends with NULL; NULL: the daemon's own list */
	const struct docker_tmpfs *tmpfs;
	size_t tmpfs_count;
	const struct docker_bind *binds;
	size_t binds_count;
	const struct docker_ulimit *ulimits;
	size_t ulimits_count;
};
/* -ENOENT: no such image; -EALREADY: the name is taken. Never sent twice, so no second container
 * comes of a broken connection. */
int docker_create(struct docker *docker, const struct docker_spec *spec,
		  char ret_id[DOCKER_ID_BYTES], struct err *err);
/* -EALREADY when it runs. One that fails to start is removed by the daemon. */
int docker_start(struct docker *docker, const char *id, struct err *err);
/* -EALREADY when it does not run. */
int docker_kill(struct docker *docker, const char *id, struct err *err);
/* Removes it by force, running or not. -ENOENT when it is gone already, -EALREADY while that is
 * under way. */
int docker_remove(struct docker *docker, const char *id, struct err *err);
/* Lets a running container use as much CPU as there is. */
int docker_lift_cpu_quota(struct docker *docker, const char *id, struct err *err);
/* Waits until it is no longer running, at most timeout_ms. */
int docker_wait(struct docker *docker, const char *id, int timeout_ms, int *ret_exit_code,
		struct err *err);

struct docker_state {
	bool running;
	bool oom_killed;
	int pid; /* of its first process on the daemon's host; 0 when it does not run */
	int exit_code;
	char image_id[DOCKER_IMAGE_ID_BYTES]; /* of what its image was when it was created; "" when
					       * the daemon does not say */
};
int docker_inspect(struct docker *docker, const char *id, struct docker_state *ret_state,
		   struct err *err);

/* The ids of all containers, running or not, with label=value: an array to be freed. */
int docker_list(struct docker *docker, const char *label, const char *value,
		char (**ret_ids)[DOCKER_ID_BYTES], size_t *ret_count, struct err *err);

/* Removes the containers with the label, whatever its value, that do not run and were created more
 * than `age_seconds` ago by the daemon's clock; how many. One that is started meanwhile is left
 * alone. -EALREADY while the daemon does the same for somebody else. */
int docker_prune(struct docker *docker, const char *label, unsigned age_seconds, size_t *ret_count,
		 struct err *err);

/* Attaches to the container's stdin, stdout and stderr: a connected, non-blocking descriptor that
 * carries bytes to stdin one way and Docker's multiplexed stream (stream.h) the other. Attach to a
 * container before it starts, and nothing that it writes is missed. */
int docker_attach(struct docker *docker, const char *id, int *ret_fd, struct err *err);

/* The engine's event stream, for the containers with a label. */
struct docker_events;

enum docker_event_kind {
	DOCKER_EVENT_DIE,
	DOCKER_EVENT_OOM,
	DOCKER_EVENT_OTHER,
};

struct docker_event {
	enum docker_event_kind kind;
	char id[DOCKER_ID_BYTES];
	int exit_code; /* of a DIE */
};

/* Connects lazily: the daemon need not be there. Events from the opening on are seen, even when the
 * connection comes later or has to be made again, as long as the daemon itself stays up. */
struct docker_events *docker_events_open(const char *socket_path, const char *label,
					 const char *value, struct err *err);
void docker_events_close(struct docker_events *events); /* accepts NULL */

/* Waits until something happens, the deadline (clock.h) passes, or another thread calls
 * docker_events_wake. 1 and an event; 0 for a wake or the deadline; -ECONNREFUSED when the daemon
 * cannot be reached or closed the stream. After any error the next call connects again, at its own
 * pace of a few attempts a second: a caller may call again at once. */
int docker_events_next(struct docker_events *events, int64_t deadline_ns,
		       struct docker_event *ret_event, struct err *err);
void docker_events_wake(struct docker_events *events); /* any thread */

/* The daemon has answered and the stream runs; a 0 from docker_events_next tells neither. */
bool docker_events_is_connected(const struct docker_events *events);

#endif

/* config: the environment as one validated, constant record.
 *
 * Variables come from the environment, and those that are missing there from a `.env` file in the
 * working directory. An empty value counts as not set.
 *
 * Ownership: config_free() frees all that the record points to. */
#ifndef KILN_CONFIG_CONFIG_H
#define KILN_CONFIG_CONFIG_H

#include "base/buf.h"
#include "job/job.h"
#include "log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum channel_kind {
	CHANNEL_SOCKET,
	CHANNEL_ATTACH,
};

enum policy_mode {
	POLICY_OFF,
	POLICY_AUDIT,
	POLICY_ENFORCE,
};

struct config {
	char *environment; /* ENVIRONMENT: goes into log records; NULL: not said */
	char *engine_name; /* KILN_ENGINE_NAME; default: the host's name, made safe for a label */

	/* NATS */
	char *nats_url; /* or several, with commas between them */
	/* At most one of: user and password, token, credentials, nkey and seed. */
	char *nats_user;
	char *nats_password;
	char *nats_token;
	char *nats_credentials_file; /* a .creds file of JWT and seed */
	char *nats_nkey;             /* the public key that belongs to the seed */
	char *nats_nkey_seed_file;
	bool nats_tls;               /* also when a URL begins with tls:// */
	char *nats_tls_ca_file;
	char *nats_tls_cert_file;
	char *nats_tls_key_file;
	char *nats_queue_group;
	size_t nats_buffer_bytes; /* replies held while the server is away */
	char *result_subject;     /* of requests without a reply subject; NULL: they are dropped */
	struct profile compiler;  /* compiler.execute.request */
	struct profile problems;  /* problems.execute.request */
	size_t request_bytes_max; /* a message larger than this is rejected unread */

	/* Docker and the containers */
	char *docker_socket;
	char *image;
	char *runtime; /* NULL: the daemon's default */
	enum channel_kind channel;
	char *run_dir;      /* where the sockets to the agents live on this host */
	char *run_dir_host; /* the same folder as the Docker daemon sees it */
	uint64_t container_memory_bytes;
	double container_cpus;
	uint64_t container_pids;
	uint64_t overhead_bytes; /* for the runtime itself, beyond container_memory_bytes */
	uint64_t overhead_pids;
	uint64_t workspace_bytes; /* of the tmpfs for a job's files; /tmp and /dev/shm: as much */
	uint64_t workspace_inodes;
	unsigned pool_size;
	unsigned jobs_per_container;
	uint64_t warm_ms; /* after its last job, a language's process stands ready for so long */

	/* The engine */
	unsigned workers;
	size_t queue_capacity;
	uint64_t queue_wait_ms; /* the longest that a job waits for a container */
	uint64_t grace_ms;      /* to finish what was accepted, after SIGTERM */
	enum policy_mode policy;
	size_t compile_cache_bytes; /* 0: off */
	char *policy_file; /* NULL: only while the policy is off */
	enum log_level log_level;
	enum log_format log_format;
};

/* Reads and checks everything. NULL when something is wrong: then `problems` (made ready by
 * buf_init) holds a line for each wrong variable, which names the variable, the value (never of a
 * secret) and what is allowed. A variable that begins with KILN_ and is not known is wrong too,
 * but for those of Kiln's scripts and tests, and those that Kubernetes and Docker make of the name
 * of a service.
 * When memory is gone, the line is "out of memory", where `problems` can still hold one. */
struct config *config_load(struct buf *problems);
void config_free(struct config *config); /* accepts NULL */

/* The URLs of `nats_url` as a log or a message may show them: without users, passwords and tokens.
 * Cut to `size` bytes. */
void config_mask_urls(const char *urls, char *text, size_t size);

/* Writes .env.example: every variable with its meaning, what is allowed, and its default.
 * 0, -EIO or -ENOMEM. */
int config_print_example(FILE *out);

#endif

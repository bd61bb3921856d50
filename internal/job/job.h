/* job: a program to run, as a request described it.
 *
 * Threads:   a job has one owner at any moment: broker, queue, worker.
 * Ownership: the job owns everything that it points to, but its profile. */
#ifndef KILN_JOB_JOB_H
#define KILN_JOB_JOB_H

#include "job/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding {
	ENCODING_UTF8,
	ENCODING_BASE64,
};

/* How one NATS subject treats its requests. Lives as long as the program. */
struct profile {
	const char *subject;
	enum encoding encoding; /* of code, stdin and files, where the request does not say */
	size_t code_bytes_max;  /* decoded */
	bool stdout_only;       /* `output` of a successful run is its stdout alone */
	struct limits limits;   /* the defaults, and the ceilings of what a request may ask for */
};

/* Bytes of any value; data is NULL only when length is 0. */
struct bytes {
	uint8_t *data;
	size_t length;
};

struct job_file {
	char *name; /* relative, one component or more, no "." or ".." among them */
	struct bytes content;
};

#define JOB_ID_BYTES_MAX 128
#define JOB_LANGUAGE_BYTES_MAX 32
#define JOB_ARGS_MAX 256
#define JOB_FILES_MAX 1024
#define JOB_FILE_NAME_BYTES_MAX 255

struct job {
	char *id;
	char *language; /* as the request named it, lower case; once admitted, its own name */
	bool compiled;  /* its language has a compile stage; once admitted */
	struct bytes code;
	struct bytes input; /* standard input */
	char **args;
	size_t args_count;
	struct job_file *files;
	size_t files_count;
	struct limits limits;
	const struct profile *profile; /* borrowed */

	char *return_address; /* where the result goes; only the broker reads it */
	int64_t received_ns;  /* CLOCK_MONOTONIC */
	int64_t deadline_ns;  /* until which it may wait for a container */
};

struct job *job_new(const struct profile *profile); /* NULL: out of memory */
void job_free(struct job *job);                     /* accepts NULL */

/* What the job holds in memory, about. */
size_t job_bytes(const struct job *job);

/* A file name that stays inside the workspace: not empty, not absolute, no empty, "." or ".."
 * component, none with a leading '-', no byte below 0x20, at most JOB_FILE_NAME_BYTES_MAX bytes. */
bool job_file_name_is_safe(const char *name);

#endif

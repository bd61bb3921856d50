/* run_options: the command line of `kiln run`. Parsed options point into argv. */
#ifndef KILN_CLIENT_RUN_OPTIONS_H
#define KILN_CLIENT_RUN_OPTIONS_H

#include "job/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUN_TIMEOUT_MS 60000

struct run_options {
	const char *program; /* a path, or "-" */
	const char *language;
	const char *input; /* NULL: none */
	const char *files[JOB_FILES_MAX];
	size_t files_count;
	struct limits limits;
	const char *subject; /* NULL: of the configuration */
	const char *server;  /* NULL: of the configuration */
	int64_t timeout_ms;
	bool json;
	char *const *args;
	size_t args_count;
};

/* ARGS_GO, or an exit status after the help or a refusal was printed. */
int run_options_parse(int argc, char **argv, struct run_options *ret_options);

#endif

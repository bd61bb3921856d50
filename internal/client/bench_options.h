/* bench_options: the command line of `kiln bench`. Parsed options point into argv. */
#ifndef KILN_CLIENT_BENCH_OPTIONS_H
#define KILN_CLIENT_BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct bench_options {
	const char *file; /* NULL: a Python hello */
	const char *language;
	const char *subject; /* NULL: of the configuration */
	const char *server;  /* NULL: of the configuration */
	uint64_t concurrency;
	uint64_t requests;   /* or rounds, when comparing */
	int64_t duration_ms; /* the run ends with whichever comes first */
	uint64_t warmup;
	int64_t timeout_ms; /* of one request */
	bool compare;
	bool json;
};

/* ARGS_GO, or an exit status after the help or a refusal was printed. */
int bench_options_parse(int argc, char **argv, struct bench_options *ret_options);

#endif

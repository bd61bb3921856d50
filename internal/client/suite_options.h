/* suite_options: the command line of `kiln bench --suite`. Parsed options point into argv. */
#ifndef KILN_CLIENT_SUITE_OPTIONS_H
#define KILN_CLIENT_SUITE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A part of the suite that --only can name: the keys of suite_works, and these. */
#define SUITE_PART_THROUGHPUT "throughput"
#define SUITE_PART_CPU "kilnd_cpu"
#define SUITE_PART_IDLE "idle"

struct suite_options {
	const char *server; /* NULL: of the configuration */
	const char *json_path;
	const char *svg_path;
	const char *only; /* names with commas between; NULL: everything */
	uint64_t samples;
	uint64_t samples_slow; /* of works that compile a new source each time */
	uint64_t long_jobs;    /* 0: without the long form */
	pid_t pid;             /* of kilnd; 0: to be found */
	int64_t timeout_ms;    /* of one request or command */
	bool quick;
	bool strict;
};

/* Whether the command line asks for the suite. */
bool suite_options_asked(int argc, char **argv);

/* ARGS_GO, or an exit status after the help or a refusal was printed. */
int suite_options_parse(int argc, char **argv, struct suite_options *ret_options);

/* Whether --only lets this part run. */
bool suite_options_want(const struct suite_options *options, const char *part);

#endif

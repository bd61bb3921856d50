/* submission: the request that `kiln run` and `kiln bench` send. Pure functions. */
#ifndef KILN_CLIENT_SUBMISSION_H
#define KILN_CLIENT_SUBMISSION_H

#include "job/job.h"

#include <stdbool.h>
#include <stddef.h>

struct submission {
	const char *language;
	struct bytes code;
	bool has_input;
	struct bytes input;
	const struct job_file *files;
	size_t files_count;
	char *const *args;
	size_t args_count;
	struct limits limits; /* zero: not asked for */
};

/* The request as JSON, with everything in base64; to be freed. NULL: out of memory, or an argument
 * or a name that is not UTF-8. */
char *submission_format(const struct submission *submission, size_t *ret_length);

#endif

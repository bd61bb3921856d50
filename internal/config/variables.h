/* variables: where the values of options come from: the environment, then `.env`.
 *
 * Threads: the environment must not change meanwhile. Ownership: variables_fini() frees; values are
 * borrowed from it and from the environment. */
#ifndef KILN_CONFIG_VARIABLES_H
#define KILN_CONFIG_VARIABLES_H

#include "base/buf.h"
#include "config/dotenv.h"

struct variables {
	struct dotenv dotenv;
};

/* Reads `.env` of the working directory. What is wrong in it goes to `problems`. 0 or -ENOMEM. */
int variables_init(struct variables *variables, struct buf *problems);
void variables_fini(struct variables *variables);

/* NULL when the variable is not set, or empty. *ret_line: where in `.env`, or 0. */
const char *variables_get(const struct variables *variables, const char *name, unsigned *ret_line);

/* Complains of each variable that begins with KILN_ and is not known. */
void variables_report_unknown(const struct variables *variables, struct buf *problems);

#endif

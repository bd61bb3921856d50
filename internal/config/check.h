/* check: contradictions between variables that are each allowed. */
#ifndef KILN_CONFIG_CHECK_H
#define KILN_CONFIG_CHECK_H

#include "base/buf.h"
#include "config/config.h"
#include "config/options.h"

#include <stdbool.h>

/* By their place in option_table[]: which had a value that is not allowed. A check that needs one
 * of them is left out, for its outcome would mean nothing. */
struct wrong_options {
	bool at[OPTIONS_MAX];
};

/* A line in `problems` for each contradiction. */
void check_consistency(const struct config *config, const struct wrong_options *wrong,
		       struct buf *problems);

#endif

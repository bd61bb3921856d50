/* defaults: the values that follow from other variables, or from the host. */
#ifndef KILN_CONFIG_DEFAULTS_H
#define KILN_CONFIG_DEFAULTS_H

#include "config/config.h"

/* Sets what has not been set and has no fixed default. 0 or -ENOMEM. */
int defaults_fill_in(struct config *config);

#endif

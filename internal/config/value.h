/* value: from the text of a variable to the member of struct config that it sets. */
#ifndef KILN_CONFIG_VALUE_H
#define KILN_CONFIG_VALUE_H

#include "config/config.h"
#include "config/options.h"

#include <stdint.h>

/* Sets the option's member. 0; -EINVAL when the text is not allowed, -ENOMEM: it is untouched. */
int value_parse(const struct option *option, const char *text, struct config *config);

/* A text's member; NULL when it is not set. */
char *value_text(const struct option *option, const struct config *config);

/* Takes *text, and frees the text before it. -ENOMEM when *text is NULL. */
int value_set_text(const struct option *option, struct config *config, char **text);

/* A number's member; 0 when it is not set. */
uint64_t value_number(const struct option *option, const struct config *config);
void value_set_number(const struct option *option, struct config *config, uint64_t number);

#endif

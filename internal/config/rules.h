/* rules: which texts each kind of option takes. Nothing but rule_allows() of OPTION_FILE looks at
 * the file system. */
#ifndef KILN_CONFIG_RULES_H
#define KILN_CONFIG_RULES_H

#include "config/options.h"

#include <stdbool.h>

bool rule_allows(enum option_kind kind, const char *text);

/* "an absolute path"; for the kinds that are texts. */
const char *rule_text(enum option_kind kind);

#endif

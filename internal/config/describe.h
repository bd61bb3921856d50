/* describe: options and their values in words, for messages and for .env.example. */
#ifndef KILN_CONFIG_DESCRIBE_H
#define KILN_CONFIG_DESCRIBE_H

#include "base/buf.h"
#include "config/options.h"

#include <stdint.h>

/* What the option allows: "a whole number from 1 to 1024". */
void describe_allowed(struct buf *b, const struct option *option);

/* A number as the variable may hold it: "400M", "10s". */
void describe_number(struct buf *b, const struct option *option, uint64_t number);

/* A value that somebody set, as a message may show it: one line, bounded, nothing of a secret, no
 * password of a URL. */
void describe_value(struct buf *b, const struct option *option, const char *text);

/* Any text as a message may show it: at most 80 bytes, '?' for what is not printable ASCII. */
void describe_text(struct buf *b, const char *text);

#endif

/* args: what the commands share in reading their command lines.
 *
 * getopt_long() does the work; these functions word its refusals and check values.
 * Threads: the main thread alone, as getopt_long() keeps its place in globals. */
#ifndef KILN_CLIENT_ARGS_H
#define KILN_CLIENT_ARGS_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

/* What a command's parser returns when there is something to do; else it returns an exit status. */
#define ARGS_GO (-1)

/* The option string of every command: operands in their order (as option 1), so that what follows
 * "--" is known as such; ':' for a value that is missing. Then the short option that all have. */
#define ARGS_SHORT "-:h"

/* Says on stderr "kiln COMMAND: …" and where the help is. Returns CLIENT_USAGE. `command` may be
 * NULL: then it is kiln itself that refuses. */
int args_refuse(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* For '?' and ':' of getopt_long: names the option, and one that is close. */
int args_refuse_option(const char *command, const struct option *options, char **argv, int found);

/* The word that is at most a third of its length in edits away; NULL when there is none.
 * `words` ends with NULL. */
const char *args_closest(const char *word, const char *const *words);

/* A whole decimal number from min to max. 0 or -EINVAL. */
int args_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *ret_number);

/* Seconds, with or without a fraction, from 0.001 to a day, as milliseconds. 0 or -EINVAL. */
int args_parse_seconds(const char *text, int64_t *ret_ms);

#endif

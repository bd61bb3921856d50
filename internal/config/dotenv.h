/* dotenv: the variables of a `.env` file. The parser does no I/O.
 *
 *	# a comment
 *	NAME=value            # what follows a space and '#' is a comment
 *	export NAME=value
 *	NAME='taken as it is'
 *	NAME="with \n \r \t \\ \" \$ and \# as escapes"
 *
 * A value ends with its line. Nothing is expanded: $ stands for itself. Of two lines with the same
 * name the later one holds.
 *
 * Threads: none of its own. Ownership: dotenv_fini() frees. */
#ifndef KILN_CONFIG_DOTENV_H
#define KILN_CONFIG_DOTENV_H

#include "base/buf.h"

#include <stddef.h>

#define DOTENV_BYTES_MAX ((size_t)64 * 1024)

struct dotenv_entry {
	char *name;
	char *value;
	unsigned line; /* counted from 1 */
};

struct dotenv {
	struct dotenv_entry *entries;
	size_t count;
	size_t capacity;
};

/* Adds an entry for each well-formed line of the text, and a line to `problems` for each other one,
 * which says where and what but repeats nothing of it: it may be a secret. 0 or -ENOMEM. */
int dotenv_parse(struct dotenv *dotenv, const char *text, size_t length, struct buf *problems);

/* Reads and parses `path`; a file that is not there holds nothing. What keeps it from being read
 * is a line in `problems`. 0 or -ENOMEM. */
int dotenv_read(struct dotenv *dotenv, const char *path, struct buf *problems);

/* NULL when there is none. */
const struct dotenv_entry *dotenv_find(const struct dotenv *dotenv, const char *name);

void dotenv_fini(struct dotenv *dotenv); /* accepts a zeroed one */

#endif

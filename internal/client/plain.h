/* plain: how a person runs a file of a language at a shell, for comparison. Pure functions. */
#ifndef KILN_CLIENT_PLAIN_H
#define KILN_CLIENT_PLAIN_H

#define PLAIN_ARGS_MAX 7

struct plain;

/* Of a language's name or alias, without regard to case; NULL when none is known. */
const struct plain *plain_find(const char *language);

/* The extension that the tools want: "py". */
const char *plain_extension(const struct plain *plain);

/* The command as one reads it: "python3 FILE". */
const char *plain_title(const struct plain *plain);

/* The command for `file`; a compiler writes its program to `program`. Ends with NULL; borrows. */
void plain_command(const struct plain *plain, const char *file, const char *program,
		   const char *ret_argv[PLAIN_ARGS_MAX]);

#endif

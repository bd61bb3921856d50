/* source: the files that a request is made of, and the language that their names tell. */
#ifndef KILN_CLIENT_SOURCE_H
#define KILN_CLIENT_SOURCE_H

#include "base/err.h"
#include "job/job.h"

/* A program, its input and its files stay below what any NATS server takes in one message. */
#define SOURCE_BYTES_MAX (64u << 20)

/* Of the file name's extension; NULL when it has none that is known. */
const char *source_language(const char *path);

/* The extensions that source_language knows, with spaces between, for help texts. */
void source_list_extensions(char *text, size_t size);

/* Reads a whole file, or stdin where path is "-", into memory to be freed; there is a NUL behind.
 * 0, -EFBIG beyond SOURCE_BYTES_MAX, -ENOMEM, or another negative errno. */
int source_read(const char *path, struct bytes *ret_bytes, struct err *err);

/* The name that a file gets in the workspace: its path when that stays inside, else its last
 * component. NULL when neither is safe there. Points into path. */
const char *source_workspace_name(const char *path);

#endif

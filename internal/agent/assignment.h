/* assignment: a RUN message made ready for execution: argv arrays, files, the language. */
#ifndef KILN_AGENT_ASSIGNMENT_H
#define KILN_AGENT_ASSIGNMENT_H

#include "agent/manifest.h"
#include "base/err.h"
#include "frame/frame.h"
#include "frame/message.h"
#include "sandbox/sandbox.h"

#include <stddef.h>

struct assignment {
	const struct manifest *manifest;
	struct run_message message;
	struct sandbox_file *files; /* the program first, then the request's, then an artifact */
	size_t files_count;
	char **compile_argv; /* NULL when there is nothing to compile, or nothing left to */
	char **run_argv;
	size_t run_command_length; /* the request's arguments stand behind */
	char *text; /* what the argv arrays and the file names point into */
	size_t text_used;
};

/* Borrows the frame's payload. Fill `a` with zeros before, and call assignment_fini in any case.
 * 0, or a negative errno when the message is not one that this image can serve. */
int assignment_init(struct assignment *a, const struct manifest *manifests, size_t manifests_count,
		    const struct frame *frame, struct err *err);
void assignment_fini(struct assignment *a);

#endif

/* verdict: the one word that says how a job ended. Pure functions. */
#ifndef KILN_JOB_VERDICT_H
#define KILN_JOB_VERDICT_H

#include "job/outcome.h"

#include <stddef.h>

enum verdict {
	VERDICT_OK,
	VERDICT_COMPILE_ERROR,
	VERDICT_RUNTIME_ERROR,
	VERDICT_TIME_LIMIT,
	VERDICT_MEMORY_LIMIT,
	VERDICT_OUTPUT_LIMIT,
	VERDICT_REJECTED,       /* the request was wrong */
	VERDICT_BUSY,           /* the engine could not take it now */
	VERDICT_CANCELLED,
	VERDICT_INTERNAL_ERROR, /* always a defect of Kiln */
	VERDICT_COUNT,
};

const char *verdict_text(enum verdict verdict);

/* Of an outcome in which at least one stage ran. */
enum verdict verdict_decide(const struct outcome *outcome);

/* The `error` of the reply, as Go's os/exec prints the end of a process: "" for success,
 * "execution error: exit status 3", "execution error: signal: killed".
 * A stage that a limit ended reads "signal: killed", unless it exited with a status of its own. */
void verdict_error_text(const struct outcome *outcome, char *text, size_t size);

/* "SIGSEGV" for 11; "SIG34" for one without a name. Writes at most size bytes. */
void verdict_signal_name(int signal, char *text, size_t size);

#endif

#include "job/verdict.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[VERDICT_COUNT] = {
	[VERDICT_OK] = "ok",
	[VERDICT_COMPILE_ERROR] = "compile_error",
	[VERDICT_RUNTIME_ERROR] = "runtime_error",
	[VERDICT_TIME_LIMIT] = "time_limit",
	[VERDICT_MEMORY_LIMIT] = "memory_limit",
	[VERDICT_OUTPUT_LIMIT] = "output_limit",
	[VERDICT_REJECTED] = "rejected",
	[VERDICT_BUSY] = "busy",
	[VERDICT_CANCELLED] = "cancelled",
	[VERDICT_INTERNAL_ERROR] = "internal_error",
};

/* As Go's syscall package for linux/amd64 names them (zerrors_linux_amd64.go, var signals);
 * a signal that is not in its table prints as "signal N". */
static const char *const go_signals[] = {
	[SIGHUP] = "hangup",
	[SIGINT] = "interrupt",
	[SIGQUIT] = "quit",
	[SIGILL] = "illegal instruction",
	[SIGTRAP] = "trace/breakpoint trap",
	[SIGABRT] = "aborted",
	[SIGBUS] = "bus error",
	[SIGFPE] = "floating point exception",
	[SIGKILL] = "killed",
	[SIGUSR1] = "user defined signal 1",
	[SIGSEGV] = "segmentation fault",
	[SIGUSR2] = "user defined signal 2",
	[SIGPIPE] = "broken pipe",
	[SIGALRM] = "alarm clock",
	[SIGTERM] = "terminated",
};

const char *verdict_text(enum verdict verdict)
{
	return (unsigned)verdict < VERDICT_COUNT ? texts[verdict] : texts[VERDICT_INTERNAL_ERROR];
}

enum verdict verdict_decide(const struct outcome *outcome)
{
	const struct stage_report *run = &outcome->run;

	if (!run->ran)
		return VERDICT_COMPILE_ERROR;
	switch (outcome->limit.name) {
	case LIMIT_WALL:
	case LIMIT_CPU:
		return VERDICT_TIME_LIMIT;
	case LIMIT_MEMORY:
		return VERDICT_MEMORY_LIMIT;
	case LIMIT_OUTPUT:
		return VERDICT_OUTPUT_LIMIT;
	default:
		return run->signal == 0 && run->exit_code == 0 ? VERDICT_OK : VERDICT_RUNTIME_ERROR;
	}
}

/* A fork or a write that is refused is the program's to handle; the other limits end it. */
static bool ends_stage(enum limit_name name)
{
	return name != LIMIT_NONE && name != LIMIT_PROCESSES && name != LIMIT_FILE;
}

void verdict_error_text(const struct outcome *outcome, char *text, size_t size)
{
	const struct stage_report *last = outcome->run.ran ? &outcome->run : &outcome->compile;
	size_t known = sizeof(go_signals) / sizeof(go_signals[0]);

	if (verdict_decide(outcome) == VERDICT_OK)
		(void)snprintf(text, size, "%s", "");
	else if (ends_stage(outcome->limit.name) && last->exit_code <= 0)
		(void)snprintf(text, size, "execution error: signal: killed");
	else if (last->signal == 0)
		(void)snprintf(text, size, "execution error: exit status %d", last->exit_code);
	else if ((size_t)last->signal < known && go_signals[last->signal] != NULL)
		(void)snprintf(text, size, "execution error: signal: %s", go_signals[last->signal]);
	else
		(void)snprintf(text, size, "execution error: signal: signal %d", last->signal);
}

void verdict_signal_name(int signal, char *text, size_t size)
{
	const char *name = sigabbrev_np(signal);

	if (name != NULL)
		(void)snprintf(text, size, "SIG%s", name);
	else
		(void)snprintf(text, size, "SIG%d", signal);
}

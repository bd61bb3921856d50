#include "client/suite_bench.h"

#include "base/clock.h"
#include "client/interrupt.h"
#include "client/submission.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Below 2^31, which a C compiler wants of a constant for %d. */
#define NUMBER_MODULUS 1000000000u

void suite_pause(int64_t ms)
{
	const struct timespec pause = clock_timespec(ms * NS_PER_MS);

	(void)nanosleep(&pause, NULL);
}

void suite_say(const char *fmt, ...)
{
	va_list args;

	(void)fputs("kiln: measuring ", stderr);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

int suite_request_init(struct suite_request *request, struct suite_bench *bench,
		       const struct suite_work *work, size_t padded_bytes, struct err *err)
{
	struct submission submission = {.language = work->language};

	*request = (struct suite_request){0};
	bench->number++;
	request->source_length =
		padded_bytes == 0
			? suite_work_source(work, bench->number, request->source,
					    sizeof(request->source))
			: suite_work_padded(work, bench->number, padded_bytes, request->source,
					    sizeof(request->source));
	if (request->source_length == 0)
		return err_set(err, -ENOSPC, "the program '%s' does not fit", work->key);
	suite_work_expected(bench->number, request->expected, sizeof(request->expected));
	submission.code = (struct bytes){.data = (uint8_t *)request->source,
					 .length = request->source_length};
	request->text = submission_format(&submission, &request->target.request_length);
	if (request->text == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	request->target.request = request->text;
	request->target.expected = request->expected;
	request->target.subject = bench->config->compiler.subject;
	request->target.timeout_ms = bench->options->timeout_ms;
	return 0;
}

void suite_request_fini(struct suite_request *request)
{
	free(request->text);
	request->text = NULL;
}

int suite_run_local(struct suite_bench *bench, const char *const *argv, const char *expected,
		    struct lap *ret_lap, struct err *err)
{
	int result = stopwatch_run(&bench->stopwatch, argv, bench->options->timeout_ms, ret_lap,
				   err);

	if (result < 0)
		return result;
	if (ret_lap->status != 0)
		return err_set(err, -EIO, "the local %s ends with status %d: %.100s", argv[0],
			       ret_lap->status, ret_lap->output);
	if (expected != NULL && strcmp(ret_lap->output, expected) != 0)
		return err_set(err, -EIO, "the local %s prints '%.80s'", argv[0],
			       ret_lap->output);
	return 0;
}

int suite_run_shell(struct suite_bench *bench, const char *command, const char *expected,
		    struct err *err)
{
	const char *const argv[] = {"sh", "-c", command, NULL};
	struct lap lap;

	return suite_run_local(bench, argv, expected, &lap, err);
}

int suite_run_load(struct load *load, uint64_t jobs, int64_t *ret_ns, struct summary *ret_latency,
		   struct err *err)
{
	struct load_report report = {0};
	uint64_t good;
	int result = load_run(load, jobs, CLOCK_FOREVER, &report, err);

	if (result < 0)
		return result;
	good = report.outcomes[ATTEMPT_OK];
	if (ret_latency != NULL)
		*ret_latency = samples_summarize(&report.latencies);
	*ret_ns = report.elapsed_ns / (int64_t)jobs;
	load_report_fini(&report);
	if (good == jobs)
		return 0;
	if (interrupt_came())
		return err_set(err, -EINTR, "interrupted");
	return err_set(err, -EIO, "%llu of %llu requests came out well", (unsigned long long)good,
		       (unsigned long long)jobs);
}

/* One request ahead: without an engine that runs it there is nothing to measure. */
static int meet_engine(struct suite_bench *bench, struct err *err)
{
	struct suite_report *report = bench->report;
	struct suite_request request;
	struct answer answer = {0};
	enum attempt_outcome outcome = ATTEMPT_LOST;
	int64_t ns;

	if (suite_request_init(&request, bench, &suite_works[0], 0, err) == 0)
		outcome = attempt_ask(&request.target, bench->session, &ns, &answer, err);
	suite_request_fini(&request);
	suite_copy_text(answer.engine, report->engine, sizeof(report->engine));
	suite_copy_text(answer.engine_version, report->engine_version,
			sizeof(report->engine_version));
	answer_fini(&answer);
	return outcome == ATTEMPT_OK ? 0 : err->code;
}

int suite_bench_open(struct suite_bench *bench, const struct suite_options *options,
		     const struct config *config, struct suite_report *report, struct err *err)
{
	int result;

	*bench = (struct suite_bench){.options = options, .config = config, .report = report};
	/* So that no source is one that an earlier run has sent. */
	bench->number = ((uint64_t)time(NULL) * 1000) % NUMBER_MODULUS;
	bench->session = session_open(config, err);
	if (bench->session == NULL)
		return err->code;
	result = meet_engine(bench, err);
	if (result == 0)
		result = box_open(&bench->box, config, err);
	if (result == 0)
		result = stopwatch_open(&bench->stopwatch, &bench->box, err);
	return result;
}

void suite_bench_close(struct suite_bench *bench)
{
	stopwatch_close(&bench->stopwatch);
	box_close(&bench->box);
	session_close(bench->session);
	bench->session = NULL;
}

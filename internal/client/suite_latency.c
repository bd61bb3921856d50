/* The rows of latency. In each round the local command runs once and one request is sent, so that
 * whatever else the machine does at the time weighs on both alike. */
#include "client/suite_bench.h"

#include "base/clock.h"
#include "client/interrupt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Rounds ahead that do not count, and no more than there are samples. They also make a source one
 * that was seen before. */
#define WARMUP 3

struct latency {
	struct suite_bench *bench;
	const struct suite_work *work;
	struct suite_row *row;
	struct suite_request request;
	struct samples kiln;
	struct samples local;
	uint64_t samples;
	uint64_t cached; /* replies that say that their compilation was an earlier one */
};

static int time_local(struct latency *latency, int64_t *ret_ns, struct err *err)
{
	const struct suite_work *work = latency->work;
	const char *expected = latency->request.expected;
	struct lap lap;
	int result;

	suite_pause(SUITE_PAUSE_MS);
	result = suite_run_local(latency->bench, work->local, work->check == NULL ? expected : "",
				 &lap, err);
	if (result < 0)
		return result;
	*ret_ns = lap.ns;
	return work->check == NULL ? 0
				   : suite_run_shell(latency->bench, work->check, expected, err);
}

static int time_request(struct latency *latency, int64_t *ret_ns, struct err *err)
{
	struct answer answer;
	enum attempt_outcome outcome;

	suite_pause(SUITE_PAUSE_MS);
	outcome = attempt_ask(&latency->request.target, latency->bench->session, ret_ns, &answer,
			      err);
	latency->cached += answer.compile_cached;
	answer_fini(&answer);
	if (outcome == ATTEMPT_LOST)
		return -EPIPE;
	return outcome == ATTEMPT_OK ? 0 : -EIO;
}

/* Another source for the request and for the container of comparison. */
static int renew_source(struct latency *latency, struct err *err)
{
	struct suite_request *request = &latency->request;
	int result;

	suite_request_fini(request);
	result = suite_request_init(request, latency->bench, latency->work, 0, err);
	if (result < 0)
		return result;
	return stopwatch_write(&latency->bench->stopwatch, latency->work->file, request->source,
			       request->source_length, err);
}

static int run_round(struct latency *latency, int64_t *ret_local_ns, int64_t *ret_kiln_ns,
		     struct err *err)
{
	int result = 0;

	if (latency->work->changes)
		result = renew_source(latency, err);
	if (result == 0)
		result = time_local(latency, ret_local_ns, err);
	if (result == 0)
		result = time_request(latency, ret_kiln_ns, err);
	return result;
}

/* A round in which one of the two went wrong counts as a failure, and its times do not count. */
static int count_round(struct latency *latency, struct err *err)
{
	struct suite_row *row = latency->row;
	int64_t local_ns = 0, kiln_ns = 0;
	int result = run_round(latency, &local_ns, &kiln_ns, err);

	if (result == 0)
		result = samples_add(&latency->local, local_ns);
	if (result == 0)
		result = samples_add(&latency->kiln, kiln_ns);
	if (result == 0 || interrupt_came())
		return 0;
	row->failed++;
	suite_copy_text(err->text, row->note, sizeof(row->note));
	return result == -EPIPE ? result : 0;
}

static int prepare(struct latency *latency, struct err *err)
{
	const struct suite_work *work = latency->work;
	int64_t local_ns, kiln_ns;
	uint64_t rounds = latency->samples < WARMUP ? latency->samples : WARMUP;
	int result = renew_source(latency, err);

	if (result == 0 && work->prepare != NULL)
		result = suite_run_shell(latency->bench, work->prepare, NULL, err);
	for (uint64_t i = 0; result == 0 && i < rounds && !interrupt_came(); i++)
		result = run_round(latency, &local_ns, &kiln_ns, err);
	latency->cached = 0;
	return result;
}

static void conclude(struct latency *latency)
{
	struct suite_row *row = latency->row;

	row->kiln = samples_summarize(&latency->kiln);
	row->local = samples_summarize(&latency->local);
	row->measured = row->target.unit == SUITE_MS
				? row->kiln.p50_ms
				: suite_ratio(row->kiln.p50_ms, row->local.p50_ms);
	if (row->kiln.count == 0 && row->absent[0] == '\0')
		suite_row_leave_out(row, row->note[0] != '\0' ? row->note : "interrupted");
	if (latency->cached != 0 && row->note[0] == '\0')
		(void)snprintf(row->note, sizeof(row->note), "%llu of %zu compiled before",
			       (unsigned long long)latency->cached, row->kiln.count);
}

static int measure(struct suite_bench *bench, const struct suite_work *work, struct err *err)
{
	const struct suite_options *options = bench->options;
	struct latency latency = {
		.bench = bench,
		.work = work,
		.samples = work->changes ? options->samples_slow : options->samples,
	};
	int result;

	latency.row = suite_report_add(bench->report, work->key, work->title, work->target);
	latency.row->beside = work->beside;
	suite_say("%s beside %s, %llu times", work->title, work->beside,
		  (unsigned long long)latency.samples);
	result = prepare(&latency, err);
	if (result < 0)
		suite_row_leave_out(latency.row, err->text);
	for (uint64_t i = 0; result == 0 && i < latency.samples && !interrupt_came(); i++)
		result = count_round(&latency, err);
	conclude(&latency);
	suite_request_fini(&latency.request);
	samples_fini(&latency.kiln);
	samples_fini(&latency.local);
	return result == -EPIPE ? result : 0;
}

/* The worst of all works. */
static void add_tail_row(struct suite_report *report)
{
	const struct suite_target target = {SUITE_TIMES, false, 3};
	const struct suite_row *worst = NULL;
	struct suite_row *row;
	double most = 0;

	for (size_t i = 0; i < report->rows_count; i++) {
		const struct summary *kiln = &report->rows[i].kiln;
		double tail = suite_ratio(kiln->p99_ms, kiln->p50_ms);

		if (tail > most) {
			most = tail;
			worst = &report->rows[i];
		}
	}
	row = suite_report_add(report, "p99", "Any of these, p99 against its own p50", target);
	row->beside = "the median of the same requests";
	row->measured = most;
	if (worst == NULL)
		suite_row_leave_out(row, "nothing was measured");
	else
		(void)snprintf(row->note, sizeof(row->note),
			       "worst: %s, %.2f ms of %.2f ms, of %zu requests", worst->title,
			       worst->kiln.p99_ms, worst->kiln.p50_ms, worst->kiln.count);
}

int suite_bench_latencies(struct suite_bench *bench, struct err *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < SUITE_WORKS && !interrupt_came(); i++) {
		if (suite_options_want(bench->options, suite_works[i].key))
			result = measure(bench, &suite_works[i], err);
	}
	if (bench->report->rows_count > 0)
		add_tail_row(bench->report);
	return result;
}

#include "client/bench_report.h"

#include "base/clock.h"
#include "client/client.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *key;
	const char *title;
} ways[WAY_COUNT] = {
	[WAY_NATS] = {"kiln", "Kiln, over NATS"},
	[WAY_EXEC] = {"docker_exec", "docker exec"},
	[WAY_INSIDE] = {"inside_image", "in the image, timed inside"},
	[WAY_LOCAL] = {"local", "on this host"},
};

static const char *program_name(const struct bench_options *options)
{
	return options->file != NULL ? options->file : "hello";
}

uint64_t bench_report_failed(const struct load_report *report)
{
	uint64_t failed = 0;

	for (int o = ATTEMPT_OK + 1; o < ATTEMPT_OUTCOMES; o++)
		failed += report->outcomes[o];
	return failed;
}

static json_t *latency_json(const struct summary *summary)
{
	return json_pack("{s:f, s:f, s:f, s:f}", "p50", summary->p50_ms, "p95", summary->p95_ms,
			 "p99", summary->p99_ms, "max", summary->max_ms);
}

/* Takes root. */
static void append_json(json_t *root, struct buf *text)
{
	char *line = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6));

	json_decref(root);
	if (line == NULL) {
		text->failed = true;
		return;
	}
	(void)buf_append_format(text, "%s\n", line);
	free(line);
}

static void load_json(const struct bench_options *options, const struct load_report *report,
		      const struct summary *summary, double per_second, struct buf *text)
{
	json_t *outcomes = json_object();

	for (int o = 0; o < ATTEMPT_OUTCOMES; o++) {
		if (report->outcomes[o] != 0)
			(void)json_object_set_new(outcomes,
						  attempt_outcome_text((enum attempt_outcome)o),
						  json_integer((json_int_t)report->outcomes[o]));
	}
	append_json(json_pack("{s:s, s:s, s:I, s:I, s:f, s:f, s:o, s:o}", "program",
			      program_name(options), "language", options->language, "concurrency",
			      (json_int_t)options->concurrency, "succeeded",
			      (json_int_t)summary->count, "seconds",
			      (double)report->elapsed_ns / (double)NS_PER_S, "jobs_per_second",
			      per_second, "latency_ms", latency_json(summary), "outcomes",
			      outcomes),
		    text);
}

static void load_text(const struct bench_options *options, const struct load_report *report,
		      const struct summary *summary, double per_second, struct buf *text)
{
	(void)buf_append_format(text, "%s (%s): %zu succeeded in %.2f s, %llu outstanding\n",
				program_name(options), options->language, summary->count,
				(double)report->elapsed_ns / (double)NS_PER_S,
				(unsigned long long)options->concurrency);
	(void)buf_append_format(text, "  jobs per second  %.1f\n", per_second);
	(void)buf_append_format(text, "  milliseconds     p50 %.2f  p95 %.2f  p99 %.2f  max %.2f\n",
				summary->p50_ms, summary->p95_ms, summary->p99_ms, summary->max_ms);
	(void)buf_append_format(text, "  failed           %llu",
				(unsigned long long)bench_report_failed(report));
	for (int o = ATTEMPT_OK + 1; o < ATTEMPT_OUTCOMES; o++) {
		if (report->outcomes[o] != 0)
			(void)buf_append_format(text, "  %s %llu",
						attempt_outcome_text((enum attempt_outcome)o),
						(unsigned long long)report->outcomes[o]);
	}
	(void)buf_append_text(text, "\n");
}

void bench_report_load(const struct bench_options *options, struct load_report *report,
		       struct buf *text)
{
	struct summary summary = samples_summarize(&report->latencies);
	double seconds = (double)report->elapsed_ns / (double)NS_PER_S;
	double per_second = seconds > 0 ? (double)summary.count / seconds : 0;

	if (options->json)
		load_json(options, report, &summary, per_second, text);
	else
		load_text(options, report, &summary, per_second, text);
}

/* How many times as long as Kiln; 0 when one of the two was not measured. */
static double ratio(const struct summary *summary, const struct summary *kiln)
{
	return kiln->p50_ms > 0 ? summary->p50_ms / kiln->p50_ms : 0;
}

static void ways_json(const struct bench_options *options, const struct way_report reports[],
		      const struct summary summaries[], struct buf *text)
{
	json_t *list = json_object();

	for (int w = 0; w < WAY_COUNT; w++) {
		const struct summary *summary = &summaries[w];
		json_t *way = reports[w].absent[0] != '\0'
				      ? json_pack("{s:s}", "absent", reports[w].absent)
				      : json_pack("{s:I, s:I, s:o, s:f}", "succeeded",
						  (json_int_t)summary->count, "failed",
						  (json_int_t)reports[w].failed, "latency_ms",
						  latency_json(summary), "ratio",
						  ratio(summary, &summaries[WAY_NATS]));

		(void)json_object_set_new(list, ways[w].key, way);
	}
	append_json(json_pack("{s:s, s:s, s:o}", "program", program_name(options), "language",
			      options->language, "compared", list),
		    text);
}

static void ways_text(const struct bench_options *options, const struct plain *plain,
		      const struct way_report reports[], const struct summary summaries[],
		      struct buf *text)
{
	char path[512];

	(void)buf_append_format(
		text, "%s (%s), one at a time, %d ms apart, in milliseconds%s%s\n\n",
		program_name(options), options->language, COMPARE_PAUSE_MS,
		plain != NULL ? "; plain command: " : "", plain != NULL ? plain_title(plain) : "");
	(void)buf_append_format(text, "%-27s %6s %9s %9s %9s %9s %8s %7s\n", "", "runs", "p50",
				"p95", "p99", "max", "ratio", "failed");
	for (int w = 0; w < WAY_COUNT; w++) {
		const struct summary *s = &summaries[w];

		if (reports[w].absent[0] != '\0') {
			(void)buf_append_format(text, "%-27s not measured: %s\n", ways[w].title,
						reports[w].absent);
			continue;
		}
		(void)buf_append_format(text, "%-27s %6zu %9.2f %9.2f %9.2f %9.2f %7.2fx %7llu\n",
					ways[w].title, s->count, s->p50_ms, s->p95_ms, s->p99_ms,
					s->max_ms, ratio(s, &summaries[WAY_NATS]),
					(unsigned long long)reports[w].failed);
	}
	(void)buf_append_text(text, "\nratio: the median, as a multiple of Kiln's\n");
	if (plain == NULL || reports[WAY_LOCAL].absent[0] != '\0')
		return;
	compare_local_path(plain, path, sizeof(path));
	(void)buf_append_format(text, "on this host: %s\n", path);
}

void bench_report_ways(const struct bench_options *options, const struct plain *plain,
		       struct way_report reports[WAY_COUNT], struct buf *text)
{
	struct summary summaries[WAY_COUNT];

	for (int w = 0; w < WAY_COUNT; w++)
		summaries[w] = samples_summarize(&reports[w].samples);
	if (options->json)
		ways_json(options, reports, summaries, text);
	else
		ways_text(options, plain, reports, summaries, text);
}

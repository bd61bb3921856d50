#include "client/suite_report.h"

#include "client/suite_bench.h"

#include <jansson.h>
#include <string.h>

#define VALUE_BYTES 32

static void format_ms(const struct summary *summary, char *text, size_t size)
{
	text[0] = '\0';
	if (summary->count != 0)
		suite_format_value(summary->p50_ms, SUITE_MS, text, size);
}

static void append_row(const struct suite_row *row, struct buf *text)
{
	char kiln[VALUE_BYTES], local[VALUE_BYTES], measured[VALUE_BYTES] = "",
		target[VALUE_BYTES + 16];
	enum suite_mark mark = suite_row_mark(row);

	format_ms(&row->kiln, kiln, sizeof(kiln));
	format_ms(&row->local, local, sizeof(local));
	if (mark != SUITE_ABSENT)
		suite_format_value(row->measured, row->target.unit, measured, sizeof(measured));
	suite_format_target(&row->target, target, sizeof(target));
	(void)buf_append_format(text, "%-44s %10s %10s %10s   %-16s %s\n", row->title, kiln, local,
				measured, target,
				mark == SUITE_MISSED ? "MISSED" : suite_mark_text(mark));
	if (row->absent[0] != '\0')
		(void)buf_append_format(text, "    not measured: %s\n", row->absent);
	if (row->beside != NULL && row->absent[0] == '\0')
		(void)buf_append_format(text, "    beside it: %s\n", row->beside);
	if (row->failed != 0)
		(void)buf_append_format(text, "    %llu went wrong: %s\n",
					(unsigned long long)row->failed, row->note);
	else if (row->note[0] != '\0' && row->absent[0] == '\0')
		(void)buf_append_format(text, "    %s\n", row->note);
}

void suite_report_table(const struct suite_report *report, struct buf *text)
{
	(void)buf_append_format(
		text,
		"Engine %s, Kiln %s; %u cores, load %.2f before; medians of %llu runs (%llu where\n"
		"each has a new source). One request over NATS and one local run take turns, each after\n"
		"a pause of %d ms. \"Local\" is the same image without Kiln and without limits.\n\n",
		report->engine, report->engine_version, report->cores, report->load_before,
		(unsigned long long)report->samples, (unsigned long long)report->samples_slow,
		SUITE_PAUSE_MS);
	(void)buf_append_format(text, "%-44s %10s %10s %10s   %s\n", "", "Kiln", "local",
				"measured", "target");
	for (size_t i = 0; i < report->rows_count; i++)
		append_row(&report->rows[i], text);
	(void)buf_append_format(text, "\n%zu met, %zu missed, %zu not measured%s\n",
				suite_report_count(report, SUITE_MET),
				suite_report_count(report, SUITE_MISSED),
				suite_report_count(report, SUITE_ABSENT),
				report->interrupted ? "; interrupted" : "");
}

static json_t *latency_json(const struct summary *summary)
{
	if (summary->count == 0)
		return json_null();
	return json_pack("{s:I, s:f, s:f, s:f, s:f}", "count", (json_int_t)summary->count, "p50",
			 summary->p50_ms, "p95", summary->p95_ms, "p99", summary->p99_ms, "max",
			 summary->max_ms);
}

static json_t *rate_json(double per_second)
{
	return per_second > 0 ? json_real(per_second) : json_null();
}

static json_t *target_json(const struct suite_target *target)
{
	static const char *const units[] = {[SUITE_TIMES] = "ratio",
					    [SUITE_MS] = "milliseconds",
					    [SUITE_US] = "microseconds",
					    [SUITE_PERCENT] = "percent"};

	return json_pack("{s:s, s:f, s:s}", "is", target->at_least ? "at_least" : "at_most",
			 "value", target->value, "unit", units[target->unit]);
}

static json_t *row_json(const struct suite_row *row)
{
	enum suite_mark mark = suite_row_mark(row);

	return json_pack(
		"{s:s, s:s, s:s?, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:s, s:s}", "key",
		row->key, "work", row->title, "beside", row->beside, "target",
		target_json(&row->target), "measured",
		mark == SUITE_ABSENT ? json_null() : json_real(row->measured), "result",
		suite_mark_text(mark), "kiln_ms", latency_json(&row->kiln), "local_ms",
		latency_json(&row->local), "kiln_jobs_per_second", rate_json(row->kiln_rate),
		"local_jobs_per_second", rate_json(row->local_rate), "failed",
		(json_int_t)row->failed, "absent", row->absent, "note", row->note);
}

static json_t *report_json(const struct suite_report *report)
{
	json_t *rows = json_array();
	bool complete = rows != NULL;

	for (size_t i = 0; i < report->rows_count; i++)
		complete &= json_array_append_new(rows, row_json(&report->rows[i])) == 0;
	if (!complete) {
		json_decref(rows);
		return NULL;
	}
	return json_pack("{s:{s:s, s:s}, s:{s:i, s:f}, s:I, s:I, s:i, s:b, s:o}", "engine", "name",
			 report->engine, "version", report->engine_version, "machine", "cores",
			 (int)report->cores, "load_before", report->load_before, "samples",
			 (json_int_t)report->samples, "samples_slow",
			 (json_int_t)report->samples_slow, "pause_ms", SUITE_PAUSE_MS,
			 "interrupted", (int)report->interrupted, "rows", rows);
}

/* Measured first: json_dumps() of jansson 2.14 leaves a key out when its buffer cannot grow. */
void suite_report_json(const struct suite_report *report, struct buf *text)
{
	const size_t flags = JSON_INDENT(2) | JSON_REAL_PRECISION(6);
	json_t *root = report_json(report);
	size_t length = root == NULL ? 0 : json_dumpb(root, NULL, 0, flags);

	if (length == 0 || buf_reserve(text, length) < 0)
		text->failed = true;
	else if (json_dumpb(root, (char *)text->data + text->length, length, flags) != length)
		text->failed = true;
	else
		text->length += length;
	json_decref(root);
	(void)buf_append_text(text, "\n");
}

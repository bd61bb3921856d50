#include "client/suite.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "client/args.h"
#include "client/client.h"
#include "client/interrupt.h"
#include "client/suite_bench.h"
#include "client/suite_report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPORT_BYTES_MAX (1u << 20)
#define OTHER_ROWS 7 /* p99, two of throughput, CPU, idle, two of the long form */

_Static_assert(SUITE_WORKS + OTHER_ROWS <= SUITE_ROWS_MAX, "raise SUITE_ROWS_MAX");

typedef void report_writer(const struct suite_report *report, struct buf *text);

static int write_file(const char *path, const struct suite_report *report, report_writer *writer,
		      struct err *err)
{
	auto_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	auto_buf struct buf text;
	int result;

	buf_init(&text, REPORT_BYTES_MAX);
	if (fd < 0)
		return err_set(err, -errno, "cannot write '%s': %s", path, strerror(errno));
	writer(report, &text);
	if (buf_failed(&text))
		return err_set(err, -ENOMEM, "out of memory");
	result = io_write_all(fd, text.data, text.length, CLOCK_FOREVER);
	return result == 0 ? 0
			   : err_set(err, result, "cannot write '%s': %s", path, strerror(-result));
}

static int tell(const struct suite_report *report, const struct suite_options *options,
		struct err *err)
{
	auto_buf struct buf text;
	int result = 0;

	buf_init(&text, REPORT_BYTES_MAX);
	suite_report_table(report, &text);
	if (buf_failed(&text))
		return err_set(err, -ENOMEM, "out of memory");
	(void)fwrite(text.data, 1, text.length, stdout);
	if (options->json_path != NULL)
		result = write_file(options->json_path, report, suite_report_json, err);
	if (result == 0 && options->svg_path != NULL)
		result = write_file(options->svg_path, report, suite_report_svg, err);
	return result;
}

static int measure(struct suite_bench *bench, struct err *err)
{
	const struct {
		const char *part;
		int (*run)(struct suite_bench *bench, struct err *err);
	} parts[] = {
		{SUITE_PART_THROUGHPUT, suite_bench_throughput},
		{SUITE_PART_CPU, suite_bench_cpu},
		{SUITE_PART_IDLE, suite_bench_idle},
	};
	int result = suite_bench_latencies(bench, err);

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (result == 0 && !interrupt_came() &&
		    suite_options_want(bench->options, parts[i].part))
			result = parts[i].run(bench, err);
	}
	if (result == 0 && !interrupt_came() && bench->options->long_jobs != 0)
		result = suite_bench_long(bench, err);
	bench->report->interrupted = interrupt_came();
	return result;
}

static void describe_run(const struct suite_options *options, struct suite_report *report)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	report->cores = cores > 0 ? (unsigned)cores : 1;
	report->samples = options->samples;
	report->samples_slow = options->samples_slow;
	if (getloadavg(&report->load_before, 1) != 1)
		report->load_before = 0;
}

static int run(const struct suite_options *options, const struct config *config, struct err *err)
{
	struct suite_report report = {0};
	struct suite_bench bench = {0};
	struct err writing = {0};
	int result;

	describe_run(options, &report);
	result = suite_bench_open(&bench, options, config, &report, err);
	if (result == 0)
		result = measure(&bench, err);
	suite_bench_close(&bench);
	/* What was measured before it broke off is told all the same. */
	if (report.rows_count > 0 && tell(&report, options, &writing) < 0)
		result = err_set(err, writing.code, "%s", writing.text);
	if (result < 0)
		return CLIENT_NOT_RUN;
	if (!options->strict)
		return CLIENT_OK;
	return !report.interrupted && suite_report_count(&report, SUITE_MET) == report.rows_count
		       ? CLIENT_OK
		       : CLIENT_FAILED;
}

int suite_run(int argc, char **argv)
{
	struct suite_options options;
	struct config *config;
	struct err err = {0};
	int status = suite_options_parse(argc, argv, &options);

	if (status != ARGS_GO)
		return status;
	config = session_config(options.server);
	if (config == NULL)
		return CLIENT_NOT_RUN;
	interrupt_install();
	status = run(&options, config, &err);
	if (status == CLIENT_NOT_RUN && err.code != 0)
		(void)fprintf(stderr, "kiln: %s\n", err.text);
	config_free(config);
	return status;
}

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "client/args.h"
#include "client/attempt.h"
#include "client/bench_options.h"
#include "client/bench_report.h"
#include "client/client.h"
#include "client/commands.h"
#include "client/compare.h"
#include "client/interrupt.h"
#include "client/load.h"
#include "client/session.h"
#include "client/source.h"
#include "client/submission.h"
#include "client/suite.h"
#include "client/suite_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPORT_BYTES_MAX 65536

static char hello[] = "print(\"Hello, World!\")\n";

/* A folder of our own for what comparing needs on this host. */
struct scratch {
	char folder[32];
	char hello[64];
};

static int scratch_open(struct scratch *scratch, struct err *err)
{
	auto_close int fd = -1;

	(void)snprintf(scratch->folder, sizeof(scratch->folder), "/tmp/kiln-bench-XXXXXX");
	if (mkdtemp(scratch->folder) == NULL) {
		scratch->folder[0] = '\0';
		return err_set(err, -errno, "cannot make a folder in /tmp: %s", strerror(errno));
	}
	(void)snprintf(scratch->hello, sizeof(scratch->hello), "%s/hello.py", scratch->folder);
	fd = open(scratch->hello, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0 || io_write_all(fd, hello, sizeof(hello) - 1, clock_after_ms(1000)) < 0)
		return err_set(err, -EIO, "cannot write '%s'", scratch->hello);
	return 0;
}

static void scratch_close(const struct scratch *scratch)
{
	if (scratch->folder[0] == '\0')
		return;
	(void)unlink(scratch->hello);
	(void)rmdir(scratch->folder);
}

static char *format_request(const struct bench_options *options, size_t *ret_length,
			    struct err *err)
{
	struct submission submission = {.language = options->language};
	struct bytes code = {0};
	char *request;

	if (options->file != NULL && source_read(options->file, &code, err) < 0)
		return NULL;
	submission.code = code;
	if (options->file == NULL)
		submission.code =
			(struct bytes){.data = (uint8_t *)hello, .length = sizeof(hello) - 1};
	request = submission_format(&submission, ret_length);
	free(code.data);
	if (request == NULL)
		(void)err_set(err, -ENOMEM, "out of memory");
	return request;
}

/* One request ahead: a program that fails would be measured for nothing. */
static int try_once(const struct config *config, const struct attempt_target *target,
		    struct err *err)
{
	struct session *session = session_open(config, err);
	enum attempt_outcome outcome;
	int64_t ns;

	if (session == NULL)
		return err->code;
	outcome = attempt_make(target, session, &ns, err);
	session_close(session);
	return outcome == ATTEMPT_OK ? 0 : err->code;
}

static int print_report(struct buf *text, struct err *err)
{
	if (buf_failed(text))
		return err_set(err, -ENOMEM, "out of memory");
	(void)fwrite(text->data, 1, text->length, stdout);
	return 0;
}

static int measure(struct load *load, const struct bench_options *options,
		   struct load_report *ret_report, struct err *err)
{
	int result = load_run(load, options->warmup, CLOCK_FOREVER, ret_report, err);

	if (result < 0)
		return result;
	load_report_fini(ret_report);
	return load_run(load, options->requests, clock_after_ms(options->duration_ms), ret_report,
			err);
}

static int run_load(const struct bench_options *options, const struct config *config,
		    const struct attempt_target *target, struct err *err)
{
	struct load *load = load_open(config, target, (unsigned)options->concurrency, err);
	struct load_report report = {0};
	auto_buf struct buf text;
	int status = CLIENT_NOT_RUN;

	buf_init(&text, REPORT_BYTES_MAX);
	if (load == NULL)
		return CLIENT_NOT_RUN;
	if (measure(load, options, &report, err) == 0) {
		bench_report_load(options, &report, &text);
		if (print_report(&text, err) == 0)
			status = bench_report_failed(&report) == 0 ? CLIENT_OK : CLIENT_FAILED;
		load_report_fini(&report);
	}
	load_close(load);
	return status;
}

static int compare_in(const struct scratch *scratch, const struct bench_options *options,
		      const struct config *config, const struct attempt_target *target,
		      struct err *err)
{
	const struct compare_plan plan = {
		.config = config,
		.target = target,
		.plain = plain_find(options->language),
		.file = options->file != NULL ? options->file : scratch->hello,
		.scratch = scratch->folder,
		.rounds = options->requests,
		.warmup = options->warmup,
		.duration_ms = options->duration_ms,
	};
	struct way_report reports[WAY_COUNT];
	auto_buf struct buf text;
	int status = CLIENT_NOT_RUN;
	int result = compare_run(&plan, reports, err);

	buf_init(&text, REPORT_BYTES_MAX);
	if (result == 0) {
		bench_report_ways(options, plan.plain, reports, &text);
		if (print_report(&text, err) == 0)
			status = reports[WAY_NATS].failed == 0 ? CLIENT_OK : CLIENT_FAILED;
	}
	compare_fini(reports);
	return status;
}

static int run_compare(const struct bench_options *options, const struct config *config,
		       const struct attempt_target *target, struct err *err)
{
	struct scratch scratch = {0};
	int status = CLIENT_NOT_RUN;

	if (scratch_open(&scratch, err) == 0)
		status = compare_in(&scratch, options, config, target, err);
	scratch_close(&scratch);
	return status;
}

static int bench(const struct bench_options *options, const struct config *config, struct err *err)
{
	struct attempt_target target = {
		.subject = options->subject != NULL ? options->subject : config->compiler.subject,
		.timeout_ms = options->timeout_ms,
	};
	auto_free char *request = format_request(options, &target.request_length, err);

	target.request = request;
	if (request == NULL || try_once(config, &target, err) < 0)
		return CLIENT_NOT_RUN;
	if (options->compare)
		return run_compare(options, config, &target, err);
	return run_load(options, config, &target, err);
}

int client_bench(int argc, char **argv)
{
	struct bench_options options;
	struct config *config;
	struct err err = {0};
	int status;

	if (suite_options_asked(argc, argv))
		return suite_run(argc, argv);
	status = bench_options_parse(argc, argv, &options);
	if (status != ARGS_GO)
		return status;
	config = session_config(options.server);
	if (config == NULL)
		return CLIENT_NOT_RUN;
	interrupt_install();
	status = bench(&options, config, &err);
	if (status == CLIENT_NOT_RUN && err.code != 0)
		(void)fprintf(stderr, "kiln: %s\n", err.text);
	config_free(config);
	return status;
}

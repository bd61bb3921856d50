#include "client/compare.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "client/box.h"
#include "client/interrupt.h"
#include "client/process.h"
#include "client/source.h"
#include "client/stopwatch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct compare {
	const struct compare_plan *plan;
	struct way_report *reports;
	struct session *session;
	struct box box;
	struct stopwatch stopwatch;
	char program[128];    /* where a compiler on this host writes */
	char inside_file[48]; /* the program in the box */
};

#define INSIDE_PROGRAM BOX_FOLDER "/program"

static void leave_out(struct compare *compare, enum way way, const char *reason)
{
	struct way_report *report = &compare->reports[way];

	(void)snprintf(report->absent, sizeof(report->absent), "%s", reason);
}

void compare_local_path(const struct plain *plain, char *path, size_t size)
{
	const char *argv[PLAIN_ARGS_MAX];

	plain_command(plain, "", "", argv);
	if (process_find(argv[0], path, size) < 0)
		path[0] = '\0';
}

static int run_local(struct compare *compare, int *ret_status, int64_t *ret_ns)
{
	const char *argv[PLAIN_ARGS_MAX];
	int64_t start;
	int result;

	plain_command(compare->plan->plain, compare->plan->file, compare->program, argv);
	start = clock_now_ns();
	result = process_run(argv, compare->plan->target->timeout_ms, ret_status);
	*ret_ns = clock_now_ns() - start;
	return result;
}

static int run_exec(struct compare *compare, int *ret_status, int64_t *ret_ns)
{
	const char *argv[PLAIN_ARGS_MAX];
	char text[256];
	int64_t start;
	int result;

	plain_command(compare->plan->plain, compare->inside_file, INSIDE_PROGRAM, argv);
	start = clock_now_ns();
	result = box_exec(&compare->box, argv, compare->plan->target->timeout_ms, text,
			  sizeof(text), ret_status);
	*ret_ns = clock_now_ns() - start;
	return result;
}

static int run_inside(struct compare *compare, int *ret_status, int64_t *ret_ns, struct err *err)
{
	const char *argv[PLAIN_ARGS_MAX];
	struct lap lap = {0};
	int result;

	plain_command(compare->plan->plain, compare->inside_file, INSIDE_PROGRAM, argv);
	result = stopwatch_run(&compare->stopwatch, argv, compare->plan->target->timeout_ms, &lap,
			       err);
	*ret_status = lap.status;
	*ret_ns = lap.ns;
	return result;
}

static int run_once(struct compare *compare, enum way way, int *ret_status, int64_t *ret_ns,
		    struct err *err)
{
	const struct attempt_target *target = compare->plan->target;

	switch (way) {
	case WAY_NATS:
		*ret_status = (int)attempt_make(target, compare->session, ret_ns, err);
		return *ret_status == ATTEMPT_LOST ? err->code : 0;
	case WAY_EXEC:
		return run_exec(compare, ret_status, ret_ns);
	case WAY_INSIDE:
		return run_inside(compare, ret_status, ret_ns, err);
	default:
		return run_local(compare, ret_status, ret_ns);
	}
}

static void run_round(struct compare *compare, bool counts)
{
	const struct timespec pause = clock_timespec(COMPARE_PAUSE_MS * NS_PER_MS);

	for (int way = 0; way < WAY_COUNT && !interrupt_came(); way++) {
		struct way_report *report = &compare->reports[way];
		struct err err = {0};
		int status = 0, result;
		int64_t ns = 0;

		if (report->absent[0] != '\0')
			continue;
		(void)nanosleep(&pause, NULL);
		result = run_once(compare, (enum way)way, &status, &ns, &err);
		/* What an interrupt cut short says nothing. */
		if (!counts || interrupt_came())
			continue;
		if (result < 0 || status != 0 || samples_add(&report->samples, ns) < 0)
			report->failed++;
	}
}

/* A way that does not work once is left out, and its first complaint is told. */
static void try_way(struct compare *compare, enum way way)
{
	struct way_report *report = &compare->reports[way];
	struct err err = {0};
	int status = 0, result;
	int64_t ns;

	if (report->absent[0] != '\0')
		return;
	result = run_once(compare, way, &status, &ns, &err);
	if (result < 0)
		leave_out(compare, way, strerror(-result));
	else if (status != 0)
		(void)snprintf(report->absent, sizeof(report->absent), "it ends with status %d",
			       status);
}

static int fill_box(struct compare *compare, struct err *err)
{
	auto_free char *copied = NULL;
	struct bytes code = {0};
	int result = source_read(compare->plan->file, &code, err);

	copied = (char *)code.data;
	if (result == 0)
		result = stopwatch_open(&compare->stopwatch, &compare->box, err);
	if (result == 0)
		result = stopwatch_write(&compare->stopwatch, compare->inside_file, code.data,
					 code.length, err);
	return result;
}

static void open_box(struct compare *compare)
{
	struct err err = {0};

	(void)snprintf(compare->inside_file, sizeof(compare->inside_file), BOX_FOLDER "/main.%s",
		       plain_extension(compare->plan->plain));
	if (box_open(&compare->box, compare->plan->config, &err) == 0 &&
	    fill_box(compare, &err) == 0)
		return;
	leave_out(compare, WAY_EXEC, err.text);
	leave_out(compare, WAY_INSIDE, err.text);
}

static int prepare(struct compare *compare, struct err *err)
{
	const struct compare_plan *plan = compare->plan;

	compare->session = session_open(plan->config, err);
	if (compare->session == NULL)
		return err->code;
	(void)snprintf(compare->program, sizeof(compare->program), "%s/program", plan->scratch);
	if (plan->plain == NULL) {
		for (int way = WAY_NATS + 1; way < WAY_COUNT; way++)
			leave_out(compare, (enum way)way,
				  "no plain command is known for the language");
		return 0;
	}
	open_box(compare);
	for (int way = WAY_NATS + 1; way < WAY_COUNT; way++)
		try_way(compare, (enum way)way);
	return 0;
}

static void release(struct compare *compare)
{
	stopwatch_close(&compare->stopwatch);
	box_close(&compare->box);
	session_close(compare->session);
	if (compare->program[0] != '\0')
		(void)unlink(compare->program);
}

int compare_run(const struct compare_plan *plan, struct way_report reports[WAY_COUNT],
		struct err *err)
{
	struct compare compare = {.plan = plan, .reports = reports};
	int64_t deadline_ns;
	int result;

	memset(reports, 0, WAY_COUNT * sizeof(reports[0]));
	result = prepare(&compare, err);
	if (result == 0) {
		for (uint64_t i = 0; i < plan->warmup && !interrupt_came(); i++)
			run_round(&compare, false);
		deadline_ns = clock_after_ms(plan->duration_ms);
		for (uint64_t i = 0; i < plan->rounds && clock_now_ns() < deadline_ns; i++) {
			if (interrupt_came())
				break;
			run_round(&compare, true);
		}
	}
	release(&compare);
	return result;
}

void compare_fini(struct way_report reports[WAY_COUNT])
{
	for (int way = 0; way < WAY_COUNT; way++)
		samples_fini(&reports[way].samples);
}

#include "client/load.h"

#include "base/clock.h"
#include "base/sync.h"
#include "client/interrupt.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct lane {
	struct load *load;
	struct session *session;
	pthread_t thread;
	struct samples latencies;
	uint64_t outcomes[ATTEMPT_OUTCOMES];
};

struct load {
	const struct attempt_target *target;
	atomic_uint_fast64_t sent; /* of this run, by all lanes */
	uint64_t requests;         /* immutable while lanes run, as are the rest */
	int64_t deadline_ns;
	unsigned lanes_count;
	struct lane lanes[];
};

struct load *load_open(const struct config *config, const struct attempt_target *target,
		       unsigned lanes, struct err *err)
{
	struct load *load = calloc(1, sizeof(*load) + lanes * sizeof(load->lanes[0]));

	if (load == NULL) {
		(void)err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	load->target = target;
	while (load->lanes_count < lanes) {
		struct lane *lane = &load->lanes[load->lanes_count];

		lane->load = load;
		lane->session = session_open(config, err);
		if (lane->session == NULL) {
			load_close(load);
			return NULL;
		}
		load->lanes_count++;
	}
	return load;
}

void load_close(struct load *load)
{
	if (load == NULL)
		return;
	for (unsigned i = 0; i < load->lanes_count; i++) {
		session_close(load->lanes[i].session);
		samples_fini(&load->lanes[i].latencies);
	}
	free(load);
}

static bool may_send(struct load *load)
{
	return !interrupt_came() && clock_now_ns() < load->deadline_ns &&
	       atomic_fetch_add(&load->sent, 1) < load->requests;
}

static void *run_lane(void *arg)
{
	struct lane *lane = arg;
	enum attempt_outcome outcome = ATTEMPT_OK;

	while (outcome != ATTEMPT_LOST && may_send(lane->load)) {
		struct err err;
		int64_t ns;

		outcome = attempt_make(lane->load->target, lane->session, &ns, &err);
		lane->outcomes[outcome]++;
		if (outcome == ATTEMPT_OK && samples_add(&lane->latencies, ns) < 0)
			break;
	}
	return NULL;
}

static unsigned start_lanes(struct load *load, int *ret_result)
{
	unsigned started = 0;

	*ret_result = 0;
	while (started < load->lanes_count && *ret_result == 0) {
		struct lane *lane = &load->lanes[started];

		lane->latencies.count = 0;
		memset(lane->outcomes, 0, sizeof(lane->outcomes));
		*ret_result = thread_start(&lane->thread, "bench", run_lane, lane);
		started += *ret_result == 0;
	}
	return started;
}

static int collect(const struct load *load, struct load_report *report)
{
	int result = 0;

	for (unsigned i = 0; i < load->lanes_count; i++) {
		const struct lane *lane = &load->lanes[i];

		for (unsigned o = 0; o < ATTEMPT_OUTCOMES; o++)
			report->outcomes[o] += lane->outcomes[o];
		if (result == 0)
			result = samples_merge(&report->latencies, &lane->latencies);
	}
	return result;
}

int load_run(struct load *load, uint64_t requests, int64_t deadline_ns,
	     struct load_report *ret_report, struct err *err)
{
	struct load_report report = {0};
	int64_t start = clock_now_ns();
	unsigned started;
	int result;

	load->requests = requests;
	load->deadline_ns = deadline_ns;
	atomic_store(&load->sent, 0);
	started = start_lanes(load, &result);
	if (result < 0) /* the lanes that run find nothing more to send */
		atomic_store(&load->sent, requests);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(load->lanes[i].thread, NULL);
	report.elapsed_ns = clock_now_ns() - start;
	if (result == 0)
		result = collect(load, &report);
	if (result < 0) {
		load_report_fini(&report);
		return err_set(err, result, "the load cannot run: %s", strerror(-result));
	}
	*ret_report = report;
	return 0;
}

void load_report_fini(struct load_report *report)
{
	samples_fini(&report->latencies);
}

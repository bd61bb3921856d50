/* The rows of throughput. In each round the three take turns: a batch of local runs, as many at a
 * time as there are cores; a batch of requests, with more outstanding than there are containers;
 * and some runs through docker exec, one by one, as a service does that has nothing else. The load,
 * the NATS server and the engine share the cores, as the local runs have them for themselves. */
#include "client/suite_bench.h"

#include "base/clock.h"
#include "client/interrupt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct extent {
	unsigned rounds;
	unsigned local_jobs; /* of each round, as are the others */
	unsigned kiln_jobs;
	unsigned exec_jobs;
};

static const struct extent full = {5, 100, 400, 10};
static const struct extent quick = {3, 30, 60, 3};

struct throughput {
	struct suite_bench *bench;
	struct load *load;
	struct suite_request request;
	unsigned cores;
	struct samples kiln; /* of a job, as the others */
	struct samples xargs;
	struct samples exec;
};

/* As many at a time as there are cores: `seq N | xargs -P2 -I{} python3 hello.py`. */
static int time_xargs(struct throughput *throughput, unsigned jobs, struct err *err)
{
	char command[128];
	const char *const argv[] = {"sh", "-c", command, NULL};
	struct lap lap;
	int result;

	(void)snprintf(command, sizeof(command), "seq %u | xargs -P%u -I{} python3 hello.py", jobs,
		       throughput->cores);
	result = suite_run_local(throughput->bench, argv, NULL, &lap, err);
	if (result < 0)
		return result;
	if (lap.output_bytes != jobs * strlen(throughput->request.expected))
		return err_set(err, -EIO, "the local xargs prints %zu bytes", lap.output_bytes);
	return samples_add(&throughput->xargs, lap.ns / jobs);
}

static int time_exec(struct throughput *throughput, unsigned jobs, struct err *err)
{
	static const char *const command[] = {"python3", "hello.py", NULL};
	struct suite_bench *bench = throughput->bench;
	int64_t start = clock_now_ns();

	for (unsigned i = 0; i < jobs; i++) {
		char text[128] = "";
		int status = 0;
		int result = box_exec(&bench->box, command, bench->options->timeout_ms, text,
				      sizeof(text), &status);

		if (result < 0 || status != 0 ||
		    strcmp(text, throughput->request.expected) != 0)
			return err_set(err, -EIO, "docker exec: status %d: %.80s", status, text);
	}
	return samples_add(&throughput->exec, (clock_now_ns() - start) / jobs);
}

static int time_kiln(struct throughput *throughput, unsigned jobs, struct err *err)
{
	int64_t ns;
	int result = suite_run_load(throughput->load, jobs, &ns, NULL, err);

	return result < 0 ? result : samples_add(&throughput->kiln, ns);
}

static int run_rounds(struct throughput *throughput, struct err *err)
{
	const struct extent *extent = throughput->bench->options->quick ? &quick : &full;
	int64_t ns;
	/* Ahead, so that every lane has sent and every container has run one. */
	int result = suite_run_load(throughput->load, 2 * SUITE_LANES, &ns, NULL, err);

	for (unsigned i = 0; result == 0 && i < extent->rounds && !interrupt_came(); i++) {
		result = time_xargs(throughput, extent->local_jobs, err);
		if (result == 0)
			result = time_kiln(throughput, extent->kiln_jobs, err);
		if (result == 0)
			result = time_exec(throughput, extent->exec_jobs, err);
	}
	return result;
}

static int open_throughput(struct throughput *throughput, struct err *err)
{
	struct suite_bench *bench = throughput->bench;
	struct suite_request *request = &throughput->request;
	int result = suite_request_init(request, bench, &suite_works[0], 0, err);

	if (result == 0)
		result = stopwatch_write(&bench->stopwatch, suite_works[0].file, request->source,
					 request->source_length, err);
	if (result < 0)
		return result;
	throughput->load = load_open(bench->config, &request->target, SUITE_LANES, err);
	return throughput->load == NULL ? err->code : 0;
}

static double jobs_per_second(struct samples *samples)
{
	return suite_ratio(1000, samples_summarize(samples).p50_ms);
}

static void conclude_rate(struct suite_row *row, double kiln, double local)
{
	row->kiln_rate = kiln;
	row->local_rate = local;
	row->measured = suite_ratio(kiln, local);
	(void)snprintf(row->note, sizeof(row->note), "%.0f jobs/s of %.1f jobs/s; %d outstanding",
		       kiln, local, SUITE_LANES);
}

int suite_bench_throughput(struct suite_bench *bench, struct err *err)
{
	const struct suite_target against_xargs = {SUITE_TIMES, true, 3};
	const struct suite_target against_exec = {SUITE_TIMES, true, 25};
	struct throughput throughput = {.bench = bench, .cores = bench->report->cores};
	struct suite_row *xargs = suite_report_add(bench->report, "throughput_xargs",
						   "Python hellos a second, against xargs",
						   against_xargs);
	struct suite_row *exec = suite_report_add(bench->report, "throughput_exec",
						  "Python hellos a second, against docker exec",
						  against_exec);
	int result;

	xargs->beside = "xargs -P(cores) of python3 hello.py";
	exec->beside = "docker exec of python3 hello.py, one by one";
	suite_say("jobs a second");
	result = open_throughput(&throughput, err);
	if (result == 0)
		result = run_rounds(&throughput, err);
	conclude_rate(xargs, jobs_per_second(&throughput.kiln), jobs_per_second(&throughput.xargs));
	conclude_rate(exec, jobs_per_second(&throughput.kiln), jobs_per_second(&throughput.exec));
	if (result < 0 || throughput.exec.count == 0) {
		suite_row_leave_out(xargs, result < 0 ? err->text : "interrupted");
		suite_row_leave_out(exec, result < 0 ? err->text : "interrupted");
	}
	load_close(throughput.load);
	suite_request_fini(&throughput.request);
	samples_fini(&throughput.kiln);
	samples_fini(&throughput.xargs);
	samples_fini(&throughput.exec);
	return 0;
}

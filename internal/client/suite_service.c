/* The rows of what the service uses: CPU time for a job, all of it when idle, and whether that and
 * the latency stay the same over many jobs. */
#include "client/suite_bench.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "client/interrupt.h"
#include "client/usage.h"
#include "docker/docker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ENGINE_LABEL "kiln.engine"
#define AGENT_NAME "kiln-agent"
#define CODE_BYTES 1024
#define CPU_BATCHES 5
#define CPU_BATCH 400
#define CPU_BATCH_QUICK 50
#define IDLE_MS 10000
#define IDLE_MS_QUICK 2000
#define SETTLE_MS 4000 /* for what the jobs before left to do: containers to replace, … */
#define LONG_WINDOW 1000
/* What counts as equal: it differs by less from run to run. */
#define LONG_TOLERANCE 1.1

static int find_kilnd(const struct suite_bench *bench, pid_t *ret_pid, struct err *err)
{
	pid_t pid = bench->options->pid;

	if (pid == 0)
		return usage_find("kilnd", ret_pid, err);
	*ret_pid = pid;
	return usage_check_name(pid, "kilnd", err);
}

static unsigned batch_of(const struct suite_bench *bench)
{
	return bench->options->quick ? CPU_BATCH_QUICK : CPU_BATCH;
}

/* The CPU time of kilnd for each job of a batch. */
static int time_batch(struct load *load, pid_t pid, uint64_t jobs, struct samples *cpu,
		      struct err *err)
{
	int64_t before = 0, after = 0, ns;
	int result = usage_cpu(pid, &before, err);

	if (result == 0)
		result = suite_run_load(load, jobs, &ns, NULL, err);
	if (result < 0)
		return result;
	/* It still takes the READY of the last one. */
	suite_pause(SUITE_PAUSE_MS);
	result = usage_cpu(pid, &after, err);
	return result < 0 ? result : samples_add(cpu, (after - before) / (int64_t)jobs);
}

static int time_batches(struct suite_bench *bench, struct samples *cpu, struct err *err)
{
	struct suite_request request = {0};
	uint64_t jobs = batch_of(bench);
	struct load *load = NULL;
	pid_t pid = 0;
	int result = find_kilnd(bench, &pid, err);

	if (result == 0)
		result = suite_request_init(&request, bench, &suite_works[0], CODE_BYTES, err);
	if (result == 0) {
		load = load_open(bench->config, &request.target, 1, err);
		result = load == NULL ? err->code : 0;
	}
	for (int i = 0; result == 0 && i < CPU_BATCHES && !interrupt_came(); i++)
		result = time_batch(load, pid, jobs, cpu, err);
	load_close(load);
	suite_request_fini(&request);
	return result;
}

int suite_bench_cpu(struct suite_bench *bench, struct err *err)
{
	const struct suite_target target = {SUITE_US, false, 150};
	struct suite_row *row = suite_report_add(bench->report, SUITE_PART_CPU,
						 "kilnd's own CPU time for a job", target);
	struct samples cpu = {0};
	int result;

	suite_say("the CPU time of kilnd");
	result = time_batches(bench, &cpu, err);
	row->measured = 1000 * samples_summarize(&cpu).p50_ms;
	(void)snprintf(row->note, sizeof(row->note),
		       "Python of %d bytes, one at a time; median of %zu batches of %u", CODE_BYTES,
		       cpu.count, batch_of(bench));
	if (result < 0 || cpu.count == 0)
		suite_row_leave_out(row, result < 0 ? err->text : "interrupted");
	samples_fini(&cpu);
	return 0;
}

struct resident {
	pid_t kilnd;
	pid_t *agents;
	size_t agents_count;
};

struct footprint {
	struct usage kilnd;
	struct usage containers; /* of all of them */
	size_t containers_count;
};

/* One that is just created, or removed, is passed over: it is not idle. */
static int find_agents(struct docker *docker, const char *engine, struct resident *resident,
		       struct err *err)
{
	char(*ids)[DOCKER_ID_BYTES] = NULL;
	size_t count = 0;
	int result = docker_list(docker, ENGINE_LABEL, engine, &ids, &count, err);

	if (result == 0)
		resident->agents = calloc(count + 1, sizeof(*resident->agents));
	if (result == 0 && resident->agents == NULL)
		result = err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; result == 0 && i < count; i++) {
		struct docker_state state;

		result = docker_inspect(docker, ids[i], &state, err);
		if (result == 0 && usage_check_name(state.pid, AGENT_NAME, err) == 0)
			resident->agents[resident->agents_count++] = state.pid;
		if (result == -ENOENT)
			result = 0;
	}
	free(ids);
	if (result == 0 && resident->agents_count == 0)
		result = err_set(err, -ENOENT, "no container of the engine '%s' is on this host",
				 engine);
	return result;
}

static int find_residents(struct suite_bench *bench, struct resident *resident, struct err *err)
{
	struct docker *docker;
	int result;

	*resident = (struct resident){0};
	result = find_kilnd(bench, &resident->kilnd, err);
	if (result < 0)
		return result;
	docker = docker_open(bench->config->docker_socket, err);
	if (docker == NULL)
		return err->code;
	result = find_agents(docker, bench->report->engine, resident, err);
	docker_close(docker);
	return result;
}

static int read_footprint(const struct resident *resident, struct footprint *ret_footprint,
			  struct err *err)
{
	struct footprint footprint = {0};
	int result = usage_read(resident->kilnd, &footprint.kilnd, err);

	for (size_t i = 0; result == 0 && i < resident->agents_count; i++) {
		struct usage usage;

		result = usage_read(resident->agents[i], &usage, err);
		if (result < 0)
			break;
		footprint.containers_count++;
		footprint.containers.cpu_ns += usage.cpu_ns;
		footprint.containers.memory_bytes += usage.memory_bytes;
	}
	if (result == 0)
		*ret_footprint = footprint;
	return result;
}

static double mebibytes(uint64_t bytes)
{
	return (double)bytes / 1048576;
}

/* Of one container: there may be one less while another is replaced. */
static double mebibytes_each(const struct footprint *footprint)
{
	return mebibytes(footprint->containers.memory_bytes) /
	       (double)footprint->containers_count;
}

static int watch_idle(struct suite_bench *bench, const struct resident *resident,
		      struct suite_row *row, struct err *err)
{
	struct footprint before, after;
	int64_t start, elapsed, kilnd, containers;
	int result;

	suite_pause(SETTLE_MS);
	start = clock_now_ns();
	result = read_footprint(resident, &before, err);
	if (result < 0)
		return result;
	suite_pause(bench->options->quick ? IDLE_MS_QUICK : IDLE_MS);
	elapsed = clock_now_ns() - start;
	result = read_footprint(resident, &after, err);
	if (result < 0)
		return result;
	kilnd = after.kilnd.cpu_ns - before.kilnd.cpu_ns;
	containers = after.containers.cpu_ns - before.containers.cpu_ns;
	row->measured = 100 * (double)(kilnd + containers) / (double)elapsed;
	(void)snprintf(row->note, sizeof(row->note),
		       "%zu warm containers, %.1f MiB each; kilnd %.1f MiB; over %.0f s",
		       after.containers_count, mebibytes_each(&after),
		       mebibytes(after.kilnd.memory_bytes), (double)elapsed / (double)NS_PER_S);
	return 0;
}

int suite_bench_idle(struct suite_bench *bench, struct err *err)
{
	const struct suite_target target = {SUITE_PERCENT, false, 0.5};
	struct suite_row *row = suite_report_add(bench->report, SUITE_PART_IDLE,
						 "CPU of kilnd and all containers, idle", target);
	struct resident resident;
	int result;

	suite_say("an idle engine");
	result = find_residents(bench, &resident, err);
	if (result == 0)
		result = watch_idle(bench, &resident, row, err);
	if (result < 0)
		suite_row_leave_out(row, err->text);
	free(resident.agents);
	return 0;
}

struct window {
	struct summary latency;
	struct footprint footprint;
};

/* Requests one at a time, and what is in use after them. */
static int run_window(struct suite_bench *bench, struct load *load, uint64_t jobs,
		      struct window *window, struct err *err)
{
	struct resident resident = {0};
	int64_t ns;
	int result = suite_run_load(load, jobs, &ns, &window->latency, err);

	if (result < 0)
		return result;
	suite_pause(SETTLE_MS);
	result = find_residents(bench, &resident, err);
	if (result == 0)
		result = read_footprint(&resident, &window->footprint, err);
	free(resident.agents);
	return result;
}

static int run_long(struct suite_bench *bench, struct suite_request *request,
		    struct window windows[2], struct err *err)
{
	uint64_t jobs = bench->options->long_jobs;
	uint64_t window = jobs / 4 < LONG_WINDOW ? jobs / 4 : LONG_WINDOW;
	struct load *one = load_open(bench->config, &request->target, 1, err);
	struct load *many =
		one == NULL ? NULL
			    : load_open(bench->config, &request->target, SUITE_LANES, err);
	int64_t ns;
	int result = many == NULL ? err->code : 0;

	if (result == 0)
		result = run_window(bench, one, window, &windows[0], err);
	if (result == 0)
		result = suite_run_load(many, jobs - 2 * window, &ns, NULL, err);
	if (result == 0) {
		suite_pause(SETTLE_MS);
		result = run_window(bench, one, window, &windows[1], err);
	}
	load_close(many);
	load_close(one);
	return result;
}

static void conclude_long(const struct window windows[2], struct suite_row *latency,
			  struct suite_row *memory)
{
	double kilnd[2], each[2];

	for (int i = 0; i < 2; i++) {
		kilnd[i] = mebibytes(windows[i].footprint.kilnd.memory_bytes);
		each[i] = mebibytes_each(&windows[i].footprint);
	}
	latency->kiln = windows[1].latency;
	latency->local = windows[0].latency;
	latency->measured = suite_ratio(latency->kiln.p50_ms, latency->local.p50_ms);
	memory->measured = suite_ratio(kilnd[1] + each[1], kilnd[0] + each[0]);
	(void)snprintf(memory->note, sizeof(memory->note),
		       "kilnd %.1f MiB, then %.1f; a container %.1f MiB, then %.1f", kilnd[0],
		       kilnd[1], each[0], each[1]);
}

int suite_bench_long(struct suite_bench *bench, struct err *err)
{
	const struct suite_target target = {SUITE_TIMES, false, LONG_TOLERANCE};
	struct suite_row *latency = suite_report_add(
		bench->report, "long_latency", "p50 after many jobs, against the first",
		target);
	struct suite_row *memory = suite_report_add(
		bench->report, "long_memory", "Memory after many jobs, against the first",
		target);
	struct suite_request request = {0};
	struct window windows[2] = {0};
	int result = suite_request_init(&request, bench, &suite_works[0], 0, err);

	latency->beside = "the same after few jobs";
	memory->beside = latency->beside;
	suite_say("%llu jobs", (unsigned long long)bench->options->long_jobs);
	if (result == 0)
		result = run_long(bench, &request, windows, err);
	if (result == 0) {
		conclude_long(windows, latency, memory);
	} else {
		suite_row_leave_out(latency, err->text);
		suite_row_leave_out(memory, err->text);
	}
	(void)snprintf(latency->note, sizeof(latency->note), "of %llu jobs, a Python hello",
		       (unsigned long long)bench->options->long_jobs);
	suite_request_fini(&request);
	return 0;
}

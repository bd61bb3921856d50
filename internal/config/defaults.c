#include "config/defaults.h"

#include "config/options.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define HOST_NAME_BYTES 64
#define NAME_WITHOUT_HOST "kiln"
#define WORKERS_MIN 2

/* gVisor's kernel is a process of the container's own cgroup, and ends when that has no memory or
 * no thread left: with it the agent, and the evidence of what happened. So the host's limits are
 * wider than the job's, by what this kernel needs for itself (20 MiB when idle, 100 after much
 * output, several threads for each of the job's) and by what a job takes before the agent sees it:
 * one read(2) into a buffer of hundreds of megabytes is one step. Ceilings, not reservations. */
#define GVISOR_NAME "runsc"
#define GVISOR_OVERHEAD_BYTES (UINT64_C(512) * 1024 * 1024)
#define GVISOR_OVERHEAD_PIDS 8192

/* The cores that this process may run on. sched_getaffinity(2) fails where the kernel has more
 * cores than the set has bits. */
static unsigned host_cores(void)
{
	cpu_set_t set;
	long cores;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	cores = sysconf(_SC_NPROCESSORS_ONLN);
	return cores < 1 ? 1 : (unsigned)cores;
}

static unsigned default_workers(const struct config *config)
{
	const struct option *option = option_find("KILN_WORKERS");
	double shares = (double)host_cores() / config->container_cpus;
	unsigned workers = (unsigned)shares;

	if (workers < shares)
		workers++;
	if (workers < WORKERS_MIN)
		return WORKERS_MIN;
	return workers > option->max ? (unsigned)option->max : workers;
}

/* The host's name with what a label may not hold replaced. */
static char *default_engine_name(void)
{
	char name[HOST_NAME_BYTES] = "";
	char *next = name;

	if (gethostname(name, sizeof(name) - 1) < 0 || name[0] == '\0')
		return strdup(NAME_WITHOUT_HOST);
	for (; *next != '\0'; next++) {
		bool is_letter = (*next >= 'a' && *next <= 'z') || (*next >= 'A' && *next <= 'Z');
		bool is_digit = *next >= '0' && *next <= '9';

		if (!is_letter && !is_digit && (next == name || strchr("_.-", *next) == NULL))
			*next = next == name ? 'x' : '-';
	}
	return strdup(name);
}

static void set_default(uint64_t *limit, uint64_t value)
{
	if (*limit == 0)
		*limit = value;
}

static void fill_in_overhead(struct config *config)
{
	if (config->runtime == NULL ||
	    strncmp(config->runtime, GVISOR_NAME, sizeof(GVISOR_NAME) - 1) != 0)
		return;
	set_default(&config->overhead_bytes, GVISOR_OVERHEAD_BYTES);
	set_default(&config->overhead_pids, GVISOR_OVERHEAD_PIDS);
}

static void fill_in_limits(struct limits *limits, const struct config *config)
{
	set_default(&limits->cpu_ms, limits->wall_ms);
	set_default(&limits->memory_bytes, config->container_memory_bytes);
	set_default(&limits->processes, config->container_pids);
	set_default(&limits->file_bytes, config->workspace_bytes);
}

static bool wants_tls(const char *urls)
{
	static const char scheme[] = "tls://";

	for (; urls != NULL; urls = strchr(urls, ',')) {
		urls += *urls == ',';
		if (strncasecmp(urls, scheme, sizeof(scheme) - 1) == 0)
			return true;
	}
	return false;
}

int defaults_fill_in(struct config *config)
{
	if (config->engine_name == NULL)
		config->engine_name = default_engine_name();
	if (config->run_dir_host == NULL)
		config->run_dir_host = strdup(config->run_dir);
	if (config->engine_name == NULL || config->run_dir_host == NULL)
		return -ENOMEM;
	if (config->workers == 0)
		config->workers = default_workers(config);
	if (config->pool_size == 0)
		config->pool_size = config->workers;
	if (wants_tls(config->nats_url))
		config->nats_tls = true;
	fill_in_overhead(config);
	fill_in_limits(&config->compiler.limits, config);
	fill_in_limits(&config->problems.limits, config);
	return 0;
}

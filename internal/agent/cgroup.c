#include "agent/cgroup.h"

#include "agent/proc.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* memory.stat is the longest, about 1.5 KiB. */
#define TEXT_BYTES 4096

/* v1 says "unlimited" with the largest multiple of a page. */
#define UNLIMITED_BYTES (UINT64_C(1) << 62)

static int open_counter(const char *root, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_first(const char *root, const char *name, const char *other)
{
	int fd = open_counter(root, name);

	return fd >= 0 ? fd : open_counter(root, other);
}

/* The value of "key value" at the start of a line; of a bare number when key is NULL. */
static uint64_t parse(const char *text, const char *key)
{
	size_t length = key == NULL ? 0 : strlen(key);
	const char *line = text;

	if (key == NULL)
		return strtoull(text, NULL, 10);
	while (line != NULL && *line != '\0') {
		if (strncmp(line, key, length) == 0 && line[length] == ' ')
			return strtoull(line + length + 1, NULL, 10);
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	return 0;
}

static bool read_counter(int fd, char text[TEXT_BYTES])
{
	ssize_t got = fd < 0 ? -1 : pread(fd, text, TEXT_BYTES - 1, 0);

	text[got < 0 ? 0 : got] = '\0';
	return got >= 0;
}

static uint64_t read_number(int fd, const char *key)
{
	char text[TEXT_BYTES];

	return read_counter(fd, text) ? parse(text, key) : 0;
}

static uint64_t read_memory_max(const char *root, const char *name)
{
	char path[256], text[64];
	uint64_t bytes;

	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	if (io_read_file(path, text, sizeof(text)) <= 0)
		return 0;
	bytes = parse(text, NULL); /* v2's "max" is no number: 0 */
	return bytes >= UNLIMITED_BYTES ? 0 : bytes;
}

void cgroup_open(struct cgroup *cgroup, const char *root)
{
	int memory_events = open_counter(root, "memory.events");

	*cgroup = (struct cgroup){.is_v2 = memory_events >= 0, .meminfo_fd = -1};
	if (cgroup->is_v2) {
		cgroup->oom_fd = memory_events;
		cgroup->cpu_fd = open_counter(root, "cpu.stat");
		cgroup->memory_stat_fd = open_counter(root, "memory.stat");
		cgroup->memory_peak_fd = open_counter(root, "memory.peak");
		cgroup->memory_max = read_memory_max(root, "memory.max");
		cgroup->pids_fd = open_counter(root, "pids.current");
		cgroup->pids_events_fd = open_counter(root, "pids.events");
		return;
	}
	cgroup->oom_fd = open_counter(root, "memory/memory.oom_control");
	cgroup->cpu_fd =
		open_first(root, "cpuacct/cpuacct.usage", "cpu,cpuacct/cpuacct.usage");
	cgroup->memory_stat_fd = open_counter(root, "memory/memory.stat");
	cgroup->memory_peak_fd = open_counter(root, "memory/memory.max_usage_in_bytes");
	cgroup->memory_max = read_memory_max(root, "memory/memory.limit_in_bytes");
	cgroup->pids_fd = open_counter(root, "pids/pids.current");
	cgroup->pids_events_fd = open_counter(root, "pids/pids.events");
}

void cgroup_use_gvisor(struct cgroup *cgroup, const char *meminfo)
{
	cgroup->meminfo_fd = open(meminfo, O_RDONLY | O_CLOEXEC);
}

void cgroup_close(struct cgroup *cgroup)
{
	const int fds[] = {cgroup->oom_fd,         cgroup->cpu_fd,  cgroup->memory_stat_fd,
			   cgroup->memory_peak_fd, cgroup->pids_fd, cgroup->pids_events_fd,
			   cgroup->meminfo_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			(void)close(fds[i]);
	}
}

uint64_t cgroup_cpu_us(const struct cgroup *cgroup)
{
	if (cgroup->is_v2)
		return read_number(cgroup->cpu_fd, "usage_usec");
	return read_number(cgroup->cpu_fd, NULL) / 1000;
}

uint64_t cgroup_oom_kills(const struct cgroup *cgroup)
{
	return read_number(cgroup->oom_fd, "oom_kill");
}

uint64_t cgroup_memory_bytes(const struct cgroup *cgroup)
{
	char text[TEXT_BYTES];
	struct proc_usage usage;

	if (cgroup->meminfo_fd >= 0) /* what gVisor calls so has files in tmpfs among it */
		return read_number(cgroup->meminfo_fd, "AnonPages:") * 1024;
	if (!read_counter(cgroup->memory_stat_fd, text)) {
		proc_read(&usage);
		return usage.memory_bytes;
	}
	if (cgroup->is_v2)
		return parse(text, "anon") + parse(text, "shmem");
	return parse(text, "total_rss") + parse(text, "total_shmem");
}

uint64_t cgroup_memory_peak_bytes(const struct cgroup *cgroup)
{
	return read_number(cgroup->memory_peak_fd, NULL);
}

uint64_t cgroup_pids(const struct cgroup *cgroup)
{
	struct proc_usage usage;

	if (cgroup->pids_fd >= 0)
		return read_number(cgroup->pids_fd, NULL);
	if (cgroup->meminfo_fd >= 0)
		return proc_tasks_of_kernel();
	proc_read(&usage);
	return usage.tasks;
}

uint64_t cgroup_refused_forks(const struct cgroup *cgroup)
{
	return read_number(cgroup->pids_events_fd, "max");
}

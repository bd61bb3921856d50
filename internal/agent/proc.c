#include "agent/proc.h"

#include "agent/standby.h"
#include "base/io.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/sysinfo.h>
#include <unistd.h>

/* Of syslog(2): the whole log of the kernel, without taking it away. */
#define SYSLOG_ACTION_READ_ALL 3

/* In /proc/<pid>/stat after the name, which stands in parentheses and may hold anything; proc(5)
 * counts these as fields 14 to 17, 20 and 24. */
#define FIELD_FIRST 3
#define FIELD_UTIME 14
#define FIELD_CSTIME 17
#define FIELD_THREADS 20
#define FIELD_RSS 24

static void add_process(const char *pid, long tick_us, struct proc_usage *usage)
{
	char path[64], text[512];
	char *next;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	if (io_read_file(path, text, sizeof(text)) <= 0)
		return;
	next = strrchr(text, ')');
	if (next == NULL || next[1] != ' ')
		return;
	next += sizeof(") S") - 1;
	for (int field = FIELD_FIRST + 1; field <= FIELD_RSS; field++) {
		uint64_t value = strtoull(next, &next, 10);

		if (field >= FIELD_UTIME && field <= FIELD_CSTIME && strcmp(pid, "1") != 0)
			usage->cpu_us += value * (uint64_t)tick_us;
		else if (field == FIELD_THREADS)
			usage->tasks += value;
		else if (field == FIELD_RSS)
			usage->memory_bytes += value * (uint64_t)sysconf(_SC_PAGESIZE);
	}
}

void proc_read(struct proc_usage *ret_usage)
{
	DIR *folder = opendir("/proc");
	long tick_us = 1000000 / sysconf(_SC_CLK_TCK);
	struct dirent *entry;

	*ret_usage = (struct proc_usage){0};
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (isdigit((unsigned char)entry->d_name[0]) != 0)
			add_process(entry->d_name, tick_us, ret_usage);
	}
	if (folder != NULL)
		(void)closedir(folder);
}

/* In /proc/<pid>/stat, behind the name, which may hold anything: the state, and the parent. */
static bool is_child_of_agent(const char *pid)
{
	char path[64], text[512];
	const char *name_end;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	if (io_read_file(path, text, sizeof(text)) <= 0)
		return false;
	name_end = strrchr(text, ')');
	return name_end != NULL && strlen(name_end) > 4 && strtol(name_end + 4, NULL, 10) == 1;
}

/* The 20th field of proc(5): the 18th behind the name. */
uint64_t proc_threads(pid_t pid)
{
	char path[64], text[512];
	char *field;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (io_read_file(path, text, sizeof(text)) <= 0)
		return 0;
	field = strrchr(text, ')');
	for (int i = 0; field != NULL && i < 18; i++)
		field = strchr(field + 1, ' ');
	return field == NULL ? 0 : strtoull(field, NULL, 10);
}

static bool walk_for_other_child(const struct standbys *standbys)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (!found && folder != NULL && (entry = readdir(folder)) != NULL)
		found = isdigit((unsigned char)entry->d_name[0]) != 0 &&
			!standbys_have(standbys, (pid_t)strtol(entry->d_name, NULL, 10)) &&
			is_child_of_agent(entry->d_name);
	if (folder != NULL)
		(void)closedir(folder);
	return found;
}

/* The kernel's list is sound here: a child leaves it only when the agent, which has one thread,
 * reaps it, and the children of one that ends are on it before that one can be reaped. */
bool proc_has_other_child(const struct standbys *standbys)
{
	char text[4096];
	char *next = text;

	if (io_read_file("/proc/1/task/1/children", text, sizeof(text)) < 0)
		return walk_for_other_child(standbys);
	for (;;) {
		char *end;
		long pid = strtol(next, &end, 10);

		if (end == next)
			return false;
		if (!standbys_have(standbys, (pid_t)pid))
			return true;
		next = end;
	}
}

uint64_t proc_tasks_of_kernel(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.procs;
}

bool proc_is_gvisor(void)
{
	char text[4096];
	int length = klogctl(SYSLOG_ACTION_READ_ALL, text, sizeof(text));

	return length > 0 && memmem(text, (size_t)length, "Starting gVisor", 15) != NULL;
}

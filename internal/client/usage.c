#include "client/usage.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "client/args.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATH_BYTES 64
#define STAT_BYTES 1024
#define ROLLUP_BYTES 4096
#define NAME_BYTES 16 /* TASK_COMM_LEN */

struct relation {
	pid_t pid;
	pid_t parent;
	bool descends;
};

struct relations {
	struct relation *list;
	size_t count;
	size_t capacity;
};

static void close_folder(DIR **folder)
{
	if (*folder != NULL)
		(void)closedir(*folder);
}

#define auto_closedir __attribute__((cleanup(close_folder)))

/* The next process of an open /proc; 0 behind the last. */
static pid_t next_process(DIR *proc)
{
	struct dirent *entry;
	uint64_t pid;

	while ((entry = readdir(proc)) != NULL) {
		if (args_parse_number(entry->d_name, 1, INT32_MAX, &pid) == 0)
			return (pid_t)pid;
	}
	return 0;
}

static bool has_name(pid_t pid, const char *name)
{
	char path[PATH_BYTES], text[NAME_BYTES + 2];

	(void)snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	if (io_read_file(path, text, sizeof(text)) < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	return strncmp(text, name, NAME_BYTES - 1) == 0;
}

int usage_check_name(pid_t pid, const char *name, struct err *err)
{
	if (has_name(pid, name))
		return 0;
	return err_set(err, -ESRCH, "process %d of this host is no %s", (int)pid, name);
}

int usage_find(const char *name, pid_t *ret_pid, struct err *err)
{
	auto_closedir DIR *proc = opendir("/proc");
	pid_t found = 0, pid;

	if (proc == NULL)
		return err_set(err, -errno, "/proc: %s", strerror(errno));
	while ((pid = next_process(proc)) != 0) {
		if (!has_name(pid, name))
			continue;
		if (found != 0)
			return err_set(err, -ENOTUNIQ,
				       "several processes are named %s: say which with --pid",
				       name);
		found = pid;
	}
	if (found == 0)
		return err_set(err, -ENOENT, "no process of this host is named %s", name);
	*ret_pid = found;
	return 0;
}

pid_t usage_parse_parent(const char *stat)
{
	/* The name, in parentheses, may itself hold parentheses and spaces. */
	const char *behind = strrchr(stat, ')');
	int parent;

	if (behind == NULL || sscanf(behind, ") %*c %d", &parent) != 1)
		return -1;
	return parent;
}

uint64_t usage_parse_memory(const char *rollup)
{
	const char *line = strstr(rollup, "\nPss:");

	return line == NULL ? 0 : strtoull(line + strlen("\nPss:"), NULL, 10) * 1024;
}

static int add_relation(struct relations *all, pid_t pid)
{
	char path[PATH_BYTES], text[STAT_BYTES];
	struct relation *list;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (io_read_file(path, text, sizeof(text)) < 0)
		return 0; /* it has ended meanwhile */
	if (all->count == all->capacity) {
		all->capacity = all->capacity == 0 ? 256 : all->capacity * 2;
		list = realloc(all->list, all->capacity * sizeof(*list));
		if (list == NULL)
			return -ENOMEM;
		all->list = list;
	}
	all->list[all->count++] =
		(struct relation){.pid = pid, .parent = usage_parse_parent(text)};
	return 0;
}

static bool descends(const struct relations *all, const struct relation *one, pid_t root)
{
	if (one->pid == root || one->parent == root)
		return true;
	for (size_t i = 0; i < all->count; i++) {
		if (all->list[i].descends && all->list[i].pid == one->parent)
			return true;
	}
	return false;
}

/* A child may be listed before its parent: until nothing changes. */
static void mark_descendants(struct relations *all, pid_t root)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t i = 0; i < all->count; i++) {
			struct relation *one = &all->list[i];

			if (one->descends || !descends(all, one, root))
				continue;
			one->descends = true;
			changed = true;
		}
	}
}

int usage_cpu(pid_t pid, int64_t *ret_ns, struct err *err)
{
	struct timespec time;
	clockid_t clock;
	int result = clock_getcpuclockid(pid, &clock);

	if (result == 0 && clock_gettime(clock, &time) < 0)
		result = errno;
	if (result != 0)
		return err_set(err, -result, "the CPU clock of process %d: %s", (int)pid,
			       strerror(result));
	*ret_ns = time.tv_sec * NS_PER_S + time.tv_nsec;
	return 0;
}

static int add_usage(pid_t pid, struct usage *usage, struct err *err)
{
	char path[PATH_BYTES], text[ROLLUP_BYTES];
	int64_t ns = 0;
	ssize_t length;
	int result = usage_cpu(pid, &ns, err);

	if (result < 0)
		return result;
	(void)snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	length = io_read_file(path, text, sizeof(text));
	if (length < 0)
		return err_set(err, (int)length, "%s: %s", path, strerror((int)-length));
	usage->processes++;
	usage->cpu_ns += ns;
	usage->memory_bytes += usage_parse_memory(text);
	return 0;
}

static int list_processes(struct relations *all, struct err *err)
{
	auto_closedir DIR *proc = opendir("/proc");
	pid_t pid;

	if (proc == NULL)
		return err_set(err, -errno, "/proc: %s", strerror(errno));
	while ((pid = next_process(proc)) != 0) {
		if (add_relation(all, pid) < 0)
			return err_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

int usage_read(pid_t root, struct usage *ret_usage, struct err *err)
{
	struct relations all = {0};
	struct usage usage = {0};
	int result = list_processes(&all, err);

	if (result == 0)
		mark_descendants(&all, root);
	for (size_t i = 0; result == 0 && i < all.count; i++) {
		if (!all.list[i].descends)
			continue;
		result = add_usage(all.list[i].pid, &usage, err);
		/* A child that has ended since the list was made counts no longer. */
		if (result == -ESRCH && all.list[i].pid != root)
			result = 0;
	}
	free(all.list);
	if (result == 0 && usage.processes == 0)
		result = err_set(err, -ESRCH, "there is no process %d", (int)root);
	if (result == 0)
		*ret_usage = usage;
	return result;
}

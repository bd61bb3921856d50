#include "agent/proc.h"

#include "agent/standby.h"
#include "base/io.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The second number of /proc/<pid>/statm, in pages; see proc(5). */
static uint64_t resident_pages(const char *pid)
{
	char path[64], text[128];
	char *second;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/statm", pid);
	if (io_read_file(path, text, sizeof(text)) <= 0)
		return 0;
	(void)strtoull(text, &second, 10);
	return strtoull(second, NULL, 10);
}

/* Goes through all processes; their number, and their resident pages where asked for. */
static uint64_t walk(uint64_t *ret_pages)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	uint64_t count = 0;

	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		if (isdigit((unsigned char)entry->d_name[0]) == 0)
			continue;
		count++;
		if (ret_pages != NULL)
			*ret_pages += resident_pages(entry->d_name);
	}
	if (folder != NULL)
		(void)closedir(folder);
	return count;
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

uint64_t proc_memory_bytes(void)
{
	uint64_t pages = 0;

	(void)walk(&pages);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t proc_count(void)
{
	return walk(NULL);
}

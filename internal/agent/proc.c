#include "agent/proc.h"

#include "base/io.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
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

#include "prefault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RANGES_MAX 4096

/* Of an entry of /proc/<pid>/pagemap: Documentation/admin-guide/mm/pagemap.rst of Linux. */
#define PAGE_IS_PRESENT (UINT64_C(1) << 63)
#define PAGE_IS_FILE (UINT64_C(1) << 61)
#define PAGE_IS_EXCLUSIVE (UINT64_C(1) << 56)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* since Linux 5.14 */
#endif

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

/* Pages of one kind, side by side. */
struct range {
	uintptr_t begin;
	uintptr_t end;
	bool is_written; /* or only read, from a file: fork does not hand such pages on */
};

static struct range ranges[RANGES_MAX];
static size_t ranges_count;

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* ------------------------------------------------------------------ the report */

static void report_page(uintptr_t address, bool is_written)
{
	struct range *last = &ranges[ranges_count == 0 ? 0 : ranges_count - 1];
	size_t size = page_size();

	if (ranges_count > 0 && last->end == address && last->is_written == is_written) {
		last->end += size;
	} else if (ranges_count < RANGES_MAX) {
		ranges[ranges_count++] = (struct range){
			.begin = address, .end = address + size, .is_written = is_written};
	}
}

static void report_mapping(int pagemap, uintptr_t begin, uintptr_t end)
{
	uint64_t entries[512];
	size_t size = page_size();

	while (begin < end) {
		size_t pages = (end - begin) / size;
		size_t wanted = pages < 512 ? pages : 512;
		ssize_t got = pread(pagemap, entries, wanted * sizeof(entries[0]),
				    (off_t)(begin / size * sizeof(entries[0])));

		if (got <= 0)
			return;
		for (size_t i = 0; i < (size_t)got / sizeof(entries[0]); i++) {
			bool is_file = (entries[i] & PAGE_IS_FILE) != 0;

			if ((entries[i] & PAGE_IS_PRESENT) != 0 &&
			    (is_file || (entries[i] & PAGE_IS_EXCLUSIVE) != 0))
				report_page(begin + i * size, !is_file);
		}
		begin += (size_t)got / sizeof(entries[0]) * size;
	}
}

void prefault_report(int fd)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	char line[512];

	ranges_count = 0;
	while (maps != NULL && pagemap >= 0 && fgets(line, sizeof(line), maps) != NULL) {
		unsigned long begin, end;
		char rights[5];

		if (sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 && rights[0] == 'r' &&
		    rights[3] == 'p')
			report_mapping(pagemap, begin, end);
	}
	for (size_t sent = 0; sent < ranges_count * sizeof(ranges[0]);) {
		ssize_t put = write(fd, (const char *)ranges + sent,
				    ranges_count * sizeof(ranges[0]) - sent);

		if (put <= 0)
			return;
		sent += (size_t)put;
	}
}

/* ------------------------------------------------------------------ its use */

void prefault_learn(int fd)
{
	size_t length = 0;

	for (;;) {
		ssize_t got = read(fd, (char *)ranges + length, sizeof(ranges) - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	ranges_count = length / sizeof(ranges[0]);
}

/* A mapping of the rehearsal that this process does not have is passed over: the kernel says so. */
void prefault_touch(void)
{
	for (size_t i = 0; i < ranges_count; i++)
		(void)madvise((void *)ranges[i].begin, ranges[i].end - ranges[i].begin,
			      ranges[i].is_written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

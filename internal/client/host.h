/* host: what the files of /proc and /sys tell of this machine. The parsers are pure.
 *
 * Sources: cgroups(7), Documentation/admin-guide/cgroup-v2.rst and seccomp_filter.rst of Linux. */
#ifndef KILN_CLIENT_HOST_H
#define KILN_CLIENT_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which of the controllers that Kiln's limits need are there. */
struct host_controllers {
	bool memory;
	bool cpu;
	bool pids;
};

/* /sys/fs/cgroup/cgroup.controllers: "cpuset cpu io memory pids". */
struct host_controllers host_parse_controllers_v2(const char *text);
/* /proc/cgroups: name, hierarchy, number, and whether it is enabled, a line each. */
struct host_controllers host_parse_controllers_v1(const char *text);
/* /proc/self/cgroup: 2 when its only line is that of the unified hierarchy, 1 when there are
 * others, 0 when it is not understood. */
int host_parse_cgroup_version(const char *text);
/* Whether a word stands in a list with spaces between. */
bool host_has_word(const char *list, const char *word);
/* "6.1.0-18-amd64" -> 6 and 1. 0 or -EINVAL. */
int host_parse_release(const char *release, unsigned *ret_major, unsigned *ret_minor);
/* A value of /proc/meminfo in bytes; 0 when it is not there. */
uint64_t host_parse_meminfo(const char *text, const char *key);

/* The same of this machine; false when the file cannot be read. */
bool host_read_controllers(int cgroup_version, struct host_controllers *ret_controllers);
int host_cgroup_version(void);        /* 0: unknown */
uint64_t host_memory_available(void); /* 0: unknown */

#endif

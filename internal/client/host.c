#include "client/host.h"

#include "base/io.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES 8192

bool host_has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
		bool begins = at == list || strchr(" \n", at[-1]) != NULL;

		/* strchr() finds the terminating NUL, too. */
		if (begins && strchr(" \n", at[length]) != NULL)
			return true;
	}
	return false;
}

struct host_controllers host_parse_controllers_v2(const char *text)
{
	return (struct host_controllers){
		.memory = host_has_word(text, "memory"),
		.cpu = host_has_word(text, "cpu"),
		.pids = host_has_word(text, "pids"),
	};
}

struct host_controllers host_parse_controllers_v1(const char *text)
{
	struct host_controllers found = {0};

	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n")) {
		char name[32];
		unsigned enabled;

		line += strspn(line, "\n");
		if (sscanf(line, "%31s %*u %*u %u", name, &enabled) != 2 || enabled == 0)
			continue;
		found.memory |= strcmp(name, "memory") == 0;
		found.cpu |= strcmp(name, "cpu") == 0;
		found.pids |= strcmp(name, "pids") == 0;
	}
	return found;
}

int host_parse_cgroup_version(const char *text)
{
	const char *newline = strchr(text, '\n');

	if (strncmp(text, "0::", 3) == 0 && (newline == NULL || newline[1] == '\0'))
		return 2;
	return strchr(text, ':') != NULL ? 1 : 0;
}

int host_parse_release(const char *release, unsigned *ret_major, unsigned *ret_minor)
{
	return sscanf(release, "%u.%u", ret_major, ret_minor) == 2 ? 0 : -EINVAL;
}

uint64_t host_parse_meminfo(const char *text, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0 && line[length] == ':')
			return strtoull(line + length + 1, NULL, 10) * 1024;
	}
	return 0;
}

bool host_read_controllers(int cgroup_version, struct host_controllers *ret_controllers)
{
	char text[FILE_BYTES];

	if (cgroup_version == 2) {
		if (io_read_file("/sys/fs/cgroup/cgroup.controllers", text, sizeof(text)) < 0)
			return false;
		*ret_controllers = host_parse_controllers_v2(text);
		return true;
	}
	if (io_read_file("/proc/cgroups", text, sizeof(text)) < 0)
		return false;
	*ret_controllers = host_parse_controllers_v1(text);
	return true;
}

int host_cgroup_version(void)
{
	char text[FILE_BYTES];

	if (io_read_file("/proc/self/cgroup", text, sizeof(text)) < 0)
		return 0;
	return host_parse_cgroup_version(text);
}

uint64_t host_memory_available(void)
{
	char text[FILE_BYTES];

	if (io_read_file("/proc/meminfo", text, sizeof(text)) < 0)
		return 0;
	return host_parse_meminfo(text, "MemAvailable");
}

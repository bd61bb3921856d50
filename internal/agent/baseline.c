#include "agent/baseline.h"

#include "agent/standby.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "frame/message.h"

#include <dirent.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/* What the kernel keeps for a container beyond its processes (dentries, freed pages on a list of
 * their CPU) and the agent's own buffers. A job that leaves more than this has left something. */
#define MEMORY_SLACK_BYTES ((uint64_t)8 * 1024 * 1024)
#define MEMORY_PATIENCE_MS 100
#define MEMORY_POLL_MS 5

static unsigned count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	while (folder != NULL && readdir(folder) != NULL)
		count++;
	if (folder != NULL)
		(void)closedir(folder);
	return count;
}

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): equality is all that is asked of it. */
static uint64_t hash_mounts(void)
{
	auto_close int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	unsigned char text[4096];
	ssize_t got;

	while (fd >= 0 && (got = read(fd, text, sizeof(text))) > 0) {
		for (ssize_t i = 0; i < got; i++)
			hash = (hash ^ text[i]) * UINT64_C(0x100000001b3);
	}
	return hash;
}

void baseline_take(struct baseline *baseline, const struct cgroup *cgroup)
{
	*baseline = (struct baseline){
		.descriptors = count_descriptors(),
		.mounts = hash_mounts(),
		.memory_bytes = cgroup_memory_bytes(cgroup),
	};
}

/* Memory of a killed process goes back in the background. */
static uint64_t settle_memory(const struct cgroup *cgroup, uint64_t allowed)
{
	int64_t deadline_ns = clock_after_ms(MEMORY_PATIENCE_MS);
	uint64_t now = cgroup_memory_bytes(cgroup);

	while (now > allowed && clock_now_ns() < deadline_ns) {
		const struct timespec pause = clock_timespec(MEMORY_POLL_MS * NS_PER_MS);

		(void)nanosleep(&pause, NULL);
		now = cgroup_memory_bytes(cgroup);
	}
	return now;
}

uint32_t baseline_compare(const struct baseline *baseline, const struct cgroup *cgroup,
			  const struct standbys *standbys, uint64_t *ret_memory)
{
	uint64_t allowed = baseline->memory_bytes + standbys_memory_bytes(standbys) +
			   MEMORY_SLACK_BYTES;
	uint32_t residue = 0;

	*ret_memory = settle_memory(cgroup, allowed);
	if (*ret_memory > allowed)
		residue |= RESIDUE_MEMORY;
	if (count_descriptors() != baseline->descriptors + standbys_descriptors(standbys))
		residue |= RESIDUE_DESCRIPTORS;
	if (hash_mounts() != baseline->mounts)
		residue |= RESIDUE_MOUNTS;
	return residue;
}

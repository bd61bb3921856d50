#include "cache/cache.h"

#include "job/job.h"

#include <errno.h>
#include <string.h>

/* Each part with its length before it: no two lists of parts run into one another. */
static void put_part(struct buf *key, const void *data, size_t length)
{
	uint64_t prefix = length;

	(void)buf_append(key, &prefix, sizeof(prefix));
	(void)buf_append(key, data, length);
}

static size_t key_bytes(const char *image_id, const struct job *job)
{
	size_t parts = 3 + 2 * job->files_count;
	size_t total = strlen(image_id) + strlen(job->language) + job->code.length;

	for (size_t i = 0; i < job->files_count; i++)
		total += strlen(job->files[i].name) + job->files[i].content.length;
	return total + parts * sizeof(uint64_t);
}

/* The order of files is theirs on the compiler's command line. */
int cache_key_init(struct buf *key, const char *image_id, const struct job *job)
{
	size_t length = key_bytes(image_id, job);

	buf_init(key, length);
	(void)buf_reserve(key, length);
	put_part(key, image_id, strlen(image_id));
	put_part(key, job->language, strlen(job->language));
	put_part(key, job->code.data, job->code.length);
	for (size_t i = 0; i < job->files_count; i++) {
		put_part(key, job->files[i].name, strlen(job->files[i].name));
		put_part(key, job->files[i].content.data, job->files[i].content.length);
	}
	return buf_failed(key) ? -ENOMEM : 0;
}

#include "worker/reuse.h"

#include "cache/cache.h"
#include "job/job.h"
#include "job/result.h"

#include <errno.h>

void reuse_begin(struct reuse *reuse, struct cache *cache, const char *image_id,
		 const struct job *job)
{
	*reuse = (struct reuse){0};
	if (cache == NULL || !job->compiled || image_id[0] == '\0')
		return;
	if (cache_key_init(&reuse->key, image_id, job) < 0)
		return;
	reuse->cache = cache;
	reuse->entry = cache_borrow(cache, &reuse->key);
	reuse->wants_artifact = reuse->entry == NULL;
	/* A compile would have ended at the limit, so it has to. */
	if (reuse->entry != NULL && reuse->entry->output_length > job->limits.output_bytes) {
		cache_give_back(cache, reuse->entry);
		reuse->entry = NULL;
	}
}

void reuse_end(struct reuse *reuse)
{
	if (reuse->entry != NULL)
		cache_give_back(reuse->cache, reuse->entry);
	artifact_reader_fini(&reuse->artifact);
	buf_fini(&reuse->key);
	*reuse = (struct reuse){0};
}

static bool is_clean(const struct outcome *outcome)
{
	const struct stage_report *compile = &outcome->compile;

	return compile->ran && compile->exit_code == 0 && compile->signal == 0 &&
	       !outcome->compile_truncated && outcome->run.ran;
}

int reuse_conclude(struct reuse *reuse, struct result *result)
{
	struct stage_report *compile = &result->outcome.compile;

	if (reuse->entry == NULL) {
		reuse->wants_artifact = reuse->wants_artifact && is_clean(&result->outcome);
		return 0;
	}
	if (compile->ran)
		return -EBADMSG;
	compile->ran = true;
	result->compile_cached = true;
	return 0;
}

static int gather_compile_output(const struct output *output, struct buf *ret_said)
{
	const uint8_t *next = output->bytes.data;

	buf_init(ret_said, BUF_UNBOUNDED);
	for (size_t i = 0; i < output->spans_count; i++) {
		if (output->spans[i].stream == STREAM_COMPILE)
			(void)buf_append(ret_said, next, output->spans[i].length);
		next += output->spans[i].length;
	}
	return buf_failed(ret_said) ? -ENOMEM : 0;
}

void reuse_keep(struct reuse *reuse, const struct result *result)
{
	struct buf said;

	if (reuse->artifact.data == NULL)
		return;
	/* One that is too large, or finds no memory, is compiled again the next time. */
	if (gather_compile_output(&result->output, &said) == 0)
		(void)cache_store(reuse->cache, &reuse->key, &reuse->artifact, said.data,
				  said.length);
	buf_fini(&said);
}

void reuse_distrust(struct reuse *reuse)
{
	if (reuse->entry != NULL)
		cache_forget(reuse->cache, reuse->entry);
}

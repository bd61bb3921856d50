/* reuse: what one job has to do with the compile cache. Before it runs, the cache is asked; after
 * it, what its compiler made is kept.
 *
 * Jobs of the same sources that arrive while the first of them compiles are compiled as well, each
 * by itself: to wait for another job would bind its time, and its fate, to a stranger's. */
#ifndef KILN_WORKER_REUSE_H
#define KILN_WORKER_REUSE_H

#include "base/buf.h"
#include "frame/artifact.h"

#include <stdbool.h>

struct cache;
struct cache_entry;
struct job;
struct result;

/* Zeros are valid: a job that has nothing to do with the cache. */
struct reuse {
	struct cache *cache;             /* NULL: it is off, or there is nothing to compile */
	struct buf key;
	const struct cache_entry *entry; /* borrowed: it need not be compiled */
	bool wants_artifact;             /* the agent may hand over what the compiler makes */
	struct artifact_reader artifact; /* what it has handed over */
};

/* Asks the cache, which may be NULL. Without memory the job is compiled as if there were none. */
void reuse_begin(struct reuse *reuse, struct cache *cache, const char *image_id,
		 const struct job *job);
void reuse_end(struct reuse *reuse);

/* The job is done. What the result tells of the compile comes from the cache, when it was not done
 * again; what a compile that was not clean made is not wanted any more. -EBADMSG when the agent
 * says that it compiled what it had not to. */
int reuse_conclude(struct reuse *reuse, struct result *result);

/* The container has proved itself: keeps what it has handed over, if anything. */
void reuse_keep(struct reuse *reuse, const struct result *result);

/* The entry was sent and the attempt failed: the next does without it. */
void reuse_distrust(struct reuse *reuse);

#endif

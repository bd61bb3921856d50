/* cache: what compilers made, so that the same sources need not be compiled twice.
 *
 * It maps a key, all that decides what a compiler makes, to the artifact and to what the compiler
 * said. Keys are compared byte by byte, so no two programs can be taken for one another. Bounded in
 * bytes, keys included; what was used longest ago makes room. In memory alone: it is empty after a
 * restart.
 *
 * Threads:   any function, any thread.
 * Ownership: an entry never changes. Who borrows one keeps it alive until it is given back,
 *            whatever becomes of it in the cache: so beyond the bound there may be one for each
 *            borrower. */
#ifndef KILN_CACHE_CACHE_H
#define KILN_CACHE_CACHE_H

#include "base/buf.h"
#include "frame/artifact.h"

#include <stddef.h>
#include <stdint.h>

struct cache;
struct job;

struct cache_entry {
	struct artifact artifact; /* its bytes belong to the entry */
	const uint8_t *output;    /* of the compiler */
	size_t output_length;
};

struct cache *cache_new(size_t bytes_max); /* NULL: out of memory */
void cache_free(struct cache *cache);      /* accepts NULL; nothing may be borrowed */

/* All that decides what the compile of a job makes: the image with its tools and flags, the
 * language, the program and the files beside it. Its arguments, its input and its limits do not
 * take part. Initialises `key`; 0 or -ENOMEM. */
int cache_key_init(struct buf *key, const char *image_id, const struct job *job);

/* NULL: there is none. Counts a hit or a miss. */
const struct cache_entry *cache_borrow(struct cache *cache, const struct buf *key);
void cache_give_back(struct cache *cache, const struct cache_entry *entry);

/* Keeps an artifact. Takes what the reader holds, which is settled and has data, in any case.
 * 0, also where there is one for this key already, which stays; -ENOSPC for one that is larger than
 * the cache; -ENOMEM. */
int cache_store(struct cache *cache, const struct buf *key, struct artifact_reader *artifact,
		const void *output, size_t output_length);

/* Forgets an entry that turned out to be of no use. It stays borrowed. */
void cache_forget(struct cache *cache, const struct cache_entry *entry);

struct cache_status {
	size_t bytes;
	size_t entries;
	uint64_t hits;
	uint64_t misses;
	uint64_t evictions;
};
void cache_status(struct cache *cache, struct cache_status *ret_status);

#endif

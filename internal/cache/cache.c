/* A hash table of chains and a list of all entries in the order of their last use, under one lock.
 *
 * An entry counts who holds it: the table, and every borrower. Eviction takes the table's hold
 * away; whoever lets go last frees it. Memory is taken and given back outside of the lock. */
#include "cache/cache.h"

#include "base/sync.h"
#include "cache/siphash.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* A small C program makes an entry of this size: then chains are of one entry. */
#define BYTES_PER_BUCKET ((size_t)16 * 1024)
#define BUCKETS_MIN ((size_t)64)
#define BUCKETS_MAX ((size_t)1 << 18)

struct slot {
	struct cache_entry entry; /* first: what borrowers see */
	uint64_t hash;
	size_t key_length;
	size_t bytes; /* that it counts for */
	unsigned holders;
	bool in_table;
	struct slot *chain; /* the next of its bucket */
	struct slot *newer; /* its neighbours in the order of use */
	struct slot *older;
	uint8_t key_and_output[];
};

struct cache {
	size_t bytes_max;           /* immutable */
	size_t buckets_count;       /* immutable; a power of two */
	struct siphash_key hash_key; /* immutable */
	struct mutex lock;
	struct slot **buckets GUARDED_BY(lock);
	struct slot *newest GUARDED_BY(lock);
	struct slot *oldest GUARDED_BY(lock);
	struct cache_status status GUARDED_BY(lock);
};

static size_t choose_buckets(size_t bytes_max)
{
	size_t count = BUCKETS_MIN;

	while (count < BUCKETS_MAX && count < bytes_max / BYTES_PER_BUCKET)
		count *= 2;
	return count;
}

struct cache *cache_new(size_t bytes_max)
{
	struct cache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	cache->bytes_max = bytes_max;
	cache->buckets_count = choose_buckets(bytes_max);
	cache->buckets = calloc(cache->buckets_count, sizeof(struct slot *));
	if (cache->buckets == NULL ||
	    getrandom(&cache->hash_key, sizeof(cache->hash_key), 0) !=
		    (ssize_t)sizeof(cache->hash_key)) {
		free(cache->buckets);
		free(cache);
		return NULL;
	}
	mutex_init(&cache->lock);
	return cache;
}

static void slot_free(struct slot *slot)
{
	free((void *)(uintptr_t)slot->entry.artifact.data);
	free(slot);
}

/* A list that was taken out of the table, linked by `chain`. */
static void free_list(struct slot *list)
{
	while (list != NULL) {
		struct slot *next = list->chain;

		slot_free(list);
		list = next;
	}
}

void cache_free(struct cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < cache->buckets_count; i++)
		free_list(cache->buckets[i]);
	mutex_fini(&cache->lock);
	free(cache->buckets);
	free(cache);
}

static struct slot **bucket_of_locked(struct cache *cache, uint64_t hash) REQUIRES(cache->lock)
{
	return &cache->buckets[hash & (cache->buckets_count - 1)];
}

static struct slot *find_locked(struct cache *cache, uint64_t hash, const struct buf *key)
	REQUIRES(cache->lock)
{
	struct slot *slot = *bucket_of_locked(cache, hash);

	while (slot != NULL && (slot->hash != hash || slot->key_length != key->length ||
				memcmp(slot->key_and_output, key->data, key->length) != 0))
		slot = slot->chain;
	return slot;
}

static void leave_order_locked(struct cache *cache, struct slot *slot) REQUIRES(cache->lock)
{
	*(slot->newer == NULL ? &cache->newest : &slot->newer->older) = slot->older;
	*(slot->older == NULL ? &cache->oldest : &slot->older->newer) = slot->newer;
}

static void become_newest_locked(struct cache *cache, struct slot *slot) REQUIRES(cache->lock)
{
	slot->newer = NULL;
	slot->older = cache->newest;
	*(cache->newest == NULL ? &cache->oldest : &cache->newest->newer) = slot;
	cache->newest = slot;
}

/* Out of the table and the order. True when nobody holds it any more. */
static bool take_out_locked(struct cache *cache, struct slot *slot) REQUIRES(cache->lock)
{
	struct slot **link = bucket_of_locked(cache, slot->hash);

	while (*link != slot)
		link = &(*link)->chain;
	*link = slot->chain;
	leave_order_locked(cache, slot);
	slot->in_table = false;
	cache->status.bytes -= slot->bytes;
	cache->status.entries--;
	return --slot->holders == 0;
}

/* Makes room for so many bytes. What is to be freed then. */
static struct slot *evict_locked(struct cache *cache, size_t bytes) REQUIRES(cache->lock)
{
	struct slot *list = NULL;

	while (cache->status.bytes + bytes > cache->bytes_max) {
		struct slot *slot = cache->oldest;

		cache->status.evictions++;
		if (take_out_locked(cache, slot)) {
			slot->chain = list;
			list = slot;
		}
	}
	return list;
}

static void insert_locked(struct cache *cache, struct slot *slot) REQUIRES(cache->lock)
{
	struct slot **bucket = bucket_of_locked(cache, slot->hash);

	slot->chain = *bucket;
	*bucket = slot;
	slot->in_table = true;
	slot->holders++;
	become_newest_locked(cache, slot);
	cache->status.bytes += slot->bytes;
	cache->status.entries++;
}

const struct cache_entry *cache_borrow(struct cache *cache, const struct buf *key)
{
	uint64_t hash = siphash(&cache->hash_key, key->data, key->length);
	struct slot *slot;

	mutex_lock(&cache->lock);
	slot = find_locked(cache, hash, key);
	if (slot == NULL) {
		cache->status.misses++;
	} else {
		cache->status.hits++;
		slot->holders++;
		leave_order_locked(cache, slot);
		become_newest_locked(cache, slot);
	}
	mutex_unlock(&cache->lock);
	return slot == NULL ? NULL : &slot->entry;
}

/* The caller borrowed it, so that it is ours to count on. */
static struct slot *slot_of(const struct cache_entry *entry)
{
	return (struct slot *)(uintptr_t)entry;
}

void cache_give_back(struct cache *cache, const struct cache_entry *entry)
{
	struct slot *slot = slot_of(entry);
	bool is_last;

	mutex_lock(&cache->lock);
	is_last = --slot->holders == 0;
	mutex_unlock(&cache->lock);
	if (is_last)
		slot_free(slot);
}

void cache_forget(struct cache *cache, const struct cache_entry *entry)
{
	struct slot *slot = slot_of(entry);

	mutex_lock(&cache->lock);
	if (slot->in_table)
		(void)take_out_locked(cache, slot);
	mutex_unlock(&cache->lock);
}

static struct slot *slot_new(const struct buf *key, const struct artifact_reader *artifact,
			     const void *output, size_t output_length)
{
	struct slot *slot = calloc(1, sizeof(*slot) + key->length + output_length);

	if (slot == NULL)
		return NULL;
	slot->key_length = key->length;
	slot->bytes = sizeof(*slot) + key->length + output_length + artifact->length;
	memcpy(slot->key_and_output, key->data, key->length);
	if (output_length > 0)
		memcpy(slot->key_and_output + key->length, output, output_length);
	slot->entry = (struct cache_entry){
		.artifact = {.data = artifact->data,
			     .length = artifact->length,
			     .checksum = artifact->checksum},
		.output = slot->key_and_output + key->length,
		.output_length = output_length,
	};
	return slot;
}

/* Takes the slot: into the table, or to be freed with what has to go for it. */
static struct slot *place(struct cache *cache, struct slot *slot, const struct buf *key)
{
	struct slot *unwanted;

	mutex_lock(&cache->lock);
	if (find_locked(cache, slot->hash, key) != NULL) {
		unwanted = slot;
	} else {
		unwanted = evict_locked(cache, slot->bytes);
		insert_locked(cache, slot);
	}
	mutex_unlock(&cache->lock);
	return unwanted;
}

int cache_store(struct cache *cache, const struct buf *key, struct artifact_reader *artifact,
		const void *output, size_t output_length)
{
	size_t bytes = sizeof(struct slot) + key->length + output_length + artifact->length;
	struct slot *slot = NULL;
	int result = bytes > cache->bytes_max ? -ENOSPC : -ENOMEM;

	if (bytes <= cache->bytes_max)
		slot = slot_new(key, artifact, output, output_length);
	if (slot != NULL) {
		artifact->data = NULL; /* the slot's now */
		slot->hash = siphash(&cache->hash_key, key->data, key->length);
		free_list(place(cache, slot, key));
		result = 0;
	}
	artifact_reader_fini(artifact);
	return result;
}

void cache_status(struct cache *cache, struct cache_status *ret_status)
{
	mutex_lock(&cache->lock);
	*ret_status = cache->status;
	mutex_unlock(&cache->lock);
}

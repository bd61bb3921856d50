/* siphash: a hash of bytes under a secret key (SipHash-2-4, https://github.com/veorq/SipHash):
 * whoever does not know the key cannot make inputs that fall into one bucket. */
#ifndef KILN_CACHE_SIPHASH_H
#define KILN_CACHE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t words[2];
};

uint64_t siphash(const struct siphash_key *key, const uint8_t *data, size_t length);

#endif

/* The event stream in pieces: the same objects as from the whole. The first byte says how long the
 * pieces are. */
#include "docker/objects.h"

#include <stdint.h>
#include <stdlib.h>

struct seen {
	size_t objects;
	size_t bytes;
	int end; /* 0 or -EPROTO */
};

static struct seen split(const uint8_t *data, size_t size, size_t piece)
{
	struct docker_objects objects;
	struct seen seen = {0};

	docker_objects_init(&objects);
	for (size_t at = 0; at < size && seen.end == 0; at += piece) {
		const char *text;
		size_t length = size - at < piece ? size - at : piece;
		int result;

		if (docker_objects_add(&objects, data + at, length) < 0)
			abort();
		while ((result = docker_objects_next(&objects, &text, &length)) == 1) {
			if (length < 2 || text[0] != '{')
				abort();
			seen.objects++;
			seen.bytes += length;
		}
		seen.end = result;
	}
	docker_objects_fini(&objects);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole, pieces;

	if (size < 2)
		return 0;
	whole = split(data + 1, size - 1, size - 1);
	pieces = split(data + 1, size - 1, (size_t)data[0] % 64 + 1);
	if (whole.objects != pieces.objects || whole.bytes != pieces.bytes ||
	    whole.end != pieces.end)
		abort();
	return 0;
}

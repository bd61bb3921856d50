/* The demultiplexer: pieces give the same stdout as the whole. The first byte says where to cut. */
#include "docker/stream.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct docker_demux whole = {0}, pieces = {0};
	uint8_t *all, *cut;
	ssize_t kept, first, second = 0;
	size_t at;

	if (size < 2)
		return 0;
	at = data[0] % size;
	data++;
	size--;
	all = malloc(size);
	cut = malloc(size);
	if (all == NULL || cut == NULL)
		abort();
	memcpy(all, data, size);
	memcpy(cut, data, size);
	kept = docker_demux_stdout(&whole, all, size);
	first = docker_demux_stdout(&pieces, cut, at);
	if (first >= 0)
		second = docker_demux_stdout(&pieces, cut + at, size - at);
	if (kept > (ssize_t)size || (kept < 0) != (first < 0 || second < 0))
		abort();
	if (kept >= 0 && (first + second != kept || memcmp(all, cut, (size_t)first) != 0 ||
			  memcmp(all + first, cut + at, (size_t)second) != 0))
		abort();
	free(all);
	free(cut);
	return 0;
}

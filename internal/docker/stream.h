/* stream: Docker's multiplexed stdio, as an attached container without a terminal sends it.
 *
 * Frames of eight bytes (1 stdout, 2 stderr; 0; 0; 0; payload length, 32 bits, big endian) and
 * their payload, split anywhere
 * (https://docs.docker.com/engine/api/v1.41/#tag/Container/operation/ContainerAttach).
 * Pure functions, fuzzed. Threads: a demux belongs to one thread at a time. */
#ifndef KILN_DOCKER_STREAM_H
#define KILN_DOCKER_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct docker_demux {
	uint8_t header[8];
	size_t header_length; /* bytes of the header that were seen */
	size_t left;          /* payload bytes still to come */
};

/* Takes multiplexed bytes apart in place: moves the payload of stdout to the front of data and
 * returns its length; drops stderr. -EBADMSG for a frame of another kind. */
ssize_t docker_demux_stdout(struct docker_demux *demux, uint8_t *data, size_t length);

#endif

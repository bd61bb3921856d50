#include "docker/stream.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum {
	KIND_STDOUT = 1,
	KIND_STDERR = 2,
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool header_is_sane(const uint8_t *header)
{
	return (header[0] == KIND_STDOUT || header[0] == KIND_STDERR) && header[1] == 0 &&
	       header[2] == 0 && header[3] == 0;
}

/* Takes what data has of the header. Returns the bytes taken, or -EBADMSG. */
static ssize_t take_header(struct docker_demux *demux, const uint8_t *data, size_t length)
{
	size_t taken = smaller(sizeof(demux->header) - demux->header_length, length);
	const uint8_t *size = demux->header + 4;

	memcpy(demux->header + demux->header_length, data, taken);
	demux->header_length += taken;
	if (demux->header_length < sizeof(demux->header))
		return (ssize_t)taken;
	if (!header_is_sane(demux->header))
		return -EBADMSG;
	demux->left = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 |
		      (size_t)size[3];
	if (demux->left == 0)
		demux->header_length = 0;
	return (ssize_t)taken;
}

ssize_t docker_demux_stdout(struct docker_demux *demux, uint8_t *data, size_t length)
{
	size_t next = 0, kept = 0;

	while (next < length) {
		size_t taken;

		if (demux->left == 0) {
			ssize_t result = take_header(demux, data + next, length - next);

			if (result < 0)
				return result;
			next += (size_t)result;
			continue;
		}
		taken = smaller(demux->left, length - next);
		if (demux->header[0] == KIND_STDOUT) {
			memmove(data + kept, data + next, taken);
			kept += taken;
		}
		next += taken;
		demux->left -= taken;
		if (demux->left == 0)
			demux->header_length = 0;
	}
	return (ssize_t)kept;
}

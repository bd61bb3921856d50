/* io: read and write on non-blocking descriptors, until a deadline (clock.h). */
#ifndef KILN_BASE_IO_H
#define KILN_BASE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Waits until fd is ready for `events` of poll(2). 0, -ETIMEDOUT, or a negative errno. */
int io_wait(int fd, short events, int64_t deadline_ns);

/* Reads at most `length` bytes, waiting for the first. 0 at the end of the stream. */
ssize_t io_read(int fd, void *data, size_t length, int64_t deadline_ns);

/* Writes all bytes. 0, -ETIMEDOUT, -EPIPE, or another negative errno; part may have gone out. */
int io_write_all(int fd, const void *data, size_t length, int64_t deadline_ns);

/* Reads a whole small file, such as one of /proc or a cgroup, into text and ends it with a NUL.
 * The number of bytes read, at most size - 1, or a negative errno. */
ssize_t io_read_file(const char *path, char *text, size_t size);

int io_set_nonblocking(int fd);

#endif

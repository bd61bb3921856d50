/* cleanup: locals that clean up after themselves when their scope ends.
 *
 *	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
 *	auto_free char *text = strdup(fd < 0 ? "" : path);
 *
 * take_fd() and take_ptr() hand the value on and disarm the clean-up. */
#ifndef KILN_BASE_CLEANUP_H
#define KILN_BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

#define auto_close __attribute__((cleanup(cleanup_close)))
#define auto_free __attribute__((cleanup(cleanup_free)))
#define auto_fclose __attribute__((cleanup(cleanup_fclose)))

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define take_ptr(pointer)                         \
	__extension__({                           \
		__auto_type taken_ = *(pointer);  \
		*(pointer) = NULL;                \
		taken_;                           \
	})

#endif

/* What the programs share that try forbidden things: each thing that was not denied is told. */
#include <errno.h>
#include <stdio.h>

static int tried;

/* Denied is what the kernel or a filter refuses, or does not have. */
static inline void attempt(const char *what, long result)
{
	int error = errno;

	tried++;
	if (result >= 0)
		printf("%s\n", what);
	else if (error != EPERM && error != EACCES && error != ENOSYS && error != EROFS &&
		 error != ENOENT && error != EAFNOSUPPORT && error != ENOMEM)
		printf("%s: errno %d\n", what, error);
}

static inline int tell(void)
{
	printf("tried %d\n", tried);
	return 0;
}

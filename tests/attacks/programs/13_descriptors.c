/* Tells every descriptor from 3 up, and of the first three what they are not. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	int last = argc > 1 ? atoi(argv[1]) : 1 << 20;
	struct stat status;

	for (int fd = 0; fd < last; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		if (fd > 2)
			printf("%d is open\n", fd);
		else if (fstat(fd, &status) < 0 || !S_ISFIFO(status.st_mode))
			printf("%d is no pipe\n", fd);
	}
	puts("looked");
	return 0;
}

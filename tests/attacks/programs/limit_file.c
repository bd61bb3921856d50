/* Writes as many bytes to a file as it is told, in blocks that do not divide the limit. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char block[10007];
	long bytes = argc > 1 ? atol(argv[1]) : 0;
	int fd = open("file", O_CREAT | O_WRONLY, 0600);

	while (bytes > 0) {
		size_t length = bytes < (long)sizeof(block) ? (size_t)bytes : sizeof(block);
		ssize_t put = write(fd, block, length);

		if (put < 0)
			return 3;
		bytes -= put;
	}
	return 0;
}

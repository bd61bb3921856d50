/* A million small files in the place that it is told. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[32];

	if (argc < 2 || chdir(argv[1]) < 0)
		return 2;
	for (int i = 0; i < 1000000; i++) {
		int fd;

		snprintf(name, sizeof(name), "%d", i);
		fd = open(name, O_CREAT | O_WRONLY, 0600);
		if (fd < 0)
			return 3;
		close(fd);
	}
	puts("1000000");
	return 0;
}

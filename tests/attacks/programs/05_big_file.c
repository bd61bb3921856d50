/* 10 GB, to a file of the workspace. With an argument it ignores the signal that says enough. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char block[1 << 20];
	int fd = open("big", O_CREAT | O_WRONLY, 0600);

	(void)argv;
	if (argc > 1)
		signal(SIGXFSZ, SIG_IGN);
	for (int i = 0; i < 10 * 1024; i++)
		if (write(fd, block, sizeof(block)) != sizeof(block))
			return 3;
	puts("10 GB");
	return 0;
}

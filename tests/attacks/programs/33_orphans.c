/* Two thousand processes (or as many as it is told) whose parents are gone: only the container's init can reap them, and it
 * has to, for there is room for a hundred. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Reaping is the init's own business and may take a moment. */
static pid_t fork_with_patience(void)
{
	for (int i = 0; i < 200; i++) {
		pid_t child = fork();

		if (child >= 0)
			return child;
		usleep(10000);
	}
	return -1;
}

int main(int argc, char **argv)
{
	int most = argc > 1 ? atoi(argv[1]) : 2000;
	int count = 0;

	for (; count < most; count++) {
		pid_t child = fork_with_patience();

		if (child < 0)
			break;
		if (child == 0) {
			(void)fork();
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	printf("%d orphans\n", count);
	return 0;
}

/* As many processes, or threads, as it gets; fails as a program does that did not expect the end.
 * "8" is what it wants; with a second argument it wants threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void *stay(void *unused)
{
	pause();
	return unused;
}

int main(int argc, char **argv)
{
	int wanted = argc > 1 ? atoi(argv[1]) : 1000;
	int count = 1;
	pthread_t thread;

	for (; count < wanted; count++) {
		if (argc > 2 && pthread_create(&thread, NULL, stay, NULL) != 0)
			break;
		if (argc == 2) {
			pid_t child = fork();

			if (child < 0)
				break;
			if (child == 0)
				stay(NULL);
		}
	}
	printf("%d\n", count);
	return count < wanted;
}

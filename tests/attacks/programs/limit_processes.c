/* As many processes as it is told, or threads with a second argument, if it gets them; fails as a
 * program does that did not expect the end. */
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
	fflush(stdout);
	if (argc > 2)
		usleep(200000); /* threads go with their process, and nobody can count them then */
	return count < wanted;
}

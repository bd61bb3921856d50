/* Children that nobody waits for, as many as it may have. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int count = 0;

	for (; count < 100; count++) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		if (child < 0)
			break;
	}
	printf("%d zombies\n", count);
	return 0;
}

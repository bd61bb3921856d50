/* No process is large; all together are. The first one fails when a child did not end well. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Or the compiler leaves the stores out. */
static void *volatile block;

int main(void)
{
	int status, failed = 0;

	for (int i = 0; i < 8; i++) {
		if (fork() == 0) {
			block = malloc(128 << 20);
			memset((void *)block, 1, 128 << 20);
			usleep(500000);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}

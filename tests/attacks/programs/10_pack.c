/* Many chains at once: each process has two heirs before it ends. */
#include <unistd.h>

int main(void)
{
	for (;;) {
		pid_t first = fork();

		if (first > 0) {
			if (fork() > 0)
				_exit(0);
		}
		setsid();
	}
}

/* Each process starts the next one and ends: who kills by a list is always late. With an argument
 * the first process stays. */
#include <unistd.h>

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1 && fork() != 0)
		for (;;)
			pause();
	for (;;) {
		if (fork() > 0)
			_exit(0);
		setsid();
	}
}

/* Spins in as many processes as it is told. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = argc > 1 ? atoi(argv[1]) : 1; i > 1; i--)
		if (fork() == 0)
			break;
	for (;;)
		continue;
}

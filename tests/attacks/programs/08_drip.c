/* A byte at a time, as many each second as it is told. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned each_us = 1000000 / (argc > 1 ? (unsigned)atoi(argv[1]) : 1);

	for (int i = 0; i < 600; i++) {
		(void)!write(1, ".", 1);
		usleep(each_us);
	}
	return 0;
}

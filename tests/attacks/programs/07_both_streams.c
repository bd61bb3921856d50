/* Two processes, each of which floods one stream. */
#include <string.h>
#include <unistd.h>

int main(void)
{
	static char block[65536];
	int fd = fork() == 0 ? 2 : 1;

	memset(block, fd == 1 ? 'o' : 'e', sizeof(block));
	for (;;)
		(void)!write(fd, block, sizeof(block));
}

#define _FILE_OFFSET_BITS 64
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	int fd = open("sparse", O_CREAT | O_RDWR, 0600);

	if (ftruncate(fd, 1LL << 40) < 0)
		return 3;
	puts("1 TB");
	return 0;
}

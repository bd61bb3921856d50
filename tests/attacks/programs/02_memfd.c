/* Memory that belongs to no process: a file without a name. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
	static char block[1 << 20];

	signal(SIGXFSZ, SIG_IGN);
	memset(block, 1, sizeof(block));
	for (int i = 0; i < 64; i++) {
		int fd = memfd_create("m", 0);

		for (int j = 0; j < 16; j++)
			if (write(fd, block, sizeof(block)) != sizeof(block))
				return 3;
	}
	return 0;
}

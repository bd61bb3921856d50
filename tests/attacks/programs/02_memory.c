/* 1 GB of private pages. */
#include <stdlib.h>
#include <string.h>

/* Or the compiler leaves the stores out. */
static void *volatile block;

int main(void)
{
	for (int i = 0; i < 1024; i++) {
		block = malloc(1 << 20);
		memset((void *)block, i + 1, 1 << 20);
	}
	return 0;
}

/* 5 MB without a line break. */
#include <stdio.h>

int main(void)
{
	for (int i = 0; i < 5 * 1000 * 1000; i++)
		putchar('a' + i % 26);
	return 0;
}

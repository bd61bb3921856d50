/* Compiled through a wrapper that puts something else in the place of the compiler's output. */
#include <stdio.h>

int main(void)
{
	puts("the program itself");
	return 0;
}

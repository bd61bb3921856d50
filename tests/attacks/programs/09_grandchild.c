/* Ends at once; its child's child keeps both streams open. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		if (fork() == 0)
			sleep(60);
		_exit(0);
	}
	puts("parent");
	return 0;
}

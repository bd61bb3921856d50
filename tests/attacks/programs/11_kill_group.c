#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0)
		pause();
	puts("before");
	fflush(stdout);
	kill(0, SIGKILL);
	puts("after");
	return 0;
}

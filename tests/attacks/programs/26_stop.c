/* Stops itself and its group, children included. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	fork();
	for (;;)
		kill(0, SIGSTOP);
}

/* Burns CPU in children that nobody waits for: their parent ignores SIGCHLD, or is gone. */
#include <signal.h>
#include <time.h>
#include <unistd.h>

static void burn(void)
{
	while (clock() < CLOCKS_PER_SEC / 50)
		continue;
	_exit(0);
}

int main(void)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		if (fork() == 0) {
			if (fork() == 0)
				burn();
			burn();
		}
		usleep(20000);
	}
}

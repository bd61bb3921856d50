/* Tells each way in which it could signal the agent. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	siginfo_t info = {.si_code = SI_QUEUE};
	pid_t parent = getppid();
	int agent = (int)syscall(SYS_pidfd_open, 1, 0);

	for (int number = 0; number <= 64; number++) {
		if (kill(1, number) == 0)
			printf("kill(1, %d)\n", number);
		if (kill(parent, number) == 0)
			printf("kill(parent, %d)\n", number);
		if (syscall(SYS_tgkill, 1, 1, number) == 0 || syscall(SYS_tkill, 1, number) == 0)
			printf("tgkill(1, 1, %d)\n", number);
		if (syscall(SYS_rt_sigqueueinfo, 1, number, &info) == 0)
			printf("rt_sigqueueinfo(1, %d)\n", number);
		if (agent >= 0 && syscall(SYS_pidfd_send_signal, agent, number, NULL, 0) == 0)
			printf("pidfd_send_signal(agent, %d)\n", number);
	}
	puts("tried");
	fflush(stdout);
	kill(-1, SIGKILL);
	puts("alive");
	return 0;
}

/* Fills the container with shared memory that is attached nowhere, from a process that stays small
 * and lowers its score for the out-of-memory killer as far as it may: the killer should find the
 * agent to be the better victim. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

static void lower_score(void)
{
	char text[16];

	for (int score = -1000; score < 1000; score += 100) {
		int fd = open("/proc/self/oom_score_adj", O_WRONLY);
		int length = snprintf(text, sizeof(text), "%d", score);
		ssize_t put = write(fd, text, (size_t)length);

		close(fd);
		if (put > 0)
			return;
	}
}

int main(void)
{
	lower_score();
	for (int i = 0; i < 1024; i++) {
		int id = shmget(IPC_PRIVATE, 1 << 20, IPC_CREAT | 0600);
		char *at = shmat(id, NULL, 0);

		if (at == (void *)-1)
			return 3;
		memset(at, 1, 1 << 20);
		shmdt(at);
	}
	return 4;
}

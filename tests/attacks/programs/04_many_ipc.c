/* As many of each kind as the kernel gives. */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

int main(void)
{
	char name[32];
	int shm = 0, sem = 0, msg = 0, mq = 0;

	while (shm < 100000 && shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0)
		shm++;
	while (sem < 100000 && semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) >= 0)
		sem++;
	while (msg < 100000 && msgget(IPC_PRIVATE, IPC_CREAT | 0600) >= 0)
		msg++;
	while (mq < 100000) {
		snprintf(name, sizeof(name), "/left%d", mq);
		if (mq_open(name, O_CREAT | O_RDWR, 0600, NULL) < 0)
			break;
		mq++;
	}
	fprintf(stderr, "%d %d %d %d\n", shm, sem, msg, mq);
	puts(shm > 1000 && sem > 1000 && msg > 1000 && mq > 1 ? "many" : "few");
	return 0;
}

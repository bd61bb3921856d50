/* One of each kind, left behind. */
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

int main(void)
{
	struct { long type; char text[8]; } message = {1, "left"};
	int shm = shmget(0x1234, 1 << 20, IPC_CREAT | 0666);
	int queue = msgget(0x1234, IPC_CREAT | 0666);
	int named = shm_open("/left", O_CREAT | O_RDWR, 0666);
	char *at = shmat(shm, NULL, 0);

	if (at != (void *)-1)
		printf("shm %s\n", strcpy(at, "left"));
	if (semget(0x1234, 250, IPC_CREAT | 0666) >= 0)
		puts("sem");
	if (msgsnd(queue, &message, sizeof(message.text), IPC_NOWAIT) == 0)
		puts("msg");
	if (mq_open("/left", O_CREAT | O_RDWR, 0666, NULL) >= 0)
		puts("mqueue");
	if (named >= 0 && ftruncate(named, 1 << 20) == 0)
		puts("shm_open");
	if (sem_open("/left", O_CREAT, 0666, 1) != SEM_FAILED)
		puts("sem_open");
	return 0;
}

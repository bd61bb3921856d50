/* Takes memory as fast as it can, in the way that it is told, and says what it got. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

/* Or the compiler leaves the stores out. */
static void *volatile block;

static void take_private(size_t bytes)
{
	block = malloc(bytes);
	memset((void *)block, 1, bytes);
}

static void take_in_children(size_t bytes)
{
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			take_private(bytes / 4);
			pause();
		}
	}
	pause();
}

static void take_in_files(size_t bytes)
{
	static const char *const places[] = {".", "/tmp", "/dev/shm"};
	char path[64];

	block = malloc(MIB);
	memset((void *)block, 1, MIB);
	for (size_t i = 0; i < bytes / MIB; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%zu", places[i % 3], i);
		fd = open(path, O_CREAT | O_WRONLY, 0600);
		if (write(fd, (void *)block, MIB) < 0)
			exit(3);
		close(fd);
	}
	pause();
}

static void take_shared(size_t bytes)
{
	int id = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);

	memset(shmat(id, NULL, 0), 1, bytes);
}

static void take_in_a_memfd(size_t bytes)
{
	int fd = -1;

	block = malloc(MIB);
	memset((void *)block, 1, MIB);
	for (size_t i = 0; i < bytes / MIB; i++) {
		if (i % 16 == 0) /* none is larger than a file may be */
			fd = memfd_create("m", 0);
		if (write(fd, (void *)block, MIB) < 0)
			exit(3);
	}
}

int main(int argc, char **argv)
{
	size_t bytes = argc > 2 ? (size_t)atol(argv[2]) * MIB : 0;
	const char *how = argc > 1 ? argv[1] : "";

	if (strcmp(how, "private") == 0)
		take_private(bytes);
	else if (strcmp(how, "children") == 0)
		take_in_children(bytes);
	else if (strcmp(how, "files") == 0)
		take_in_files(bytes);
	else if (strcmp(how, "shared") == 0)
		take_shared(bytes);
	else if (strcmp(how, "memfd") == 0)
		take_in_a_memfd(bytes);
	else
		return 2;
	puts("got it");
	return 0;
}

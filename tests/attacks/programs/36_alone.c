/* Tells every process but itself and the agent. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	while ((entry = readdir(folder)) != NULL) {
		int pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 1;

		if (pid != 1 && pid != getpid())
			printf("process %d\n", pid);
	}
	puts("alone");
	return 0;
}

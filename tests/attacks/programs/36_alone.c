/* Tells every process of a job's but itself: the others are root's, or stand ready as children of
 * the agent and have the user ids above this one. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	while ((entry = readdir(folder)) != NULL) {
		int pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : getpid();

		struct stat about;

		if (pid != getpid() && fstatat(dirfd(folder), entry->d_name, &about, 0) == 0 &&
		    about.st_uid == getuid())
			printf("process %d\n", pid);
	}
	puts("alone");
	return 0;
}

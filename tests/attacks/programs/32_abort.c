/* Aborts with as many MB resident as it is told. With a second argument it is a child that does,
 * and the parent tells whether a core file came of it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Or the compiler leaves the stores out. */
static void *volatile block;

static void fill_and_abort(size_t megabytes)
{
	block = malloc(megabytes * 1000000);
	memset((void *)block, 1, megabytes * 1000000);
	abort();
}

static void tell_cores(const char *place)
{
	DIR *folder = opendir(place);
	struct dirent *entry;

	while ((entry = readdir(folder)) != NULL)
		if (strstr(entry->d_name, "core") != NULL)
			printf("%s/%s\n", place, entry->d_name);
	closedir(folder);
}

int main(int argc, char **argv)
{
	size_t megabytes = argc > 1 ? (size_t)atol(argv[1]) : 1;
	int status = 0;

	if (argc < 3)
		fill_and_abort(megabytes);
	if (fork() == 0)
		fill_and_abort(megabytes);
	wait(&status);
	if (WCOREDUMP(status))
		puts("dumped");
	tell_cores(".");
	tell_cores("/tmp");
	puts(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? "aborted" : "ended");
	return 0;
}

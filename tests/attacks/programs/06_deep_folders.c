/* A folder in a folder, 100,000 times, in the place that it is told. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int depth = 0;

	if (argc < 2 || chdir(argv[1]) < 0)
		return 2;
	while (depth < 100000 && mkdir("d", 0700) == 0 && chdir("d") == 0)
		depth++;
	puts(depth >= 10000 ? "deep" : "shallow");
	return depth < 100000 ? 3 : 0;
}

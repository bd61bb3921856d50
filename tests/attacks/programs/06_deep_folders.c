/* A folder in a folder, 100,000 times, in the place that it is told. The tree grows at its root: to
 * make a folder at a depth of thousands would take the kernel as many steps. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char old[32] = "0", new[32], within[40];
	int depth = 1;

	if (argc < 2 || chdir(argv[1]) < 0 || mkdir(old, 0700) < 0)
		return 2;
	for (; depth < 100000; depth++) {
		snprintf(new, sizeof(new), "%d", depth);
		snprintf(within, sizeof(within), "%s/d", new);
		if (mkdir(new, 0700) < 0 || rename(old, within) < 0)
			break;
		snprintf(old, sizeof(old), "%s", new);
	}
	puts(depth >= 10000 ? "deep" : "shallow");
	return depth < 100000 ? 3 : 0;
}

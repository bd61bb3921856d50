/* Ends as it is told: "exit 137", "raise 9", or "child 9": its child sends it that signal. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int number = argc > 2 ? atoi(argv[2]) : 1;

	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "exit") == 0)
		return number;
	if (strcmp(argv[1], "raise") == 0)
		raise(number);
	else if (fork() == 0)
		kill(getppid(), number);
	else
		pause();
	return 1;
}

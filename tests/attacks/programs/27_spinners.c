#include <unistd.h>

int main(void)
{
	for (int i = 0; i < 8; i++)
		if (fork() == 0)
			for (;;)
				continue;
	for (;;)
		pause();
}

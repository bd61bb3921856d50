#include <pthread.h>
#include <unistd.h>

static void *stay(void *unused)
{
	pause();
	return unused;
}

int main(void)
{
	pthread_t thread;

	for (;;)
		pthread_create(&thread, NULL, stay, NULL);
}

/* Catches whatever can be caught, and spins. */
#include <signal.h>

static void ignore(int number)
{
	(void)signal(number, ignore);
}

int main(void)
{
	for (int number = 1; number <= 64; number++)
		(void)signal(number, ignore);
	for (;;)
		continue;
}

#include "client/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_bool came;

static void note(int number)
{
	(void)number;
	atomic_store(&came, true);
}

void interrupt_install(void)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

bool interrupt_came(void)
{
	return atomic_load(&came);
}

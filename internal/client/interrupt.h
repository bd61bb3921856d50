/* interrupt: Ctrl-C and SIGTERM as a flag, so that a measurement ends with what it has and leaves
 * nothing behind. A second signal ends the process at once. */
#ifndef KILN_CLIENT_INTERRUPT_H
#define KILN_CLIENT_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);
bool interrupt_came(void); /* any thread */

#endif

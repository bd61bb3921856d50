/* shutdown: the end of a program without the work that is of use to nobody: see shutdown.c. */
#ifndef KILN_PYTHON_SHUTDOWN_H
#define KILN_PYTHON_SHUTDOWN_H

/* exit(3), without the clean-up that libraries do for the sake of leak checkers. */
_Noreturn void shutdown_exit(int status);

#endif

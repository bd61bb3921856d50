/* engine: the service as a whole: the order in which its parts start, signals, drain, the end. */
#ifndef KILN_ENGINE_ENGINE_H
#define KILN_ENGINE_ENGINE_H

#include "base/err.h"

struct config;

/* Serves until SIGTERM or SIGINT, then drains: takes no new request, finishes what was accepted
 * within the grace period, removes every container. A second signal ends the drain at once: what is
 * not finished is answered as busy. 0, or a negative errno when it could not start, or when NATS
 * ended the connection for good. */
int engine_run(const struct config *config, struct err *err);

#endif

/* doctor: the checks of `kiln doctor` and how they report. */
#ifndef KILN_CLIENT_DOCTOR_H
#define KILN_CLIENT_DOCTOR_H

#include "config/config.h"
#include "docker/docker.h"

#include <stdbool.h>

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARN,
	DOCTOR_FAIL,
};

/* Counts of each level so far. */
struct doctor {
	unsigned count[DOCTOR_FAIL + 1];
};

/* Prints one line: the level, what was checked, and the finding. */
void doctor_report(struct doctor *doctor, enum doctor_level level, const char *subject,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Prints what to do about the finding before it. */
void doctor_advise(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void doctor_check_nats(struct doctor *doctor, const struct config *config);

/* Whether the daemon answered, and then what it tells of itself. */
bool doctor_check_docker(struct doctor *doctor, const struct config *config,
			 struct docker_info *ret_info);

/* This machine. `info` is NULL when the daemon did not answer. */
void doctor_check_host(struct doctor *doctor, const struct config *config,
		       const struct docker_info *info);

#endif

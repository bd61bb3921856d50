/* spec: the JSON body that creates a container (POST /containers/create).
 *
 * Internal to docker/. Pure. */
#ifndef KILN_DOCKER_SPEC_H
#define KILN_DOCKER_SPEC_H

#include "docker/docker.h"

/* A text to be freed; NULL when memory is gone or a text is not UTF-8 (err says). */
char *docker_spec_format(const struct docker_spec *spec, struct err *err);

#endif

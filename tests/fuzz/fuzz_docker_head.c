/* The head of an attach answer. */
#include "docker/head.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	size_t length = docker_head_length(text, size);
	struct docker_head head = {0};
	struct err err;

	if (length > size)
		abort();
	if (docker_head_parse(text, length, &head, &err) < 0)
		return 0;
	if (head.status < 100 || head.status > 999 || head.content_length > 999999999)
		abort();
	return 0;
}

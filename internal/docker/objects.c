#include "docker/objects.h"

#include <errno.h>
#include <string.h>

/* What is kept of the buffer when it runs empty. */
#define KEPT_BYTES ((size_t)64 * 1024)

void docker_objects_init(struct docker_objects *objects)
{
	*objects = (struct docker_objects){0};
	buf_init(&objects->data, DOCKER_OBJECTS_MAX);
}

void docker_objects_fini(struct docker_objects *objects)
{
	buf_fini(&objects->data);
}

void docker_objects_reset(struct docker_objects *objects)
{
	docker_objects_fini(objects);
	docker_objects_init(objects);
}

/* Drops the objects that were taken. */
static void compact(struct docker_objects *objects)
{
	size_t left = objects->data.length - objects->start;

	if (objects->start == 0)
		return;
	objects->scanned -= objects->start;
	if (left == 0) {
		buf_reset(&objects->data, KEPT_BYTES);
	} else {
		memmove(objects->data.data, objects->data.data + objects->start, left);
		objects->data.length = left;
	}
	objects->start = 0;
}

int docker_objects_add(struct docker_objects *objects, const void *data, size_t length)
{
	compact(objects);
	return buf_append(&objects->data, data, length);
}

static void scan_string(struct docker_objects *objects, char c)
{
	if (objects->escaped)
		objects->escaped = false;
	else if (c == '\\')
		objects->escaped = true;
	else if (c == '"')
		objects->in_string = false;
}

/* True when c ends the object. Whether brackets match is left to the parser. */
static bool scan_structure(struct docker_objects *objects, char c)
{
	if (c == '"') {
		objects->in_string = true;
	} else if (c == '{' || c == '[') {
		objects->depth++;
	} else if (c == '}' || c == ']') {
		objects->depth--;
		return objects->depth == 0;
	}
	return false;
}

int docker_objects_next(struct docker_objects *objects, const char **ret_text, size_t *ret_length)
{
	while (objects->scanned < objects->data.length) {
		char c = (char)objects->data.data[objects->scanned];

		objects->scanned++;
		if (objects->in_string) {
			scan_string(objects, c);
		} else if (objects->depth == 0 && strchr(" \t\r\n", c) != NULL && c != '\0') {
			objects->start = objects->scanned;
		} else if (objects->depth == 0 && c != '{') {
			return -EPROTO;
		} else if (scan_structure(objects, c)) {
			*ret_text = (const char *)objects->data.data + objects->start;
			*ret_length = objects->scanned - objects->start;
			objects->start = objects->scanned;
			return 1;
		}
	}
	return 0;
}

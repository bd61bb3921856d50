#include "frame/warm.h"

#include "frame/cursor.h"

#include <errno.h>
#include <string.h>

bool warm_set_has(const struct warm_set *set, const char *name)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (strcmp(set->names[i], name) == 0)
			return true;
	}
	return false;
}

void warm_set_add(struct warm_set *set, const char *name)
{
	size_t length = strlen(name);

	if (set->count == WARM_MAX || length >= LANGUAGE_NAME_BYTES || warm_set_has(set, name))
		return;
	memcpy(set->names[set->count++], name, length + 1);
}

bool warm_set_equal(const struct warm_set *one, const struct warm_set *other)
{
	for (unsigned i = 0; i < one->count; i++) {
		if (!warm_set_has(other, one->names[i]))
			return false;
	}
	return one->count == other->count;
}

void warm_set_encode(struct buf *b, enum frame_type type, const struct warm_set *set)
{
	size_t begin = frame_begin(b, type);

	put_number(b, set->count, 1);
	for (unsigned i = 0; i < set->count; i++)
		put_bytes(b, set->names[i], strlen(set->names[i]));
	frame_end(b, begin);
}

int warm_set_decode(struct warm_set *set, const uint8_t *payload, size_t length)
{
	struct cursor c = {.next = payload, .left = length};
	unsigned count = cursor_u8(&c);

	*set = (struct warm_set){0};
	for (unsigned i = 0; i < count && !c.failed; i++) {
		char name[LANGUAGE_NAME_BYTES];
		size_t name_length;
		const uint8_t *bytes = cursor_bytes(&c, &name_length);

		if (c.failed || name_length == 0 || name_length >= sizeof(name))
			return -EBADMSG;
		memcpy(name, bytes, name_length);
		name[name_length] = '\0';
		/* Neither a NUL within, nor one twice, nor too many. */
		if (strlen(name) != name_length || set->count == WARM_MAX ||
		    warm_set_has(set, name))
			return -EBADMSG;
		warm_set_add(set, name);
	}
	return cursor_is_complete(&c) ? 0 : -EBADMSG;
}

#include "wire/fields.h"

#include "wire/wire.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct quoted field_quote(const char *data, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	struct quoted quoted;
	/* Room for an escape, the dots and the NUL is always left. */
	const size_t end = sizeof(quoted.text) - 8;
	size_t used = 0, i = 0;

	for (; i < length && used < end; i++) {
		unsigned char c = (unsigned char)data[i];

		if (c >= 0x20 && c < 0x7f) {
			quoted.text[used++] = (char)c;
			continue;
		}
		quoted.text[used++] = '\\';
		quoted.text[used++] = 'x';
		quoted.text[used++] = digits[c >> 4];
		quoted.text[used++] = digits[c & 15];
	}
	(void)snprintf(quoted.text + used, sizeof(quoted.text) - used, "%s",
		       i < length ? "..." : "");
	return quoted;
}

json_t *field_find(json_t *object, const char *name)
{
	json_t *found = json_object_get(object, name);
	const char *key;
	json_t *value;

	if (found == NULL) {
		/* The last one wins, as in Go. */
		json_object_foreach (object, key, value) {
			if (strcasecmp(key, name) == 0)
				found = value;
		}
	}
	return json_is_null(found) ? NULL : found;
}

int field_reject(struct result *refusal, const char *fmt, ...)
{
	char text[sizeof(refusal->error)];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	result_refuse(refusal, VERDICT_REJECTED, "%s", text);
	return -EINVAL;
}

int field_no_memory(struct result *refusal)
{
	result_refuse(refusal, VERDICT_INTERNAL_ERROR, "out of memory");
	return -ENOMEM;
}

static const char *type_text(json_type type)
{
	static const char *const texts[] = {
		[JSON_OBJECT] = "an object",   [JSON_ARRAY] = "a list",
		[JSON_STRING] = "a string",    [JSON_INTEGER] = "an integer",
		[JSON_REAL] = "a real number", [JSON_TRUE] = "a boolean",
		[JSON_FALSE] = "a boolean",    [JSON_NULL] = "null",
	};

	return texts[type];
}

int field_expect(json_t *value, json_type type, const char *path, struct result *refusal)
{
	if (json_typeof(value) == type)
		return 0;
	return field_reject(refusal, "field '%s' must be %s, not %s", path, type_text(type),
			    type_text(json_typeof(value)));
}

static int copy_bytes(const char *data, size_t length, size_t max, struct bytes *ret_bytes)
{
	struct bytes bytes = {.length = length};

	if (length > max)
		return -EMSGSIZE;
	if (length > 0) {
		bytes.data = malloc(length);
		if (bytes.data == NULL)
			return -ENOMEM;
		memcpy(bytes.data, data, length);
	}
	*ret_bytes = bytes;
	return 0;
}

static int reject_base64(const char *text, size_t length, size_t offset, const char *path,
			 struct result *refusal)
{
	refusal->decode_error = true;
	if (offset == length)
		return field_reject(
			refusal, "field '%s' is not valid base64: it ends too early, at offset %zu",
			path, offset);
	return field_reject(refusal, "field '%s' is not valid base64: byte '%s' at offset %zu",
			    path, field_quote(text + offset, 1).text, offset);
}

int field_bytes(json_t *value, enum encoding encoding, size_t max, const char *path,
		struct result *refusal, struct bytes *ret_bytes)
{
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	size_t offset = 0;
	int result = field_expect(value, JSON_STRING, path, refusal);

	if (result < 0)
		return result;
	if (encoding == ENCODING_UTF8)
		result = copy_bytes(text, length, max, ret_bytes);
	else
		result = base64_decode(text, length, max, ret_bytes, &offset);
	if (result == -EINVAL)
		return reject_base64(text, length, offset, path, refusal);
	return result == -ENOMEM ? field_no_memory(refusal) : result;
}

int field_text(json_t *value, const char *path, struct result *refusal, char **ret_text)
{
	const char *text = json_string_value(value);
	int result = field_expect(value, JSON_STRING, path, refusal);
	char *copy;

	if (result < 0)
		return result;
	if (strlen(text) != json_string_length(value))
		return field_reject(refusal, "field '%s' holds a NUL at offset %zu", path,
				    strlen(text));
	copy = strdup(text);
	if (copy == NULL)
		return field_no_memory(refusal);
	*ret_text = copy;
	return 0;
}

int field_positive(json_t *value, const char *path, struct result *refusal, uint64_t *ret_number)
{
	if (!json_is_integer(value))
		return field_reject(refusal, "field '%s' must be a positive integer, not %s", path,
				    type_text(json_typeof(value)));
	if (json_integer_value(value) <= 0)
		return field_reject(
			refusal, "field '%s' must be a positive integer, not %" JSON_INTEGER_FORMAT,
			path, json_integer_value(value));
	*ret_number = (uint64_t)json_integer_value(value);
	return 0;
}

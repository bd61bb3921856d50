#include "client/submission.h"

#include "base/cleanup.h"
#include "wire/wire.h"

#include <jansson.h>
#include <stdlib.h>

/* Adds to object and drops value; a NULL value fails. */
static bool add(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) == 0;
}

static json_t *format_bytes(const struct bytes *bytes)
{
	auto_free char *text = base64_encode(bytes->data, bytes->length);

	return text == NULL ? NULL : json_string(text);
}

static bool add_args(json_t *request, const struct submission *submission)
{
	json_t *list = json_array();

	/* The request owns the list from here on, also when it is not complete. */
	if (!add(request, "args", list))
		return false;
	for (size_t i = 0; i < submission->args_count; i++) {
		if (json_array_append_new(list, json_string(submission->args[i])) != 0)
			return false;
	}
	return true;
}

static json_t *format_file(const struct job_file *file)
{
	json_t *object = json_object();

	if (object != NULL && add(object, "name", json_string(file->name)) &&
	    add(object, "content", format_bytes(&file->content)))
		return object;
	json_decref(object);
	return NULL;
}

static bool add_files(json_t *request, const struct submission *submission)
{
	json_t *list = json_array();

	if (!add(request, "files", list))
		return false;
	for (size_t i = 0; i < submission->files_count; i++) {
		if (json_array_append_new(list, format_file(&submission->files[i])) != 0)
			return false;
	}
	return true;
}

static bool add_limits(json_t *request, const struct limits *limits)
{
	const struct {
		enum limit_name name;
		uint64_t value;
	} asked[] = {
		{LIMIT_WALL, limits->wall_ms},        {LIMIT_CPU, limits->cpu_ms},
		{LIMIT_MEMORY, limits->memory_bytes}, {LIMIT_OUTPUT, limits->output_bytes},
		{LIMIT_PROCESSES, limits->processes}, {LIMIT_FILE, limits->file_bytes},
	};
	json_t *object = json_object();

	if (!add(request, "limits", object))
		return false;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		if (asked[i].value != 0 && !add(object, limit_name_text(asked[i].name),
						json_integer((json_int_t)asked[i].value)))
			return false;
	}
	return true;
}

static bool fill(json_t *request, const struct submission *submission)
{
	return add(request, "language", json_string(submission->language)) &&
	       add(request, "encoding", json_string("base64")) &&
	       add(request, "code", format_bytes(&submission->code)) &&
	       (!submission->has_input ||
		add(request, "stdin", format_bytes(&submission->input))) &&
	       (submission->args_count == 0 || add_args(request, submission)) &&
	       (submission->files_count == 0 || add_files(request, submission)) &&
	       add_limits(request, &submission->limits);
}

/* Measured first: json_dumps() of jansson 2.14 leaves a key out when its buffer cannot grow. */
static char *dump(const json_t *request, size_t *ret_length)
{
	size_t length = json_dumpb(request, NULL, 0, JSON_COMPACT);
	char *text = length == 0 ? NULL : malloc(length + 1);

	if (text == NULL)
		return NULL;
	if (json_dumpb(request, text, length, JSON_COMPACT) != length) {
		free(text);
		return NULL;
	}
	text[length] = '\0';
	*ret_length = length;
	return text;
}

char *submission_format(const struct submission *submission, size_t *ret_length)
{
	json_t *request = json_object();
	char *text = NULL;

	if (request != NULL && fill(request, submission))
		text = dump(request, ret_length);
	json_decref(request);
	return text;
}

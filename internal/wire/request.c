#include "wire/wire.h"

#include "base/cleanup.h"
#include "wire/fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* jansson takes up to 300 bytes for a value of two characters; a request with as many files as
 * it may have needs a tenth of this. */
#define JSON_VALUES_MAX ((size_t)32 * 1024)

#define RANDOM_ID_BYTES 16

/* "files[1023].content" and the like. */
struct path {
	char text[40];
};

struct request {
	json_t *root;
	struct job *job;
	enum encoding encoding;
	struct result *refusal;
};

/* The end of a string whose text begins at `i`: the offset of its closing quote. */
static size_t skip_string(const char *data, size_t length, size_t i)
{
	while (i < length && data[i] != '"')
		i += data[i] == '\\' ? 2 : 1;
	return i;
}

/* Every value but the first stands behind one of [ { , so these bound the values. */
static bool has_too_many_values(const char *data, size_t length)
{
	size_t values = 0;

	if (length <= JSON_VALUES_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (data[i] == '"')
			i = skip_string(data, length, i + 1);
		else if (data[i] == ',' || data[i] == '[' || data[i] == '{')
			values++;
	}
	return values > JSON_VALUES_MAX;
}

static int parse(const char *data, size_t length, size_t bytes_max, struct result *refusal,
		 json_t **ret_root)
{
	json_error_t error;
	json_t *root;

	if (length > bytes_max) {
		(void)field_reject(refusal, "request too large: %zu bytes, at most %zu", length,
				   bytes_max);
		return -EMSGSIZE;
	}
	if (has_too_many_values(data, length))
		return field_reject(refusal, "request has too many JSON values: at most %zu",
				    JSON_VALUES_MAX);
	root = json_loadb(length > 0 ? data : "", length, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES,
			  &error);
	if (root == NULL)
		return field_reject(refusal, "malformed JSON at line %d, column %d: %s", error.line,
				    error.column, field_quote(error.text, strlen(error.text)).text);
	if (!json_is_object(root)) {
		json_decref(root);
		return field_reject(refusal, "the request must be an object, not a list");
	}
	*ret_root = root;
	return 0;
}

/* The offset of the first control character (C0, DEL, or C1 as UTF-8 has it), or `length`. */
static size_t find_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			return i;
		if (c == 0xc2 && i + 1 < length && (unsigned char)text[i + 1] < 0xa0)
			return i;
	}
	return length;
}

static int read_id(struct request *r)
{
	json_t *value = field_find(r->root, "id");
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	int result;

	if (value == NULL)
		return 0;
	result = field_expect(value, JSON_STRING, "id", r->refusal);
	if (result < 0 || length == 0)
		return result;
	if (length > JOB_ID_BYTES_MAX)
		return field_reject(r->refusal, "field 'id' is too long: %zu bytes, at most %d",
				    length, JOB_ID_BYTES_MAX);
	if (find_control(text, length) < length)
		return field_reject(r->refusal,
				    "field 'id' holds a control character at offset %zu",
				    find_control(text, length));
	return field_text(value, "id", r->refusal, &r->job->id);
}

/* A name that no language can have gets the answer of one that none has. */
static int read_language(struct request *r)
{
	json_t *value = field_find(r->root, "language");
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	int result;

	if (value == NULL)
		return field_reject(r->refusal, "field 'language' is required");
	result = field_expect(value, JSON_STRING, "language", r->refusal);
	if (result < 0)
		return result;
	if (length == 0 || length > JOB_LANGUAGE_BYTES_MAX || find_control(text, length) < length)
		return field_reject(r->refusal, "unsupported language: %s",
				    field_quote(text, length).text);
	result = field_text(value, "language", r->refusal, &r->job->language);
	for (char *c = r->job->language; result == 0 && *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return result;
}

static int read_encoding(struct request *r)
{
	json_t *value = field_find(r->root, "encoding");
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	int result;

	r->encoding = r->job->profile->encoding;
	if (value == NULL)
		return 0;
	result = field_expect(value, JSON_STRING, "encoding", r->refusal);
	if (result < 0)
		return result;
	if (length == strlen("base64") && strcasecmp(text, "base64") == 0)
		r->encoding = ENCODING_BASE64;
	else if (length == strlen("utf8") && strcasecmp(text, "utf8") == 0)
		r->encoding = ENCODING_UTF8;
	else
		return field_reject(r->refusal,
				    "field 'encoding' must be 'base64' or 'utf8', not '%s'",
				    field_quote(text, length).text);
	return 0;
}

static int read_code(struct request *r)
{
	json_t *value = field_find(r->root, "code");
	size_t max = r->job->profile->code_bytes_max;
	int result;

	if (value == NULL)
		return field_reject(r->refusal, "field 'code' is required");
	result = field_bytes(value, r->encoding, max, "code", r->refusal, &r->job->code);
	if (result == -EMSGSIZE)
		(void)field_reject(r->refusal,
				   "Code length exceeds maximum limit: Max length allowed is %zu",
				   max);
	return result;
}

static int read_input(struct request *r)
{
	json_t *value = field_find(r->root, "stdin");

	if (value == NULL)
		return 0;
	return field_bytes(value, r->encoding, SIZE_MAX, "stdin", r->refusal, &r->job->input);
}

/* Finds a list of at most `max` items. *ret_list is NULL, and *ret_count 0, when it is absent. */
static int find_list(struct request *r, const char *name, size_t max, json_t **ret_list,
		     size_t *ret_count)
{
	json_t *list = field_find(r->root, name);
	int result = list == NULL ? 0 : field_expect(list, JSON_ARRAY, name, r->refusal);

	if (result < 0)
		return result;
	if (json_array_size(list) > max)
		return field_reject(r->refusal, "field '%s' has %zu items, at most %zu", name,
				    json_array_size(list), max);
	*ret_list = list;
	*ret_count = json_array_size(list);
	return 0;
}

static struct path item_path(const char *list, size_t index, const char *member)
{
	struct path path;

	(void)snprintf(path.text, sizeof(path.text), "%s[%zu]%s", list, index, member);
	return path;
}

static int read_args(struct request *r)
{
	struct job *job = r->job;
	json_t *list;
	size_t count;
	int result = find_list(r, "args", JOB_ARGS_MAX, &list, &count);

	if (result < 0 || count == 0)
		return result;
	job->args = calloc(count, sizeof(*job->args));
	if (job->args == NULL)
		return field_no_memory(r->refusal);
	for (; job->args_count < count; job->args_count++) {
		struct path path = item_path("args", job->args_count, "");

		result = field_text(json_array_get(list, job->args_count), path.text, r->refusal,
				    &job->args[job->args_count]);
		if (result < 0)
			return result;
	}
	return 0;
}

static int read_file_name(struct request *r, json_t *item, size_t index, struct job_file *file)
{
	struct path path = item_path("files", index, ".name");
	json_t *value = field_find(item, "name");
	const char *text = json_string_value(value);
	size_t length = json_string_length(value);
	int result;

	if (value == NULL)
		return field_reject(r->refusal, "field '%s' is required", path.text);
	result = field_expect(value, JSON_STRING, path.text, r->refusal);
	if (result < 0)
		return result;
	if (strlen(text) != length || !job_file_name_is_safe(text))
		return field_reject(r->refusal, "field '%s' is not a safe file name: '%s'",
				    path.text, field_quote(text, length).text);
	return field_text(value, path.text, r->refusal, &file->name);
}

static int read_file(struct request *r, json_t *item, size_t index, struct job_file *file)
{
	struct path path = item_path("files", index, "");
	int result = field_expect(item, JSON_OBJECT, path.text, r->refusal);
	json_t *content;

	if (result < 0)
		return result;
	result = read_file_name(r, item, index, file);
	if (result < 0)
		return result;
	path = item_path("files", index, ".content");
	content = field_find(item, "content");
	if (content == NULL)
		return field_reject(r->refusal, "field '%s' is required", path.text);
	return field_bytes(content, r->encoding, SIZE_MAX, path.text, r->refusal, &file->content);
}

/* Whether a folder on the way to the file has the name of another file. */
static bool lies_under_a_file(json_t *names, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		if (json_object_getn(names, name, (size_t)(slash - name)) != NULL)
			return true;
	}
	return false;
}

/* Two files of one name, or a file under another, cannot both be written. */
static int check_file_names(struct request *r)
{
	const struct job *job = r->job;
	json_auto_t *names = json_object();

	if (names == NULL)
		return field_no_memory(r->refusal);
	for (size_t i = 0; i < job->files_count; i++) {
		const char *name = job->files[i].name;

		if (json_object_get(names, name) != NULL)
			return field_reject(r->refusal,
					    "field 'files[%zu].name' occurs twice: '%s'", i,
					    field_quote(name, strlen(name)).text);
		if (json_object_set_new(names, name, json_true()) < 0)
			return field_no_memory(r->refusal);
	}
	for (size_t i = 0; i < job->files_count; i++) {
		const char *name = job->files[i].name;

		if (lies_under_a_file(names, name))
			return field_reject(r->refusal,
					    "field 'files[%zu].name' lies under another file: '%s'",
					    i, field_quote(name, strlen(name)).text);
	}
	return 0;
}

static int read_files(struct request *r)
{
	struct job *job = r->job;
	json_t *list;
	size_t count;
	int result = find_list(r, "files", JOB_FILES_MAX, &list, &count);

	if (result < 0 || count == 0)
		return result;
	job->files = calloc(count, sizeof(*job->files));
	if (job->files == NULL)
		return field_no_memory(r->refusal);
	for (size_t i = 0; i < count; i++) {
		/* Counted first, so that job_free sees what a failure leaves behind. */
		job->files_count++;
		result = read_file(r, json_array_get(list, i), i, &job->files[i]);
		if (result < 0)
			return result;
	}
	return check_file_names(r);
}

static int read_limits(struct request *r)
{
	json_t *object = field_find(r->root, "limits");
	struct limits asked = {0};
	const struct {
		enum limit_name name;
		uint64_t *value;
	} known[] = {
		{LIMIT_WALL, &asked.wall_ms},        {LIMIT_CPU, &asked.cpu_ms},
		{LIMIT_MEMORY, &asked.memory_bytes}, {LIMIT_OUTPUT, &asked.output_bytes},
		{LIMIT_PROCESSES, &asked.processes}, {LIMIT_FILE, &asked.file_bytes},
	};
	int result = object == NULL ? 0 : field_expect(object, JSON_OBJECT, "limits", r->refusal);

	if (object == NULL || result < 0)
		return result;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *name = limit_name_text(known[i].name);
		json_t *value = field_find(object, name);
		struct path path;

		(void)snprintf(path.text, sizeof(path.text), "limits.%s", name);
		if (value != NULL)
			result = field_positive(value, path.text, r->refusal, known[i].value);
		if (result < 0)
			return result;
	}
	limits_lower(&r->job->limits, &asked);
	return 0;
}

static int make_up_id(struct request *r)
{
	unsigned char random[RANDOM_ID_BYTES];
	char *id;

	if (r->job->id != NULL)
		return 0;
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
		result_refuse(r->refusal, VERDICT_INTERNAL_ERROR, "no random bytes for an id");
		return -EIO;
	}
	id = malloc(2 * sizeof(random) + 1);
	if (id == NULL)
		return field_no_memory(r->refusal);
	for (size_t i = 0; i < sizeof(random); i++)
		(void)snprintf(id + 2 * i, 3, "%02x", random[i]);
	r->job->id = id;
	return 0;
}

/* The id first: then every refusal can carry it. */
static int (*const steps[])(struct request *r) = {
	read_id,   read_language, read_encoding, read_code,  read_input,
	read_args, read_files,    read_limits,   make_up_id,
};

int wire_decode_request(const struct profile *profile, const char *data, size_t length,
			size_t request_bytes_max, struct job **ret_job, struct result *refusal,
			char **ret_id)
{
	struct request r = {.refusal = refusal};
	json_auto_t *root = NULL;
	int result = parse(data, length, request_bytes_max, refusal, &root);

	if (result == 0) {
		r.root = root;
		r.job = job_new(profile);
		if (r.job == NULL)
			result = field_no_memory(refusal);
	}
	for (size_t i = 0; result == 0 && i < sizeof(steps) / sizeof(steps[0]); i++)
		result = steps[i](&r);
	if (result < 0) {
		*ret_id = r.job == NULL ? NULL : take_ptr(&r.job->id);
		job_free(r.job);
		return result;
	}
	*ret_job = r.job;
	return 0;
}

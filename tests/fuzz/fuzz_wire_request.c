/* Any bytes as a request: it is a sound job, or a refusal whose reply is JSON. */
#include "wire/wire.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX ((size_t)64 * 1024)

static const struct profile profiles[] = {
	{.subject = "a",
	 .encoding = ENCODING_BASE64,
	 .code_bytes_max = 64,
	 .limits = {9, 9, 9, 9, 9, 9, 9}},
	{.subject = "b",
	 .encoding = ENCODING_UTF8,
	 .code_bytes_max = 64,
	 .limits = {9, 9, 9, 9, 9, 9, 9}},
};

static void must(bool condition)
{
	if (!condition)
		abort();
}

static bool is_limit(uint64_t limit)
{
	return limit >= 1 && limit <= 9;
}

static void check_job(const struct job *job)
{
	must(job->id[0] != '\0' && strlen(job->id) <= JOB_ID_BYTES_MAX);
	must(utf8_is_valid((const uint8_t *)job->id, strlen(job->id)));
	must(job->language[0] != '\0' && strlen(job->language) <= JOB_LANGUAGE_BYTES_MAX);
	must(job->code.length <= 64);
	must(job->args_count <= JOB_ARGS_MAX && job->files_count <= JOB_FILES_MAX);
	for (size_t i = 0; i < job->files_count; i++) {
		must(job_file_name_is_safe(job->files[i].name));
		for (size_t j = 0; j < i; j++)
			must(strcmp(job->files[i].name, job->files[j].name) != 0);
	}
	must(is_limit(job->limits.wall_ms) && is_limit(job->limits.cpu_ms) &&
	     is_limit(job->limits.memory_bytes) && is_limit(job->limits.output_bytes) &&
	     is_limit(job->limits.processes) && is_limit(job->limits.file_bytes));
}

static void check_refusal(const struct result *refusal, const char *id)
{
	const struct reply_context context = {
		.id = id, .profile = &profiles[0], .engine_name = "k"};
	size_t length;
	char *text = wire_format_reply(refusal, &context, WIRE_REPLY_BYTES_MIN, &length);
	json_t *root = json_loadb(text, length, 0, NULL);

	must(refusal->verdict == VERDICT_REJECTED && refusal->error[0] != '\0');
	must(utf8_is_valid((const uint8_t *)refusal->error, strlen(refusal->error)));
	must(length <= WIRE_REPLY_BYTES_MIN);
	must(strcmp(json_string_value(json_object_get(root, "error")), refusal->error) == 0);
	json_decref(root);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < 2; i++) {
		struct job *job = NULL;
		struct result refusal;
		char *id = NULL;

		result_init(&refusal, 0);
		if (wire_decode_request(&profiles[i], (const char *)data, size, REQUEST_MAX, &job,
					&refusal, &id) == 0)
			check_job(job);
		else
			check_refusal(&refusal, id);
		job_free(job);
		result_fini(&refusal);
		free(id);
	}
	return 0;
}

#include "job/job.h"

#include <stdlib.h>
#include <string.h>

struct job *job_new(const struct profile *profile)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		return NULL;
	job->profile = profile;
	job->limits = profile->limits;
	return job;
}

void job_free(struct job *job)
{
	if (job == NULL)
		return;
	for (size_t i = 0; i < job->args_count; i++)
		free(job->args[i]);
	for (size_t i = 0; i < job->files_count; i++) {
		free(job->files[i].name);
		free(job->files[i].content.data);
	}
	free(job->args);
	free(job->files);
	free(job->code.data);
	free(job->input.data);
	free(job->id);
	free(job->language);
	free(job->return_address);
	free(job);
}

size_t job_bytes(const struct job *job)
{
	size_t total = sizeof(*job) + job->code.length + job->input.length;

	for (size_t i = 0; i < job->args_count; i++)
		total += strlen(job->args[i]);
	for (size_t i = 0; i < job->files_count; i++)
		total += job->files[i].content.length;
	return total;
}

static bool component_is_safe(const char *start, size_t length)
{
	if (length == 0 || start[0] == '-')
		return false;
	if (start[0] == '.' && (length == 1 || (length == 2 && start[1] == '.')))
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)start[i] < 0x20 || start[i] == 0x7f)
			return false;
	}
	return true;
}

bool job_file_name_is_safe(const char *name)
{
	size_t length = strlen(name);
	const char *start = name;

	if (length == 0 || length > JOB_FILE_NAME_BYTES_MAX)
		return false;
	for (;;) {
		const char *slash = strchr(start, '/');
		size_t part = slash == NULL ? strlen(start) : (size_t)(slash - start);

		if (!component_is_safe(start, part))
			return false;
		if (slash == NULL)
			return true;
		start = slash + 1;
	}
}

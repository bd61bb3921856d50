#include "base/cleanup.h"
#include "base/clock.h"
#include "base/io.h"
#include "client/answer.h"
#include "client/args.h"
#include "client/client.h"
#include "client/commands.h"
#include "client/run_options.h"
#include "client/session.h"
#include "client/source.h"
#include "client/submission.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a submission borrows. */
struct material {
	struct bytes code;
	struct bytes input;
	struct job_file *files;
	size_t files_count;
};

static void material_fini(struct material *material)
{
	free(material->code.data);
	free(material->input.data);
	for (size_t i = 0; i < material->files_count; i++) {
		free(material->files[i].name);
		free(material->files[i].content.data);
	}
	free(material->files);
}

static int read_file(const char *path, struct job_file *file, struct err *err)
{
	const char *name = source_workspace_name(path);

	if (name == NULL)
		return err_set(err, -EINVAL, "'%s' has no name that a workspace can hold", path);
	file->name = strdup(name);
	if (file->name == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	return source_read(path, &file->content, err);
}

static int read_material(const struct run_options *options, struct material *material,
			 struct err *err)
{
	int result = source_read(options->program, &material->code, err);

	if (result == 0 && options->input != NULL)
		result = source_read(options->input, &material->input, err);
	if (result < 0 || options->files_count == 0)
		return result;
	material->files = calloc(options->files_count, sizeof(*material->files));
	if (material->files == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	while (result == 0 && material->files_count < options->files_count) {
		size_t i = material->files_count++;

		result = read_file(options->files[i], &material->files[i], err);
	}
	return result;
}

static char *format_request(const struct run_options *options, size_t *ret_length, struct err *err)
{
	struct material material = {0};
	struct submission submission = {
		.language = options->language,
		.has_input = options->input != NULL,
		.args = options->args,
		.args_count = options->args_count,
		.limits = options->limits,
	};
	char *request = NULL;

	if (read_material(options, &material, err) == 0) {
		submission.code = material.code;
		submission.input = material.input;
		submission.files = material.files;
		submission.files_count = material.files_count;
		request = submission_format(&submission, ret_length);
		if (request == NULL)
			(void)err_set(err, -EINVAL, "an argument is not UTF-8, or memory is gone");
	}
	material_fini(&material);
	return request;
}

static int show_answer(const struct run_options *options, const char *reply, size_t length,
		       struct err *err)
{
	struct answer answer = {0};
	int result = answer_parse(reply, length, &answer, err);
	int status = CLIENT_NOT_RUN;

	if (options->json) {
		(void)fwrite(reply, 1, length, stdout);
		(void)putchar('\n');
	}
	if (result == 0 && !options->json) {
		result = answer_print(&answer, STDOUT_FILENO, STDERR_FILENO);
		if (result < 0)
			(void)err_set(err, result, "cannot print: %s", strerror(-result));
	}
	if (result == 0)
		status = answer_exit_status(&answer);
	answer_fini(&answer);
	return status;
}

static int run(const struct run_options *options, const struct config *config, struct err *err)
{
	size_t request_length, reply_length;
	auto_free char *request = format_request(options, &request_length, err);
	auto_free char *reply = NULL;
	/* The one for programs as a person writes them: both streams are in its replies. */
	const char *subject =
		options->subject != NULL ? options->subject : config->compiler.subject;
	struct session *session;
	int result;

	if (request == NULL)
		return CLIENT_NOT_RUN;
	session = session_open(config, err);
	if (session == NULL)
		return CLIENT_NOT_RUN;
	result = session_request(session, subject, request, request_length, options->timeout_ms,
				 &reply, &reply_length, err);
	session_close(session);
	if (result < 0)
		return CLIENT_NOT_RUN;
	return show_answer(options, reply, reply_length, err);
}

int client_run(int argc, char **argv)
{
	struct run_options options;
	struct config *config;
	struct err err = {0};
	int status = run_options_parse(argc, argv, &options);

	if (status != ARGS_GO)
		return status;
	config = session_config(options.server);
	if (config == NULL)
		return CLIENT_NOT_RUN;
	status = run(&options, config, &err);
	if (err.code != 0)
		(void)fprintf(stderr, "kiln: %s\n", err.text);
	config_free(config);
	return status;
}

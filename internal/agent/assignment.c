#include "agent/assignment.h"

#include "job/job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct manifest *find_manifest(const struct manifest *manifests, size_t count,
					    struct slice name)
{
	char text[LANGUAGE_NAME_BYTES];

	if (name.length >= sizeof(text))
		return NULL;
	memcpy(text, name.data, name.length);
	text[name.length] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(manifests[i].language.name, text) == 0)
			return &manifests[i];
	}
	return NULL;
}

static char *keep_text(struct assignment *a, struct slice slice)
{
	char *text = a->text + a->text_used;

	if (slice.length > 0)
		memcpy(text, slice.data, slice.length);
	text[slice.length] = '\0';
	a->text_used += slice.length + 1;
	return text;
}

static bool reserve_text(struct assignment *a)
{
	size_t total = 1;

	for (size_t i = 0; i < a->message.args_count; i++)
		total += a->message.args[i].length + 1;
	for (size_t i = 0; i < a->message.files_count; i++)
		total += a->message.files[i].name.length + 1;
	a->text = malloc(total);
	return a->text != NULL;
}

static bool is_prebuilt(const struct assignment *a)
{
	return a->message.artifact.data != NULL;
}

/* A compiler would have written over a file of the request that has the artifact's name. */
static bool is_overwritten(const struct assignment *a, const char *name)
{
	return is_prebuilt(a) && strcmp(name, a->manifest->artifact) == 0;
}

static int list_files(struct assignment *a, struct err *err)
{
	const struct run_message *message = &a->message;

	if (is_prebuilt(a) && a->manifest->artifact == NULL)
		return err_set(err, -EINVAL, "an artifact for a language that has none");
	a->files = calloc(message->files_count + 2, sizeof(*a->files));
	if (a->files == NULL)
		return err_set(err, -ENOMEM, "memory for the job");
	a->files[a->files_count++] = (struct sandbox_file){
		.name = a->manifest->language.file,
		.data = message->code.data,
		.length = message->code.length,
	};
	for (size_t i = 0; i < message->files_count; i++) {
		const struct run_file *file = &message->files[i];
		const char *name = keep_text(a, file->name);

		if (strlen(name) != file->name.length || !job_file_name_is_safe(name))
			return err_set(err, -EINVAL, "unsafe file name");
		if (is_overwritten(a, name))
			continue;
		a->files[a->files_count++] = (struct sandbox_file){
			.name = name, .data = file->content.data, .length = file->content.length};
	}
	if (is_prebuilt(a))
		a->files[a->files_count++] = (struct sandbox_file){
			.name = a->manifest->artifact,
			.data = message->artifact.data,
			.length = message->artifact.length,
			.executable = true,
		};
	return 0;
}

static size_t list_length(char *const *list)
{
	size_t length = 0;

	while (list[length] != NULL)
		length++;
	return length;
}

/* The program's own file, and those beside it with the same extension. "@file" is none: it tells
 * gcc, and each program that gcc calls, to read arguments from a file. */
static bool is_source(const struct assignment *a, size_t file)
{
	const char *extension = strrchr(a->manifest->language.file, '.');
	const char *name = a->files[file].name;
	const char *dot = strrchr(name, '.');

	if (file == 0)
		return true;
	return extension != NULL && dot != NULL && strcmp(extension, dot) == 0 &&
	       strchr(name, '/') == NULL && name[0] != '@';
}

/* sandbox_file.name is const; argv is not, by the custom of exec, which changes nothing. */
static char *as_arg(const char *text)
{
	return (char *)(uintptr_t)text;
}

static int make_compile_argv(struct assignment *a, struct err *err)
{
	char *const *command = a->manifest->compile;
	size_t count = 0;

	if (command == NULL || is_prebuilt(a))
		return 0;
	a->compile_argv =
		calloc(list_length(command) + a->files_count + 1, sizeof(*a->compile_argv));
	if (a->compile_argv == NULL)
		return err_set(err, -ENOMEM, "memory for the job");
	for (size_t i = 0; command[i] != NULL; i++) {
		if (strcmp(command[i], MANIFEST_SOURCES) != 0) {
			a->compile_argv[count++] = command[i];
			continue;
		}
		for (size_t file = 0; file < a->files_count; file++) {
			if (is_source(a, file))
				a->compile_argv[count++] = as_arg(a->files[file].name);
		}
	}
	return 0;
}

static int make_run_argv(struct assignment *a, struct err *err)
{
	char *const *command = a->manifest->run;
	size_t count = list_length(command);

	a->run_argv = calloc(count + a->message.args_count + 1, sizeof(*a->run_argv));
	if (a->run_argv == NULL)
		return err_set(err, -ENOMEM, "memory for the job");
	a->run_command_length = count;
	for (size_t i = 0; i < count; i++)
		a->run_argv[i] = command[i];
	for (size_t i = 0; i < a->message.args_count; i++)
		a->run_argv[count + i] = keep_text(a, a->message.args[i]);
	return 0;
}

int assignment_init(struct assignment *a, const struct manifest *manifests, size_t manifests_count,
		    const struct frame *frame, struct err *err)
{
	int result = run_message_decode(&a->message, frame->payload, frame->length);

	if (result < 0)
		return err_set(err, result, "RUN is malformed");
	a->manifest = find_manifest(manifests, manifests_count, a->message.language);
	if (a->manifest == NULL)
		return err_set(err, -ENOENT, "the image does not have this language");
	if (!reserve_text(a))
		return err_set(err, -ENOMEM, "memory for the job");
	result = list_files(a, err);
	if (result == 0)
		result = make_compile_argv(a, err);
	if (result == 0)
		result = make_run_argv(a, err);
	return result;
}

void assignment_fini(struct assignment *a)
{
	run_message_fini(&a->message);
	free(a->files);
	free(a->compile_argv);
	free(a->run_argv);
	free(a->text);
}

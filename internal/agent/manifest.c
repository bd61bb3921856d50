#include "agent/manifest.h"

#include "base/cleanup.h"
#include "base/io.h"
#include "job/job.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What every program gets; a manifest adds to it. */
static const char *const common_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/tmp",
	"LANG=C.UTF-8",
	"USER=job",
	"LOGNAME=job",
};
#define COMMON_VARIABLES (sizeof(common_environment) / sizeof(common_environment[0]))

static int copy_text(char *target, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text == NULL || text[0] == '\0' || strlen(text) >= size)
		return -EINVAL;
	(void)snprintf(target, size, "%s", text);
	return 0;
}

/* An array of strings with a NULL behind it, in memory that is never freed. */
static int copy_list(char ***ret_list, const json_t *array)
{
	size_t count = json_array_size(array);
	char **list;

	if (count == 0 || count > MANIFEST_ARGS_MAX)
		return -EINVAL;
	list = calloc(count + 1, sizeof(*list));
	if (list == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(array, i));

		list[i] = text == NULL ? NULL : strdup(text);
		if (list[i] == NULL)
			return -EINVAL;
	}
	*ret_list = list;
	return 0;
}

static int copy_environment(char ***ret_list, json_t *object)
{
	size_t count = COMMON_VARIABLES;
	const char *name;
	json_t *value;
	char **list = calloc(COMMON_VARIABLES + json_object_size(object) + 1, sizeof(*list));

	if (list == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < COMMON_VARIABLES; i++) {
		list[i] = strdup(common_environment[i]);
		if (list[i] == NULL)
			return -ENOMEM;
	}
	json_object_foreach(object, name, value) {
		if (!json_is_string(value) ||
		    asprintf(&list[count], "%s=%s", name, json_string_value(value)) < 0)
			return -EINVAL;
		count++;
	}
	*ret_list = list;
	return 0;
}

static int copy_aliases(struct language *language, const json_t *array)
{
	size_t count = json_array_size(array);

	if (count > LANGUAGE_ALIASES_MAX)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		const char *alias = json_string_value(json_array_get(array, i));

		if (alias == NULL || strlen(alias) >= LANGUAGE_NAME_BYTES)
			return -EINVAL;
		(void)snprintf(language->aliases[i], LANGUAGE_NAME_BYTES, "%s", alias);
	}
	language->aliases_count = (unsigned)count;
	return 0;
}

/* "warm": {"wait": command} or {"fork": command}. */
static int copy_warm(struct manifest *manifest, const json_t *object)
{
	const json_t *fork = json_object_get(object, "fork");

	if (object == NULL)
		return 0;
	manifest->warm_forks = fork != NULL;
	manifest->language.warm = true;
	return copy_list(&manifest->warm, fork != NULL ? fork : json_object_get(object, "wait"));
}

/* A plain name that a request's files can have as well. */
static int copy_artifact(struct manifest *manifest, const json_t *name)
{
	const char *text = json_string_value(name);

	if (name == NULL)
		return 0;
	if (manifest->compile == NULL || text == NULL || strchr(text, '/') != NULL ||
	    !job_file_name_is_safe(text))
		return -EINVAL;
	manifest->artifact = strdup(text);
	return manifest->artifact == NULL ? -ENOMEM : 0;
}

static int parse_manifest(struct manifest *manifest, const json_t *root)
{
	struct language *language = &manifest->language;
	const json_t *compile = json_object_get(root, "compile");

	language->judge0_id = (uint32_t)json_integer_value(json_object_get(root, "judge0_id"));
	language->compiled = compile != NULL;
	if (copy_text(language->name, sizeof(language->name), root, "name") < 0 ||
	    copy_text(language->file, sizeof(language->file), root, "file") < 0 ||
	    copy_aliases(language, json_object_get(root, "aliases")) < 0 ||
	    copy_list(&manifest->run, json_object_get(root, "run")) < 0 ||
	    copy_environment(&manifest->environment, json_object_get(root, "environment")) < 0 ||
	    copy_warm(manifest, json_object_get(root, "warm")) < 0)
		return -EINVAL;
	if (compile != NULL && copy_list(&manifest->compile, compile) < 0)
		return -EINVAL;
	return copy_artifact(manifest, json_object_get(root, "artifact"));
}

static int load(struct manifest *manifest, const char *path, const char *name, struct err *err)
{
	char file[512], version[LANGUAGE_VERSION_BYTES];
	json_error_t why;
	json_t *root;
	int result;

	(void)snprintf(file, sizeof(file), "%s/%s/language.json", path, name);
	root = json_load_file(file, JSON_REJECT_DUPLICATES, &why);
	if (root == NULL)
		return err_set(err, -EINVAL, "%s:%d: %s", file, why.line, why.text);
	result = parse_manifest(manifest, root);
	json_decref(root);
	if (result < 0)
		return err_set(err, -EINVAL, "%s: a key is missing, too long or of another type",
			       file);
	(void)snprintf(file, sizeof(file), "%s/%s/version", path, name);
	if (io_read_file(file, version, sizeof(version)) < 0)
		version[0] = '\0';
	version[strcspn(version, "\n")] = '\0';
	(void)snprintf(manifest->language.version, sizeof(manifest->language.version), "%s",
		       version);
	return 0;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int manifest_load_all(const char *path, struct manifest **ret_manifests, size_t *ret_count,
		      struct err *err)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, is_visible, alphasort);
	struct manifest *manifests;
	int result = 0;

	if (count <= 0 || count > LANGUAGES_MAX) {
		free(entries);
		return err_set(err, -EINVAL, "%s: %d languages; 1 to %d are possible", path, count,
			       LANGUAGES_MAX);
	}
	manifests = calloc((size_t)count, sizeof(*manifests));
	if (manifests == NULL)
		result = err_set(err, -ENOMEM, "memory for the manifests");
	for (int i = 0; i < count; i++) {
		if (result == 0)
			result = load(&manifests[i], path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	if (result < 0)
		return result;
	*ret_manifests = manifests;
	*ret_count = (size_t)count;
	return 0;
}

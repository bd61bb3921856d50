#include "languages/languages.h"

#include "base/sync.h"
#include "job/job.h"
#include "job/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct languages {
	struct mutex lock;
	struct hello hello GUARDED_BY(lock);
};

struct languages *languages_new(void)
{
	struct languages *languages = calloc(1, sizeof(*languages));

	if (languages != NULL)
		mutex_init(&languages->lock);
	return languages;
}

void languages_free(struct languages *languages)
{
	if (languages == NULL)
		return;
	mutex_fini(&languages->lock);
	free(languages);
}

void languages_update(struct languages *languages, const struct hello *hello)
{
	mutex_lock(&languages->lock);
	languages->hello = *hello;
	mutex_unlock(&languages->lock);
}

void languages_copy(struct languages *languages, struct hello *ret_hello)
{
	mutex_lock(&languages->lock);
	*ret_hello = languages->hello;
	mutex_unlock(&languages->lock);
}

/* Whether one is there, and a copy of it. */
static int find(struct languages *languages, const char *name, struct language *ret_language)
{
	const struct language *found;
	int result = -ENOENT;

	mutex_lock(&languages->lock);
	found = hello_find(&languages->hello, name);
	if (found != NULL) {
		*ret_language = *found;
		result = 0;
	} else if (languages->hello.languages_count == 0) {
		result = -EAGAIN;
	}
	mutex_unlock(&languages->lock);
	return result;
}

/* The file itself, or one in a folder of its name. */
static bool lies_at(const char *name, const char *file)
{
	size_t length = strlen(file);

	return strncmp(name, file, length) == 0 && (name[length] == '\0' || name[length] == '/');
}

int languages_admit(struct languages *languages, struct job *job, struct result *refusal)
{
	struct language language;
	int found = find(languages, job->language, &language);
	char *name;

	if (found == -EAGAIN)
		return -EAGAIN;
	if (found < 0) {
		result_refuse(refusal, VERDICT_REJECTED, "unsupported language: %s", job->language);
		return -EINVAL;
	}
	for (size_t i = 0; i < job->files_count; i++) {
		if (lies_at(job->files[i].name, language.file)) {
			result_refuse(refusal, VERDICT_REJECTED,
				      "field 'files[%zu].name': '%s' is the program itself", i,
				      language.file);
			return -EINVAL;
		}
	}
	name = strdup(language.name);
	if (name == NULL)
		return -ENOMEM;
	free(job->language);
	job->language = name;
	job->compiled = language.compiled;
	return 0;
}

/* From the rules file to compiled patterns. The file is an operator's and trusted, but wrong at
 * times: each complaint says where. */
#include "policy/rules.h"

#include "base/cleanup.h"
#include "base/io.h"
#include "job/job.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
#define LANGUAGE_BYTES "abcdefghijklmnopqrstuvwxyz0123456789+#._-"

/* Of the end of a long path, in a complaint. */
#define PATH_BYTES 80
#define MESSAGE_BYTES 128

/* A pattern needs few; its default would let a mistake take the stack of a thread. */
#define NESTED_PARENTHESES_MAX 50

/* How far one attempt at one place may go back and forth, and how much memory it may take for that:
 * generous for a pattern that is meant to be quick. PCRE2 counts anew at each place. */
#define STEPS_MAX 10000
#define HEAP_KIB_MAX 4096

struct reading {
	struct policy *policy;
	pcre2_compile_context *options;
	struct err *err;
};

static void release_json(json_t **value)
{
	json_decref(*value);
}
#define auto_json __attribute__((cleanup(release_json)))

/* Through Kiln's own malloc, whose failures its tests provoke. */
static void *allocate(size_t size, void *data)
{
	(void)data;
	return malloc(size);
}

static void release(void *pointer, void *data)
{
	(void)data;
	free(pointer);
}

static int out_of_memory(struct err *err)
{
	return err_set(err, -ENOMEM, "out of memory");
}

static bool consists_of(const char *text, const char *bytes, size_t max)
{
	size_t length = strlen(text);

	return length > 0 && length <= max && strspn(text, bytes) == length;
}

/* As it goes into replies: one line of text. */
static bool is_line(const char *text, size_t max)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	}
	return length > 0 && length <= max;
}

/* What of the file may stand in a complaint. */
static const char *quotable(const char *text)
{
	return is_line(text, POLICY_NAME_BYTES_MAX) ? text : "…";
}

/* The text of a key, NULL for one that is absent. */
static int get_text(const json_t *object, const char *key, const char **ret_text, struct err *err)
{
	const json_t *value = json_object_get(object, key);

	if (value != NULL && !json_is_string(value))
		return err_set(err, -EINVAL, "'%s' is not a string", key);
	*ret_text = json_string_value(value);
	return 0;
}

/* A misspelt key would be a rule that is not kept. */
static int check_keys(json_t *object, const char *const *allowed, struct err *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		size_t i = 0;

		while (allowed[i] != NULL && strcmp(allowed[i], key) != 0)
			i++;
		if (allowed[i] == NULL)
			return err_set(err, -EINVAL, "'%s' is not a key of it", quotable(key));
	}
	return 0;
}

static int complain_of_pattern(int code, size_t offset, struct err *err)
{
	PCRE2_UCHAR message[MESSAGE_BYTES];

	if (code == PCRE2_ERROR_HEAP_FAILED)
		return out_of_memory(err);
	(void)pcre2_get_error_message(code, message, sizeof(message));
	return err_set(err, -EINVAL, "'pattern', byte %zu: %s", offset, (const char *)message);
}

/* A pattern that is found in nothing at all is found in everything. */
static int check_not_empty(const struct reading *r, const pcre2_code *code)
{
	pcre2_match_data *match = pcre2_match_data_create(1, r->policy->memory);
	int found;

	if (match == NULL)
		return out_of_memory(r->err);
	found = pcre2_match(code, (PCRE2_SPTR) "", 0, 0, 0, match, r->policy->bounds);
	pcre2_match_data_free(match);
	if (found == PCRE2_ERROR_NOMEMORY)
		return out_of_memory(r->err);
	if (found >= 0)
		return err_set(r->err, -EINVAL, "'pattern' matches every program");
	return 0;
}

static int compile(const struct reading *r, struct rule *rule, const char *pattern)
{
	/* Bytes: a program need not be UTF-8. The limit on offsets is for policy_check. */
	const uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_USE_OFFSET_LIMIT;
	int code;
	size_t offset;

	rule->code = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern), options, &code, &offset,
				   r->options);
	if (rule->code == NULL)
		return complain_of_pattern(code, offset, r->err);
	if (pcre2_jit_compile(rule->code, PCRE2_JIT_COMPLETE) < 0)
		r->policy->compiled = false;
	return check_not_empty(r, rule->code);
}

static bool is_taken(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->count; i++) {
		if (strcmp(policy->rules[i].name, name) == 0)
			return true;
	}
	return false;
}

static int get_texts(const struct reading *r, json_t *object, const char **ret_pattern,
		     const char **ret_reason)
{
	static const char *const keys[] = {"name", "pattern", "reason", NULL};

	if (check_keys(object, keys, r->err) < 0 ||
	    get_text(object, "pattern", ret_pattern, r->err) < 0 ||
	    get_text(object, "reason", ret_reason, r->err) < 0)
		return -EINVAL;
	if (*ret_pattern == NULL || **ret_pattern == '\0' ||
	    strlen(*ret_pattern) > POLICY_PATTERN_BYTES_MAX)
		return err_set(r->err, -EINVAL, "'pattern' needs 1 to %d bytes",
			       POLICY_PATTERN_BYTES_MAX);
	if (*ret_reason != NULL && !is_line(*ret_reason, POLICY_REASON_BYTES_MAX))
		return err_set(r->err, -EINVAL, "'reason' needs one line of 1 to %d bytes",
			       POLICY_REASON_BYTES_MAX);
	return 0;
}

static char *default_text(const char *name)
{
	char *text;

	return asprintf(&text, "code contains disallowed pattern: %s", name) < 0 ? NULL : text;
}

/* The rule counts from its first allocation on, so that policy_free() sees it. */
static int add_named_rule(const struct reading *r, const char *language, const char *name,
			  json_t *object)
{
	struct rule *rule = &r->policy->rules[r->policy->count];
	const char *pattern = NULL, *reason = NULL;
	int result = get_texts(r, object, &pattern, &reason);

	if (result < 0)
		return result;
	if (is_taken(r->policy, name))
		return err_set(r->err, -EINVAL, "another rule has this name");
	rule->text = reason != NULL ? strdup(reason) : default_text(name);
	rule->language = strdup(language);
	rule->name = strdup(name);
	r->policy->count++;
	if (rule->text == NULL || rule->language == NULL || rule->name == NULL)
		return out_of_memory(r->err);
	return compile(r, rule, pattern);
}

static int get_name(json_t *object, const char **ret_name, struct err *err)
{
	if (!json_is_object(object))
		return err_set(err, -EINVAL, "is not an object");
	if (get_text(object, "name", ret_name, err) < 0)
		return -EINVAL;
	if (*ret_name == NULL || !consists_of(*ret_name, NAME_BYTES, POLICY_NAME_BYTES_MAX))
		return err_set(err, -EINVAL, "'name' needs 1 to %d letters, digits, '.', '_', '-'",
			       POLICY_NAME_BYTES_MAX);
	return 0;
}

static int add_rule(const struct reading *r, const char *language, size_t index, json_t *object)
{
	const char *name = NULL;
	int result = get_name(object, &name, r->err);

	if (result < 0) {
		(void)err_wrap(r->err, "rule %zu of '%s'", index + 1, language);
		return result;
	}
	if (r->policy->count == POLICY_RULES_MAX)
		result = err_set(r->err, -EINVAL, "there are more than %d rules", POLICY_RULES_MAX);
	else
		result = add_named_rule(r, language, name, object);
	if (result < 0)
		(void)err_wrap(r->err, "rule '%s'", name);
	return result;
}

static int add_rules(const struct reading *r, const char *language, json_t *array)
{
	json_t *object;
	size_t index;

	if (strcmp(language, RULES_OF_ALL_LANGUAGES) != 0 &&
	    !consists_of(language, LANGUAGE_BYTES, JOB_LANGUAGE_BYTES_MAX))
		return err_set(r->err, -EINVAL,
			       "'%s' is not the name of a language, in lower case, or '*'",
			       quotable(language));
	if (!json_is_array(array))
		return err_set(r->err, -EINVAL, "the rules of '%s' are not an array", language);
	json_array_foreach(array, index, object) {
		int result = add_rule(r, language, index, object);

		if (result < 0)
			return result;
	}
	return 0;
}

static int read_file(const struct reading *r, json_t *root)
{
	static const char *const keys[] = {"about", "rules", NULL};
	json_t *rules = json_object_get(root, "rules");
	const char *about, *language;
	json_t *array = json_object_get(rules, RULES_OF_ALL_LANGUAGES);
	int result = 0;

	if (!json_is_object(root) || !json_is_object(rules))
		return err_set(r->err, -EINVAL, "is not an object that holds an object 'rules'");
	if (check_keys(root, keys, r->err) < 0 || get_text(root, "about", &about, r->err) < 0)
		return -EINVAL;
	if (array != NULL)
		result = add_rules(r, RULES_OF_ALL_LANGUAGES, array);
	json_object_foreach(rules, language, array) {
		if (result == 0 && strcmp(language, RULES_OF_ALL_LANGUAGES) != 0)
			result = add_rules(r, language, array);
	}
	if (result == 0 && r->policy->count == 0)
		return err_set(r->err, -EINVAL, "there is no rule in it");
	return result;
}

static int parse_json(const char *text, size_t length, json_t **ret_root, struct err *err)
{
	json_error_t why = {0};
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);

	if (root != NULL) {
		*ret_root = root;
		return 0;
	}
	/* The text is empty when an allocation of the parser, not of the lexer, failed. */
	if (json_error_code(&why) == json_error_out_of_memory || why.text[0] == '\0')
		return out_of_memory(err);
	/* It may quote the file. */
	for (char *next = why.text; *next != '\0'; next++) {
		if ((unsigned char)*next < ' ' || *next == 0x7f)
			*next = ' ';
	}
	return err_set(err, -EINVAL, "line %d: %s", why.line, why.text);
}

static int make_contexts(struct reading *r)
{
	struct policy *policy = r->policy;

	policy->memory = pcre2_general_context_create(allocate, release, NULL);
	if (policy->memory == NULL)
		return out_of_memory(r->err);
	policy->bounds = pcre2_match_context_create(policy->memory);
	r->options = pcre2_compile_context_create(policy->memory);
	if (policy->bounds == NULL || r->options == NULL)
		return out_of_memory(r->err);
	(void)pcre2_set_match_limit(policy->bounds, STEPS_MAX);
	(void)pcre2_set_heap_limit(policy->bounds, HEAP_KIB_MAX);
	(void)pcre2_set_newline(r->options, PCRE2_NEWLINE_ANYCRLF);
	(void)pcre2_set_parens_nest_limit(r->options, NESTED_PARENTHESES_MAX);
	return 0;
}

struct policy *policy_parse(const char *text, size_t length, struct err *err)
{
	struct reading r = {.policy = calloc(1, sizeof(*r.policy)), .err = err};
	auto_json json_t *root = NULL;
	int result;

	if (r.policy == NULL) {
		(void)out_of_memory(err);
		return NULL;
	}
	r.policy->compiled = true;
	result = make_contexts(&r);
	if (result == 0)
		result = parse_json(text, length, &root, err);
	if (result == 0)
		result = read_file(&r, root);
	pcre2_compile_context_free(r.options);
	if (result == 0)
		return r.policy;
	policy_free(r.policy);
	return NULL;
}

static struct policy *parse_file(const char *path, struct err *err)
{
	auto_free char *text = malloc(POLICY_FILE_BYTES_MAX + 2);
	ssize_t length;

	if (text == NULL) {
		(void)out_of_memory(err);
		return NULL;
	}
	length = io_read_file(path, text, POLICY_FILE_BYTES_MAX + 2);
	if (length >= 0 && (size_t)length <= POLICY_FILE_BYTES_MAX)
		return policy_parse(text, (size_t)length, err);
	if (length < 0)
		(void)err_set(err, (int)length, "%s", strerror((int)-length));
	else
		(void)err_set(err, -EFBIG, "is larger than %zu KiB", POLICY_FILE_BYTES_MAX / 1024);
	return NULL;
}

struct policy *policy_load(const char *path, struct err *err)
{
	struct policy *policy = parse_file(path, err);
	size_t length = strlen(path);

	/* What is wrong is more than the whole of a long path. */
	if (policy == NULL)
		(void)err_wrap(err, "policy '%s%s'", length > PATH_BYTES ? "…" : "",
			       path + (length > PATH_BYTES ? length - PATH_BYTES : 0));
	return policy;
}

static void free_rule(struct rule *rule)
{
	free(rule->language);
	free(rule->name);
	free(rule->text);
	pcre2_code_free(rule->code);
}

void policy_free(struct policy *policy)
{
	if (policy == NULL)
		return;
	for (size_t i = 0; i < policy->count; i++)
		free_rule(&policy->rules[i]);
	pcre2_match_context_free(policy->bounds);
	pcre2_general_context_free(policy->memory);
	free(policy);
}

/* Every wall of the container is written out here, defaults of the daemon included where it
 * matters: an administrator may have changed them. */

#include "docker/spec.h"

#include "docker/json.h"

#include <errno.h>
#include <string.h>

/* The members of one object. A failure sticks, so that a builder checks once. */
struct members {
	json_t *object;
	bool failed;
};

static struct members members_begin(void)
{
	json_t *object = json_object();

	return (struct members){.object = object, .failed = object == NULL};
}

static void put(struct members *members, const char *key, json_t *value)
{
	if (json_object_set_new(members->object, key, value) < 0)
		members->failed = true;
}

static void put_text(struct members *members, const char *key, const char *text)
{
	put(members, key, json_string(text));
}

static void put_flag(struct members *members, const char *key, bool flag)
{
	put(members, key, json_boolean(flag));
}

/* No limit of Docker's takes more than 63 bits. */
static void put_size(struct members *members, const char *key, uint64_t size)
{
	put(members, key, json_integer(size > INT64_MAX ? INT64_MAX : (json_int_t)size));
}

/* NULL when it failed, which the object that it goes into takes for a failure of its own. */
static json_t *members_end(struct members *members)
{
	if (!members->failed)
		return members->object;
	json_decref(members->object);
	return NULL;
}

static json_t *append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) == 0)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *format_texts(const char *const *texts)
{
	json_t *array = json_array();

	for (; texts != NULL && *texts != NULL; texts++)
		array = append(array, json_string(*texts));
	return array;
}

static json_t *format_tmpfs(const struct docker_spec *spec)
{
	struct members members = members_begin();

	for (size_t i = 0; i < spec->tmpfs_count; i++)
		put_text(&members, spec->tmpfs[i].path, spec->tmpfs[i].options);
	return members_end(&members);
}

/* Mounts, not Binds: a source that is missing is an error instead of a new folder of root's, and
 * a path may hold a colon. */
static json_t *format_mounts(const struct docker_spec *spec)
{
	json_t *array = json_array();

	for (size_t i = 0; i < spec->binds_count; i++) {
		const struct docker_bind *bind = &spec->binds[i];
		struct members options = members_begin();
		struct members members = members_begin();

		put_text(&options, "Propagation", "rprivate");
		put_text(&members, "Type", "bind");
		put_text(&members, "Source", bind->source);
		put_text(&members, "Target", bind->target);
		put_flag(&members, "ReadOnly", bind->read_only);
		put(&members, "BindOptions", members_end(&options));
		array = append(array, members_end(&members));
	}
	return array;
}

static json_t *format_ulimits(const struct docker_spec *spec)
{
	json_t *array = json_array();

	for (size_t i = 0; i < spec->ulimits_count; i++) {
		struct members members = members_begin();

		put_text(&members, "Name", spec->ulimits[i].name);
		put(&members, "Soft", json_integer(spec->ulimits[i].soft));
		put(&members, "Hard", json_integer(spec->ulimits[i].hard));
		array = append(array, members_end(&members));
	}
	return array;
}

/* A pair of texts as an object; what an empty name has is an empty object. */
static json_t *format_pair(const char *name, const char *value)
{
	struct members members = members_begin();

	if (name != NULL)
		put_text(&members, name, value);
	return members_end(&members);
}

static void put_limits(struct members *host, const struct docker_spec *spec)
{
	put_size(host, "Memory", spec->memory_bytes);
	put_size(host, "MemorySwap", spec->memory_bytes); /* of both together: no swap */
	put_size(host, "CpuPeriod", spec->cpu_period_us);
	put_size(host, "CpuQuota", spec->cpu_quota_us);
	if (spec->pids > 0) /* daemons differ in what 0 means */
		put_size(host, "PidsLimit", spec->pids);
	if (spec->shm_bytes > 0)
		put_size(host, "ShmSize", spec->shm_bytes);
	put(host, "OomScoreAdj", json_integer(spec->oom_score_adj));
	put(host, "Ulimits", format_ulimits(spec));
}

static void put_walls(struct members *host, const struct docker_spec *spec)
{
	const char *const all[] = {"ALL", NULL};

	put_text(host, "NetworkMode", "none");
	put_text(host, "IpcMode", "private");
	put_flag(host, "Privileged", false);
	put_flag(host, "ReadonlyRootfs", true);
	put(host, "CapDrop", format_texts(all));
	put(host, "CapAdd", format_texts(spec->capabilities));
	put(host, "SecurityOpt", format_texts(spec->security_options));
	if (spec->masked_paths != NULL)
		put(host, "MaskedPaths", format_texts(spec->masked_paths));
}

static json_t *format_log(void)
{
	struct members members = members_begin();

	put_text(&members, "Type", "none");
	put(&members, "Config", json_object());
	return members_end(&members);
}

static json_t *format_host(const struct docker_spec *spec)
{
	struct members host = members_begin();

	put_walls(&host, spec);
	put_limits(&host, spec);
	put(&host, "Tmpfs", format_tmpfs(spec));
	put(&host, "Mounts", format_mounts(spec));
	put(&host, "LogConfig", format_log());
	put_flag(&host, "AutoRemove", true);
	put_flag(&host, "Init", false);
	if (spec->runtime != NULL)
		put_text(&host, "Runtime", spec->runtime);
	return members_end(&host);
}

static void put_stdio(struct members *body, const struct docker_spec *spec)
{
	put_flag(body, "Tty", false);
	put_flag(body, "AttachStdin", spec->attach_stdio);
	put_flag(body, "AttachStdout", spec->attach_stdio);
	put_flag(body, "AttachStderr", spec->attach_stdio);
	put_flag(body, "OpenStdin", spec->attach_stdio);
	put_flag(body, "StdinOnce", spec->attach_stdio);
}

char *docker_spec_format(const struct docker_spec *spec, struct err *err)
{
	struct members body = members_begin();
	auto_json json_t *object = NULL;
	char *text;

	put_text(&body, "Image", spec->image);
	put(&body, "Cmd", format_texts(spec->command));
	put(&body, "Env", format_texts(spec->environment));
	put(&body, "Labels", format_pair(spec->label_name, spec->label_value));
	/* Besides NetworkMode: spares the daemon a sandbox's set-up, half of a start's time. */
	put_flag(&body, "NetworkDisabled", true);
	put_stdio(&body, spec);
	put(&body, "HostConfig", format_host(spec));
	object = members_end(&body);
	text = docker_json_format(object);
	if (text == NULL)
		(void)err_set(err, -ENOMEM,
			      "a container's description needs more memory, or is not UTF-8");
	return text;
}

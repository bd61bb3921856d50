/* test_wire_request: what the tests of requests share. */
#ifndef KILN_TESTS_UNIT_TEST_WIRE_REQUEST_H
#define KILN_TESTS_UNIT_TEST_WIRE_REQUEST_H

#include "wire/wire.h"

#include "base/cleanup.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define REQUEST_MAX ((size_t)4 << 20)

static const struct profile base64_profile = {
	.subject = "compiler.execute.request",
	.encoding = ENCODING_BASE64,
	.code_bytes_max = 32,
	.limits = {10000, 10000, 400 << 20, 1 << 20, 64, 16 << 20, 30000},
};
static const struct profile utf8_profile = {
	.subject = "problems.execute.request",
	.encoding = ENCODING_UTF8,
	.code_bytes_max = (size_t)1 << 20,
	.limits = {10000, 10000, 400 << 20, 1 << 20, 64, 16 << 20, 30000},
};

struct decoded {
	int code;
	struct job *job;
	struct result refusal;
	char *id;
};

static inline struct decoded decode_bytes(const struct profile *profile, const void *data,
					  size_t length)
{
	struct decoded d = {0};

	result_init(&d.refusal, 0);
	d.code = wire_decode_request(profile, data, length, REQUEST_MAX, &d.job, &d.refusal, &d.id);
	return d;
}

/* The tests write ' where JSON has a quote. */
static inline char *json_of(const char *text)
{
	char *json = strdup(text);

	for (char *c = json; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	return json;
}

static inline struct decoded decode(const struct profile *profile, const char *text)
{
	auto_free char *json = json_of(text);

	return decode_bytes(profile, json, strlen(json));
}

static inline void decoded_fini(struct decoded *d)
{
	job_free(d->job);
	result_fini(&d->refusal);
	free(d->id);
}

#define auto_decoded __attribute__((cleanup(decoded_fini)))

static inline void assert_bytes(const struct bytes *bytes, const void *expected, size_t length)
{
	assert_int_equal(bytes->length, length);
	if (length > 0)
		assert_memory_equal(bytes->data, expected, length);
}

/* prefix, then `count` times `item` with commas between, then suffix */
static inline char *repeat(const char *prefix, const char *item, size_t count,
			   const char *separator, const char *suffix)
{
	struct buf b;

	buf_init(&b, BUF_UNBOUNDED);
	(void)buf_append_text(&b, prefix);
	for (size_t i = 0; i < count; i++) {
		(void)buf_append_text(&b, i == 0 ? "" : separator);
		(void)buf_append_text(&b, item);
	}
	(void)buf_append_text(&b, suffix);
	return buf_take_text(&b);
}

#endif

/* Jobs and the compile cache, against an agent whose every word is written before it is asked. */
#include "worker/reuse.h"

#include "base/io.h"
#include "cache/cache.h"
#include "channel/channel.h"
#include "channel/open.h"
#include "frame/message.h"
#include "job/job.h"
#include "job/result.h"
#include "worker/run.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define IMAGE "sha256:0123"
#define OUTPUT_MAX 64
#define PROGRAM "the program"

static const struct profile profile = {
	.subject = "test",
	.limits = {.wall_ms = 1000, .cpu_ms = 1, .memory_bytes = 1, .output_bytes = OUTPUT_MAX,
		   .processes = 1, .file_bytes = 1, .compile_wall_ms = 1000},
};

static const struct outcome compiled = {.compile = {.ran = true}, .run = {.ran = true}};
static const struct outcome ran = {.run = {.ran = true}};

/* What the agent says, in this order; each part may be left out. */
struct words {
	const char *compiler_output;
	const struct outcome *outcome;
	const char *announced; /* whose length and checksum are announced */
	const char *chunks[3];
};

static void put_chunk(struct buf *b, const char *chunk)
{
	uint8_t header[FRAME_HEADER_BYTES];

	artifact_chunk_header(header, strlen(chunk));
	(void)buf_append(b, header, sizeof(header));
	(void)buf_append_text(b, chunk);
}

static void put_words(struct buf *b, const struct words *words)
{
	if (words->compiler_output != NULL) {
		uint8_t prefix[OUTPUT_PREFIX_BYTES];

		output_message_prefix(prefix, STREAM_COMPILE, strlen(words->compiler_output));
		(void)buf_append(b, prefix, sizeof(prefix));
		(void)buf_append_text(b, words->compiler_output);
	}
	done_message_encode(b, words->outcome);
	if (words->announced != NULL) {
		const uint8_t *data = (const uint8_t *)words->announced;
		size_t length = strlen(words->announced);

		artifact_announce(b, &(struct artifact){
					     .data = data,
					     .length = length,
					     .checksum = artifact_checksum(data, length),
				     });
	}
	for (size_t i = 0; i < 3 && words->chunks[i] != NULL; i++)
		put_chunk(b, words->chunks[i]);
	ready_message_encode(b, &(struct ready_message){0});
}

static void ignore(void *arg)
{
	(void)arg;
}

/* A job as a worker runs it. */
struct trial {
	struct job *job;
	struct reuse reuse;
	struct result result;
	struct err err;
	int attempt; /* what run_attempt said */
	int ready;   /* and run_await_ready */
	uint8_t run[4096]; /* what the agent was sent */
	size_t run_length;
};

static void try_code(struct trial *trial, struct cache *cache, const char *code,
		     uint64_t output_bytes, const struct words *words)
{
	const struct run_watch watch = {.late = ignore};
	struct channel *channel = NULL;
	struct buf said;
	int fds[2];

	*trial = (struct trial){.job = job_new(&profile)};
	trial->job->language = strdup("c");
	trial->job->compiled = true;
	trial->job->code.data = (uint8_t *)strdup(code);
	trial->job->code.length = strlen(code);
	trial->job->limits.output_bytes = output_bytes;
	buf_init(&said, BUF_UNBOUNDED);
	put_words(&said, words);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	assert_int_equal(io_set_nonblocking(fds[0]), 0);
	assert_int_equal(write(fds[1], said.data, said.length), said.length);
	assert_int_equal(channel_open(&fds[0], false, &channel, NULL), 0);
	result_init(&trial->result, 3 * OUTPUT_MAX);
	reuse_begin(&trial->reuse, cache, IMAGE, trial->job);
	trial->attempt = run_attempt(channel, trial->job, &trial->reuse, &watch, &trial->result,
				     &trial->err);
	trial->ready = trial->attempt < 0 ? trial->attempt
					  : run_await_ready(channel, &trial->reuse, &trial->err);
	if (trial->ready == 0)
		reuse_keep(&trial->reuse, &trial->result);
	trial->run_length = (size_t)read(fds[1], trial->run, sizeof(trial->run));
	channel_free(channel);
	(void)close(fds[1]);
	buf_fini(&said);
}

static void end(struct trial *trial)
{
	reuse_end(&trial->reuse);
	result_fini(&trial->result);
	job_free(trial->job);
}

static bool was_sent(const struct trial *trial, const char *text)
{
	return memmem(trial->run, trial->run_length, text, strlen(text)) != NULL;
}

static const struct words good = {
	.compiler_output = "careful",
	.outcome = &compiled,
	.announced = PROGRAM,
	.chunks = {"the ", "program"},
};
static const struct words hit = {.outcome = &ran};

static void compile_once(struct cache *cache)
{
	struct trial trial;

	try_code(&trial, cache, "source", OUTPUT_MAX, &good);
	assert_int_equal(trial.ready, 0);
	assert_false(trial.result.compile_cached);
	end(&trial);
}

static void the_second_time_it_is_not_compiled(void **state)
{
	struct cache *cache = cache_new(1 << 20);
	struct trial trial;

	(void)state;
	compile_once(cache);
	try_code(&trial, cache, "source", OUTPUT_MAX, &hit);
	assert_int_equal(trial.ready, 0);
	assert_true(trial.result.compile_cached);
	assert_true(trial.result.outcome.compile.ran);
	assert_int_equal(trial.result.outcome.compile.exit_code, 0);
	assert_int_equal(trial.result.verdict, VERDICT_OK);
	assert_int_equal(trial.result.output.bytes.length, strlen("careful"));
	assert_int_equal(output_stream_bytes(&trial.result.output, STREAM_COMPILE), 7);
	assert_true(was_sent(&trial, "source") && was_sent(&trial, PROGRAM));
	end(&trial);
	try_code(&trial, cache, "source2", OUTPUT_MAX, &good);
	assert_false(trial.result.compile_cached);
	assert_false(was_sent(&trial, PROGRAM));
	end(&trial);
	cache_free(cache);
}

static void without_a_cache_every_time_is_the_first(void **state)
{
	const struct words no_artifact = {.outcome = &compiled};
	struct trial trial;

	(void)state;
	for (int i = 0; i < 2; i++) {
		try_code(&trial, NULL, "source", OUTPUT_MAX, &no_artifact);
		assert_int_equal(trial.ready, 0);
		assert_false(trial.result.compile_cached);
		end(&trial);
	}
}

static void an_agent_need_not_have_one(void **state)
{
	const struct words no_artifact = {.outcome = &compiled};
	struct cache *cache = cache_new(1 << 20);
	struct cache_status status;
	struct trial trial;

	(void)state;
	try_code(&trial, cache, "source", OUTPUT_MAX, &no_artifact);
	assert_int_equal(trial.ready, 0);
	end(&trial);
	cache_status(cache, &status);
	assert_int_equal(status.entries, 0);
	cache_free(cache);
}

/* A program that said more than the client wants to read: the compile has to reach that limit. */
static void a_lower_output_limit_compiles_again(void **state)
{
	const struct words no_artifact = {.outcome = &compiled};
	struct cache *cache = cache_new(1 << 20);
	struct trial trial;

	(void)state;
	compile_once(cache);
	try_code(&trial, cache, "source", strlen("careful") - 1, &no_artifact);
	assert_false(trial.result.compile_cached);
	end(&trial);
	try_code(&trial, cache, "source", strlen("careful"), &hit);
	assert_true(trial.result.compile_cached);
	end(&trial);
	cache_free(cache);
}

static const struct outcome unclean[] = {
	{.compile = {.ran = true, .exit_code = 1}},
	{.compile = {.ran = true, .exit_code = 1}, .run = {.ran = true}},
	{.compile = {.ran = true, .exit_code = -1, .signal = 9}, .run = {.ran = true}},
	{.compile = {.ran = true}, .run = {.ran = true}, .compile_truncated = true},
	{.compile = {.ran = true}, .limit = {.name = LIMIT_COMPILE_WALL}},
	{.run = {.ran = true}},
};

static const struct words hostile[] = {
	{.outcome = &compiled, .announced = PROGRAM},
	{.outcome = &compiled, .announced = PROGRAM, .chunks = {"the "}},
	{.outcome = &compiled, .announced = PROGRAM, .chunks = {"the ", "prograM"}},
	{.outcome = &compiled, .announced = PROGRAM, .chunks = {PROGRAM, "!"}},
	{.outcome = &compiled, .announced = PROGRAM, .chunks = {PROGRAM "!"}},
	{.outcome = &compiled, .announced = PROGRAM, .chunks = {""}},
	{.outcome = &compiled, .announced = ""},
	{.outcome = &compiled, .chunks = {PROGRAM}},
};

static void refuse(const struct words *words)
{
	struct cache *cache = cache_new(1 << 20);
	struct cache_status status;
	struct trial trial;

	try_code(&trial, cache, "source", OUTPUT_MAX, words);
	assert_int_equal(trial.attempt, 0);
	assert_int_equal(trial.ready, -EBADMSG);
	end(&trial);
	cache_status(cache, &status);
	assert_int_equal(status.entries, 0);
	cache_free(cache);
}

static void nothing_but_a_whole_artifact_of_a_clean_compile_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		refuse(&hostile[i]);
	for (size_t i = 0; i < sizeof(unclean) / sizeof(unclean[0]); i++) {
		struct words words = good;

		words.outcome = &unclean[i];
		refuse(&words);
	}
}

static void an_artifact_that_was_not_asked_for_is_refused(void **state)
{
	struct cache *cache = cache_new(1 << 20);
	struct words words = good;
	struct trial trial;

	(void)state;
	try_code(&trial, NULL, "source", OUTPUT_MAX, &good);
	assert_int_equal(trial.ready, -EBADMSG);
	end(&trial);
	compile_once(cache);
	words.outcome = &ran;
	try_code(&trial, cache, "source", OUTPUT_MAX, &words);
	assert_int_equal(trial.ready, -EBADMSG);
	end(&trial);
	cache_free(cache);
}

static void a_compile_that_was_not_asked_for_is_refused(void **state)
{
	struct cache *cache = cache_new(1 << 20);
	struct cache_status status;
	struct trial trial;

	(void)state;
	compile_once(cache);
	try_code(&trial, cache, "source", OUTPUT_MAX, &good);
	assert_int_equal(trial.attempt, -EBADMSG);
	reuse_distrust(&trial.reuse);
	end(&trial);
	cache_status(cache, &status);
	assert_int_equal(status.entries, 0);
	cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_second_time_it_is_not_compiled),
		cmocka_unit_test(without_a_cache_every_time_is_the_first),
		cmocka_unit_test(an_agent_need_not_have_one),
		cmocka_unit_test(a_lower_output_limit_compiles_again),
		cmocka_unit_test(nothing_but_a_whole_artifact_of_a_clean_compile_is_kept),
		cmocka_unit_test(an_artifact_that_was_not_asked_for_is_refused),
		cmocka_unit_test(a_compile_that_was_not_asked_for_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

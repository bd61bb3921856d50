#include "frame/message.h"

#include "frame/frame.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

static const struct profile profile = {.limits = {1, 2, 3, 4, 5, 6, UINT64_MAX}};

static char language[] = "python";
static char first_arg[] = "-v", second_arg[] = "";
static char *args[] = {first_arg, second_arg};
static char file_name[] = "data/in";
static uint8_t code[] = "print(1)\0\xff", input[] = "in";
static struct job_file files[] = {{file_name, {input, 2}}, {file_name, {NULL, 0}}};

static struct job sample_job(void)
{
	return (struct job){
		.language = language,
		.code = {code, 10},
		.input = {input, 2},
		.args = args,
		.args_count = 2,
		.files = files,
		.files_count = 2,
		.limits = profile.limits,
		.profile = &profile,
	};
}

static void encode_run(struct buf *b, const struct job *job)
{
	buf_init(b, BUF_UNBOUNDED);
	run_message_encode(b, job, NULL, false);
	assert_false(buf_failed(b));
	assert_int_equal(b->data[4], FRAME_RUN);
}

static const uint8_t *payload_of(const struct buf *b)
{
	return b->data + FRAME_HEADER_BYTES;
}

static size_t payload_length(const struct buf *b)
{
	assert_int_equal(b->data[0] | b->data[1] << 8, b->length - FRAME_HEADER_BYTES);
	return b->length - FRAME_HEADER_BYTES;
}

static void assert_slice(const struct slice *slice, const void *data, size_t length)
{
	assert_int_equal(slice->length, length);
	if (length > 0)
		assert_memory_equal(slice->data, data, length);
}

#define auto_run __attribute__((cleanup(run_message_fini)))

static void a_run_comes_through(void **state)
{
	struct job job = sample_job();
	auto_run struct run_message run = {0};
	auto_buf struct buf b;

	(void)state;
	encode_run(&b, &job);
	assert_int_equal(run_message_decode(&run, payload_of(&b), payload_length(&b)), 0);
	assert_slice(&run.language, "python", 6);
	assert_memory_equal(&run.limits, &profile.limits, sizeof(run.limits));
	assert_slice(&run.code, "print(1)\0\xff", 10);
	assert_slice(&run.input, "in", 2);
	assert_int_equal(run.args_count, 2);
	assert_slice(&run.args[0], "-v", 2);
	assert_slice(&run.args[1], "", 0);
	assert_int_equal(run.files_count, 2);
	assert_slice(&run.files[0].name, "data/in", 7);
	assert_slice(&run.files[0].content, "in", 2);
	assert_slice(&run.files[1].content, "", 0);
}

/* Decodes a copy of exactly the length, so that AddressSanitizer sees a byte too many. */
static int decode_run_copy(const uint8_t *data, size_t length)
{
	uint8_t *copy = malloc(length + (length == 0));
	struct run_message run = {0};
	int result;

	memcpy(copy, data, length);
	result = run_message_decode(&run, copy, length);
	run_message_fini(&run);
	free(copy);
	return result;
}

static void a_run_cut_anywhere_or_too_long_is_refused(void **state)
{
	struct job job = sample_job();
	auto_buf struct buf b;

	(void)state;
	encode_run(&b, &job);
	for (size_t length = 0; length < payload_length(&b); length++)
		assert_int_equal(decode_run_copy(payload_of(&b), length), -EBADMSG);
	assert_int_equal(buf_append(&b, "x", 1), 0);
	assert_int_equal(decode_run_copy(payload_of(&b), b.length - FRAME_HEADER_BYTES), -EBADMSG);
}

static void a_run_with_any_bit_flipped_stays_in_bounds(void **state)
{
	struct job job = sample_job();
	auto_buf struct buf b;

	(void)state;
	encode_run(&b, &job);
	for (size_t bit = FRAME_HEADER_BYTES * 8; bit < b.length * 8; bit++) {
		int result;

		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
		result = decode_run_copy(payload_of(&b), b.length - FRAME_HEADER_BYTES);
		assert_true(result == 0 || result == -EBADMSG);
		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
	}
}

static void more_args_or_files_than_allowed_are_refused(void **state)
{
	static char *many_args[JOB_ARGS_MAX + 1];
	static struct job_file many_files[JOB_FILES_MAX + 1];
	struct job job = sample_job();

	(void)state;
	for (size_t i = 0; i <= JOB_ARGS_MAX; i++)
		many_args[i] = first_arg;
	for (size_t i = 0; i <= JOB_FILES_MAX; i++)
		many_files[i].name = file_name;
	job.args = many_args;
	job.files = many_files;
	for (unsigned more = 0; more < 4; more++) {
		auto_buf struct buf b;

		job.args_count = JOB_ARGS_MAX + (more & 1);
		job.files_count = JOB_FILES_MAX + (more >> 1);
		encode_run(&b, &job);
		assert_int_equal(decode_run_copy(payload_of(&b), b.length - FRAME_HEADER_BYTES),
				 more == 0 ? 0 : -EBADMSG);
	}
}

static void a_run_without_memory_is_reported(void **state)
{
	struct job job = sample_job();
	auto_buf struct buf b;

	(void)state;
	encode_run(&b, &job);
	for (unsigned n = 1; n <= 3; n++) {
		struct run_message run = {0};
		int result;

		alloc_fail_at(n);
		result = run_message_decode(&run, payload_of(&b), payload_length(&b));
		alloc_fail_at(0);
		run_message_fini(&run);
		assert_int_equal(result, n == 3 ? 0 : -ENOMEM);
	}
}

static void output_comes_through(void **state)
{
	uint8_t frame[OUTPUT_PREFIX_BYTES + 3] = {0};
	struct output_message output;

	(void)state;
	for (unsigned stream = 0; stream < 256; stream++) {
		int result;

		output_message_prefix(frame, (enum stream)stream, 3);
		memcpy(frame + OUTPUT_PREFIX_BYTES, "abc", 3);
		assert_memory_equal(frame, "\x04\0\0\0\x03", 5);
		result = output_message_decode(&output, frame + FRAME_HEADER_BYTES, 4);
		assert_int_equal(result, stream >= 1 && stream <= 3 ? 0 : -EBADMSG);
		if (result == 0) {
			assert_int_equal(output.stream, stream);
			assert_slice(&output.bytes, "abc", 3);
		}
	}
	assert_int_equal(output_message_decode(&output, frame, 0), -EBADMSG);
	assert_int_equal(output_message_decode(&output, (const uint8_t *)"\x01", 1), -EBADMSG);
}

static const struct outcome sample_outcome = {
	.compile = {.ran = true, .exit_code = 0, .wall_us = 1, .cpu_us = 2, .memory_bytes = 3},
	.run = {.ran = true,
		.exit_code = -1,
		.signal = 9,
		.wall_us = 5000000,
		.cpu_us = 4000000,
		.memory_bytes = INT64_MAX},
	.limit = {LIMIT_WALL, 5000, 5001},
	.stdout_truncated = true,
	.compile_truncated = true,
};

static int done_round_trip(const struct outcome *outcome, struct outcome *ret_outcome)
{
	auto_buf struct buf b;

	buf_init(&b, BUF_UNBOUNDED);
	done_message_encode(&b, outcome);
	assert_int_equal(b.data[4], FRAME_DONE);
	return done_message_decode(ret_outcome, payload_of(&b), payload_length(&b));
}

static void an_outcome_comes_through(void **state)
{
	struct outcome outcome = {0};

	(void)state;
	assert_int_equal(done_round_trip(&sample_outcome, &outcome), 0);
	assert_memory_equal(&outcome.limit, &sample_outcome.limit, sizeof(outcome.limit));
	assert_true(outcome.compile.ran);
	assert_int_equal(outcome.compile.exit_code, 0);
	assert_int_equal(outcome.compile.signal, 0);
	assert_int_equal(outcome.compile.wall_us, 1);
	assert_int_equal(outcome.compile.cpu_us, 2);
	assert_int_equal(outcome.compile.memory_bytes, 3);
	assert_int_equal(outcome.run.exit_code, -1);
	assert_int_equal(outcome.run.signal, 9);
	assert_true(outcome.run.memory_bytes == INT64_MAX);
	assert_true(outcome.stdout_truncated);
	assert_false(outcome.stderr_truncated);
	assert_true(outcome.compile_truncated);
}

static void an_outcome_that_cannot_be_is_refused(void **state)
{
	struct outcome bad[12], outcome;

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		bad[i] = sample_outcome;
	bad[0].run.exit_code = 256;
	bad[1].run.exit_code = -2;
	bad[2].run.signal = 65;
	bad[3].run.signal = 0;     /* neither exit nor signal */
	bad[4].compile.signal = 9; /* both */
	bad[5].run.wall_us = -1;
	bad[6].run.cpu_us = INT64_MAX;
	bad[7].run.memory_bytes = (uint64_t)INT64_MAX + 1;
	bad[8].limit.name = LIMIT_QUEUE; /* never from an agent */
	bad[9].limit.allowed = UINT64_MAX;
	bad[10].limit.measured = UINT64_MAX;
	bad[11].compile.ran = bad[11].run.ran = false;
	for (unsigned i = 0; i < 12; i++)
		assert_int_equal(done_round_trip(&bad[i], &outcome), -EBADMSG);
}

static void a_done_cut_or_flipped_stays_in_range(void **state)
{
	struct outcome outcome = {0};
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	done_message_encode(&b, &sample_outcome);
	for (size_t length = 0; length < payload_length(&b); length++)
		assert_int_equal(done_message_decode(&outcome, payload_of(&b), length), -EBADMSG);
	for (size_t bit = FRAME_HEADER_BYTES * 8; bit < b.length * 8; bit++) {
		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
		if (done_message_decode(&outcome, payload_of(&b), payload_length(&b)) == 0) {
			assert_true((unsigned)outcome.limit.name < LIMIT_QUEUE);
			assert_in_range(outcome.run.signal, 0, 64);
			assert_true(outcome.run.exit_code >= -1 && outcome.run.exit_code <= 255);
			assert_true(outcome.run.wall_us >= 0 && outcome.run.cpu_us >= 0);
		}
		b.data[bit / 8] ^= (uint8_t)(1 << (bit % 8));
	}
	assert_int_equal(buf_append(&b, "", 1), 0);
	assert_int_equal(
		done_message_decode(&outcome, payload_of(&b), b.length - FRAME_HEADER_BYTES),
		-EBADMSG);
}

static void a_ready_comes_through(void **state)
{
	const struct ready_message sample = {
		1, 2, UINT32_MAX, RESIDUE_FILES | RESIDUE_MEMORY, UINT64_MAX};
	struct ready_message ready = {0};
	auto_buf struct buf b;

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	ready_message_encode(&b, &sample);
	assert_int_equal(b.data[4], FRAME_READY);
	assert_int_equal(ready_message_decode(&ready, payload_of(&b), payload_length(&b)), 0);
	assert_int_equal(ready.processes, 1);
	assert_int_equal(ready.files, 2);
	assert_int_equal(ready.ipc, UINT32_MAX);
	assert_int_equal(ready.residue, RESIDUE_FILES | RESIDUE_MEMORY);
	assert_int_equal(ready.memory_bytes, UINT64_MAX);
	for (size_t length = 0; length < payload_length(&b); length++)
		assert_int_equal(ready_message_decode(&ready, payload_of(&b), length), -EBADMSG);
	assert_int_equal(buf_append(&b, "", 1), 0);
	assert_int_equal(
		ready_message_decode(&ready, payload_of(&b), b.length - FRAME_HEADER_BYTES),
		-EBADMSG);
}

static void a_residue_reads_as_words(void **state)
{
	char text[40];

	(void)state;
	residue_format(0, text, sizeof(text));
	assert_string_equal(text, "");
	residue_format(RESIDUE_FILES | RESIDUE_MOUNTS | RESIDUE_MEMORY, text, sizeof(text));
	assert_string_equal(text, "files, mounts, memory");
	residue_format(1U << 31, text, sizeof(text));
	assert_string_equal(text, "something unknown");
	residue_format(UINT32_MAX, text, 12);
	assert_string_equal(text, "files, IPC,");
}

static void a_fault_is_made_printable(void **state)
{
	auto_buf struct buf b;
	char text[16];

	(void)state;
	buf_init(&b, BUF_UNBOUNDED);
	fault_message_encode(&b, "a\nb\x1b[\xc3\xa9~ and more than fits");
	assert_int_equal(b.data[4], FRAME_FAULT);
	fault_message_decode(text, sizeof(text), payload_of(&b), payload_length(&b));
	assert_string_equal(text, "a?b?[??~ and mo");
	fault_message_decode(text, sizeof(text), NULL, 0);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_comes_through),
		cmocka_unit_test(a_run_cut_anywhere_or_too_long_is_refused),
		cmocka_unit_test(a_run_with_any_bit_flipped_stays_in_bounds),
		cmocka_unit_test(more_args_or_files_than_allowed_are_refused),
		cmocka_unit_test(a_run_without_memory_is_reported),
		cmocka_unit_test(output_comes_through),
		cmocka_unit_test(an_outcome_comes_through),
		cmocka_unit_test(an_outcome_that_cannot_be_is_refused),
		cmocka_unit_test(a_done_cut_or_flipped_stays_in_range),
		cmocka_unit_test(a_ready_comes_through),
		cmocka_unit_test(a_residue_reads_as_words),
		cmocka_unit_test(a_fault_is_made_printable),
	};

	return cmocka_run_group_tests_name("frame message", tests, NULL, NULL);
}

/* An artifact in frames, whole and not whole. */
#include "frame/artifact.h"

#include "frame/message.h"
#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH 1000

static uint8_t bytes[LENGTH];

static struct artifact sample(void)
{
	for (size_t i = 0; i < LENGTH; i++)
		bytes[i] = (uint8_t)(i * 7);
	return (struct artifact){
		.data = bytes, .length = LENGTH, .checksum = artifact_checksum(bytes, LENGTH)};
}

#define auto_reader __attribute__((cleanup(artifact_reader_fini)))

static int take(struct artifact_reader *reader, const uint8_t *payload, size_t length)
{
	const struct frame frame = {
		.type = FRAME_ARTIFACT, .payload = payload, .length = length};

	return artifact_reader_take(reader, &frame);
}

static int announce(struct artifact_reader *reader, const struct artifact *artifact)
{
	auto_buf struct buf b;

	buf_init(&b, BUF_UNBOUNDED);
	artifact_announce(&b, artifact);
	assert_int_equal(b.data[4], FRAME_ARTIFACT);
	return take(reader, b.data + FRAME_HEADER_BYTES, b.length - FRAME_HEADER_BYTES);
}

static void it_comes_through_in_chunks(void **state)
{
	struct artifact artifact = sample();
	auto_reader struct artifact_reader reader = {0};

	(void)state;
	assert_true(artifact_reader_is_settled(&reader));
	assert_int_equal(announce(&reader, &artifact), 0);
	assert_false(artifact_reader_is_settled(&reader));
	assert_int_equal(take(&reader, bytes, 1), 0);
	assert_int_equal(take(&reader, bytes + 1, 900), 0);
	assert_false(artifact_reader_is_settled(&reader));
	assert_int_equal(take(&reader, bytes + 901, 99), 0);
	assert_true(artifact_reader_is_settled(&reader));
	assert_memory_equal(reader.data, bytes, LENGTH);
}

static void a_chunk_too_many_or_of_nothing_is_refused(void **state)
{
	struct artifact artifact = sample();
	auto_reader struct artifact_reader reader = {0};

	(void)state;
	assert_int_equal(announce(&reader, &artifact), 0);
	assert_int_equal(take(&reader, bytes, 0), -EBADMSG);
	assert_int_equal(take(&reader, bytes, LENGTH), 0);
	assert_int_equal(take(&reader, bytes, 1), -EBADMSG);
}

static void more_than_was_announced_is_refused(void **state)
{
	struct artifact artifact = sample();
	auto_reader struct artifact_reader reader = {0};

	(void)state;
	artifact.length--;
	assert_int_equal(announce(&reader, &artifact), 0);
	assert_int_equal(take(&reader, bytes, LENGTH), -EBADMSG);
}

static void an_announcement_that_cannot_be_is_refused(void **state)
{
	static const size_t lengths[] = {0, ARTIFACT_BYTES_MAX + 1, SIZE_MAX};
	struct artifact artifact = sample();

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		auto_reader struct artifact_reader reader = {0};

		artifact.length = lengths[i];
		assert_int_equal(announce(&reader, &artifact), -EBADMSG);
		assert_null(reader.data);
	}
	for (size_t length = 0; length < 20; length++) {
		auto_reader struct artifact_reader reader = {0};

		if (length != 16)
			assert_int_equal(take(&reader, bytes, length), -EBADMSG);
	}
}

static void any_bit_shows_in_the_checksum(void **state)
{
	struct artifact artifact = sample();

	(void)state;
	for (size_t bit = 0; bit < LENGTH * 8; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_true(artifact_checksum(bytes, LENGTH) != artifact.checksum);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void length_and_order_show_in_the_checksum(void **state)
{
	static const uint8_t zeros[200];
	struct artifact artifact = sample();

	(void)state;
	for (size_t length = 0; length < LENGTH; length++)
		assert_true(artifact_checksum(bytes, length) != artifact.checksum);
	for (size_t length = 1; length < sizeof(zeros); length++)
		assert_true(artifact_checksum(zeros, length) !=
			    artifact_checksum(zeros, length - 1));
	/* Words that change places, within a stride and from one to the next. */
	for (size_t other = 8; other < 200; other += 8) {
		uint8_t swapped[LENGTH];

		memcpy(swapped, bytes, LENGTH);
		memcpy(swapped, bytes + other, 8);
		memcpy(swapped + other, bytes, 8);
		assert_true(artifact_checksum(swapped, LENGTH) != artifact.checksum);
	}
}

static void a_damaged_artifact_is_refused_at_its_end(void **state)
{
	struct artifact artifact = sample();
	auto_reader struct artifact_reader reader = {0};

	(void)state;
	assert_int_equal(announce(&reader, &artifact), 0);
	bytes[500] ^= 1;
	assert_int_equal(take(&reader, bytes, 600), 0);
	assert_int_equal(take(&reader, bytes + 600, 400), -EBADMSG);
}

static void no_memory_for_it(void **state)
{
	struct artifact artifact = sample();
	const uint8_t announcement[16] = {LENGTH & 0xff, LENGTH >> 8};
	auto_reader struct artifact_reader reader = {0};
	int result;

	(void)state;
	(void)artifact;
	alloc_fail_at(1);
	result = take(&reader, announcement, sizeof(announcement));
	alloc_fail_at(0);
	assert_int_equal(result, -ENOMEM);
	assert_null(reader.data);
}

/* RUN, its artifact behind it as the sender puts it there. */
static void encode_run(struct buf *b, const struct artifact *artifact, bool wants_artifact)
{
	static char language[] = "c";
	const struct job job = {.language = language};

	buf_init(b, BUF_UNBOUNDED);
	run_message_encode(b, &job, artifact, wants_artifact);
	if (artifact != NULL)
		assert_int_equal(buf_append(b, artifact->data, artifact->length), 0);
	assert_int_equal(b->data[0] | b->data[1] << 8, b->length - FRAME_HEADER_BYTES);
}

static int decode_run(struct run_message *run, const struct buf *b, size_t left_out)
{
	run_message_fini(run);
	*run = (struct run_message){0};
	return run_message_decode(run, b->data + FRAME_HEADER_BYTES,
				  b->length - FRAME_HEADER_BYTES - left_out);
}

#define auto_run __attribute__((cleanup(run_message_fini)))

static void a_run_carries_it_or_asks_for_it(void **state)
{
	struct artifact artifact = sample();
	auto_run struct run_message run = {0};

	(void)state;
	for (int way = 0; way < 3; way++) {
		auto_buf struct buf b;

		encode_run(&b, way == 2 ? &artifact : NULL, way == 1);
		assert_int_equal(decode_run(&run, &b, 0), 0);
		assert_int_equal(run.wants_artifact, way == 1);
		assert_int_equal(run.artifact.data != NULL, way == 2);
		if (way == 2)
			assert_memory_equal(run.artifact.data, bytes, LENGTH);
	}
}

static void a_run_with_one_that_is_not_whole_is_refused(void **state)
{
	struct artifact artifact = sample();
	auto_run struct run_message run = {0};
	auto_buf struct buf b;

	(void)state;
	encode_run(&b, &artifact, false);
	for (size_t left_out = 1; left_out <= LENGTH + 13; left_out++)
		assert_int_equal(decode_run(&run, &b, left_out), -EBADMSG);
	for (size_t bit = (b.length - LENGTH - 13) * 8; bit < b.length * 8; bit++) {
		b.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(decode_run(&run, &b, 0), -EBADMSG);
		b.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(decode_run(&run, &b, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_through_in_chunks),
		cmocka_unit_test(a_chunk_too_many_or_of_nothing_is_refused),
		cmocka_unit_test(more_than_was_announced_is_refused),
		cmocka_unit_test(an_announcement_that_cannot_be_is_refused),
		cmocka_unit_test(any_bit_shows_in_the_checksum),
		cmocka_unit_test(length_and_order_show_in_the_checksum),
		cmocka_unit_test(a_damaged_artifact_is_refused_at_its_end),
		cmocka_unit_test(no_memory_for_it),
		cmocka_unit_test(a_run_carries_it_or_asks_for_it),
		cmocka_unit_test(a_run_with_one_that_is_not_whole_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "frame/frame.h"

#include "support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above it. */
#include <cmocka.h>

#define PAYLOAD_MAX ((size_t)64 * 1024)

#define auto_reader __attribute__((cleanup(frame_reader_fini)))

static void put_frame(struct buf *b, enum frame_type type, const char *payload, size_t length)
{
	size_t begin = frame_begin(b, type);

	(void)buf_append(b, payload, length);
	frame_end(b, begin);
	assert_false(buf_failed(b));
}

static int feed(struct frame_reader *r, const uint8_t *data, size_t length)
{
	while (length > 0) {
		uint8_t *room = NULL;
		size_t size = 0;
		int result = frame_reader_room(r, &room, &size);

		if (result < 0)
			return result;
		assert_true(size > 0);
		size = size < length ? size : length;
		memcpy(room, data, size);
		frame_reader_filled(r, size);
		data += size;
		length -= size;
	}
	return 0;
}

static void a_header_is_five_bytes(void **state)
{
	uint8_t header[FRAME_HEADER_BYTES];

	(void)state;
	frame_put_header(header, FRAME_DONE, 0x01020304);
	assert_memory_equal(header, "\x04\x03\x02\x01\x04", 5);
}

static const struct {
	enum frame_type type;
	const char *payload;
} sample[] = {
	{FRAME_HELLO, "hello"}, {FRAME_RUN, ""},   {FRAME_OUTPUT, "some output"},
	{FRAME_DONE, "d"},      {FRAME_READY, ""}, {FRAME_FAULT, "no"},
};

#define SAMPLES (sizeof(sample) / sizeof(sample[0]))

/* Takes what is there and compares it with the samples, from *next on. */
static void take_samples(struct frame_reader *r, size_t *next)
{
	struct frame frame;
	int result;

	while ((result = frame_reader_next(r, &frame)) == 1) {
		assert_true(*next < SAMPLES);
		assert_int_equal(frame.type, sample[*next].type);
		assert_int_equal(frame.length, strlen(sample[*next].payload));
		assert_memory_equal(frame.payload, sample[*next].payload, frame.length);
		(*next)++;
	}
	assert_int_equal(result, 0);
}

static void frames_may_be_split_at_every_byte(void **state)
{
	auto_buf struct buf stream;

	(void)state;
	buf_init(&stream, BUF_UNBOUNDED);
	for (size_t i = 0; i < SAMPLES; i++)
		put_frame(&stream, sample[i].type, sample[i].payload, strlen(sample[i].payload));
	for (size_t cut = 0; cut <= stream.length; cut++) {
		auto_reader struct frame_reader r;
		size_t next = 0;

		frame_reader_init(&r, PAYLOAD_MAX);
		assert_int_equal(feed(&r, stream.data, cut), 0);
		take_samples(&r, &next);
		assert_int_equal(feed(&r, stream.data + cut, stream.length - cut), 0);
		take_samples(&r, &next);
		assert_int_equal(next, SAMPLES);
	}
}

static void frames_may_come_byte_by_byte(void **state)
{
	auto_reader struct frame_reader r;
	auto_buf struct buf stream;
	size_t next = 0;

	(void)state;
	buf_init(&stream, BUF_UNBOUNDED);
	for (size_t i = 0; i < SAMPLES; i++)
		put_frame(&stream, sample[i].type, sample[i].payload, strlen(sample[i].payload));
	frame_reader_init(&r, PAYLOAD_MAX);
	for (size_t i = 0; i < stream.length; i++) {
		assert_int_equal(feed(&r, stream.data + i, 1), 0);
		take_samples(&r, &next);
	}
	assert_int_equal(next, SAMPLES);
}

/* A reader that is fed again before all its frames were taken once counted its room wrong. */
static void room_can_be_had_while_frames_wait(void **state)
{
	auto_reader struct frame_reader r;
	auto_buf struct buf stream;
	struct frame frame;
	size_t frames = 0;

	(void)state;
	buf_init(&stream, BUF_UNBOUNDED);
	for (unsigned i = 0; i < 100; i++)
		put_frame(&stream, FRAME_OUTPUT, "0123456789", 10);
	frame_reader_init(&r, PAYLOAD_MAX);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(feed(&r, stream.data, stream.length), 0);
		assert_int_equal(frame_reader_next(&r, &frame), 1);
		frames++;
	}
	while (frame_reader_next(&r, &frame) == 1) {
		assert_memory_equal(frame.payload, "0123456789", 10);
		frames++;
	}
	assert_int_equal(frames, 1000);
}

static void the_largest_frame_passes_and_a_larger_one_does_not(void **state)
{
	static const size_t lengths[] = {PAYLOAD_MAX - 1, PAYLOAD_MAX, PAYLOAD_MAX + 1};
	char *payload = calloc(1, PAYLOAD_MAX + 1);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		auto_reader struct frame_reader r;
		auto_buf struct buf stream;
		struct frame frame;

		frame_reader_init(&r, PAYLOAD_MAX);
		buf_init(&stream, BUF_UNBOUNDED);
		put_frame(&stream, FRAME_OUTPUT, payload, lengths[i]);
		if (lengths[i] > PAYLOAD_MAX) {
			assert_int_equal(feed(&r, stream.data, stream.length), -EMSGSIZE);
			assert_int_equal(frame_reader_next(&r, &frame), -EMSGSIZE);
			continue;
		}
		assert_int_equal(feed(&r, stream.data, stream.length), 0);
		assert_int_equal(frame_reader_next(&r, &frame), 1);
		assert_int_equal(frame.length, lengths[i]);
	}
	free(payload);
}

static void an_announced_length_takes_no_room_when_it_is_too_large(void **state)
{
	auto_reader struct frame_reader r;
	struct frame frame;
	uint8_t *room;
	size_t size;

	(void)state;
	frame_reader_init(&r, PAYLOAD_MAX);
	assert_int_equal(feed(&r, (const uint8_t *)"\xff\xff\xff\xff\x03", 5), 0);
	assert_int_equal(frame_reader_next(&r, &frame), -EMSGSIZE);
	assert_int_equal(frame_reader_room(&r, &room, &size), -EMSGSIZE);
	assert_true(r.data.capacity <= PAYLOAD_MAX);
}

static void types_that_do_not_exist_are_refused(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		const uint8_t header[FRAME_HEADER_BYTES] = {0, 0, 0, 0, (uint8_t)type};
		auto_reader struct frame_reader r;
		struct frame frame;

		frame_reader_init(&r, PAYLOAD_MAX);
		assert_int_equal(feed(&r, header, sizeof(header)), 0);
		assert_int_equal(frame_reader_next(&r, &frame),
				 type >= FRAME_HELLO && type <= FRAME_TYPE_LAST ? 1 : -EBADMSG);
	}
}

static void a_large_frames_memory_is_given_back(void **state)
{
	size_t length = (size_t)4 << 20;
	char *payload = calloc(1, length);
	auto_reader struct frame_reader r;
	auto_buf struct buf stream;
	struct frame frame;
	uint8_t *room;
	size_t size;

	(void)state;
	frame_reader_init(&r, FRAME_TO_AGENT_MAX);
	buf_init(&stream, BUF_UNBOUNDED);
	put_frame(&stream, FRAME_RUN, payload, length);
	assert_int_equal(feed(&r, stream.data, stream.length), 0);
	assert_int_equal(frame_reader_next(&r, &frame), 1);
	assert_int_equal(frame.length, length);
	assert_int_equal(frame_reader_next(&r, &frame), 0);
	assert_int_equal(frame_reader_room(&r, &room, &size), 0);
	assert_true(r.data.capacity <= (size_t)64 * 1024);
	free(payload);
}

static void a_failed_buffer_makes_no_frame(void **state)
{
	auto_buf struct buf b;
	size_t begin;

	(void)state;
	buf_init(&b, 8);
	begin = frame_begin(&b, FRAME_RUN);
	(void)buf_append(&b, "1234", 4);
	frame_end(&b, begin);
	assert_true(buf_failed(&b));

	buf_fini(&b);
	buf_init(&b, 2);
	begin = frame_begin(&b, FRAME_RUN);
	frame_end(&b, begin);
	assert_true(buf_failed(&b));
}

static void memory_that_is_gone_is_reported(void **state)
{
	auto_reader struct frame_reader r;
	uint8_t *room;
	size_t size;

	(void)state;
	frame_reader_init(&r, PAYLOAD_MAX);
	alloc_fail_at(1);
	assert_int_equal(frame_reader_room(&r, &room, &size), -ENOMEM);
	alloc_fail_at(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_five_bytes),
		cmocka_unit_test(frames_may_be_split_at_every_byte),
		cmocka_unit_test(frames_may_come_byte_by_byte),
		cmocka_unit_test(room_can_be_had_while_frames_wait),
		cmocka_unit_test(the_largest_frame_passes_and_a_larger_one_does_not),
		cmocka_unit_test(an_announced_length_takes_no_room_when_it_is_too_large),
		cmocka_unit_test(types_that_do_not_exist_are_refused),
		cmocka_unit_test(a_large_frames_memory_is_given_back),
		cmocka_unit_test(a_failed_buffer_makes_no_frame),
		cmocka_unit_test(memory_that_is_gone_is_reported),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}

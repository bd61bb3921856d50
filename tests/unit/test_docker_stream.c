/* Docker's multiplexed stdio is taken apart alike, however it is split. */
#include "docker/stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t stream[] = "\1\0\0\0\0\0\0\5hello"
				"\2\0\0\0\0\0\0\3err"
				"\1\0\0\0\0\0\0\0"
				"\2\0\0\0\0\0\0\0"
				"\1\0\0\0\0\0\0\6 world";
#define STREAM_BYTES (sizeof(stream) - 1)

static void feed(struct docker_demux *demux, const uint8_t *data, size_t length, char *text)
{
	uint8_t room[128];
	ssize_t kept;

	memcpy(room, data, length);
	kept = docker_demux_stdout(demux, room, length);
	assert_true(kept >= 0 && (size_t)kept <= length);
	strncat(text, (char *)room, (size_t)kept);
}

static void test_stdout_alone_is_kept(void **state)
{
	struct docker_demux demux = {0};
	char text[32] = "";

	(void)state;
	feed(&demux, stream, STREAM_BYTES, text);
	assert_string_equal(text, "hello world");
	assert_int_equal(demux.left, 0);
}

static void test_split_anywhere(void **state)
{
	(void)state;
	for (size_t first = 0; first <= STREAM_BYTES; first++) {
		for (size_t second = first; second <= STREAM_BYTES; second++) {
			struct docker_demux demux = {0};
			char text[32] = "";

			feed(&demux, stream, first, text);
			feed(&demux, stream + first, second - first, text);
			feed(&demux, stream + second, STREAM_BYTES - second, text);
			assert_string_equal(text, "hello world");
		}
	}
}

static void test_other_frames_are_refused(void **state)
{
	static const uint8_t bad[][8] = {
		{0, 0, 0, 0, 0, 0, 0, 1}, /* stdin, which is never sent */
		{3, 0, 0, 0, 0, 0, 0, 1}, /* the daemon's own error */
		{1, 1, 0, 0, 0, 0, 0, 1}, {1, 0, 1, 0, 0, 0, 0, 1}, {2, 0, 0, 1, 0, 0, 0, 1},
		{'H', 'T', 'T', 'P', '/', '1', '.', '1'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct docker_demux demux = {0};
		uint8_t room[8];

		memcpy(room, bad[i], sizeof(room));
		assert_int_equal(docker_demux_stdout(&demux, room, sizeof(room)), -EBADMSG);
	}
}

static void test_largest_frame_is_counted_in_full(void **state)
{
	uint8_t room[12] = {1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 'a', 'b', 'c', 'd'};
	struct docker_demux demux = {0};

	(void)state;
	assert_int_equal(docker_demux_stdout(&demux, room, sizeof(room)), 4);
	assert_memory_equal(room, "abcd", 4);
	assert_true(demux.left == 0xfffffffbU);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stdout_alone_is_kept),
		cmocka_unit_test(test_split_anywhere),
		cmocka_unit_test(test_other_frames_are_refused),
		cmocka_unit_test(test_largest_frame_is_counted_in_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "log/repeats.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static unsigned admitted(struct repeats *repeats, enum log_level level, const char *message,
			 unsigned times, int64_t now_ns)
{
	unsigned count = 0;

	for (unsigned i = 0; i < times; i++)
		count += repeats_admit(repeats, level, message, now_ns);
	return count;
}

static void test_level_decides_how_many(void **state)
{
	static const struct {
		enum log_level level;
		unsigned admitted;
	} cases[] = {
		{LOG_DEBUG, 5000},
		{LOG_INFO, LOG_EVENTS_PER_SECOND},
		{LOG_WARN, LOG_FAULTS_PER_SECOND},
		{LOG_ERROR, LOG_FAULTS_PER_SECOND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct repeats repeats = {0};

		assert_int_equal(admitted(&repeats, cases[i].level, "m", 5000, 7),
				 cases[i].admitted);
	}
}

static void test_what_was_held_back_is_reported_once(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;

	(void)state;
	(void)admitted(&repeats, LOG_WARN, "daemon is away", 50, 0);
	assert_false(repeats_take(&repeats, NS_PER_S - 1, &repeat));
	assert_true(repeats_take(&repeats, NS_PER_S, &repeat));
	assert_string_equal(repeat.message, "daemon is away");
	assert_int_equal(repeat.level, LOG_WARN);
	assert_int_equal(repeat.held, 50 - LOG_FAULTS_PER_SECOND);
	assert_false(repeats_take(&repeats, NS_PER_S, &repeat));
}

static void test_next_second_starts_anew(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;

	(void)state;
	assert_int_equal(admitted(&repeats, LOG_WARN, "m", LOG_FAULTS_PER_SECOND, 0),
			 LOG_FAULTS_PER_SECOND);
	assert_int_equal(admitted(&repeats, LOG_WARN, "m", 1, NS_PER_S - 1), 0);
	assert_true(repeats_take(&repeats, NS_PER_S, &repeat));
	assert_int_equal(admitted(&repeats, LOG_WARN, "m", 100, NS_PER_S), LOG_FAULTS_PER_SECOND);
}

static void test_second_without_excess_leaves_nothing(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;

	(void)state;
	(void)admitted(&repeats, LOG_WARN, "m", LOG_FAULTS_PER_SECOND, 0);
	assert_false(repeats_take(&repeats, 5 * NS_PER_S, &repeat));
	assert_int_equal(admitted(&repeats, LOG_WARN, "m", 100, 5 * NS_PER_S),
			 LOG_FAULTS_PER_SECOND);
}

static void test_other_message_or_level_counts_apart(void **state)
{
	struct repeats repeats = {0};

	(void)state;
	(void)admitted(&repeats, LOG_WARN, "one", 100, 0);
	assert_int_equal(admitted(&repeats, LOG_WARN, "two", 1, 0), 1);
	assert_int_equal(admitted(&repeats, LOG_ERROR, "one", 1, 0), 1);
	assert_int_equal(admitted(&repeats, LOG_WARN, "one", 1, 0), 0);
}

static void test_flush_takes_the_unfinished(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;

	(void)state;
	(void)admitted(&repeats, LOG_ERROR, "m", 100, 10);
	assert_true(repeats_take(&repeats, CLOCK_FOREVER, &repeat));
	assert_int_equal(repeat.held, 100 - LOG_FAULTS_PER_SECOND);
}

static void test_full_table_holds_nothing_back_and_loses_no_count(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;
	unsigned taken = 0;

	(void)state;
	for (unsigned i = 0; i < REPEATS_SLOTS; i++) {
		char message[16];

		(void)snprintf(message, sizeof(message), "message %u", i);
		(void)admitted(&repeats, LOG_WARN, message, 100, 0);
	}
	assert_int_equal(admitted(&repeats, LOG_WARN, "one more", 100, 0), 100);
	while (repeats_take(&repeats, NS_PER_S, &repeat))
		taken += repeat.held;
	assert_int_equal(taken, REPEATS_SLOTS * (100 - LOG_FAULTS_PER_SECOND));
	assert_int_equal(admitted(&repeats, LOG_WARN, "one more", 100, NS_PER_S),
			 LOG_FAULTS_PER_SECOND);
}

static void test_quiet_slots_are_used_again(void **state)
{
	struct repeats repeats = {0};

	(void)state;
	for (unsigned i = 0; i < 10 * REPEATS_SLOTS; i++) {
		char message[16];

		(void)snprintf(message, sizeof(message), "message %u", i);
		assert_int_equal(admitted(&repeats, LOG_WARN, message, 100, i * 2 * NS_PER_S) > 0,
				 1);
		(void)repeats_take(&repeats, CLOCK_FOREVER, &(struct repeat){0});
	}
}

static void test_long_message_is_recognised(void **state)
{
	struct repeats repeats = {0};
	struct repeat repeat;
	char message[500];

	(void)state;
	memset(message, 'm', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	assert_int_equal(admitted(&repeats, LOG_WARN, message, 100, 0), LOG_FAULTS_PER_SECOND);
	assert_true(repeats_take(&repeats, CLOCK_FOREVER, &repeat));
	assert_int_equal(strlen(repeat.message), REPEATS_MESSAGE_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_decides_how_many),
		cmocka_unit_test(test_what_was_held_back_is_reported_once),
		cmocka_unit_test(test_next_second_starts_anew),
		cmocka_unit_test(test_second_without_excess_leaves_nothing),
		cmocka_unit_test(test_other_message_or_level_counts_apart),
		cmocka_unit_test(test_flush_takes_the_unfinished),
		cmocka_unit_test(test_full_table_holds_nothing_back_and_loses_no_count),
		cmocka_unit_test(test_quiet_slots_are_used_again),
		cmocka_unit_test(test_long_message_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "config/value.h"

#include "base/cleanup.h"
#include "config/describe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct number_case {
	const char *name;
	const char *text;
	uint64_t expected;
};

static void test_numbers(void **state)
{
	static const struct number_case cases[] = {
		{"KILN_MEMORY_BYTES", "419430400", 419430400},
		{"KILN_MEMORY_BYTES", "400M", 419430400},
		{"KILN_MEMORY_BYTES", "400m", 419430400},
		{"KILN_MEMORY_BYTES", "400MB", 419430400},
		{"KILN_MEMORY_BYTES", "400Mi", 419430400},
		{"KILN_MEMORY_BYTES", "400MiB", 419430400},
		{"KILN_MEMORY_BYTES", "400 MiB", 419430400},
		{"KILN_MEMORY_BYTES", "409600K", 419430400},
		{"KILN_MEMORY_BYTES", "409600kib", 419430400},
		{"KILN_MEMORY_BYTES", "419430400b", 419430400},
		{"KILN_MEMORY_BYTES", "2G", UINT64_C(2) << 30},
		{"KILN_MEMORY_BYTES", "1T", UINT64_C(1) << 40},
		{"KILN_MEMORY_BYTES", "16M", 16777216},
		{"KILN_WORKSPACE_BYTES", "007M", 7340032},
		{"KILN_QUEUE_WAIT_MS", "1500", 1500},
		{"KILN_QUEUE_WAIT_MS", "1500ms", 1500},
		{"KILN_QUEUE_WAIT_MS", "15s", 15000},
		{"KILN_QUEUE_WAIT_MS", "15 S", 15000},
		{"KILN_QUEUE_WAIT_MS", "2m", 120000},
		{"KILN_QUEUE_WAIT_MS", "1h", 3600000},
		{"KILN_GRACE_MS", "0", 0},
		{"KILN_QUEUE_CAPACITY", "0", 0},
		{"KILN_WORKERS", "1024", 1024},
		{"KILN_NATS_TLS", "true", 1},
		{"KILN_NATS_TLS", "NO", 0},
		{"KILN_NATS_TLS", "1", 1},
		{"KILN_NATS_TLS", "off", 0},
		{"KILN_CHANNEL", "attach", CHANNEL_ATTACH},
		{"KILN_COMPILER_ENCODING", "utf8", ENCODING_UTF8},
		{"KILN_LOG_LEVEL", "Error", LOG_ERROR},
		{"KILN_LOG_FORMAT", "pretty", LOG_PRETTY},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct option *option = option_find(cases[i].name);
		struct config config;

		/* The other value than expected, so that a member not set is noticed. */
		memset(&config, cases[i].expected == 0 ? 1 : 0, sizeof(config));
		assert_int_equal(value_parse(option, cases[i].text, &config), 0);
		assert_int_equal(value_number(option, &config), cases[i].expected);
	}
}

static void test_cores(void **state)
{
	static const struct {
		const char *text;
		double expected; /* 0: not allowed */
	} cases[] = {
		{"0.5", 0.5}, {"1", 1},      {"2.", 2},	     {"0.125", 0.125}, {"0.01", 0.01},
		{"512", 512}, {"0.001", 0}, {"513", 0},	     {".5", 0},	       {"-1", 0},
		{"1e2", 0},   {"nan", 0},   {"0x1", 0},	     {"0.12345", 0},   {"1,5", 0},
		{"", 0},      {" 1", 0},    {"1 ", 0},	     {"18446744073709551615", 0},
	};
	const struct option *option = option_find("KILN_CPUS");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config config = {0};
		int result = value_parse(option, cases[i].text, &config);

		assert_int_equal(result, cases[i].expected > 0 ? 0 : -EINVAL);
		assert_true(fabs(config.container_cpus - cases[i].expected) < 1e-9);
	}
}

struct text_case {
	const char *name;
	const char *text;
};

static void test_allowed_texts(void **state)
{
	static const struct text_case cases[] = {
		{"ENVIRONMENT", "Production, \xc3\xbc"},
		{"KILN_ENGINE_NAME", "host-1.example_2"},
		{"NATSURL", "nats://localhost:4222"},
		{"NATSURL", "localhost"},
		{"NATSURL", "localhost:4222"},
		{"NATSURL", "tls://a.example:4222/"},
		{"NATSURL", "nats://user:p@ss:w/rd@10.0.0.1:1"},
		{"NATSURL", "nats://token@host"},
		{"NATSURL", "nats://[::1]:4222,nats://[fe80::1],NATS://c:65535"},
		{"KILN_COMPILER_SUBJECT", "a.b-c.D_9"},
		{"KILN_IMAGE", "registry.example:5000/kiln/worker@sha256:0123"},
		{"KILN_CONTAINER_RUNTIME", "io.containerd.kata.v2"},
		{"KILN_RUN_DIR", "/run/kiln..d/a"},
		{"KILN_NATS_TLS_CA", "/dev/null"},
		{"KILN_NATS_NKEY", "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct option *option = option_find(cases[i].name);
		struct config config = {0};

		assert_int_equal(value_parse(option, cases[i].text, &config), 0);
		assert_string_equal(value_text(option, &config), cases[i].text);
		free(value_text(option, &config));
	}
}

static const struct text_case refused[] = {
	{"KILN_MEMORY_BYTES", ""},
	{"KILN_MEMORY_BYTES", "M"},
	{"KILN_MEMORY_BYTES", "-400M"},
	{"KILN_MEMORY_BYTES", "+400M"},
	{"KILN_MEMORY_BYTES", "400X"},
	{"KILN_MEMORY_BYTES", "400M "},
	{"KILN_MEMORY_BYTES", "0x1000000"},
	{"KILN_MEMORY_BYTES", "1.5G"},
	{"KILN_MEMORY_BYTES", "16777215"},
	{"KILN_MEMORY_BYTES", "1025G"},
	{"KILN_MEMORY_BYTES", "18446744073709551616"},
	{"KILN_MEMORY_BYTES", "18446744073709551615T"},
	{"KILN_WORKERS", "0"},
	{"KILN_WORKERS", "1025"},
	{"KILN_WORKERS", "4K"},
	{"KILN_WORKERS", "4294967297"},
	{"KILN_QUEUE_WAIT_MS", "0"},
	{"KILN_QUEUE_WAIT_MS", "25h"},
	{"KILN_QUEUE_WAIT_MS", "10M0"},
	{"KILN_NATS_TLS", "2"},
	{"KILN_NATS_TLS", ""},
	{"KILN_CHANNEL", "pipe"},
	{"KILN_LOG_LEVEL", "warning"},
	{"ENVIRONMENT", "a\nb"},
	{"ENVIRONMENT", "\033[2J"},
	{"ENVIRONMENT", "01234567890123456789012345678901234567890123456789012345678901234"},
	{"KILN_ENGINE_NAME", "-kiln"},
	{"KILN_ENGINE_NAME", "a b"},
	{"KILN_ENGINE_NAME", "a/b"},
	{"NATSURL", "http://host"},
	{"NATSURL", "nats://"},
	{"NATSURL", "nats://host:"},
	{"NATSURL", "nats://host:0"},
	{"NATSURL", "nats://host:65536"},
	{"NATSURL", "nats://host:123456"},
	{"NATSURL", "nats://host:42a"},
	{"NATSURL", "nats://ho st"},
	{"NATSURL", "nats://host/path"},
	{"NATSURL", "nats://a,"},
	{"NATSURL", ",nats://a"},
	{"NATSURL", "nats://user@"},
	{"NATSURL", "nats://[::1"},
	{"NATSURL", "nats://[]:1"},
	{"NATSURL", "nats://[::1]x"},
	{"KILN_COMPILER_SUBJECT", "a..b"},
	{"KILN_COMPILER_SUBJECT", ".a"},
	{"KILN_COMPILER_SUBJECT", "a."},
	{"KILN_COMPILER_SUBJECT", "a.*"},
	{"KILN_COMPILER_SUBJECT", "a.>"},
	{"KILN_COMPILER_SUBJECT", "a b"},
	{"KILN_COMPILER_SUBJECT", "$SYS.x"},
	{"KILN_COMPILER_SUBJECT", "_INBOX.x"},
	{"KILN_IMAGE", "kiln worker"},
	{"KILN_IMAGE", "-v"},
	{"KILN_RUN_DIR", "run/kiln"},
	{"KILN_RUN_DIR", "/run/../kiln"},
	{"KILN_RUN_DIR", "/run/.."},
	{"KILN_RUN_DIR", "/012345678901234567890123456789012345678901234567890123456789"},
	{"KILN_NATS_TLS_CA", "/nonexistent/ca.pem"},
	{"KILN_NATS_NKEY", "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF"},
	{"KILN_NATS_NKEY", "SDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"},
};

static void test_texts_that_are_not_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct option *option = option_find(refused[i].name);
		struct config config = {0};
		struct config before = {0};

		if (value_parse(option, refused[i].text, &config) != -EINVAL)
			fail_msg("%s=%s was taken", refused[i].name, refused[i].text);
		assert_memory_equal(&config, &before, sizeof(config));
	}
}

static void test_new_text_takes_the_old_ones_place(void **state)
{
	const struct option *option = option_find("KILN_IMAGE");
	struct config config = {0};

	(void)state;
	assert_int_equal(value_parse(option, "one", &config), 0);
	assert_int_equal(value_parse(option, "two", &config), 0);
	assert_string_equal(config.image, "two");
	free(config.image);
}

struct shown_case {
	const char *name;
	const char *text;
	const char *expected;
};

static void test_messages_show_no_password(void **state)
{
	static const struct shown_case cases[] = {
		{"KILN_NATS_PASSWORD", "s3cret", "the value (a secret, not shown)"},
		{"KILN_NATS_TOKEN", "s3cret", "the value (a secret, not shown)"},
		{"NATSURL", "nats://user:s3cret@host:42x", "\"nats://***@host:***\""},
		{"NATSURL", "nats://s3cret@host/x", "\"nats://***@host/x\""},
		{"NATSURL", "user:s3cret@host/x", "\"***@host/x\""},
		{"NATSURL", "nats://u:s3@cret@host/x", "\"nats://***@host/x\""},
		{"NATSURL", "nats://u:s3,cret@host/x", "\"nats://***@host/x\""},
		{"NATSURL", "nats://u:s3cret@a,nats://v:s3cret@b/x", "\"nats://***@b/x\""},
		{"NATSURL", "a://b@s3cret://@h/x", "\"a://***@h/x\""},
		{"NATSURL", "nats://user:s3cret", "\"nats://user:***\""},
		{"NATSURL", "nats://user:1234567", "\"nats://user:***\""},
		{"NATSURL", "http://host:80/x,b:1", "\"http://host:80/x,b:1\""},
		{"KILN_WORKERS", "a\n\033[2Jb\xc3\xbc", "\"a??[2Jb??\""},
		{"KILN_WORKERS",
		 "0123456789012345678901234567890123456789012345678901234567890123456789"
		 "01234567890",
		 "\"0123456789012345678901234567890123456789012345678901234567890123456789"
		 "0123456789...\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b = {.max = 1024};
		auto_free char *shown = NULL;

		describe_value(&b, option_find(cases[i].name), cases[i].text);
		shown = buf_take_text(&b);
		assert_string_equal(shown, cases[i].expected);
	}
}

static void test_log_shows_no_password(void **state)
{
	static const struct text_case cases[] = {
		{"nats://localhost:4222", "nats://localhost:4222"},
		{"nats://***@host:4222", "nats://user:s3cret@host:4222"},
		{"nats://***@b:1,tls://c", "nats://u:s3cret@a,nats://v:s3cret@b:1,tls://c"},
		{"nats://***@a-very-long-name.exam", "nats://s3cret@a-very-long-name.example:4222"},
	};
	char text[33];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		config_mask_urls(cases[i].text, text, sizeof(text));
		assert_string_equal(text, cases[i].name);
	}
}

static void test_nearest_name(void **state)
{
	static const struct text_case cases[] = {
		{"KILN_WORKERS", "KILN_WORKRES"},
		{"KILN_MEMORY_BYTES", "KILN_MEMORY"},
		{"KILN_COMPILER_WALL_MS", "KILN_COMPILER_WALL"},
		{"KILN_NATS_PASSWORD", "KILN_NATS_PASSWD"},
		{"KILN_POOL_SIZE", "KILN_POOLSIZE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(option_nearest(cases[i].text)->name, cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_cores),
		cmocka_unit_test(test_allowed_texts),
		cmocka_unit_test(test_texts_that_are_not_allowed),
		cmocka_unit_test(test_new_text_takes_the_old_ones_place),
		cmocka_unit_test(test_messages_show_no_password),
		cmocka_unit_test(test_log_shows_no_password),
		cmocka_unit_test(test_nearest_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey/survey_options.h"
#include "files.h"

static const struct bw_methods icmp = {1, {{.protocol = BW_PROTOCOL_ICMP}}};
static const struct bw_methods tcp = {1, {{.protocol = BW_PROTOCOL_TCP, .port = 80}}};

static double rate_of(const char *text, const struct bw_methods *methods)
{
	double rate = -1;

	assert_int_equal(survey_rate_parse(text, methods, &rate, NULL), 0);
	return rate;
}

static void test_rates_in_packets(void **state)
{
	(void)state;
	assert_true(rate_of("1000", &icmp) == 1000);
	assert_true(rate_of("0.5", &icmp) == 0.5);
	assert_true(rate_of("50k", &icmp) == 50e3);
	assert_true(rate_of("1.5M", &icmp) == 1.5e6);
	assert_true(rate_of("2kpps", &icmp) == 2000);
	assert_true(isinf(rate_of("max", &icmp)));
}

/* A SYN of IPv6 takes 64 bytes, and 38 on the wire around it. */
static void test_rates_in_bits_count_the_longest_packet(void **state)
{
	struct bw_methods both = {2, {icmp.list[0], tcp.list[0]}};
	double syn = rate_of("100Mbit", &tcp), echo = rate_of("100Mbit", &icmp);

	(void)state;
	assert_true(fabs(syn - 100e6 / (102 * 8)) < 1e-6);
	assert_true(rate_of("100Mbps", &tcp) == syn);
	assert_true(rate_of("100Mbit/s", &tcp) == syn);
	assert_true(rate_of("100Mbit", &both) == fmin(syn, echo));
}

static void test_bad_rates(void **state)
{
	static const char *const bad[] = {"",     "k",    "fast", "10x",   "-1",  "0",
					  "0.01", "200M", "10kk", "1 000", "10Gb"};
	struct bw_err err;
	double rate = -1;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(survey_rate_parse(bad[i], &icmp, &rate, &err), BW_ERR_USAGE);
		assert_string_equal(err.field, "--rate");
	}
	assert_true(rate == -1);
}

static void test_shards(void **state)
{
	static const char *const bad[] = {"",    "1",   "/",   "1/",   "/8",      "0/8",
					  "9/8", "1/0", "a/b", "1/8x", "1/65537", "-1/8"};
	uint32_t number = 0, shards = 0;
	struct bw_err err;

	(void)state;
	assert_int_equal(survey_shard_parse("2/8", &number, &shards, NULL), 0);
	assert_int_equal(number, 2);
	assert_int_equal(shards, 8);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(survey_shard_parse(bad[i], &number, &shards, &err), BW_ERR_USAGE);
		assert_string_equal(err.field, "--shard");
	}
	assert_int_equal(number, 2);
}

static void test_defaults(void **state)
{
	struct survey_options options = {.rate = "10000"};

	(void)state;
	assert_int_equal(survey_options_check(&options, NULL), 0);
	assert_int_equal(options.methods.count, 1);
	assert_int_equal(options.methods.list[0].protocol, BW_PROTOCOL_ICMP);
	assert_true(options.rate_pps == 10000);
	assert_int_equal(options.shard_number, 1);
	assert_int_equal(options.shards, 1);
}

static void expect_refused(struct survey_options options, const char *field)
{
	struct bw_err err;

	options.rate = "10000";
	assert_int_equal(survey_options_check(&options, &err), BW_ERR_USAGE);
	assert_string_equal(err.field, field);
}

static void test_options_that_do_not_fit_together(void **state)
{
	(void)state;
	expect_refused((struct survey_options){.shard = "1/2"}, "--shard");
	expect_refused((struct survey_options){.csv = "saddr", .json = true}, "--csv");
	expect_refused((struct survey_options){.csv = "saddr,nonsense"}, "--csv");
}

static void test_a_shard_with_a_seed(void **state)
{
	struct survey_options options = {.rate = "max", .shard = "3/4", .seed = 7};

	(void)state;
	assert_int_equal(survey_options_check(&options, NULL), 0);
	assert_int_equal(options.shard_number, 3);
	assert_int_equal(survey_options_seed(&options), 7);
}

static void test_random_seeds_fit_into_a_double(void **state)
{
	struct survey_options options = {.seed = 0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		uint64_t seed = survey_options_seed(&options);

		assert_true(seed > 0 && seed < UINT64_C(1) << 53);
	}
}

static void test_files_must_be_writable(void **state)
{
	struct survey_options good = {.resume = "/tmp/blockwatch-unit-app-none"};
	struct survey_options folder = {.write = "/tmp"};
	struct survey_options nowhere = {.summary = "/nonexistent/file"};
	char path[FILES_PATH];
	struct survey_options old = {.write = path};
	struct bw_err err;

	(void)state;
	files_make(path, "");
	assert_int_equal(survey_options_check_files(&good, NULL), 0);
	assert_int_equal(survey_options_check_files(&old, NULL), 0);
	assert_int_equal(survey_options_check_files(&folder, &err), BW_ERR_UNAVAILABLE);
	assert_string_equal(err.file, "/tmp");
	assert_int_equal(survey_options_check_files(&nowhere, &err), BW_ERR_UNAVAILABLE);
	assert_string_equal(err.file, "/nonexistent/file");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates_in_packets),
		cmocka_unit_test(test_rates_in_bits_count_the_longest_packet),
		cmocka_unit_test(test_bad_rates),
		cmocka_unit_test(test_shards),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_options_that_do_not_fit_together),
		cmocka_unit_test(test_a_shard_with_a_seed),
		cmocka_unit_test(test_random_seeds_fit_into_a_double),
		cmocka_unit_test(test_files_must_be_writable),
	};

	return cmocka_run_group_tests_name("app/survey_options", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "conf/options/options.h"

#define ARGUMENTS_MAX 80

struct inner {
	double rate_pps;
	struct bw_methods methods;
};
struct values {
	bool quiet, verbose;
	const char *name;
	struct options_texts files;
	int64_t timeout_ns;
	uint64_t passes, seed;
	struct options_addresses source;
	struct inner inner;
};

static const struct options_item outer_items[] = {
	{"quiet", 'q', OPTIONS_FLAG, offsetof(struct values, quiet), NULL, 0, 0, NULL, "say less"},
	{"verbose", 'v', OPTIONS_FLAG, offsetof(struct values, verbose), NULL, 0, 0, NULL, "more"},
	{"name", 'n', OPTIONS_TEXT, offsetof(struct values, name), "NAME", 1, 8, "eth0", "name"},
	{"file", 'f', OPTIONS_TEXTS, offsetof(struct values, files), "FILE", 0, 0, NULL, "file"},
	{"timeout", 't', OPTIONS_DURATION, offsetof(struct values, timeout_ns), "DURATION", 0.01,
	 60, "3s", "patience"},
	{"passes", 0, OPTIONS_COUNT, offsetof(struct values, passes), "N", 1, 100, "1", "passes"},
	{"seed", 0, OPTIONS_COUNT, offsetof(struct values, seed), "N", 0, 0, NULL, "seed"},
	{"source", 0, OPTIONS_ADDRESSES, offsetof(struct values, source), "ADDRESS", 0, 0, NULL,
	 "source"},
};
static const struct options_item inner_items[] = {
	{"rate", 'r', OPTIONS_RATE, offsetof(struct inner, rate_pps), "PPS", 0.1, 1e7, "100",
	 "rate"},
	{"method", 'm', OPTIONS_METHODS, offsetof(struct inner, methods), "METHOD", 0, 0, NULL,
	 "method"},
};
static const struct options_group groups[] = {
	{"Main", outer_items, sizeof(outer_items) / sizeof(outer_items[0]), 0},
	{"Inner", inner_items, 2, offsetof(struct values, inner)},
	{NULL, NULL, 0, 0},
};
static const struct options_command command = {
	.name = "check", .operands = "TARGET...", .description = "Checks.", .groups = groups,
	.operands_min = 1, .operands_max = 3,
};

struct run {
	struct values values;
	struct options_result result;
	struct bw_err err;
	char *argv[ARGUMENTS_MAX];
};

static int parse(struct run *run, const char *const *arguments)
{
	int argc = 0;

	memset(run, 0, sizeof(*run));
	run->argv[argc++] = (char *)(uintptr_t) "check";
	while (*arguments && argc < ARGUMENTS_MAX)
		run->argv[argc++] = (char *)(uintptr_t)*arguments++;
	return options_parse(&command, argc, run->argv, &run->values, &run->result, &run->err);
}

#define PARSE(run, ...) parse(run, (const char *const[]){__VA_ARGS__, NULL})

static void defaults(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "kp"), 0);
	assert_int_equal(run.result.action, OPTIONS_RUN);
	assert_false(run.values.quiet);
	assert_string_equal(run.values.name, "eth0");
	assert_int_equal(run.values.timeout_ns, 3 * BW_S);
	assert_int_equal(run.values.passes, 1);
	assert_int_equal(run.values.seed, 0);
	assert_float_equal(run.values.inner.rate_pps, 100, 0);
	assert_int_equal(run.values.inner.methods.count, 0);
	assert_int_equal(run.values.source.v4.family, 0);
	assert_int_equal(run.values.files.count, 0);
}

static void every_way_to_write_an_option(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "--timeout=500ms", "kp", "--rate", "1e3", "-qvn", "wan0",
			       "-ftv", "-m", "icmp,tcp:53", "--method=tcp:443", "--file", "-", "tv",
			       "--", "-er"),
			 0);
	assert_int_equal(run.values.timeout_ns, 500 * BW_MS);
	assert_float_equal(run.values.inner.rate_pps, 1000, 0);
	assert_true(run.values.quiet && run.values.verbose);
	assert_string_equal(run.values.name, "wan0");
	assert_int_equal(run.values.files.count, 2);
	assert_string_equal(run.values.files.list[0], "tv");
	assert_string_equal(run.values.files.list[1], "-");
	assert_int_equal(run.values.inner.methods.count, 3);
	assert_int_equal(run.values.inner.methods.list[2].port, 443);
	assert_int_equal(run.result.count, 3);
	assert_string_equal(run.result.operands[0], "kp");
	assert_string_equal(run.result.operands[1], "tv");
	assert_string_equal(run.result.operands[2], "-er");
}

static void the_last_one_counts(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "-n", "a", "--name=b", "--source", "198.18.0.1", "--source",
			       "2001:db8::1", "--source", "198.18.0.2", "kp"),
			 0);
	assert_string_equal(run.values.name, "b");
	assert_int_equal(run.values.source.v4.bytes[3], 2);
	assert_int_equal(run.values.source.v6.family, 6);
}

static void limits_of_ranges(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "--rate=0.1", "--timeout=10ms", "--passes=100",
			       "--seed=18446744073709551615", "kp"),
			 0);
	assert_float_equal(run.values.inner.rate_pps, 0.1, 0);
	assert_int_equal(run.values.timeout_ns, 10 * BW_MS);
	assert_int_equal(run.values.passes, 100);
	assert_true(run.values.seed == UINT64_MAX);
	assert_int_equal(PARSE(&run, "--rate=10000000", "--timeout=60s", "kp"), 0);
}

static void help_and_version(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "--help"), 0);
	assert_int_equal(run.result.action, OPTIONS_HELP);
	assert_int_equal(PARSE(&run, "kp", "-qh", "--bogus"), 0);
	assert_int_equal(run.result.action, OPTIONS_HELP);
	assert_int_equal(PARSE(&run, "--version"), 0);
	assert_int_equal(run.result.action, OPTIONS_VERSION);
}

static const struct {
	const char *arguments[5];
	const char *field, *message;
} bad[] = {
	{{NULL}, "", "missing TARGET..., see 'blockwatch check --help'"},
	{{"a", "b", "c", "d"}, "", "'d' is one argument too many, see 'blockwatch check --help'"},
	{{"kp", "--rate", "1e12"}, "--rate",
	 "'1e12' is out of range 0.1..10000000 packets a second"},
	{{"kp", "-r0"}, "--rate", "'0' is out of range 0.1..10000000 packets a second"},
	{{"kp", "--rate=-5"}, "--rate", "'-5' is out of range 0.1..10000000 packets a second"},
	{{"kp", "--rate", "fast"}, "--rate", "'fast' is no number (packets a second)"},
	{{"kp", "--rate", "nan"}, "--rate", "'nan' is no number (packets a second)"},
	{{"kp", "--rate", "inf"}, "--rate", "'inf' is no number (packets a second)"},
	{{"kp", "--rate", "0x10"}, "--rate", "'0x10' is no number (packets a second)"},
	{{"kp", "--rate", ""}, "--rate", "'' is no number (packets a second)"},
	{{"kp", "--rate", "10 "}, "--rate", "'10 ' is no number (packets a second)"},
	{{"kp", "--rate"}, "--rate", "needs a value: --rate PPS"},
	{{"kp", "--rate", "--quiet"}, "--rate", "needs a value: --rate PPS"},
	{{"kp", "-qr"}, "--rate", "needs a value: --rate PPS"},
	{{"kp", "--quiet=yes"}, "--quiet", "takes no value"},
	{{"kp", "--timeout", "2h"}, "--timeout", "'2h' is out of range 10 ms..1 min"},
	{{"kp", "--passes", "0"}, "--passes", "'0' is out of range 1..100"},
	{{"kp", "--passes", "101"}, "--passes", "'101' is out of range 1..100"},
	{{"kp", "--passes", "-1"}, "--passes", "'-1' is out of range 1..100"},
	{{"kp", "--passes", "1.5"}, "--passes", "'1.5' is no whole number"},
	{{"kp", "--passes", "99999999999999999999"}, "--passes",
	 "'99999999999999999999' is out of range 1..100"},
	{{"kp", "--seed", "18446744073709551616"}, "--seed",
	 "'18446744073709551616' is out of range 0..18446744073709551615"},
	{{"kp", "--name", ""}, "--name", "must not be empty"},
	{{"kp", "--name", "ninechars"}, "--name", "'ninechars' must have 1 to 8 characters"},
	{{"kp", "--source", "eth0"}, "--source", "'eth0' is no address"},
	{{"kp", "--quite"}, "", "unknown option --quite, did you mean --quiet?"},
	{{"kp", "--tiemout=3s"}, "", "unknown option --tiemout=3s, did you mean --timeout?"},
	{{"kp", "--halp"}, "", "unknown option --halp, did you mean --help?"},
	{{"kp", "--xyzzy"}, "", "unknown option --xyzzy, see 'blockwatch check --help'"},
	{{"kp", "-qx"}, "", "unknown option -x, see 'blockwatch check --help'"},
};

static void errors_name_the_option(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct run run;

		assert_int_equal(parse(&run, bad[i].arguments), BW_ERR_USAGE);
		assert_int_equal(run.err.code, BW_ERR_USAGE);
		assert_string_equal(run.err.message, bad[i].message);
		assert_string_equal(run.err.field, bad[i].field);
	}
}

/* What other parsers find wrong is wrong usage here, in their words. */
static void values_of_other_parsers(void **state)
{
	struct run run;

	(void)state;
	assert_int_equal(PARSE(&run, "kp", "--method", "icmp,gre:53"), BW_ERR_USAGE);
	assert_string_equal(run.err.field, "--method");
	assert_non_null(strstr(run.err.message, "gre:53"));
	assert_int_equal(PARSE(&run, "kp", "-m", "icmp", "-m", "icmp"), BW_ERR_USAGE);
	assert_int_equal(PARSE(&run, "kp", "--timeout", "3x"), BW_ERR_USAGE);
	assert_string_equal(run.err.field, "--timeout");
	assert_int_equal(run.err.code, BW_ERR_USAGE);
}

static void gathering_has_a_limit(void **state)
{
	const char *arguments[ARGUMENTS_MAX] = {"kp"};
	struct run run;

	(void)state;
	for (size_t i = 1; i <= OPTIONS_TEXTS_MAX; i++)
		arguments[i] = "-fx";
	assert_int_equal(parse(&run, arguments), 0);
	assert_int_equal(run.values.files.count, OPTIONS_TEXTS_MAX);
	arguments[OPTIONS_TEXTS_MAX + 1] = "--file=x";
	assert_int_equal(parse(&run, arguments), BW_ERR_USAGE);
	assert_string_equal(run.err.message, "given more than 64 times");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(every_way_to_write_an_option),
		cmocka_unit_test(the_last_one_counts),
		cmocka_unit_test(limits_of_ranges),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(errors_name_the_option),
		cmocka_unit_test(values_of_other_parsers),
		cmocka_unit_test(gathering_has_a_limit),
	};

	return cmocka_run_group_tests_name("conf/options", tests, NULL, NULL);
}

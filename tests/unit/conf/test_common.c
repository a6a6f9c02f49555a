/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "conf/options/common.h"
#include "conf/options/options_help.h"

struct values {
	bool json;
	struct conf_probing probing;
};

static const struct options_group groups[] = {
	CONF_PROBING_GROUP(offsetof(struct values, probing)),
	{NULL, NULL, 0, 0},
};
static const struct options_exit exits[] = {{3, "unknown"}, CONF_COMMON_EXITS};
static const struct options_command command = {
	.name = "check", .operands = "TARGET...", .description = "Checks.", .groups = groups,
	.operands_min = 1, .operands_max = -1, .exits = exits,
};

#define PARSE(values, result, err, ...)                                                  \
	parse(values, result, err, (const char *const[]){__VA_ARGS__, NULL})

static int parse(struct values *values, struct options_result *result, struct bw_err *err,
		 const char *const *arguments)
{
	static char *argv[32];
	int argc = 0;

	memset(values, 0, sizeof(*values));
	argv[argc++] = (char *)(uintptr_t) "check";
	while (*arguments && argc < 32)
		argv[argc++] = (char *)(uintptr_t)*arguments++;
	return options_parse(&command, argc, argv, values, result, err);
}

static void defaults(void **state)
{
	struct options_result result;
	struct values values;

	(void)state;
	assert_int_equal(PARSE(&values, &result, NULL, "kp"), 0);
	assert_null(values.probing.interface);
	assert_int_equal(values.probing.source.v4.family, 0);
	assert_int_equal(values.probing.methods.count, 0);
	assert_float_equal(values.probing.rate_pps, 100, 0);
	assert_int_equal(values.probing.timeout_ns, 3 * BW_S);
	assert_false(values.probing.allow_reserved || values.probing.dry_run);
	assert_int_equal(values.probing.blocklists.count + values.probing.references.count, 0);
	assert_int_equal(values.probing.seed, 0);
}

static void all_of_them(void **state)
{
	struct options_result result;
	struct values values;

	(void)state;
	assert_int_equal(PARSE(&values, &result, NULL, "-i", "eth0", "--source=2001:db8::9",
			       "--method", "icmp,tcp:443", "--rate=1000", "--timeout", "1.5s",
			       "--allow-reserved", "--blocklist", "a", "-b", "b", "--reference",
			       "198.18.0.1", "--reference=references", "-n", "--seed", "42", "kp",
			       "tv"),
			 0);
	assert_string_equal(values.probing.interface, "eth0");
	assert_int_equal(values.probing.source.v6.family, 6);
	assert_int_equal(values.probing.methods.count, 2);
	assert_float_equal(values.probing.rate_pps, 1000, 0);
	assert_int_equal(values.probing.timeout_ns, 1500 * BW_MS);
	assert_true(values.probing.allow_reserved && values.probing.dry_run);
	assert_string_equal(values.probing.blocklists.list[1], "b");
	assert_string_equal(values.probing.references.list[1], "references");
	assert_int_equal(values.probing.seed, 42);
	assert_int_equal(result.count, 2);
	assert_string_equal(result.operands[1], "tv");
}

static void absurd_values_are_refused(void **state)
{
	static const char *const bad[] = {"--rate=1e12",	 "--rate=0",	 "--timeout=1ms",
					  "--timeout=61s",	 "--seed=0",	 "--method=gre:1",
					  "--interface=sixteen-letters!", "--source=::g"};
	struct options_result result;
	struct values values;
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(PARSE(&values, &result, &err, bad[i], "kp"), BW_ERR_USAGE);
}

/* No line of help is wider than a terminal, and every option and exit code is in it. */
static void help_fits(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	options_help(&command, out);
	fclose(out);
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");

		assert_true(length <= 80);
		line += length + 1;
	}
	for (size_t i = 0; i < CONF_PROBING_COUNT; i++)
		assert_non_null(strstr(text, conf_probing_items[i].name));
	assert_non_null(strstr(text, "\n  77  missing privilege\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(absurd_values_are_refused),
		cmocka_unit_test(help_fits),
	};

	return cmocka_run_group_tests_name("conf/common", tests, NULL, NULL);
}

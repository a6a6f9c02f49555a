/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/verdict.h>

#include "conf/scenario/scenario.h"

#define HEAD "{\"schema\": \"blockwatch/scenario/1\", \"name\": \"x\", \"duration\": \"2d12h\",\n"
#define LAND "\"targets\": [{\"name\": \"land\", \"networks\": [{\"prefix\": \"198.18.0.0/24\"}]}]"

static const struct scenario *parse(const char *text)
{
	const struct scenario *scenario = NULL;
	struct bw_err err = {0};

	if (scenario_parse(text, strlen(text), "x.json", &scenario, &err) < 0)
		fail_msg("%d:%d %s: %s", err.line, err.column, err.field, err.message);
	return scenario;
}

static void test_defaults(void **state)
{
	const struct scenario *s = parse(HEAD LAND "}");

	(void)state;
	assert_string_equal(s->name, "x");
	assert_int_equal(s->seed, 1);
	assert_int_equal(s->duration_ns, 60 * 3600 * BW_S);
	assert_int_equal(s->start.ns, INT64_C(1767225600) * BW_S);
	assert_int_equal(s->world.rtt_ns, 150 * BW_MS);
	assert_int_equal(s->vantage.round_ns, 60 * BW_S);
	assert_true(s->vantage.gateway);
	assert_int_equal(s->target_count, 1);
	assert_int_equal(s->targets[0].copies, 1);
	assert_true(s->targets[0].listed == 1);
	assert_int_equal(s->targets[0].networks[0].count, 1);
	assert_int_equal(s->score.missed, 0);
	assert_int_equal(s->fault_count, 0);
	scenario_free(s);
}

static void test_moments(void **state)
{
	const struct scenario *s = parse(
		HEAD
		"\"start\": \"2014-12-22T00:00:00Z\", " LAND ", // comments are fine\n"
		"\"faults\": [{\"subject\": \"land\", \"at\": \"1d2h30m\", \"for\": \"9h31m\"},\n"
		" {\"subject\": [\"land\"], \"at\": \"2014-12-22T16:15:00Z\",\n"
		"  \"until\": \"2014-12-23T01:46:00Z\"},\n"
		" {\"subject\": \"land\", \"at\": \"0s\"}],\n"
		"\"expect\": [{\"to\": \"dark\", \"between\": [\"16h15m\", \"17h\"]}]}");

	(void)state;
	assert_int_equal(s->faults[0].at.ns, (26 * 3600 + 1800) * BW_S);
	assert_int_equal(s->faults[0].until.ns, (36 * 3600 + 60) * BW_S);
	assert_int_equal(s->faults[1].at.ns, (16 * 3600 + 900) * BW_S);
	assert_int_equal(s->faults[1].until.ns, (25 * 3600 + 46 * 60) * BW_S);
	assert_true(s->faults[2].until.ns > s->duration_ns);
	assert_int_equal(s->expect[0].to, BW_DARK + 1);
	assert_int_equal(s->expect[0].after.ns, (16 * 3600 + 900) * BW_S);
	assert_int_equal(s->expect[0].before.ns, 17 * 3600 * BW_S);
	scenario_free(s);
}

static void test_lengths(void **state)
{
	int64_t ns = 0;

	(void)state;
	assert_int_equal(scenario_parse_length("9h31m", &ns, NULL), 0);
	assert_int_equal(ns, (9 * 3600 + 31 * 60) * BW_S);
	assert_int_equal(scenario_parse_length("1.5s", &ns, NULL), 0);
	assert_int_equal(ns, 1500 * BW_MS);
	assert_int_equal(scenario_parse_length("1d1h1m1s1ms", &ns, NULL), 0);
	assert_int_equal(ns, (86400 + 3600 + 60 + 1) * BW_S + BW_MS);
	assert_int_equal(scenario_parse_length("5m2h", &ns, NULL), BW_ERR_SYNTAX);
	assert_int_equal(scenario_parse_length("", &ns, NULL), BW_ERR_SYNTAX);
	assert_int_equal(scenario_parse_length("2h30", &ns, NULL), BW_ERR_SYNTAX);
	assert_int_equal(scenario_parse_length("-5s", &ns, NULL), BW_ERR_VALUE);
	assert_int_equal(scenario_parse_length("2 h", &ns, NULL), BW_ERR_SYNTAX);
	assert_int_equal(scenario_parse_length("99999999d", &ns, NULL), BW_ERR_VALUE);
}

/* What is refused, and where it says that it stands. */
static const struct {
	const char *text;
	int code, line;
	const char *field, *message;
} refused[] = {
	{"", BW_ERR_SYNTAX, 1, "", "JSON"},
	{"[]", BW_ERR_VALUE, 1, "", "object"},
	{HEAD LAND ",\n\"speed\": 1}", BW_ERR_VALUE, 3, "speed", "unknown"},
	{HEAD LAND ",\n\"seed\": \"one\"}", BW_ERR_VALUE, 3, "seed", "number"},
	{HEAD LAND ",\n\"start\": \"yesterday\"}", BW_ERR_SYNTAX, 3, "start", "no time"},
	{HEAD "\"seed\": 1}", BW_ERR_VALUE, 1, "targets", "missing"},
	{HEAD "\"targets\": [\n{\"title\": \"x\"}]}", BW_ERR_VALUE, 3, "targets[0].name",
	 "missing"},
	{HEAD "\"targets\": [\n{\"name\": \"x\"}]}", BW_ERR_VALUE, 3, "targets[0].networks",
	 "missing"},
	{HEAD "\"targets\": [{\"file\": \"kp\",\n"
	      "\"networks\": [{\"prefix\": \"198.18.0.0/24\"}]}]}",
	 BW_ERR_VALUE, 3, "targets[0].networks", "file"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\", \"at\": \"2h\",\n\"until\": \"1h\"}]}",
	 BW_ERR_VALUE, 3, "faults[0].until", "ends at or before"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\", \"at\": \"2h\",\n\"for\": \"0s\"}]}",
	 BW_ERR_VALUE, 3, "faults[0].for", "ends at or before"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\", \"at\": \"2h\",\n\"for\": \"1h\", "
		   "\"until\": \"4h\"}]}",
	 BW_ERR_OVERLAP, 3, "faults[0].until", "not both"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\",\n\"at\": \"60h\"}]}", BW_ERR_VALUE, 3,
	 "faults[0].at", "over"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\",\n\"at\": \"2025-01-01T00:00:00Z\"}]}",
	 BW_ERR_VALUE, 3, "faults[0].at", "before"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\",\n\"at\": \"2026-13-01T00:00:00Z\"}]}",
	 BW_ERR_SYNTAX, 3, "faults[0].at", "no time"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\", \"at\": \"1h\",\n"
		   "\"kind\": \"silence\"}]}",
	 BW_ERR_VALUE, 3, "faults[0].kind", "did you mean 'silent'"},
	{HEAD LAND ", \"faults\": [{\"subject\": \"land\", \"at\": \"1h\",\n\"loss\": 1.5}]}",
	 BW_ERR_VALUE, 3, "faults[0].loss", "out of range"},
	{HEAD LAND ", \"vantage_faults\": [{\"kind\": \"suspended\",\n\"at\": \"x\"}]}",
	 BW_ERR_SYNTAX, 3, "vantage_faults[0].at", "duration"},
	{HEAD LAND ", \"expect\": [{\"to\": \"dark\",\n\"between\": [\"2h\"]}]}", BW_ERR_VALUE, 3,
	 "expect[0].between", "two moments"},
	{HEAD LAND ", \"expect\": [{\"to\": \"dark\",\n\"between\": [\"2h\", \"1h\"]}]}",
	 BW_ERR_VALUE, 3, "expect[0].between", "ends at or before"},
	{HEAD LAND ", \"expect\": [{\"never\": true,\n\"times\": 2}]}", BW_ERR_OVERLAP, 3,
	 "expect[0].times", "not both"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct scenario *scenario = NULL;
		struct bw_err err = {0};
		int code = scenario_parse(refused[i].text, strlen(refused[i].text), "x.json",
					  &scenario, &err);

		if (code != refused[i].code || err.line != refused[i].line ||
		    strcmp(err.field, refused[i].field) != 0 ||
		    !strstr(err.message, refused[i].message))
			fail_msg("case %zu: %d, line %d, '%s': %s", i, code, err.line, err.field,
				 err.message);
		assert_string_equal(err.file, "x.json");
		assert_null(scenario);
		assert_int_equal(scenario_parse(refused[i].text, strlen(refused[i].text), "x.json",
						&scenario, NULL),
				 refused[i].code);
	}
}

/* An empty list is as none, and no time is never. */
static void test_nothing(void **state)
{
	const struct scenario *s = parse(
		HEAD LAND ", \"faults\": [], \"vantage_faults\": [], \"moves\": [],"
			  "\"expect\": [{\"to\": \"dark\", \"times\": 0}, {\"to\": \"up\"}]}");

	(void)state;
	assert_int_equal(s->fault_count + s->vantage_fault_count + s->move_count, 0);
	assert_true(s->expect[0].never);
	assert_false(s->expect[1].never);
	scenario_free(s);
}

static void test_blame_finds_the_place(void **state)
{
	const struct scenario *s = parse(HEAD LAND ",\n\"routers\": [{\"name\": \"a\"},\n"
						   "{\"name\": \"b\",\n \"silent\": 0.5}]}");
	struct bw_err err;

	(void)state;
	bw_err_set(&err, BW_ERR_LIMIT, "too much");
	assert_int_equal(scenario_blame(s, &err, "routers[%d].silent", 1), BW_ERR_LIMIT);
	assert_int_equal(err.line, 5);
	assert_string_equal(err.field, "routers[1].silent");
	assert_string_equal(err.message, "too much");
	/* Not in the file: the nearest above it. */
	scenario_blame(s, &err, "routers[1].errors_pps");
	assert_int_equal(err.line, 4);
	scenario_blame(s, &err, "routers[7].silent");
	assert_int_equal(err.line, 3);
	assert_int_equal(scenario_blame(s, NULL, "routers"), BW_ERR_INTERNAL);
	scenario_free(s);
	scenario_free(NULL);
}

/*
 * The schema that ships is the one that the tables give. When they have changed:
 *
 *     BUILD/tests/unit/test_conf_scenario schema > src/sim/scenario.schema.json
 */
static void test_shipped_schema(void **state)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	char path[4096], *shipped = calloc(1, 1 << 20), *made = NULL;
	size_t size = 0;
	FILE *file, *out = open_memstream(&made, &size);

	(void)state;
	snprintf(path, sizeof(path), "%s/src/sim/scenario.schema.json", root ? root : ".");
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(shipped, 1, (1 << 20) - 1, file) > 0);
	fclose(file);
	assert_int_equal(scenario_print_schema(out), 0);
	fclose(out);
	assert_string_equal(made, shipped);
	free(made);
	free(shipped);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),       cmocka_unit_test(test_moments),
		cmocka_unit_test(test_lengths),        cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing),        cmocka_unit_test(test_blame_finds_the_place),
		cmocka_unit_test(test_shipped_schema),
	};

	if (argc > 1 && strcmp(argv[1], "schema") == 0)
		return scenario_print_schema(stdout) == 0 ? 0 : 1;
	return cmocka_run_group_tests_name("conf/scenario", tests, NULL, NULL);
}

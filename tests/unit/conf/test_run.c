/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "conf/run/run.h"
#include "conf/run/run_keys.h"

struct reading {
	struct conf_run conf;
	struct bw_err err;
	char text[1024]; /* the error */
};

static int parse(struct reading *reading, const char *text)
{
	int code = conf_run_parse(text, strlen(text), "/etc/bw/c.json", &reading->conf,
				  &reading->err);

	if (code < 0)
		bw_err_format(&reading->err, reading->text, sizeof(reading->text));
	return code;
}

static void check_refused(const char *text, int code, const char *message)
{
	struct reading reading;

	assert_int_equal(parse(&reading, text), code);
	assert_string_equal(reading.text, message);
	conf_run_fini(&reading.conf);
}

static void test_defaults(void **state)
{
	struct reading reading;
	const struct conf_run *conf = &reading.conf;
	const struct conf_run_target *kp;

	(void)state;
	assert_int_equal(parse(&reading, "{\"vantage\": \"v1\", \"targets\": [\"kp\"]}"), 0);
	assert_string_equal(conf->vantage, "v1");
	assert_int_equal(conf->round_ns, 60 * BW_S);
	assert_int_equal(conf->focus_round_ns, 10 * BW_S);
	assert_int_equal(conf->confirm_ns, 5 * BW_S);
	assert_int_equal(conf->timeout_ns, 3 * BW_S);
	assert_float_equal(conf->rate_pps, 100, 0);
	assert_int_equal(conf->methods.count, 0);
	assert_null(conf->interface);
	assert_int_equal(conf->source.v4.family + conf->source.v6.family, 0);
	assert_null(conf->state_directory);
	assert_int_equal(conf->references.count + conf->blocklists.count, 0);
	assert_int_equal(conf->sinks.count, 1);
	assert_int_equal(conf->sinks.list[0].type, CONF_RUN_STDOUT);
	assert_int_equal(conf->records,
			 CONF_RUN_BLOCK | CONF_RUN_EVENT | CONF_RUN_CONDITION | CONF_RUN_TARGET |
				 CONF_RUN_VANTAGE | CONF_RUN_TRACE);
	assert_null(conf->contact);
	assert_null(conf->user);
	assert_false(conf->allow_reserved);
	assert_float_equal(conf->flapping.enter, 3, 0);
	assert_float_equal(conf->flapping.leave, 1, 0);
	assert_int_equal(conf->flapping.half_life_ns, 3600 * BW_S);
	assert_float_equal(conf->false_dark_per_year, 1, 1e-12);
	assert_int_equal(conf->stale_after_ns, 90 * 86400 * BW_S);
	assert_int_equal(conf->targets.count, 1);
	kp = &conf->targets.list[0];
	assert_string_equal(kp->target, "kp");
	assert_int_equal(kp->round_ns, 60 * BW_S);
	assert_int_equal(kp->confirm_ns, 5 * BW_S);
	assert_int_equal(kp->methods.count, 0);
	assert_false(kp->focus);
	assert_float_equal(kp->limits.probes_per_block_hour, 20, 0);
	conf_run_fini(&reading.conf);
	assert_null(reading.conf.pool.first);
	conf_run_fini(&reading.conf);
	conf_run_fini(NULL);
}

static void test_all_given(void **state)
{
	static const char text[] =
		"{\"vantage\": \"v1\", \"targets\": [{\"target\": \"x.json\"}],\n"
		"\"round\": \"2m\", \"focus_round\": \"5s\", \"confirm\": \"500ms\",\n"
		"\"timeout\": \"1s\", \"rate\": 1e3, \"methods\": [\"tcp:443\"],\n"
		"\"interface\": \"eth0\", \"source\": \"198.18.0.2\",\n"
		"\"sinks\": [{\"type\": \"file\", \"path\": \"out\", \"max_size\": \"1MB\",\n"
		"\"max_age\": \"1h\", \"keep\": 2}, {\"type\": \"stdout\"}],\n"
		"\"state_directory\": \"state\", \"references\": [\"198.18.0.1\", \"r.txt\"],\n"
		"\"records\": \"probe\", \"contact\": \"noc@example.net\",\n"
		"\"user\": \"nobody\", \"allow_reserved\": true, \"blocklist\": \"no.txt\",\n"
		"\"limits\": {\"probes_per_block_hour\": 5},\n"
		"\"flapping\": {\"enter\": 4, \"leave\": 2, \"half_life\": \"1h\"},\n"
		"\"stale_after\": \"30d\", \"false_dark_per_year\": 1}";
	struct reading reading;
	const struct conf_run *conf = &reading.conf;

	(void)state;
	assert_int_equal(parse(&reading, text), 0);
	assert_string_equal(conf->targets.list[0].target, "/etc/bw/x.json");
	assert_int_equal(conf->targets.list[0].round_ns, 120 * BW_S);
	assert_int_equal(conf->targets.list[0].confirm_ns, 500 * BW_MS);
	assert_int_equal(conf->targets.list[0].methods.list[0].port, 443);
	assert_float_equal(conf->targets.list[0].limits.probes_per_block_hour, 5, 0);
	assert_string_equal(conf->interface, "eth0");
	assert_int_equal(conf->source.v4.family, 4);
	assert_string_equal(conf->state_directory, "/etc/bw/state");
	assert_string_equal(conf->references.list[0].text, "198.18.0.1");
	assert_string_equal(conf->references.list[1].text, "/etc/bw/r.txt");
	assert_int_equal(conf->sinks.count, 2);
	assert_int_equal(conf->sinks.list[0].type, CONF_RUN_FILE);
	assert_string_equal(conf->sinks.list[0].path, "/etc/bw/out");
	assert_int_equal(conf->sinks.list[0].max_size, 1000000);
	assert_int_equal(conf->sinks.list[0].max_age_ns, 3600 * BW_S);
	assert_int_equal(conf->sinks.list[0].keep, 2);
	assert_int_equal(conf->sinks.list[0].place.line, 5);
	assert_int_equal(conf->records, CONF_RUN_PROBE);
	assert_string_equal(conf->contact, "noc@example.net");
	assert_string_equal(conf->user, "nobody");
	assert_true(conf->allow_reserved);
	assert_string_equal(conf->blocklists.list[0].text, "/etc/bw/no.txt");
	assert_float_equal(conf->flapping.leave, 2, 0);
	conf_run_fini(&reading.conf);
}

/* Its own round first, then that of focus, then that of all; the budget follows the round. */
static void test_targets_complete_themselves(void **state)
{
	static const struct {
		int64_t round_ns;
		double budget;
	} wanted[] = {{30 * BW_S, 480}, {10 * BW_S, 1440}, {2 * BW_S, 7200}, {300 * BW_S, 20},
		      {60 * BW_S, 20}, {10 * BW_S, 7}};
	struct reading reading;

	(void)state;
	assert_int_equal(parse(&reading,
			       "{\"vantage\": \"v1\", \"round\": \"30s\", \"targets\": [\"a\",\n"
			       "{\"target\": \"b\", \"focus\": true},\n"
			       "{\"target\": \"c\", \"focus\": true, \"round\": \"2s\"},\n"
			       "{\"target\": \"d\", \"round\": \"5m\"},\n"
			       "{\"target\": \"e\", \"round\": \"1m\"},\n"
			       "{\"target\": \"f\", \"round\": \"10s\",\n"
			       " \"limits\": {\"probes_per_block_hour\": 7}}]}"), 0);
	assert_int_equal(reading.conf.targets.count, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct conf_run_target *target = &reading.conf.targets.list[i];

		assert_int_equal(target->round_ns, wanted[i].round_ns);
		assert_float_equal(target->limits.probes_per_block_hour, wanted[i].budget, 1e-9);
		assert_int_equal(target->place.line, i + 1);
	}
	conf_run_fini(&reading.conf);
}

/* Each key refuses a wrong type, with its name and place. */
static void test_every_key_has_a_type(void **state)
{
	char text[256], field[64];

	(void)state;
	for (size_t i = 0; i < run_keys.count; i++) {
		const struct keys_key *key = &run_keys.keys[i];
		struct reading reading;

		snprintf(text, sizeof(text), "{%s%s\n  \"%s\": [[7]]}",
			 strcmp(key->name, "vantage") ? "\"vantage\": \"v\"," : "",
			 strcmp(key->name, "targets") ? "\"targets\": [\"kp\"]," : "", key->name);
		assert_int_equal(parse(&reading, text), BW_ERR_VALUE);
		assert_int_equal(reading.err.line, 2);
		snprintf(field, sizeof(field), "%.*s", (int)strcspn(reading.err.field, "["),
			 reading.err.field);
		assert_string_equal(field, key->name);
		conf_run_fini(&reading.conf);
	}
}

/* Each range in the table holds at its ends. */
static void test_ranges(void **state)
{
	static const struct {
		const char *good, *bad;
	} cases[] = {
		{"\"round\": \"1s\"", "\"round\": \"999ms\""},
		{"\"round\": \"1d\"", "\"round\": \"1441m\""},
		{"\"focus_round\": \"5s\"", "\"focus_round\": \"4s\""},
		{"\"focus_round\": \"60s\"", "\"focus_round\": \"61s\""},
		{"\"confirm\": \"500ms\"", "\"confirm\": \"499ms\""},
		{"\"confirm\": \"10m\"", "\"confirm\": \"601s\""},
		{"\"timeout\": \"10ms\"", "\"timeout\": \"9ms\""},
		{"\"timeout\": \"60s\"", "\"timeout\": \"61s\""},
		{"\"rate\": 0.1", "\"rate\": 0.09"},
		{"\"rate\": 10000000", "\"rate\": 10000001"},
		{"\"false_dark_per_year\": 1000", "\"false_dark_per_year\": 0"},
		{"\"limits\": {\"probes_per_block_hour\": 1}",
		 "\"limits\": {\"probes_per_block_hour\": 0}"},
		{"\"flapping\": {\"leave\": 0.1}", "\"flapping\": {\"leave\": 0}"},
		{"\"flapping\": {\"half_life\": \"7d\"}", "\"flapping\": {\"half_life\": \"8d\"}"},
		{"\"interface\": \"123456789012345\"", "\"interface\": \"1234567890123456\""},
		{"\"sinks\": [{\"type\": \"file\", \"path\": \"p\", \"keep\": 1000}]",
		 "\"sinks\": [{\"type\": \"file\", \"path\": \"p\", \"keep\": 0}]"},
		{"\"sinks\": [{\"type\": \"file\", \"path\": \"p\", \"max_size\": \"64kB\"}]",
		 "\"sinks\": [{\"type\": \"file\", \"path\": \"p\", \"max_size\": 63999}]"},
	};
	struct reading reading;
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static const char head[] = "{\"vantage\": \"v\", \"targets\": [\"kp\"], ";

		snprintf(text, sizeof(text), "%s%s}", head, cases[i].good);
		assert_int_equal(parse(&reading, text), 0);
		conf_run_fini(&reading.conf);
		snprintf(text, sizeof(text), "%s%s}", head, cases[i].bad);
		assert_int_equal(parse(&reading, text), BW_ERR_VALUE);
		assert_non_null(strstr(reading.err.message, "out of range: "));
		conf_run_fini(&reading.conf);
	}
}

static void test_vantage_names(void **state)
{
	char name[65], text[128];
	struct reading reading;

	(void)state;
	for (int length = 63; length <= 64; length++) {
		memset(name, 'v', sizeof(name));
		name[length] = '\0';
		snprintf(text, sizeof(text), "{\"vantage\": \"%s\", \"targets\": [\"kp\"]}", name);
		assert_int_equal(parse(&reading, text), length == 63 ? 0 : BW_ERR_VALUE);
		conf_run_fini(&reading.conf);
	}
	check_refused(
		"{\"vantage\": \"v 1\", \"targets\": [\"kp\"]}", BW_ERR_VALUE,
		"/etc/bw/c.json:1:13: vantage: 'v 1' is no name: it has letters, digits, '.', "
		"'_' and '-'");
}

static void test_messages(void **state)
{
	(void)state;
	check_refused(
		"{\"targets\": [\"kp\"]}", BW_ERR_VALUE,
		"/etc/bw/c.json:1:1: vantage: missing: write it, as in \"vantage\": \"fra1\"");
	check_refused(
		"{\"vantage\": \"v\"}", BW_ERR_VALUE,
		"/etc/bw/c.json:1:1: targets: missing: write it, as in \"targets\": [\"kp\"]");
	check_refused("{\"vantage\": \"v\", \"ruond\": \"5s\"}", BW_ERR_VALUE,
		      "/etc/bw/c.json:1:18: ruond: unknown key, did you mean 'round'?");
	check_refused("{\"vantage\": \"v\",\n \"targets\": [\"kp\", {\"target\": \"kp\"}]}",
		      BW_ERR_OVERLAP, "/etc/bw/c.json:2:20: targets[1]: 'kp' is given twice, first "
		      "in /etc/bw/c.json, line 2");
	check_refused("{\"vantage\": \"v\", \"targets\": [\"kp\"],\n"
		      " \"flapping\": {\"enter\": 2, \"leave\": 2}}", BW_ERR_VALUE,
		      "/etc/bw/c.json:2:14: flapping: \"leave\" must be less than \"enter\"");
	check_refused("{\"vantage\": \"v\", \"targets\": [\"kp\"],\n"
		      " \"sinks\": [{\"type\": \"stdout\"},\n{\"type\": \"stdout\"}]}",
		      BW_ERR_OVERLAP,
		      "/etc/bw/c.json:3:1: sinks: standard output is given twice: one sink is "
		      "enough");
	check_refused(
		"{\"vantage\": \"v\", \"targets\": [\"kp\"], \"sinks\": [\n"
		"{\"type\": \"file\", \"path\": \"a\"},\n{\"type\": \"file\", \"path\": \"a\"}]}",
		BW_ERR_OVERLAP,
		"/etc/bw/c.json:3:1: sinks[1]: '/etc/bw/a' is given twice, "
		"first in /etc/bw/c.json, line 2");
}

static void test_restart(void **state)
{
	static const char *const restart[] = {
		"\"vantage\": \"w\"", "\"vantage\": \"v\", \"interface\": \"eth1\"",
		"\"vantage\": \"v\", \"source\": \"198.18.0.3\"",
		"\"vantage\": \"v\", \"state_directory\": \"x\"",
		"\"vantage\": \"v\", \"contact\": \"c\"", "\"vantage\": \"v\", \"user\": \"u\""};
	static const char *const names[] = {"vantage", "interface", "source", "state_directory",
					    "contact", "user"};
	struct reading before, after;
	char text[256];

	(void)state;
	assert_int_equal(parse(&before, "{\"vantage\": \"v\", \"targets\": [\"kp\"]}"), 0);
	assert_int_equal(
		parse(&after,
		      "{\"vantage\": \"v\", \"targets\": [\"tv\"], \"rate\": 5,"
		      "\"round\": \"10s\", \"blocklist\": \"b\", \"allow_reserved\": true}"),
		0);
	assert_null(conf_run_restart_needed(&before.conf, &after.conf));
	conf_run_fini(&after.conf);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "{%s, \"targets\": [\"kp\"]}", restart[i]);
		assert_int_equal(parse(&after, text), 0);
		assert_string_equal(conf_run_restart_needed(&before.conf, &after.conf), names[i]);
		conf_run_fini(&after.conf);
	}
	conf_run_fini(&before.conf);
}

/* keys_restart_needed() compares words, in which durations and numbers are rounded. */
static void test_restart_keys_are_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < run_keys.count; i++)
		if (run_keys.keys[i].flags & KEYS_RESTART)
			assert_true(run_keys.keys[i].type <= KEYS_TARGETS ||
				    run_keys.keys[i].type == KEYS_ADDRESSES ||
				    run_keys.keys[i].type == KEYS_CHOICE);
}

static void test_check_says_what_holds(void **state)
{
	struct reading reading;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(parse(&reading, "{\"vantage\": \"v1\", \"targets\": [\"kp\","
			       " {\"target\": \"tv\", \"focus\": true, \"methods\": \"tcp:80\"}],"
			       " \"references\": [\"198.18.0.1\"], \"sinks\": [{\"type\": \"file\","
			       " \"path\": \"/r\"}]}"), 0);
	conf_run_check_print(&reading.conf, out);
	fclose(out);
	assert_string_equal(text,
		"/etc/bw/c.json is valid. This holds:\n\n"
		"vantage                       v1\n"
		"targets                       kp: round 1 min, focus no, methods those of the\n"
		"                              target file, confirm 5 s, probes_per_block_hour 20\n"
		"                              tv: round 10 s, focus yes, methods tcp:80, confirm\n"
		"                              5 s, probes_per_block_hour 1440\n"
		"round                         1 min\n"
		"focus_round                   10 s\n"
		"confirm                       5 s\n"
		"timeout                       3 s\n"
		"rate                          100 packets a second\n"
		"methods                       those of the target files\n"
		"limits.probes_per_block_hour  20 for rounds of a minute and more, else 4 for\n"
		"                              each round\n"
		"stale_after                   90 d\n"
		"false_dark_per_year           1\n"
		"flapping.enter                3\n"
		"flapping.leave                1\n"
		"flapping.half_life            1 h\n"
		"references                    198.18.0.1\n"
		"sinks                         file: path /r, max_size 100 MB, max_age 1 d, keep\n"
		"                              14 old files\n"
		"spool.size                    1 GiB\n"
		"spool.age                     7 d\n"
		"ship                          child\n"
		"records                       block, event, condition, target, vantage, trace\n"
		"block_records                 rounds\n"
		"trace.every                   1 h\n"
		"trace.off                     no\n"
		"privacy_ttl                   0\n"
		"ranges                        none\n"
		"mmdb                          none\n"
		"state_directory               none, and a restart forgets what was learned\n"
		"blocklist                     none\n"
		"allow_reserved                no\n"
		"contact                       none\n"
		"interface                     what the routing table says\n"
		"source                        what the routing table says\n"
		"user                          who starts it\n");
	free(text);
	conf_run_fini(&reading.conf);
}

static void test_shipped_example(void **state)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	struct conf_run conf;
	struct bw_err err = {0};
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/packaging/blockwatch.json", root ? root : ".");
	assert_int_equal(conf_run_read(path, &conf, &err), 0);
	assert_string_equal(conf.targets.list[0].target, "kp");
	assert_string_equal(conf.state_directory, "/var/lib/blockwatch");
	conf_run_fini(&conf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_given),
		cmocka_unit_test(test_targets_complete_themselves),
		cmocka_unit_test(test_every_key_has_a_type),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_vantage_names),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_restart_keys_are_words),
		cmocka_unit_test(test_check_says_what_holds),
		cmocka_unit_test(test_shipped_example),
	};

	return cmocka_run_group_tests_name("conf/run", tests, NULL, NULL);
}

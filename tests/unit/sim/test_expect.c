/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/run/expect.h"

#define HEAD                                                                               \
	"{\"schema\": \"blockwatch/scenario/1\", \"name\": \"x\", \"duration\": \"1d\",\n" \
	"\"targets\": [{\"name\": \"land\", \"networks\": [{\"prefix\": \"198.18.0.0/24\"}]}],\n"

struct play {
	const struct scenario *scenario;
	struct expect *expect;
	char *said;
	size_t size;
};

static void begin(struct play *play, const char *wanted)
{
	struct bw_err err = {0};
	char text[1024];

	snprintf(text, sizeof(text), "%s\"expect\": [%s]}", HEAD, wanted);
	if (scenario_parse(text, strlen(text), "x.json", &play->scenario, &err) < 0)
		fail_msg("%s: %s", err.field, err.message);
	play->expect = expect_new(play->scenario);
	assert_non_null(play->expect);
	play->said = NULL;
}

/* Returns how many expectations are unmet. What is printed contains MESSAGE. */
static unsigned end(struct play *play, const char *message)
{
	FILE *out = open_memstream(&play->said, &play->size);
	unsigned failed = expect_finish(play->expect, out);

	fclose(out);
	assert_non_null(play->said);
	if (!strstr(play->said, message))
		fail_msg("%s", play->said);
	free(play->said);
	expect_free(play->expect);
	scenario_free(play->scenario);
	return failed;
}

static struct record dark_event(void)
{
	struct record record = {.type = RECORD_EVENT, .head = {.time = {1767229200 * BW_S}}};

	record.event = (struct record_event){.scope = BW_SCOPE_TARGET,
					     .subject = "land",
					     .from = BW_UP,
					     .to = BW_DARK,
					     .onset = BW_ONSET_ABRUPT};
	return record;
}

static void put(struct play *play, const struct record *record, int64_t minutes)
{
	expect_record(play->expect, record, (struct bw_mono){minutes * 60 * BW_S});
}

static void test_an_event_in_time(void **state)
{
	struct record record = dark_event();
	struct play play;

	(void)state;
	begin(&play, "{\"to\": \"dark\", \"between\": [\"1h\", \"2h\"]}");
	put(&play, &record, 60);
	assert_int_equal(end(&play, ""), 0);
	begin(&play, "{\"to\": \"dark\", \"between\": [\"1h\", \"2h\"]}");
	put(&play, &record, 59);
	put(&play, &record, 120);
	assert_int_equal(end(&play,
			     "x.json:3: expect[0]: event to dark, from 1h to 2h: did not come\n"),
			 1);
}

static void test_all_that_is_wanted_must_be_so(void **state)
{
	static const char *const wanted[] = {
		"{\"scope\": \"block\"}",    "{\"subject\": \"sea\"}", "{\"from\": \"flapping\"}",
		"{\"onset\": \"unstable\"}", "{\"withdrawn\": true}",  "{\"duration\": \"1h\"}",
		"{\"type\": \"target\"}",    "{\"type\": \"vantage\"}"};
	struct record record = dark_event();
	struct play play;

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		begin(&play, wanted[i]);
		put(&play, &record, 60);
		assert_int_equal(end(&play, "did not come"), 1);
	}
	begin(&play, "{\"scope\": \"target\", \"subject\": \"land\", \"from\": \"up\", "
		     "\"to\": \"dark\", \"onset\": \"abrupt\"}");
	put(&play, &record, 60);
	assert_int_equal(end(&play, ""), 0);
}

static void test_never_and_times(void **state)
{
	struct record record = dark_event();
	struct play play;

	(void)state;
	begin(&play, "{\"to\": \"dark\", \"never\": true}, {\"to\": \"up\", \"never\": true}, "
		     "{\"times\": 1}");
	put(&play, &record, 60);
	assert_int_equal(end(&play, "expect[0]: never event to dark: came 1 times, first at 2026"),
			 1);
	begin(&play, "{\"to\": \"dark\", \"times\": 2}");
	put(&play, &record, 60);
	put(&play, &record, 61);
	put(&play, &record, 62);
	assert_int_equal(end(&play, "2 times event to dark: came 3 times"), 1);
}

static void test_length_of_an_outage(void **state)
{
	struct record record = dark_event();
	struct play play;

	(void)state;
	record.event.from = BW_DARK;
	record.event.to = BW_UP;
	record.event.has_outage = true;
	record.event.outage_start.ns = 1000 * BW_S;
	record.event.outage_end.ns = 4610 * BW_S;
	record.event.outage_uncertainty_ns = 10 * BW_S;
	begin(&play, "{\"duration\": \"1h\"}, {\"duration\": \"1h\", \"within\": \"10s\"}");
	put(&play, &record, 60);
	assert_int_equal(end(&play, ""), 0);
	begin(&play, "{\"duration\": \"1h\", \"within\": \"9s\"}, {\"duration\": \"59m59s\"}, "
		     "{\"duration\": \"1h21s\"}");
	put(&play, &record, 60);
	assert_int_equal(end(&play, "an outage of 1h within 9s"), 3);
}

static void test_records_of_state(void **state)
{
	struct record block = {.type = RECORD_BLOCK}, target = {.type = RECORD_TARGET},
		      vantage = {.type = RECORD_VANTAGE};
	struct play play;

	(void)state;
	bw_prefix_parse("198.18.0.0/24", &block.block.block, NULL);
	block.block.verdict = BW_UP;
	block.block.conditions = BW_LONE | BW_SUSPECT;
	target.target = (struct record_target){.target = "land", .verdict = BW_DARK};
	target.target.networks.of[BW_DARK] = 4;
	vantage.vantage.reasons = BW_WHY_VANTAGE_OFFLINE;
	begin(&play,
	      "{\"type\": \"block\", \"subject\": \"198.18.0.0/24\", \"conditions\": \"lone\"},"
	      "{\"type\": \"target\", \"verdict\": \"dark\", \"dark\": 4},"
	      "{\"type\": \"vantage\", \"unhealthy\": true, \"reasons\": \"vantage-offline\"},"
	      "{\"type\": \"block\", \"conditions\": [\"lone\", \"proxy\"], \"never\": true},"
	      "{\"type\": \"block\", \"reasons\": \"never-seen\", \"never\": true},"
	      "{\"type\": \"target\", \"dark\": 3, \"never\": true}");
	put(&play, &block, 1);
	put(&play, &target, 1);
	put(&play, &vantage, 1);
	assert_int_equal(end(&play, ""), 0);
	begin(&play, "{\"type\": \"vantage\", \"unhealthy\": true}");
	vantage.vantage.healthy = true;
	put(&play, &vantage, 1);
	assert_int_equal(end(&play, "vantage record, not healthy: did not come"), 1);
}

/* The end of a path, in an event and in the trace that follows it. */
static void test_ends_of_paths(void **state)
{
	struct bw_prefix exempt;
	struct record_path path = {.last = {.ttl = 3},
				   .kind = PATH_KIND_SILENT,
				   .shared = 41,
				   .exempt = &exempt,
				   .exempt_count = 1,
				   .text = "41 of 42 networks end after 10.98.0.1."};
	struct record event = dark_event(), trace = {.type = RECORD_TRACE};
	struct play play;

	(void)state;
	(void)bw_prefix_parse("198.18.7.0/24", &exempt, NULL);
	(void)bw_addr_parse("10.98.0.1", &path.last.from);
	event.event.path = &path;
	trace.trace = (struct record_trace){.target = "land", .path = &path};
	begin(&play,
	      "{\"path\": {\"kind\": \"silent\", \"last\": \"10.98.0.1\", \"shared\": 41, "
	      "\"exempt\": \"198.18.7.0/24\", \"text\": \"41 of 42\"}}, "
	      "{\"type\": \"trace\", \"subject\": \"land\", \"path\": {\"kind\": \"silent\"}}, "
	      "{\"path\": {\"kind\": \"loop\"}, \"never\": true}, "
	      "{\"path\": {\"exempt\": \"198.18.8.0/24\"}, \"never\": true}, "
	      "{\"path\": {\"text\": \"42 of 42\"}, \"never\": true}, "
	      "{\"path\": {\"next\": \"10.98.0.2\"}, \"never\": true}");
	put(&play, &event, 1);
	put(&play, &trace, 1);
	assert_int_equal(end(&play, ""), 0);
	begin(&play, "{\"path\": {\"last\": \"10.98.0.9\", \"shared\": 4}}");
	event.event.path = NULL;
	put(&play, &event, 1);
	assert_int_equal(end(&play,
			     "a path that ends behind 10.98.0.9, of 4 networks: did not come"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_in_time),
		cmocka_unit_test(test_all_that_is_wanted_must_be_so),
		cmocka_unit_test(test_never_and_times),
		cmocka_unit_test(test_length_of_an_outage),
		cmocka_unit_test(test_records_of_state),
		cmocka_unit_test(test_ends_of_paths),
	};

	return cmocka_run_group_tests_name("sim/expect", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/score/score_json.h"
#include "sim/score/score_text.h"
#include "simulation_of.h"

/* One block of four is dark from 2 h to 5 h, another from 10 h to 11 h; rounds of 60 s. */
#define WORLD                                                                             \
	STAGE_HEAD "\"duration\": \"1d\", \"vantage\": {\"round\": \"60s\"}, " STAGE_LAND \
		   ", \"faults\": ["                                                      \
		   "{\"subject\": \"198.18.1.0/24\", \"at\": \"2h\", \"for\": \"3h\"},"   \
		   "{\"subject\": \"198.18.2.0/24\", \"at\": \"10h\", \"for\": \"1h\"},"  \
		   "{\"subject\": \"198.18.3.0/24\", \"at\": \"15h\", \"for\": \"30s\"}]}"

struct play {
	struct stage stage;
	struct score *score;
	struct score_sum sum;
	uint64_t seq;
};

static void begin(struct play *play, const char *text)
{
	memset(play, 0, sizeof(*play));
	stage_begin(&play->stage, text);
	play->score = score_new(play->stage.simulation);
	assert_non_null(play->score);
}

static const struct score_part *end(struct play *play)
{
	assert_int_equal(score_finish(play->score, (struct bw_mono){86400 * BW_S}, &play->sum), 0);
	return &play->sum.parts[BW_SCOPE_BLOCK];
}

static void leave(struct play *play)
{
	score_free(play->score);
	stage_end(&play->stage);
}

static struct bw_wall wall(int64_t at_s)
{
	return (struct bw_wall){INT64_C(1767225600) * BW_S + at_s * BW_S};
}

/* The content of an event; times in seconds from the start. */
struct said {
	const char *subject;
	enum bw_verdict from, to;
	int64_t at, earliest, latest;
	uint64_t withdraws;
	enum bw_scope scope;
};

static uint64_t say(struct play *play, struct said said)
{
	struct record record = {.type = RECORD_EVENT};

	record.head = (struct record_head){"v", "b", ++play->seq, wall(said.at)};
	record.event = (struct record_event){
		.target = "land",
		.scope = said.scope,
		.subject = said.subject,
		.from = said.from,
		.to = said.to,
		.detected = wall(said.at),
		.earliest = wall(said.earliest),
		.latest = wall(said.latest),
		.confidence = .9995,
		.withdraws = said.withdraws,
	};
	if (said.from == BW_DARK && said.to == BW_UP && !said.withdraws) {
		record.event.has_outage = true;
		record.event.outage_start = wall(7210);
		record.event.outage_end = wall(said.latest);
		record.event.outage_uncertainty_ns = 60 * BW_S;
	}
	score_record(play->score, &record, (struct bw_now){{said.at * BW_S}, wall(said.at)});
	return play->seq;
}

#define ONE "198.18.1.0/24"
#define TWO "198.18.2.0/24"

static void test_nothing_said_is_missed(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	part = end(&play);
	assert_int_equal(part->subjects, 4);
	assert_int_equal(part->outages, 2);
	assert_int_equal(part->missed, 2);
	assert_int_equal(part->brief, 1);
	assert_int_equal(part->said, 0);
	assert_int_equal(play.sum.parts[BW_SCOPE_TARGET].outages, 0);
	assert_true(play.sum.hours > 95.9 && play.sum.hours < 96.1);
	assert_true(play.sum.up_hours > 91.9 && play.sum.up_hours < 92.1);
	leave(&play);
}

static void test_seen_with_its_numbers(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 7230, 7190, 7210, 0, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 18040, 17980, 18030, 0, 0});
	part = end(&play);
	assert_int_equal(part->seen, 1);
	assert_int_equal(part->missed, 1);
	assert_int_equal(part->said, 1);
	assert_int_equal(part->wrong, 0);
	assert_true(part->detect.median == 30);
	assert_true(part->recover.median == 40);
	assert_int_equal(part->starts, 1);
	assert_int_equal(part->starts_inside, 1);
	assert_int_equal(part->ends_inside, 1);
	assert_true(part->start_error.median == 0);
	assert_true(part->end_error.median == 5);
	assert_true(part->duration_error.median == 20);
	assert_int_equal(part->durations_inside, 1);
	assert_int_equal(part->confidence[3 - 1].said, 0);
	assert_int_equal(part->confidence[3].said, 2);
	assert_int_equal(part->confidence[3].right, 2);
	leave(&play);
}

static void test_bounds_that_miss_the_truth(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 7260, 7201, 7250, 0, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 18040, 18001, 18030, 0, 0});
	part = end(&play);
	assert_int_equal(part->seen, 1);
	assert_int_equal(part->starts_inside, 0);
	assert_int_equal(part->ends_inside, 0);
	leave(&play);
}

static void test_false_outage(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 3600, 3500, 3550, 0, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 4000, 3900, 3950, 0, 0});
	part = end(&play);
	assert_int_equal(part->wrong, 1);
	assert_int_equal(part->missed, 2);
	assert_true(play.sum.false_per_day > .25 && play.sum.false_per_day < .27);
	leave(&play);
}

/* The outage ended before the decision, but the bounds reach into it. */
static void test_decided_just_after_the_end(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){"198.18.3.0/24", BW_UP, BW_DARK, 54040, 53990, 54005, 0, 0});
	say(&play, (struct said){"198.18.3.0/24", BW_DARK, BW_UP, 54050, 54025, 54050, 0, 0});
	part = end(&play);
	assert_int_equal(part->wrong, 0);
	assert_int_equal(part->ends_inside, 1);
	leave(&play);
}

static void test_withdrawn_is_not_false(void **state)
{
	const struct score_part *part;
	struct play play;
	uint64_t seq;

	(void)state;
	begin(&play, WORLD);
	seq = say(&play, (struct said){ONE, BW_UP, BW_DARK, 3600, 3500, 3550, 0, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 3610, 3500, 3550, seq, 0});
	part = end(&play);
	assert_int_equal(part->withdrawn, 1);
	assert_int_equal(part->wrong, 0);
	leave(&play);
}

/* A false recovery is withdrawn: the outage continues as one. */
static void test_withdrawn_recovery(void **state)
{
	const struct score_part *part;
	struct play play;
	uint64_t seq;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 7230, 7190, 7210, 0, 0});
	seq = say(&play, (struct said){ONE, BW_DARK, BW_UP, 9000, 8990, 9000, 0, 0});
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 9010, 8990, 9000, seq, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 18040, 17980, 18030, 0, 0});
	part = end(&play);
	assert_int_equal(part->said, 1);
	assert_int_equal(part->relapses, 0);
	assert_int_equal(part->ends_inside, 1);
	leave(&play);
}

static void test_over_too_early(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 7230, 7190, 7210, 0, 0});
	say(&play, (struct said){ONE, BW_DARK, BW_UP, 9000, 8990, 9000, 0, 0});
	part = end(&play);
	assert_int_equal(part->seen, 1);
	assert_int_equal(part->relapses, 1);
	assert_int_equal(part->confidence[3].said, 2);
	assert_int_equal(part->confidence[3].right, 1);
	leave(&play);
}

static void test_flapping_and_unknown_are_no_miss(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_FLAPPING, 7000, 6900, 6950, 0, 0});
	say(&play, (struct said){ONE, BW_FLAPPING, BW_UP, 20000, 19000, 19500, 0, 0});
	say(&play, (struct said){TWO, BW_UP, BW_UNKNOWN, 35000, 34900, 34950, 0, 0});
	say(&play, (struct said){TWO, BW_UNKNOWN, BW_UP, 40000, 39900, 39950, 0, 0});
	part = end(&play);
	assert_int_equal(part->flapped, 1);
	assert_int_equal(part->blind, 1);
	assert_int_equal(part->missed, 0);
	leave(&play);
}

#define ALL_DARK                                                                             \
	STAGE_HEAD "\"duration\": \"1d\", \"vantage\": {\"round\": \"60s\"}, " STAGE_LAND    \
		   ", \"faults\": [{\"subject\": \"all\", \"at\": \"2h\", \"for\": \"3h\", " \
		   "\"stagger\": \"30m\"}]}"

/* Four blocks, each half an hour later: all are dark from 3 h 30 min to 5 h. */
static void test_a_target_is_dark_when_all_its_blocks_are(void **state)
{
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, ALL_DARK);
	say(&play, (struct said){"land", BW_UP, BW_DARK, 12660, 12590, 12650, 0, BW_SCOPE_TARGET});
	say(&play, (struct said){"land", BW_DARK, BW_UP, 18020, 17990, 18010, 0, BW_SCOPE_TARGET});
	end(&play);
	part = &play.sum.parts[BW_SCOPE_TARGET];
	assert_int_equal(part->subjects, 1);
	assert_int_equal(part->outages, 1);
	assert_int_equal(part->seen, 1);
	assert_true(part->detect.median == 60);
	assert_int_equal(part->starts_inside, 1);
	assert_int_equal(part->ends_inside, 1);
	assert_int_equal(play.sum.parts[BW_SCOPE_NETWORK].missed, 4);
	leave(&play);
}

static void test_beliefs_and_probes(void **state)
{
	struct record record = {.type = RECORD_BLOCK};
	struct bw_addr addr;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	assert_int_equal(bw_addr_parse("198.18.1.0", &addr), 0);
	record.block = (struct record_block){.block = {addr, 24}, .verdict = BW_UP, .belief = .995};
	score_record(play.score, &record, (struct bw_now){{3600 * BW_S}, wall(3600)});
	score_record(play.score, &record, (struct bw_now){{7300 * BW_S}, wall(7300)});
	record.block.verdict = BW_DARK;
	record.block.belief = .00005;
	score_record(play.score, &record, (struct bw_now){{7400 * BW_S}, wall(7400)});
	score_probe(play.score, &addr, (struct bw_mono){3600 * BW_S});
	score_probe(play.score, &addr, (struct bw_mono){7300 * BW_S});
	end(&play);
	assert_int_equal(play.sum.belief[2].said, 2);
	assert_int_equal(play.sum.belief[2].right, 1);
	assert_int_equal(play.sum.belief[4].said, 1);
	assert_int_equal(play.sum.belief[4].right, 1);
	assert_int_equal(play.sum.probes, 2);
	assert_int_equal(play.sum.up_probes, 1);
	leave(&play);
}

/* The wall clock was set back between start and decision: lengths do not change. */
static void test_events_of_a_stepped_clock(void **state)
{
	struct record record = {.type = RECORD_EVENT};
	const struct score_part *part;
	struct play play;

	(void)state;
	begin(&play, WORLD);
	record.head = (struct record_head){"v", "b", 1, wall(3630)};
	record.event = (struct record_event){.target = "land",
					     .subject = ONE,
					     .from = BW_UP,
					     .to = BW_DARK,
					     .confidence = .99,
					     .detected = wall(3630),
					     .earliest = wall(3590),
					     .latest = wall(3610)};
	score_record(play.score, &record, (struct bw_now){{7230 * BW_S}, wall(3630)});
	part = end(&play);
	assert_int_equal(part->seen, 1);
	assert_int_equal(part->starts_inside, 1);
	assert_true(part->detect.median == 30);
	leave(&play);
}

static void test_limits(void **state)
{
	struct scenario_limits limits = {.missed = 1, .detect_ns = 40 * BW_S, .inside = .9};
	FILE *out = fopen("/dev/null", "we");
	struct play play;

	(void)state;
	begin(&play, WORLD);
	say(&play, (struct said){ONE, BW_UP, BW_DARK, 7230, 7190, 7210, 0, 0});
	end(&play);
	assert_int_equal(score_text_check(&play.sum, &limits, out), 0);
	limits.missed = 0;
	assert_int_equal(score_text_check(&play.sum, &limits, out), 1);
	limits.detect_ns = 20 * BW_S;
	assert_int_equal(score_text_check(&play.sum, &limits, out), 2);
	fclose(out);
	leave(&play);
}

static void test_the_line_of_json(void **state)
{
	char line[SCORE_LINE_MAX];
	struct play play;

	(void)state;
	begin(&play, WORLD);
	end(&play);
	assert_true(score_json_encode(&play.sum, "blockwatch", line, sizeof(line)) > 0);
	assert_non_null(
		strstr(line, "\"schema\":\"blockwatch/score/1\",\"inference\":\"blockwatch\""));
	assert_non_null(strstr(line, "\"outages\":2,\"seen\":0,\"missed\":2"));
	assert_int_equal(score_json_encode(&play.sum, "blockwatch", line, 100), BW_ERR_LIMIT);
	leave(&play);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_said_is_missed),
		cmocka_unit_test(test_seen_with_its_numbers),
		cmocka_unit_test(test_bounds_that_miss_the_truth),
		cmocka_unit_test(test_false_outage),
		cmocka_unit_test(test_decided_just_after_the_end),
		cmocka_unit_test(test_withdrawn_is_not_false),
		cmocka_unit_test(test_withdrawn_recovery),
		cmocka_unit_test(test_over_too_early),
		cmocka_unit_test(test_flapping_and_unknown_are_no_miss),
		cmocka_unit_test(test_a_target_is_dark_when_all_its_blocks_are),
		cmocka_unit_test(test_beliefs_and_probes),
		cmocka_unit_test(test_events_of_a_stepped_clock),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_the_line_of_json),
	};

	return cmocka_run_group_tests_name("sim/score", tests, NULL, NULL);
}

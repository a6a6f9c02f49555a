/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "infer/evidence/rest.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/persist.h"

/* Target a: blocks 0 and 1. */
static const char lines[] = "a 198.18.0.0/23 3\n";

/* A saved state. */
struct saved {
	char *text;
	size_t length;
};

static struct saved save(const struct fixture *f)
{
	struct saved saved = {0};
	struct bw_err err = {0};
	FILE *file = open_memstream(&saved.text, &saved.length);

	assert_non_null(file);
	if (persist_save(f->ledger, NULL, file, 7, &err) < 0)
		fail_msg("%s: %s", err.field, err.message);
	assert_int_equal(fclose(file), 0);
	return saved;
}

static struct persist_restore restore(struct fixture *f, const struct saved *saved)
{
	struct persist_restore restore = {.ledger = f->ledger, .now = f->ledger->now};
	const struct state_handlers handlers = persist_handlers(&restore);
	struct bw_err err = {0};

	if (state_read(saved->text, saved->length, "state", &handlers, &err) < 0)
		fail_msg("line %d, %s: %s", err.line, err.field, err.message);
	return restore;
}

static void decide(struct fixture *f, uint32_t block, enum bw_verdict to, double earliest,
		   double latest)
{
	f->ledger->blocks[block].log_odds = to == BW_UP ? 7 : -7;
	events_decide(f->ledger, block,
		      &(struct verdict_decision){
			      .to = to,
			      .reasons = to == BW_UNKNOWN ? BW_WHY_NEVER_SEEN : 0,
			      .earliest = fixture_mono(earliest),
			      .latest = fixture_mono(latest),
		      });
}

static struct fixture *fresh(double seconds)
{
	struct fixture *f = fixture_new(lines, true);

	fixture_set_time(f, seconds);
	return f;
}

/* A ledger at 1000 s: block 0 is up, block 1 is dark since 260 s. */
static struct fixture *outage(void)
{
	struct fixture *f = fresh(0);

	for (uint32_t i = 0; i < 2; i++) {
		f->ledger->blocks[i].last_answer = fixture_mono(5);
		decide(f, i, BW_UP, 0, 1);
	}
	fixture_set_time(f, 300);
	decide(f, 1, BW_DARK, 250, 260);
	fixture_set_time(f, 1000);
	return f;
}

/* Gives block 1, which is dark, and its target what only a long watch learns. */
static void teach(struct fixture *f)
{
	struct outage_memory *memory = ledger_outage_for(f->ledger, 1);
	struct joint *joint = &f->ledger->joints[0];
	const struct out_of_range ranges[BW_RANGES] = {
		[BW_RANGE_LOSS] = {
			.is_out = true,
			.score = OUT_OF_RANGE_FULL,
			.since_s = block_seconds(fixture_mono(300)),
		}};

	f->ledger->usuals[1] = (struct usual){
		.loss = usual_loss_of(0.02),
		.loss_now = usual_loss_of(0.3),
		.delay = usual_delay_of(80 * BW_MS),
		.delay_now = usual_delay_of(200 * BW_MS),
		.spread = 100,
		.rounds = USUAL_LEARNED,
	};
	f->ledger->usuals[0] = f->ledger->usuals[1];
	condition_store_keep_ranges(&f->ledger->conditions, &f->ledger->tracks[0], ranges);
	f->ledger->blocks[0].conditions |= BW_DEGRADED;
	f->ledger->sums.targets[0].usual.range[BW_RANGE_DELAY] = ranges[BW_RANGE_LOSS];
	f->ledger->blocks[1].rest = 77;
	f->ledger->blocks[1].evening = 5;
	memory->silence.sure = fixture_mono(700);
	memory->silence.before = fixture_mono(600);
	silent_block_note(&f->ledger->silent[1], fixture_mono(400), 0);
	memory->false_alarm = fixture_mono(100);
	memory->absences = (struct absences){.count = 2, .total_ns = 60 * BW_S, .heard_hours = 7};
	memory->moves = joint->moves = 3;
	joint->nats = 2.5F;
	joint->down = true;
	joint->since = fixture_mono(500);
	joint->lasting = (struct loss){10, 4, fixture_mono(900)};
	lateness_restore(&joint->lateness, LATENESS_TARGET, 100, 0.5, 30 * BW_S);
	lateness_restore(&f->ledger->lateness[1], LATENESS_BLOCK, 24, 0.75, 20 * BW_S);
	joint_count_evening(joint, 5);
	joint->hearing = (struct hearing){
		.first = fixture_mono(100),
		.last = fixture_mono(950),
		.longest_ns = 90 * BW_S,
		.heard = 0xffff00000001,
		.silent = 0x00000f0f0f00,
	};
	f->ledger->heard[0] = joint->hearing;
	f->ledger->heard[0].nats = 1.5F;
}

static void test_what_was_learned_of_loss_rest_and_silence_comes_back(void **state)
{
	struct fixture *before = outage(), *after = fresh(1000);
	const struct usual *usual = &after->ledger->usuals[1];
	const struct joint *joint = &after->ledger->joints[0];
	const struct outage_memory *memory;
	struct out_of_range ranges[BW_RANGES];
	struct saved saved, again;

	(void)state;
	teach(before);
	saved = save(before);
	(void)restore(after, &saved);
	condition_store_ranges(&after->ledger->conditions, &after->ledger->tracks[0], ranges);
	memory = ledger_outage_of(after->ledger, 1);
	assert_true(usual_is_learned(usual));
	assert_float_equal(usual_loss(usual->loss), 0.02, 0.001);
	assert_float_equal((double)usual_rtt_ns(usual->delay_now) / (double)BW_MS, 200, 1);
	assert_in_range(after->ledger->tracks[1].srtt_us, 199000, 201000);
	assert_true(ranges[BW_RANGE_LOSS].is_out);
	assert_true(after->ledger->blocks[0].conditions & BW_DEGRADED);
	assert_true(after->ledger->sums.targets[0].usual.range[BW_RANGE_DELAY].is_out);
	assert_int_equal(after->ledger->blocks[1].rest, 77);
	assert_int_equal(after->ledger->blocks[1].evening, 5);
	assert_int_equal(memory->silence.sure.ns, fixture_mono(700).ns);
	assert_int_equal(silent_block_since(&after->ledger->silent[1]).ns, fixture_mono(400).ns);
	assert_int_equal(after->ledger->silent[1].rest, 77);
	assert_int_equal(memory->false_alarm.ns, fixture_mono(100).ns);
	assert_int_equal(memory->absences.count, 2);
	assert_int_equal(memory->absences.heard_hours, 7);
	assert_int_equal(memory->moves, 3);
	assert_int_equal(after->ledger->joints[0].moves, 3);
	assert_float_equal(joint->nats, 2.5, 0.001);
	assert_true(joint->down);
	assert_float_equal(loss_delivered_lasting(&joint->lasting, fixture_mono(1000)),
			   loss_delivered_lasting(&before->ledger->joints[0].lasting,
						  fixture_mono(1000)),
			   0.001);
	assert_int_equal(lateness_patience_ns(&joint->lateness),
			 lateness_patience_ns(&before->ledger->joints[0].lateness));
	assert_in_range(lateness_patience_ns(&joint->lateness), 30 * BW_S, 45 * BW_S);
	assert_int_equal(joint->evenings, 1);
	assert_int_equal(joint->evening, 5);
	assert_int_equal(joint->hearing.first.ns, fixture_mono(100).ns);
	assert_int_equal(joint->hearing.last.ns, fixture_mono(950).ns);
	assert_int_equal(joint->hearing.longest_ns, 90 * BW_S);
	assert_true(joint->hearing.heard == 0xffff00000001);
	assert_true(joint->hearing.silent == 0x00000f0f0f00);
	assert_true(after->ledger->heard[0].nats == 1.5F);
	assert_true(after->ledger->heard[0].heard == 0xffff00000001);
	assert_true(after->ledger->heard[0].silent == 0x00000f0f0f00);
	again = save(after);
	assert_string_equal(saved.text, again.text);
	free(saved.text);
	free(again.text);
	fixture_free(before);
	fixture_free(after);
}

/* After a reboot the monotonic clock is another one; evening is the same time of the day. */
static void test_the_evening_is_one_of_wall_time(void **state)
{
	struct fixture *before = outage(), *after = fresh(1000);
	struct bw_mono evening = {before->ledger->now.mono.ns - 3600 * BW_S};
	struct saved saved;

	(void)state;
	before->ledger->blocks[1].evening = rest_hour(evening) & 0xf;
	saved = save(before);
	after->ledger->now.mono.ns += 36000 * BW_S; /* of another start */
	(void)restore(after, &saved);
	assert_int_equal(after->ledger->blocks[1].evening,
			 rest_hour((struct bw_mono){evening.ns + 36000 * BW_S}));
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* So are the half hours of the day in which somebody answers or nobody does. */
static void test_half_hours_of_the_day_are_those_of_wall_time(void **state)
{
	struct fixture *before = outage(), *after = fresh(1000);
	const struct hearing *network = &after->ledger->heard[0];
	struct bw_mono night = fixture_mono(-9 * 3600), later = {night.ns + 36000 * BW_S};
	struct saved saved;

	(void)state;
	before->ledger->heard[0] = (struct hearing){.first = night, .last = night};
	hearing_note(&before->ledger->heard[0], false, fixture_mono(-3600));
	before->ledger->joints[0].hearing = before->ledger->heard[0];
	assert_true(hearing_is_usually_silent(&before->ledger->heard[0], night));
	saved = save(before);
	after->ledger->now.mono.ns += 36000 * BW_S; /* of another start */
	(void)restore(after, &saved);
	for (int64_t i = 0; i < 48; i++) {
		int64_t ns = i * 1800 * BW_S;
		bool silent = hearing_is_usually_silent(&before->ledger->heard[0],
							(struct bw_mono){night.ns + ns});

		assert_int_equal(
			hearing_is_usually_silent(network, (struct bw_mono){later.ns + ns}),
			silent);
		assert_int_equal(hearing_is_usually_silent(&after->ledger->joints[0].hearing,
							   (struct bw_mono){later.ns + ns}),
				 silent);
	}
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* Only of blocks that have one: there may be millions. What is not restored is not there either. */
static void test_how_late_a_block_answers_comes_back(void **state)
{
	struct fixture *before = outage(), *after = fresh(1000);
	struct lateness *late = &after->ledger->lateness[1];
	struct saved saved;

	(void)state;
	saved = save(before);
	assert_null(strstr(saved.text, "lateness"));
	free(saved.text);
	teach(before);
	saved = save(before);
	assert_ptr_equal(strstr(strstr(saved.text, "lateness") + 1, "lateness"), NULL);
	(void)restore(after, &saved);
	assert_int_equal(lateness_patience_ns(late), 22500 * BW_MS); /* an eighth longer */
	assert_int_equal(late->answers, LATENESS_BLOCK);
	assert_float_equal(lateness_share(late), 0.75, 0.0001);
	assert_int_equal(after->ledger->lateness[0].answers, 0);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* Whether anybody answered meanwhile is not known: these are no half hours without an answer. */
static void test_the_time_in_which_nothing_ran_is_no_silent_half_hour(void **state)
{
	struct fixture *before = outage(), *after = fresh(10 * 3600);
	struct hearing *hearing = &after->ledger->joints[0].hearing;
	struct saved saved;

	(void)state;
	before->ledger->joints[0].hearing =
		(struct hearing){.first = fixture_mono(-86400), .last = fixture_mono(-5 * 3600)};
	saved = save(before);
	(void)restore(after, &saved);
	hearing_note(hearing, false, fixture_mono(10 * 3600 + 60));
	assert_true(hearing->silent == 0);
	hearing_note(hearing, false, fixture_mono(12 * 3600));
	assert_true(hearing->silent != 0);
	free(saved.text);
	saved = save(before);
	fixture_set_time(after, 1060); /* a short stop */
	(void)restore(after, &saved);
	hearing_note(hearing, false, fixture_mono(1100));
	assert_true(hearing_is_usually_silent(hearing, fixture_mono(-2 * 3600)));
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* In the hour for which nothing ran, nobody could be heard. */
static void test_the_time_in_which_nothing_ran_is_no_silence(void **state)
{
	struct fixture *before = outage(), *after = fresh(4600);
	const struct hearing *hearing = &after->ledger->joints[0].hearing;
	struct saved saved;

	(void)state;
	teach(before);
	saved = save(before);
	(void)restore(after, &saved);
	assert_int_equal(hearing->first.ns, fixture_mono(3700).ns);
	assert_int_equal(hearing->last.ns, fixture_mono(4550).ns);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

/* What cannot hear just now stays so; what heard nothing yet is no part of the state. */
static void test_who_was_deaf_has_no_last_answer(void **state)
{
	struct fixture *before = outage(), *after = fresh(1000);
	struct saved saved;

	(void)state;
	saved = save(before);
	assert_null(strstr(saved.text, "hearing"));
	free(saved.text);
	teach(before);
	joint_was_deaf(&before->ledger->joints[0]);
	saved = save(before);
	(void)restore(after, &saved);
	assert_int_equal(after->ledger->joints[0].hearing.last.ns, 0);
	assert_int_equal(after->ledger->joints[0].hearing.longest_ns, 90 * BW_S);
	free(saved.text);
	fixture_free(before);
	fixture_free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_learned_of_loss_rest_and_silence_comes_back),
		cmocka_unit_test(test_the_evening_is_one_of_wall_time),
		cmocka_unit_test(test_half_hours_of_the_day_are_those_of_wall_time),
		cmocka_unit_test(test_how_late_a_block_answers_comes_back),
		cmocka_unit_test(test_the_time_in_which_nothing_ran_is_no_silence),
		cmocka_unit_test(test_the_time_in_which_nothing_ran_is_no_silent_half_hour),
		cmocka_unit_test(test_who_was_deaf_has_no_last_answer),
	};

	return cmocka_run_group_tests_name("vantage/persist_learned", tests, NULL, NULL);
}

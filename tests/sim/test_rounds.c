/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/state/state_read.h"
#include "report/state/state_write.h"
#include "rig.h"

#define MINUTE (60 * BW_S)
#define HOUR (60 * MINUTE)

static const struct bw_wall START = {1419177600 * BW_S}; /* of the rig */

static int setup(void **state)
{
	*state = malloc(sizeof(struct rig));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

/* The first event of the target whose new verdict is `to`. */
static const struct record_event *target_event_to(const struct rig *rig, enum bw_verdict to)
{
	const struct record_event *event;

	for (unsigned n = 0; (event = rig_event(rig, BW_SCOPE_TARGET, n)); n++)
		if (event->to == to)
			return event;
	return NULL;
}

/* Rounds of 10 s (focus). The caller builds it. */
static void init_focus(struct rig *rig, unsigned blocks)
{
	rig_init(rig, blocks);
	rig->round_ns = 10 * BW_S;
	rig->probes_per_hour = 800;
}

/* A country of four in focus. */
static void focus(struct rig *rig)
{
	init_focus(rig, 4);
	rig_build(rig);
}

static void add_vantage_fault(struct rig *rig, struct sim_vantage_fault fault)
{
	struct bw_err err = {0};

	if (sim_world_add_vantage_fault(rig->world, 0, &fault, &err) < 0)
		fail_msg("%s", err.message);
}

static int64_t since_start(struct bw_wall time)
{
	return time.ns - START.ns;
}

static void assert_within(const struct record_event *event, int64_t at_ns)
{
	assert_true(since_start(event->earliest) <= at_ns);
	assert_true(at_ns <= since_start(event->latest));
}

static void assert_silent(const struct rig *rig)
{
	for (unsigned i = 0; i < rig->record_count; i++)
		assert_int_not_equal(rig->records[i].type, RECORD_EVENT);
}

static void test_steady_says_nothing(void **state)
{
	struct rig *rig = *state;

	focus(rig);
	rig_watch(rig, 6 * HOUR);
	assert_silent(rig);
}

static void test_one_block_goes_dark_and_returns(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone, *back;

	focus(rig);
	rig_darken(rig, 2, 20 * 60000, 50 * 60000);
	rig_watch(rig, 2 * HOUR);
	gone = rig_event(rig, BW_SCOPE_BLOCK, 0);
	back = rig_event(rig, BW_SCOPE_BLOCK, 1);
	assert_non_null(back);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 2));
	assert_int_equal(gone->to, BW_DARK);
	assert_int_equal(gone->onset, BW_ONSET_ABRUPT);
	assert_within(gone, 20 * MINUTE);
	assert_true(since_start(gone->detected) < 20 * MINUTE + 21 * BW_S);
	assert_int_equal(back->to, BW_UP);
	assert_within(back, 50 * MINUTE);
	assert_true(back->has_outage);
	assert_true(llabs(back->outage_end.ns - back->outage_start.ns - 30 * MINUTE) <=
		    2 * back->outage_uncertainty_ns);
	assert_int_equal(rig_event(rig, BW_SCOPE_TARGET, 0)->to, BW_PARTLY_DARK);
	assert_int_equal(rig_event(rig, BW_SCOPE_TARGET, 1)->to, BW_UP);
	assert_null(rig_event(rig, BW_SCOPE_TARGET, 2));
	assert_non_null(rig_event(rig, BW_SCOPE_NETWORK, 1));
}

/* The sibling trigger: all four are reported within 15 s of the cut, and of the return. */
static void test_a_country_goes_dark_and_returns(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone, *back;

	focus(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 20 * 60000, 50 * 60000);
	rig_watch(rig, 2 * HOUR);
	gone = target_event_to(rig, BW_DARK);
	back = target_event_to(rig, BW_UP);
	assert_non_null(gone);
	assert_non_null(back);
	assert_int_equal(rig_event(rig, BW_SCOPE_TARGET, 0)->from, BW_UP);
	assert_true(since_start(gone->detected) < 20 * MINUTE + 15 * BW_S);
	assert_within(gone, 20 * MINUTE);
	assert_int_equal(back->to, BW_UP);
	assert_true(since_start(back->detected) < 50 * MINUTE + 15 * BW_S);
	assert_within(back, 50 * MINUTE);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 8));
}

static void test_twenty_probes_an_hour(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone;

	rig_init(rig, 4);
	rig->round_ns = 240 * BW_S;
	rig->probes_per_hour = 20;
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 5 * 3600000, 8 * 3600000);
	rig_watch(rig, 24 * HOUR);
	gone = rig_event(rig, BW_SCOPE_TARGET, 0);
	assert_non_null(gone);
	assert_true(since_start(gone->detected) < 5 * HOUR + 90 * BW_S);
	assert_non_null(rig_event(rig, BW_SCOPE_TARGET, 1));
	assert_true(rig->sent <= 4 * (24 * 20 + 20));
}

/* Held blind since before the outage: one vantage record and no event; then the outage follows. */
static void test_held_blind(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone;

	for (unsigned nobody = 0; nobody < 2; nobody++) {
		rig_init(rig, 4);
		rig->round_ns = 10 * BW_S;
		rig->probes_per_hour = 800;
		rig->no_gateway = nobody;
		rig->held_from_ns = nobody ? 0 : 19 * MINUTE;
		rig->held_to_ns = 30 * MINUTE;
		rig_build(rig);
		rig_darken(rig, 2, nobody ? 40 * 60000 : 20 * 60000, 0);
		rig_watch(rig, HOUR);
		assert_int_equal(rig->records[0].type, RECORD_VANTAGE);
		assert_int_equal(rig->records[0].vantage.reasons, BW_WHY_CONNTRACK_FULL);
		gone = rig_event(rig, BW_SCOPE_BLOCK, 0);
		assert_non_null(gone);
		assert_int_equal(gone->to, BW_DARK);
		assert_true(since_start(gone->detected) >= 30 * MINUTE);
		assert_within(gone, nobody ? 40 * MINUTE : 20 * MINUTE);
		assert_null(rig_event(rig, BW_SCOPE_BLOCK, 1));
		assert_int_equal(rig_event(rig, BW_SCOPE_TARGET, 0)->to, BW_PARTLY_DARK);
		assert_null(rig_event(rig, BW_SCOPE_TARGET, 1));
	}
}

/* The vantage's own network fails, with a gateway and with a reference: no event at all. */
static void test_cut_vantage(void **state)
{
	struct rig *rig = *state;

	for (unsigned reference = 0; reference < 2; reference++) {
		rig_init(rig, 4);
		rig->round_ns = 10 * BW_S;
		rig->with_reference = reference;
		rig_build(rig);
		add_vantage_fault(rig, (struct sim_vantage_fault){
					       .kind = reference ? SIM_UPLINK_CUT : SIM_LAN_CUT,
					       .start = {20 * MINUTE},
					       .end = {30 * MINUTE},
				       });
		rig_watch(rig, HOUR);
		assert_silent(rig);
		assert_int_equal(rig->records[0].type, RECORD_VANTAGE);
		assert_false(rig->records[0].vantage.healthy);
		assert_true(since_start(rig->records[0].head.time) < 20 * MINUTE + 10 * BW_S);
	}
}

static void test_suspended_vantage(void **state)
{
	struct rig *rig = *state;

	focus(rig);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_SUSPENDED,
				       .start = {20 * MINUTE},
				       .end = {80 * MINUTE},
			       });
	rig_watch(rig, 2 * HOUR);
	assert_silent(rig);
	assert_int_equal(rig->records[0].vantage.reasons, BW_WHY_SUSPENDED);
}

static void test_stepped_clock(void **state)
{
	struct rig *rig = *state;

	focus(rig);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_CLOCK_STEP,
				       .start = {20 * MINUTE},
				       .step_ns = 3 * HOUR,
			       });
	rig_watch(rig, HOUR);
	assert_silent(rig);
}

static void test_loss_burst_is_not_dark(void **state)
{
	struct rig *rig = *state;

	init_focus(rig, 4);
	rig->uplink = (struct sim_link){
		.scheduled = {.out = 0.6},
		.first_ns = 10 * MINUTE,
		.period_ns = HOUR,
		.length_ns = 20 * BW_S,
	};
	rig_build(rig);
	rig_watch(rig, 24 * HOUR);
	assert_silent(rig);
}

/* Down and up many times, then down for long, then up: exactly these events are reported. */
static void test_flapping_then_dark_then_up(void **state)
{
	static const enum bw_verdict wanted[] = {BW_DARK,     BW_UP,   BW_DARK,
						 BW_FLAPPING, BW_DARK, BW_UP};
	struct rig *rig = *state;

	rig_init(rig, 2);
	rig->round_ns = 2 * BW_S;
	rig->confirm_ns = 2 * BW_S;
	rig->probes_per_hour = 3600;
	rig_build(rig);
	for (int64_t k = 0; k < 10; k++)
		rig_darken(rig, 0, 1200000 + k * 60000, 1220000 + k * 60000);
	rig_darken(rig, 0, 1800000, 3000000);
	rig_watch(rig, 2 * HOUR);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(rig_event(rig, BW_SCOPE_BLOCK, i)->to, wanted[i]);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 6));
	assert_int_equal(rig_event(rig, BW_SCOPE_BLOCK, 4)->onset, BW_ONSET_UNSTABLE);
	assert_within(rig_event(rig, BW_SCOPE_BLOCK, 4), 1800 * BW_S);
	assert_within(rig_event(rig, BW_SCOPE_BLOCK, 5), 3000 * BW_S);
}

/* It flaps and then stays up: flapping ends when the penalty has decayed. */
static void test_flapping_decays(void **state)
{
	struct rig *rig = *state;
	unsigned n = 0;

	rig_init(rig, 1);
	rig->round_ns = 2 * BW_S;
	rig->confirm_ns = 2 * BW_S;
	rig->probes_per_hour = 3600;
	rig_build(rig);
	for (int64_t k = 0; k < 5; k++)
		rig_darken(rig, 0, 1200000 + k * 60000, 1220000 + k * 60000);
	rig_watch(rig, 6 * HOUR);
	while (rig_event(rig, BW_SCOPE_BLOCK, n))
		n++;
	assert_int_equal(rig_event(rig, BW_SCOPE_BLOCK, n - 1)->from, BW_FLAPPING);
	assert_int_equal(rig_event(rig, BW_SCOPE_BLOCK, n - 1)->to, BW_UP);
	assert_int_equal(rig_event(rig, BW_SCOPE_BLOCK, n - 2)->to, BW_FLAPPING);
}

/* The replies of half a minute arrive 16 s late: dark is withdrawn. */
static void test_late_replies_withdraw(void **state)
{
	struct rig *rig = *state;
	struct sim_fault slow = {
		.scope = SIM_BLOCK,
		.kind = SIM_DEGRADED,
		.start = {20 * MINUTE},
		.end = {20 * MINUTE + 30 * BW_S},
		.router = SIM_LAST_ROUTER,
		.delay_ns = 16 * BW_S,
	};
	struct bw_err err = {0};
	const struct record_event *gone, *undone;

	focus(rig);
	assert_true(sim_world_add_fault(rig->world, &slow, &err) >= 0);
	rig_watch(rig, HOUR);
	gone = rig_event(rig, BW_SCOPE_BLOCK, 0);
	undone = rig_event(rig, BW_SCOPE_BLOCK, 1);
	assert_non_null(undone);
	assert_int_equal(gone->to, BW_DARK);
	assert_int_equal(undone->from, BW_DARK);
	assert_int_equal(undone->to, BW_UP);
	assert_true(undone->withdraws > 0);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 2));
}

/* The same for a block that never answered before: it is up since that reply. */
static void test_the_first_reply_of_all_is_late(void **state)
{
	struct rig *rig = *state;
	struct sim_fault slow = {
		.scope = SIM_BLOCK,
		.kind = SIM_DEGRADED,
		.end = {30 * BW_S},
		.router = SIM_LAST_ROUTER,
		.delay_ns = 20 * BW_S,
	};
	struct bw_err err = {0};

	focus(rig);
	assert_true(sim_world_add_fault(rig->world, &slow, &err) >= 0);
	rig_watch(rig, 10 * MINUTE);
	/* Silence before the first answer of all is no evidence of darkness. */
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 0));
}

/* A state as a vantage saves it. */
struct notebook {
	struct state_writer writer;
	FILE *file;
	char *text;
	size_t length;
};

static void notebook_begin(struct notebook *book, uint32_t blocks, uint32_t groups)
{
	const struct state_head head = {"rig", "test", 1, START, blocks, groups, false};

	*book = (struct notebook){0};
	book->file = open_memstream(&book->text, &book->length);
	assert_non_null(book->file);
	state_writer_begin(&book->writer, book->file, &head, NULL);
}

static char *notebook_end(struct notebook *book)
{
	assert_int_equal(state_writer_end(&book->writer), 0);
	assert_int_equal(fclose(book->file), 0);
	return book->text;
}

/* The saved state of a country that was dark, with one block that was never seen. */
static char *memory_of_an_outage(void)
{
	const struct bw_wall before = {START.ns - 600 * BW_S};
	const struct state_outage outage = {true, before, before};
	struct state_block block = {.target = "land", .since = before, .never_seen = true};
	struct state_group group = {.target = "land",
				    .verdict = BW_DARK,
				    .told = BW_DARK,
				    .since = before,
				    .outage = outage,
				    .scope = BW_SCOPE_TARGET};
	struct notebook book;

	notebook_begin(&book, 2, 2);
	assert_int_equal(bw_prefix_parse("198.18.1.0/24", &block.block, NULL), 0);
	state_writer_put_block(&book.writer, &block);
	assert_int_equal(bw_prefix_parse("198.18.0.0/24", &block.block, NULL), 0);
	block.verdict = block.told = BW_DARK;
	block.never_seen = false;
	block.known = true;
	block.outage = outage;
	block.hot_availability = block.cold_availability = 0.9;
	state_writer_put_block(&book.writer, &block);
	state_writer_put_group(&book.writer, &group);
	group.scope = BW_SCOPE_NETWORK;
	group.network = block.block;
	state_writer_put_group(&book.writer, &group);
	return notebook_end(&book);
}

/* A restart during an outage of a country with a never-seen block: no second event. */
static void test_restart_with_one_never_seen(void **state)
{
	struct rig *rig = *state;
	char *memory = memory_of_an_outage();

	init_focus(rig, 2);
	rig->known = false;
	rig->memory = memory;
	rig_build(rig);
	rig_darken(rig, 0, 0, 0);
	rig_darken(rig, 1, 0, 0);
	rig_watch(rig, HOUR);
	assert_silent(rig);
	free(memory);
}

/* The saved state of a block that flaps with phases of five minutes and is down. */
static char *memory_of_a_flap(void)
{
	const struct bw_wall before = {START.ns - 60 * BW_S};
	struct state_block block = {
		.target = "land",
		.verdict = BW_FLAPPING,
		.told = BW_FLAPPING,
		.since = before,
		.known = true,
		.down = true,
		.penalty = 4,
		.penalty_at = before,
		.hot_availability = 0.9,
		.cold_availability = 0.9,
		.phases = {3, 15 * MINUTE, 5 * MINUTE},
		.outage = {true, before, before},
	};
	struct state_group group = {.target = "land",
				    .verdict = BW_FLAPPING,
				    .told = BW_FLAPPING,
				    .since = before,
				    .scope = BW_SCOPE_TARGET};
	struct notebook book;

	notebook_begin(&book, 1, 2);
	assert_int_equal(bw_prefix_parse("198.18.0.0/24", &block.block, NULL), 0);
	state_writer_put_block(&book.writer, &block);
	state_writer_put_group(&book.writer, &group);
	group.scope = BW_SCOPE_NETWORK;
	group.network = block.block;
	state_writer_put_group(&book.writer, &group);
	return notebook_end(&book);
}

/* A restart while a block flaps: its phases are kept, and one more does not make it dark. */
static void test_restart_amid_a_flap(void **state)
{
	struct rig *rig = *state;
	char *memory = memory_of_a_flap();

	init_focus(rig, 1);
	rig->memory = memory;
	rig_build(rig);
	rig_darken(rig, 0, 0, 180000);
	rig_watch(rig, HOUR / 2);
	assert_silent(rig);
	free(memory);
}

/* A loss of its own makes a block wary. That does not delay an outage of all blocks. */
static void test_one_scare_does_not_delay_a_country(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone;

	focus(rig);
	for (int64_t at = 60 * 60000; at < 90 * 60000; at += 300000)
		rig_darken(rig, 1, at, at + 8000);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 120 * 60000, 150 * 60000);
	rig_watch(rig, 3 * HOUR);
	gone = rig_event(rig, BW_SCOPE_TARGET, 0);
	assert_non_null(gone);
	assert_true(since_start(gone->detected) > 2 * HOUR);
	assert_true(since_start(gone->detected) < 2 * HOUR + 15 * BW_S);
}

/* A single host that is off for hours is no outage until the other networks are silent, too. */
static void test_a_lone_host_has_company(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone;

	rig_init(rig, 4);
	rig->round_ns = MINUTE;
	rig->probes_per_hour = 20;
	rig->hosts = 1;
	rig_build(rig);
	rig_darken(rig, 3, 2 * 3600000, 8 * 3600000);
	for (uint32_t b = 0; b < 3; b++)
		rig_darken(rig, b, 6 * 3600000, 8 * 3600000);
	rig_watch(rig, 8 * HOUR);
	gone = target_event_to(rig, BW_DARK);
	assert_non_null(gone);
	assert_true(since_start(rig_event(rig, BW_SCOPE_BLOCK, 0)->detected) > 6 * HOUR);
	assert_true(since_start(gone->detected) < 6 * HOUR + 3 * MINUTE);
}

/* Of sixty listed hosts half are on at a time. The hot list knows which. */
static void test_half_of_the_hosts_are_on(void **state)
{
	struct rig *rig = *state;
	const struct record_event *gone;

	rig_init(rig, 8);
	rig->hosts = 60;
	rig->kind.availability = 0.5;
	rig->kind.tau_ns = 6 * HOUR;
	rig->round_ns = 240 * BW_S;
	rig->probes_per_hour = 20;
	rig_build(rig);
	rig_darken(rig, 3, 20 * 3600000, 23 * 3600000);
	rig_watch(rig, 48 * HOUR);
	gone = rig_event(rig, BW_SCOPE_BLOCK, 0);
	assert_non_null(gone);
	assert_within(gone, 20 * HOUR);
	assert_true(since_start(gone->detected) < 20 * HOUR + 300 * BW_S);
	assert_within(rig_event(rig, BW_SCOPE_BLOCK, 1), 23 * HOUR);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 2));
}

/* The same block without listed hosts: its hosts are found, and there is no false dark. */
static void test_hosts_are_found(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->hosts = 120;
	rig->known = false;
	rig->round_ns = 60 * BW_S;
	rig->probes_per_hour = 120;
	rig_build(rig);
	rig_darken(rig, 1, 20 * 3600000, 23 * 3600000);
	rig_watch(rig, 48 * HOUR);
	assert_within(rig_event(rig, BW_SCOPE_BLOCK, 0), 20 * HOUR);
	assert_within(rig_event(rig, BW_SCOPE_BLOCK, 1), 23 * HOUR);
	assert_null(rig_event(rig, BW_SCOPE_BLOCK, 2));
}

#define ROUNDS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROUNDS_TEST(test_steady_says_nothing),
		ROUNDS_TEST(test_one_block_goes_dark_and_returns),
		ROUNDS_TEST(test_a_country_goes_dark_and_returns),
		ROUNDS_TEST(test_twenty_probes_an_hour),
		ROUNDS_TEST(test_held_blind),
		ROUNDS_TEST(test_cut_vantage),
		ROUNDS_TEST(test_suspended_vantage),
		ROUNDS_TEST(test_stepped_clock),
		ROUNDS_TEST(test_loss_burst_is_not_dark),
		ROUNDS_TEST(test_flapping_then_dark_then_up),
		ROUNDS_TEST(test_flapping_decays),
		ROUNDS_TEST(test_late_replies_withdraw),
		ROUNDS_TEST(test_the_first_reply_of_all_is_late),
		ROUNDS_TEST(test_restart_with_one_never_seen),
		ROUNDS_TEST(test_restart_amid_a_flap),
		ROUNDS_TEST(test_one_scare_does_not_delay_a_country),
		ROUNDS_TEST(test_a_lone_host_has_company),
		ROUNDS_TEST(test_half_of_the_hosts_are_on),
		ROUNDS_TEST(test_hosts_are_found),
	};

	return cmocka_run_group_tests_name("sim/rounds", tests, NULL, NULL);
}

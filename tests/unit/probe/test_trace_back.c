/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/trace/trace_back.h"
#include "probe/trace/trace_plan.h"

#define UNTIL 15

/* A path: hops up to PASSES send time exceeded, those from REFUSES on unreachable (0: none do). */
struct world {
	uint8_t passes, refuses;
	uint8_t replies;  /* the TTL from which the destination answers; 0: it is silent */
	uint64_t unlucky; /* TTLs whose first probe is lost */
	unsigned asked;   /* probes so far */
};

struct bench {
	struct trace trace;
	struct trace_hop hops[TRACE_TTL_MAX + 1];
};

static const struct trace_limits limits = {.max_ttl = 40, .gap = 5, .tries = 2};

static struct bw_addr addr(unsigned n)
{
	return bw_addr_from_v4(0xc6120000 + n);
}

static void answer(struct world *world, struct trace *trace, uint8_t ttl)
{
	struct trace_hop *hop = &trace->hops[ttl];
	bool lost = hop->tries == 0 && world->unlucky & TRACE_TTL_BIT(ttl);

	hop->tries++;
	world->asked++;
	trace->sent++;
	hop->state = TRACE_HOP_KNOWN;
	hop->from = addr(ttl);
	if (world->replies && ttl >= world->replies && !lost)
		hop->kind = TRACE_REPLY;
	else if (ttl <= world->passes && !lost)
		hop->kind = TRACE_TIME_EXCEEDED;
	else if (world->refuses && ttl >= world->refuses && !lost)
		hop->kind = TRACE_UNREACHABLE;
	else
		*hop = (struct trace_hop){.state = TRACE_HOP_QUIET, .tries = hop->tries};
}

/* Runs a backward trace to its end. */
static void run(struct bench *bench, struct world *world, uint8_t hint, uint64_t usual)
{
	struct trace *trace = &bench->trace;
	uint64_t asked;

	*bench = (struct bench){.trace = {.phase = TRACE_BACKWARD, .until = UNTIL}};
	trace->hops = bench->hops;
	trace->usual = usual;
	while ((asked = trace_back_plan(trace, &limits, hint)) != 0) {
		assert_int_equal(trace->phase, TRACE_BACKWARD);
		for (; asked; asked &= asked - 1)
			answer(world, trace, (uint8_t)(__builtin_ctzll(asked) + 1));
	}
	assert_int_equal(trace->phase, TRACE_DONE);
}

#define ALL (TRACE_TTL_BIT(UNTIL) - 1)

/* Wherever the cut is, with and without a hint, right or wrong. */
static void test_finds_each_cut(void **state)
{
	struct bench bench;

	(void)state;
	for (uint8_t cut = 0; cut < UNTIL; cut++) {
		for (uint8_t hint = 0; hint < UNTIL; hint++) {
			struct world world = {.passes = cut};

			run(&bench, &world, hint, ALL);
			assert_int_equal(trace_last_passed(&bench.trace), cut);
			assert_int_equal(bench.trace.stop, TRACE_GAP);
			assert_false(bench.trace.reached);
			if (cut > 0 && hint == cut)
				assert_true(world.asked <= 7);
			assert_true(world.asked <= UNTIL + 4);
		}
	}
}

static void test_finds_who_refuses(void **state)
{
	struct bench bench;

	(void)state;
	for (uint8_t cut = 1; cut < UNTIL - 1; cut++) {
		struct world world = {.passes = cut, .refuses = cut + 1};

		run(&bench, &world, 0, ALL);
		assert_int_equal(trace_last_passed(&bench.trace), cut);
		assert_int_equal(bench.trace.stop, TRACE_STOP_UNREACHABLE);
		assert_int_equal(bench.trace.last, cut + 1);
	}
}

static void test_ends_when_the_destination_answers(void **state)
{
	struct bench bench;
	struct world world = {.passes = UNTIL - 1, .replies = UNTIL};

	(void)state;
	run(&bench, &world, 0, ALL);
	assert_true(bench.trace.reached);
	assert_int_equal(bench.trace.last, UNTIL);
	assert_int_equal(world.asked, 4);
}

/* One lost answer moves nothing, and hops that never answer are not asked. */
static void test_loss_and_silent_hops(void **state)
{
	struct bench bench;
	struct world world = {.passes = 8, .unlucky = TRACE_TTL_BIT(8) | TRACE_TTL_BIT(10)};

	(void)state;
	run(&bench, &world, 7, ALL & ~TRACE_TTL_BIT(9));
	assert_int_equal(trace_last_passed(&bench.trace), 8);
	assert_int_equal(bench.hops[9].state, TRACE_HOP_IDLE);
	assert_int_equal(bench.hops[10].tries, 2);
}

/* The time exceeded of the last hop is lost, the unreachable behind it is not. */
static void test_loss_before_a_refusal(void **state)
{
	struct bench bench;
	struct world world = {.passes = 8, .refuses = 9, .unlucky = TRACE_TTL_BIT(8)};

	(void)state;
	run(&bench, &world, 0, ALL);
	assert_int_equal(bench.trace.stop, TRACE_STOP_UNREACHABLE);
	assert_int_equal(bench.trace.last, 9);
	assert_int_equal(bench.hops[8].kind, TRACE_TIME_EXCEEDED);
}

/* Time exceeded from where the destination was: all TTLs are to be asked. */
static void test_a_longer_path_is_traced_anew(void **state)
{
	struct bench bench = {.trace = {.phase = TRACE_BACKWARD, .until = UNTIL, .usual = ALL}};
	struct world world = {.passes = UNTIL + 5};
	uint64_t asked;

	(void)state;
	bench.trace.hops = bench.hops;
	asked = trace_back_plan(&bench.trace, &limits, 0);
	for (; asked; asked &= asked - 1)
		answer(&world, &bench.trace, (uint8_t)(__builtin_ctzll(asked) + 1));
	(void)trace_back_plan(&bench.trace, &limits, 0);
	assert_int_equal(bench.trace.phase, TRACE_OUTWARD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_each_cut),
		cmocka_unit_test(test_finds_who_refuses),
		cmocka_unit_test(test_loss_before_a_refusal),
		cmocka_unit_test(test_ends_when_the_destination_answers),
		cmocka_unit_test(test_loss_and_silent_hops),
		cmocka_unit_test(test_a_longer_path_is_traced_anew),
	};

	return cmocka_run_group_tests_name("probe/trace_back", tests, NULL, NULL);
}

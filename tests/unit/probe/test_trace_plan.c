/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/trace/trace_hints.h"
#include "probe/trace/trace_plan.h"

#define FAR 20

/* A way: routers up to END - 1, then the destination. */
struct world {
	uint8_t end;
	int back;     /* routers more on the way back than out; fewer, if it is negative */
	bool silent;  /* the destination does not answer */
	uint8_t lost; /* the first probe with this TTL is lost */
};

struct bench {
	struct trace trace;
	struct trace_hop hops[TRACE_TTL_MAX + 1];
	struct stop_set *set;
};

static const struct trace_limits limits = {.max_ttl = 30, .gap = 5, .tries = 3};

/* One probe with this TTL. */
static void answer(const struct world *world, struct trace *trace, uint8_t ttl)
{
	struct trace_hop *hop = &trace->hops[ttl];
	bool lost = hop->tries == 0 && world->lost == ttl;
	bool passes = ttl < world->end;

	hop->tries++;
	trace->sent++;
	if (lost || (!passes && world->silent)) {
		hop->state = hop->tries < trace_tries(trace, &limits, ttl) ? TRACE_HOP_ASKED
									   : TRACE_HOP_QUIET;
		return;
	}
	hop->state = TRACE_HOP_KNOWN;
	hop->kind = passes ? TRACE_TIME_EXCEEDED : TRACE_REPLY;
	hop->reply = passes ? REPLY_TIME_EXCEEDED : REPLY_ECHO;
	hop->reply_ttl = (uint8_t)(64 - (passes ? ttl : world->end) - world->back + 1);
	hop->from = bw_addr_from_v4(0xc6120000U + (passes ? ttl : 99U));
}

/* Traces the way with a guess. The set knows the hops of former traces. */
static void run(struct bench *bench, const struct world *world, uint8_t guess)
{
	const struct trace_wish wish = {.flow = 1};
	struct trace *trace = &bench->trace;

	*trace = (struct trace){.hops = bench->hops};
	for (unsigned ttl = 0; ttl <= TRACE_TTL_MAX; ttl++)
		bench->hops[ttl] = (struct trace_hop){0};
	trace_begin(trace, &wish, limits.max_ttl, guess);
	for (unsigned turns = 0; trace->phase != TRACE_DONE; turns++) {
		uint64_t asked = trace_plan(trace, &limits, bench->set, 1);

		assert_in_range(turns, 0, 100);
		for (; asked; asked &= asked - 1) {
			uint8_t ttl = (uint8_t)(__builtin_ctzll(asked) + 1);

			while (bench->hops[ttl].state == TRACE_HOP_ASKED)
				answer(world, trace, ttl);
		}
	}
}

static void assert_whole(const struct bench *bench, const struct world *world)
{
	assert_true(bench->trace.reached);
	assert_int_equal(bench->trace.last, world->end);
	for (uint8_t ttl = 1; ttl < world->end; ttl++) {
		assert_int_equal(bench->hops[ttl].kind, TRACE_TIME_EXCEEDED);
		assert_int_equal(bw_addr_to_v4(&bench->hops[ttl].from), 0xc6120000U + ttl);
	}
	assert_int_equal(bench->hops[world->end].kind, TRACE_REPLY);
}

/* Whatever the guess, and whichever way the answers take, the way is found whole. */
static void test_a_guess_decides_nothing(void **state)
{
	struct bench bench = {.set = stop_set_new(1000)};

	(void)state;
	for (uint8_t end = 1; end <= FAR; end++)
		for (uint8_t guess = 0; guess <= FAR; guess++)
			for (int back = -3; back <= 3; back++) {
				const struct world world = {.end = end, .back = back};

				run(&bench, &world, guess);
				assert_whole(&bench, &world);
			}
	stop_set_free(bench.set);
}

/* The probe of the guess is lost, or any other. */
static void test_loss(void **state)
{
	struct bench bench = {.set = stop_set_new(1000)};

	(void)state;
	for (uint8_t guess = 0; guess <= 12; guess++)
		for (uint8_t lost = 1; lost <= 12; lost++) {
			const struct world world = {.end = 9, .lost = lost};

			run(&bench, &world, guess);
			assert_whole(&bench, &world);
		}
	stop_set_free(bench.set);
}

/* A right guess: the destination and the hop before it, which the set knows. */
static void test_two_probes(void **state)
{
	struct bench bench = {.set = stop_set_new(1000)};
	const struct world world = {.end = 9};

	(void)state;
	run(&bench, &world, 0);
	stop_set_add(bench.set, &bench.trace);
	run(&bench, &world, 0);
	assert_int_equal(bench.trace.sent, 3);
	run(&bench, &world, 9);
	assert_int_equal(bench.trace.sent, 2);
	assert_whole(&bench, &world);
	stop_set_free(bench.set);
}

/* A destination that is silent ends as without a guess. */
static void test_a_silent_end(void **state)
{
	struct bench bench = {.set = stop_set_new(1000)};
	const struct world world = {.end = 9, .silent = true};

	(void)state;
	for (uint8_t guess = 0; guess <= FAR; guess++) {
		run(&bench, &world, guess);
		assert_false(bench.trace.reached);
		assert_int_equal(bench.trace.stop, TRACE_GAP);
		assert_int_equal(trace_last_passed(&bench.trace), 8);
	}
	stop_set_free(bench.set);
}

/* There is a guess when two destinations that follow each other are as far. */
static void test_hints(void **state)
{
	struct trace_hints hints = trace_hints_of();
	struct trace_hop hops[TRACE_TTL_MAX + 1] = {{.state = TRACE_HOP_IDLE}};
	struct trace trace = {.hops = hops, .reached = true, .last = 9, .dst = {.family = 4}};

	(void)state;
	trace_hints_note(&hints, &trace);
	assert_int_equal(trace_hints_guess(&hints, 4, 30), 0);
	trace_hints_note(&hints, &trace);
	assert_int_equal(trace_hints_guess(&hints, 4, 30), 9);
	assert_int_equal(trace_hints_guess(&hints, 6, 30), 0);
	assert_int_equal(trace_hints_guess(&hints, 4, 9), 0);
	trace.reached = false;
	trace_hints_note(&hints, &trace);
	assert_int_equal(trace_hints_guess(&hints, 4, 30), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_guess_decides_nothing),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_two_probes),
		cmocka_unit_test(test_a_silent_end),
		cmocka_unit_test(test_hints),
	};

	return cmocka_run_group_tests_name("probe/trace_plan", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "collect/board/claims.h"

#define MINUTE (60 * BW_S)

static const struct claim up = {100 * MINUTE, 10 * MINUTE, 9 * MINUTE, BW_UP};
static const struct claim dark = {200 * MINUTE, 190 * MINUTE, 189 * MINUTE, BW_DARK};

static struct claim said_at(const struct claim *claim, int64_t said_ns)
{
	struct claim again = *claim;

	again.said_ns = said_ns;
	return again;
}

static int64_t add(struct claims *claims, const struct claim *claim)
{
	const int64_t from = claims_add(claims, claim);

	assert_true(claims_knows(claims, claim));
	return from;
}

static enum bw_verdict verdict_at(const struct claims *claims, int64_t t_ns)
{
	const struct change *change = claims_at(claims, t_ns);

	return change ? (enum bw_verdict)change->verdict : BW_UNKNOWN;
}

static void test_going_back_to_an_earlier_claim_takes_the_later_one_back(void **state)
{
	const struct claim again = said_at(&up, 210 * MINUTE),
			   dark_again = said_at(&dark, 220 * MINUTE);
	struct claims claims;

	(void)state;
	claims_init(&claims);
	add(&claims, &up);
	assert_int_equal(add(&claims, &dark), dark.earliest_ns);
	assert_int_equal(verdict_at(&claims, 300 * MINUTE), BW_DARK);
	assert_false(claims_knows(&claims, &again));
	assert_int_equal(add(&claims, &again), dark.earliest_ns);
	assert_int_equal(verdict_at(&claims, 300 * MINUTE), BW_UP);
	assert_int_equal(verdict_at(&claims, 195 * MINUTE), BW_UP);
	assert_int_equal(add(&claims, &dark_again), dark.earliest_ns);
	assert_int_equal(verdict_at(&claims, 300 * MINUTE), BW_DARK);
	assert_int_equal(claims.said.count, 2);
	claims_fini(&claims);
}

/* What is repeated changes nothing, but a later word before the repetition does not count. */
static void test_a_claim_holds_as_of_the_last_time_it_was_said(void **state)
{
	const struct claim again = said_at(&up, 210 * MINUTE);
	struct claims claims;

	(void)state;
	claims_init(&claims);
	add(&claims, &up);
	assert_true(claims_knows(&claims, &again));
	assert_int_equal(add(&claims, &again), INT64_MAX);
	assert_int_equal(add(&claims, &up), INT64_MAX);
	assert_int_equal(add(&claims, &dark), INT64_MAX);
	assert_int_equal(verdict_at(&claims, 300 * MINUTE), BW_UP);
	claims_fini(&claims);
}

static void shuffle(struct claim *list, unsigned count, struct rng *rng)
{
	for (unsigned n = count - 1; n > 0; n--) {
		const unsigned other = (unsigned)rng_below(rng, n + 1);
		const struct claim moved = list[n];

		list[n] = list[other];
		list[other] = moved;
	}
}

/* A vantage that says a few claims again and again, in any order. */
static void check_order(uint64_t seed)
{
	struct rng rng = rng_of(seed);
	struct claims once, shuffled;
	struct claim list[40];

	claims_init(&once);
	claims_init(&shuffled);
	for (unsigned n = 0; n < 40; n++) {
		const int64_t since = (int64_t)(1 + rng_below(&rng, 5)) * MINUTE;

		list[n] = (struct claim){(10 + (int64_t)n) * MINUTE, since, since - BW_S,
					 rng_below(&rng, 2) ? BW_UP : BW_DARK};
		add(&once, &list[n]);
	}
	shuffle(list, 40, &rng);
	for (unsigned n = 0; n < 40; n++)
		add(&shuffled, &list[n]);
	assert_int_equal(once.changes.count, shuffled.changes.count);
	for (uint32_t n = 0; n < once.changes.count; n++)
		assert_memory_equal(array_at(&once.changes, n), array_at(&shuffled.changes, n),
				    offsetof(struct change, verdict) + 1);
	for (int64_t t = MINUTE; t < 7 * MINUTE; t += MINUTE)
		assert_int_equal(verdict_at(&once, t), verdict_at(&shuffled, t));
	claims_fini(&once);
	claims_fini(&shuffled);
}

static void test_the_order_does_not_matter(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 50; seed++)
		check_order(seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_going_back_to_an_earlier_claim_takes_the_later_one_back),
		cmocka_unit_test(test_a_claim_holds_as_of_the_last_time_it_was_said),
		cmocka_unit_test(test_the_order_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

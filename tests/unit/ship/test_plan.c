/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ship/spool/plan.h"

#define MIB ((uint64_t)1 << 20)
#define NOW ((struct bw_mono){1000 * 3600 * BW_S})

static const struct plan_limits limits = {64 * MIB, 24 * 3600 * BW_S};

struct spool {
	struct plan_segment segments[8];
	struct plan plan;
};

static void add(struct spool *spool, uint64_t number, uint64_t size, int64_t age_s)
{
	struct plan_segment *segment = &spool->segments[spool->plan.count++];

	*segment = (struct plan_segment){.number = number};
	segment->all.length = size;
	segment->all.last_seq = number * 10;
	memcpy(segment->all.last_boot, "b", 2);
	segment->last_write = bw_mono_add(NOW, -age_s * BW_S);
	spool->plan.list = spool->segments;
	spool->plan.bytes += size;
}

static void put(struct spool *spool, unsigned type)
{
	spool->segments[spool->plan.count - 1].all.sums.records[type] = 1;
}

static void check(const struct spool *spool, enum plan_action action, size_t segment,
		  unsigned types)
{
	struct plan_step step = plan_next(&spool->plan, &limits, NOW);

	assert_int_equal(step.action, action);
	if (action == PLAN_NOTHING)
		return;
	assert_int_equal(step.segment, segment);
	assert_int_equal(step.types, types);
}

static void test_sizes(void **state)
{
	struct plan_limits small = {1 * MIB, 60 * BW_S}, large = {1024 * MIB, 7 * 86400 * BW_S};

	(void)state;
	assert_int_equal(plan_segment_size(&small), MIB / 16);
	assert_int_equal(plan_segment_size(&large), 16 * MIB);
	assert_int_equal(plan_segment_age_ns(&large), 9450 * BW_S);
}

static void test_nothing_while_there_is_room(void **state)
{
	struct spool spool = {0};

	(void)state;
	check(&spool, PLAN_NOTHING, 0, 0);
	add(&spool, 1, 60 * MIB, 10);
	put(&spool, SPOOL_PROBE);
	check(&spool, PLAN_NOTHING, 0, 0);
}

static void test_types_go_in_their_order(void **state)
{
	struct spool spool = {0};

	(void)state;
	add(&spool, 1, 30 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_TARGET);
	add(&spool, 2, 30 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_BLOCK);
	add(&spool, 3, 2 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	check(&spool, PLAN_REWRITE, 1, 1U << SPOOL_BLOCK);
	spool.segments[1].all.sums.records[SPOOL_BLOCK] = 0;
	check(&spool, PLAN_REWRITE, 0, 1U << SPOOL_TARGET);
	spool.segments[0].all.sums.records[SPOOL_TARGET] = 0;
	check(&spool, PLAN_DELETE, 0, 1U << SPOOL_EVENT);
}

static void test_the_newest_segment_is_ended_first(void **state)
{
	struct spool spool = {0};

	(void)state;
	add(&spool, 1, 61 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_BLOCK);
	check(&spool, PLAN_BEGIN, 0, 1U << SPOOL_BLOCK);
}

/* A full disk: no event goes for any record, and what is left must fit into the reserve. */
static void test_room_on_a_full_disk(void **state)
{
	struct spool spool = {0};
	struct plan_step step;

	(void)state;
	assert_int_equal(plan_reserve_size(&limits), 2 * MIB);
	add(&spool, 1, 4 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_TARGET);
	spool.segments[0].all.sums.bytes[SPOOL_TARGET] = 3 * MIB;
	add(&spool, 2, 4 * MIB, 10);
	put(&spool, SPOOL_TARGET);
	add(&spool, 3, 4 * MIB, 10);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_BLOCK);
	spool.segments[2].all.sums.bytes[SPOOL_BLOCK] = MIB;
	add(&spool, 4, 0, 10);
	step = plan_make_room(&spool.plan, SPOOL_VANTAGE, 2 * MIB);
	assert_int_equal(step.action, PLAN_NOTHING);
	step = plan_make_room(&spool.plan, SPOOL_EVENT, 2 * MIB);
	assert_int_equal(step.action, PLAN_REWRITE);
	assert_int_equal(step.segment, 0);
	assert_int_equal(step.types, (2U << SPOOL_TARGET) - 1);
	step = plan_make_room(&spool.plan, SPOOL_TARGET, 0);
	assert_int_equal(step.action, PLAN_DELETE);
	assert_int_equal(step.segment, 1);
	spool.segments[2].all.sums.bytes[SPOOL_BLOCK] = 3 * MIB;
	step = plan_make_room(&spool.plan, SPOOL_VANTAGE, 2 * MIB);
	assert_int_equal(step.action, PLAN_REWRITE);
	assert_int_equal(step.segment, 2);
	step = plan_make_room(&spool.plan, SPOOL_PROBE, 2 * MIB);
	assert_int_equal(step.action, PLAN_NOTHING);
}

static void test_age_never_drops_an_event(void **state)
{
	struct spool spool = {0};

	(void)state;
	add(&spool, 1, MIB, 2 * 86400);
	put(&spool, SPOOL_EVENT);
	add(&spool, 2, MIB, 2 * 86400);
	put(&spool, SPOOL_EVENT);
	put(&spool, SPOOL_VANTAGE);
	add(&spool, 3, MIB, 2 * 86400);
	put(&spool, SPOOL_BLOCK);
	add(&spool, 4, MIB, 0);
	check(&spool, PLAN_REWRITE, 1, ((1U << SPOOL_TYPES) - 1) & ~(1U << SPOOL_EVENT));
	spool.segments[1].all.sums.records[SPOOL_VANTAGE] = 0;
	check(&spool, PLAN_DELETE, 2, ((1U << SPOOL_TYPES) - 1) & ~(1U << SPOOL_EVENT));
	spool.segments[2].all.sums.records[SPOOL_BLOCK] = 0;
	check(&spool, PLAN_NOTHING, 0, 0);
}

static void test_what_a_full_spool_takes(void **state)
{
	struct spool spool = {0};

	(void)state;
	add(&spool, 1, 60 * MIB, 10);
	put(&spool, SPOOL_TARGET);
	add(&spool, 2, 0, 10);
	assert_false(plan_admits(&spool.plan, &limits, SPOOL_BLOCK, 100));
	assert_true(plan_admits(&spool.plan, &limits, SPOOL_TARGET, 100));
	assert_true(plan_admits(&spool.plan, &limits, SPOOL_CONDITION, 100));
	assert_true(plan_admits(&spool.plan, &limits, SPOOL_EVENT, 100));
	spool.plan.bytes = 63 * MIB;
	assert_false(plan_admits(&spool.plan, &limits, SPOOL_TARGET, 100));
	assert_true(plan_admits(&spool.plan, &limits, SPOOL_EVENT, 100));
	spool.plan.bytes = 64 * MIB;
	assert_false(plan_admits(&spool.plan, &limits, SPOOL_EVENT, 100));
}

static void test_delivered(void **state)
{
	struct spool spool = {0};

	(void)state;
	add(&spool, 3, MIB, 10);
	add(&spool, 5, MIB, 10);
	add(&spool, 6, MIB, 10);
	assert_int_equal(plan_delivered(&spool.plan, 0, "", 0), 0);
	assert_int_equal(plan_delivered(&spool.plan, 3, "b", 29), 0);
	assert_int_equal(plan_delivered(&spool.plan, 3, "b", 30), 1);
	assert_int_equal(plan_delivered(&spool.plan, 3, "a", 30), 0);
	assert_int_equal(plan_delivered(&spool.plan, 5, "b", 1), 1);
	assert_int_equal(plan_delivered(&spool.plan, 6, "b", 60), 2);
	assert_int_equal(plan_delivered(&spool.plan, 99, "b", 60), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_nothing_while_there_is_room),
		cmocka_unit_test(test_types_go_in_their_order),
		cmocka_unit_test(test_the_newest_segment_is_ended_first),
		cmocka_unit_test(test_room_on_a_full_disk),
		cmocka_unit_test(test_age_never_drops_an_event),
		cmocka_unit_test(test_what_a_full_spool_takes),
		cmocka_unit_test(test_delivered),
	};

	return cmocka_run_group_tests_name("ship/plan", tests, NULL, NULL);
}

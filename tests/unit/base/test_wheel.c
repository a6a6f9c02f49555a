/* SPDX-License-Identifier: Apache-2.0 */
#include "base/wheel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

#define REACH ((INT64_C(1) << 40) - 1) /* ticks ahead, at most */

static struct bw_mono at_ms(int64_t ms)
{
	return (struct bw_mono){ms * BW_MS};
}

static void expect(struct wheel *wheel, struct bw_mono now, uint32_t expected)
{
	uint32_t id = UINT32_MAX;

	assert_true(wheel_expire(wheel, now, &id));
	assert_int_equal(id, expected);
	assert_false(wheel_is_armed(wheel, id));
}

static void expect_none(struct wheel *wheel, struct bw_mono now)
{
	uint32_t id = 77;

	assert_false(wheel_expire(wheel, now, &id));
	assert_int_equal(id, 77);
	assert_true(wheel_next(wheel).ns > now.ns);
}

static void test_one(void **state)
{
	struct wheel *wheel = wheel_new(4, BW_MS, at_ms(0));

	(void)state;
	assert_true(wheel_next(wheel).ns == INT64_MAX);
	expect_none(wheel, at_ms(5));
	wheel_arm(wheel, 3, at_ms(9));
	assert_true(wheel_is_armed(wheel, 3));
	assert_false(wheel_is_armed(wheel, 2));
	assert_true(wheel_next(wheel).ns == at_ms(9).ns);
	expect_none(wheel, at_ms(8));
	expect_none(wheel, (struct bw_mono){9 * BW_MS - 1});
	expect(wheel, at_ms(9), 3);
	expect_none(wheel, at_ms(9));
	assert_true(wheel_next(wheel).ns == INT64_MAX);
	wheel_free(wheel);
	wheel_free(NULL);
}

static void test_equal_deadlines(void **state)
{
	struct wheel *wheel = wheel_new(10, BW_MS, at_ms(0));
	const uint32_t order[] = {5, 2, 9, 0, 7};

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		wheel_arm(wheel, order[i], at_ms(50));
	wheel_arm(wheel, 2, at_ms(50));
	expect(wheel, at_ms(60), 5);
	expect(wheel, at_ms(60), 9);
	expect(wheel, at_ms(60), 0);
	expect(wheel, at_ms(60), 7);
	expect(wheel, at_ms(60), 2);
	expect_none(wheel, at_ms(60));
	wheel_free(wheel);
}

/* Armed for one moment from far and near, through all levels: still in the order of arming. */
static void check_order(int64_t tick)
{
	const int64_t before[] = {2000000, 1100000, 1048576, 1048575, 1025, 1024, 1023, 1, 0};
	struct wheel *wheel = wheel_new(18, BW_MS, at_ms(0));

	for (uint32_t i = 0; i < 9; i++) {
		expect_none(wheel, at_ms(tick - before[i] - 1));
		wheel_arm(wheel, i, at_ms(tick));
		wheel_arm(wheel, i + 9, at_ms(tick));
	}
	for (uint32_t i = 0; i < 9; i++) {
		expect(wheel, at_ms(tick), i);
		expect(wheel, at_ms(tick), i + 9);
	}
	expect_none(wheel, at_ms(tick));
	wheel_free(wheel);
}

static void test_order_over_levels(void **state)
{
	(void)state;
	for (int64_t tick = 4194304 - 300; tick < 4194304 + 300; tick++)
		check_order(tick);
	check_order(4194304 + 1024);
	check_order(4194304 + 1023);
	check_order(3000000);
	check_order(INT64_C(1) << 30);
}

/* A slot a whole turn ahead has the place of the one that the wheel is in. */
static void test_whole_turn(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(0));
	const int64_t start = 1022 * 1024, far = (INT64_C(1) << 30) + 1000;

	(void)state;
	expect_none(wheel, at_ms(start));
	wheel_arm(wheel, 0, at_ms(far));
	wheel_arm(wheel, 1, at_ms(start + 1029));
	wheel_arm(wheel, 2, at_ms(start + (1 << 20) - 1));
	expect_none(wheel, at_ms(start + 1028));
	expect(wheel, at_ms(start + 1029), 1);
	expect_none(wheel, at_ms(start + (1 << 20) - 2));
	expect(wheel, at_ms(start + (1 << 20) - 1), 2);
	expect_none(wheel, at_ms(far - 1));
	expect(wheel, at_ms(far), 0);
	wheel_free(wheel);
}

static void test_coming(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(0));
	uint32_t id = 77;

	(void)state;
	assert_false(wheel_coming(wheel, &id));
	wheel_arm(wheel, 2, at_ms(50));
	wheel_arm(wheel, 0, at_ms(50));
	wheel_arm(wheel, 1, at_ms(51));
	expect(wheel, at_ms(60), 2);
	assert_true(wheel_coming(wheel, &id));
	assert_int_equal(id, 0);
	expect(wheel, at_ms(60), 0);
	assert_false(wheel_coming(wheel, &id)); /* another tick */
	expect(wheel, at_ms(60), 1);
	wheel_free(wheel);
}

static void test_move_and_cancel(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(0));

	(void)state;
	wheel_arm(wheel, 0, at_ms(10));
	wheel_arm(wheel, 1, at_ms(10));
	wheel_arm(wheel, 2, at_ms(5000));
	wheel_arm(wheel, 0, at_ms(20));
	wheel_cancel(wheel, 2);
	wheel_cancel(wheel, 2);
	assert_false(wheel_is_armed(wheel, 2));
	expect(wheel, at_ms(100), 1);
	wheel_cancel(wheel, 0);
	expect_none(wheel, at_ms(10000));
	assert_true(wheel_next(wheel).ns == INT64_MAX);
	wheel_free(wheel);
}

static void test_passed(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(100));

	(void)state;
	wheel_arm(wheel, 0, at_ms(-100));
	expect_none(wheel, at_ms(99));
	expect(wheel, at_ms(100), 0);
	expect_none(wheel, at_ms(5000));
	wheel_arm(wheel, 1, at_ms(200));
	wheel_arm(wheel, 2, (struct bw_mono){INT64_MIN});
	assert_true(wheel_next(wheel).ns <= at_ms(5000).ns);
	expect(wheel, at_ms(5000), 1);
	expect(wheel, at_ms(5000), 2);
	wheel_free(wheel);
}

/* Arming for now while expiring does not end the advance, and arming for later does. */
static void test_arm_while_expiring(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(0));

	(void)state;
	wheel_arm(wheel, 0, at_ms(1));
	wheel_arm(wheel, 1, at_ms(3000));
	expect(wheel, at_ms(4000), 0);
	wheel_arm(wheel, 0, at_ms(2000));
	wheel_arm(wheel, 2, at_ms(4001));
	expect(wheel, at_ms(4000), 0);
	expect(wheel, at_ms(4000), 1);
	wheel_arm(wheel, 1, at_ms(4000));
	expect(wheel, at_ms(4000), 1);
	expect_none(wheel, at_ms(4000));
	expect(wheel, at_ms(4001), 2);
	wheel_free(wheel);
}

static void test_never(void **state)
{
	struct wheel *wheel = wheel_new(3, INT64_C(1) << 24, (struct bw_mono){-1000});

	(void)state;
	wheel_arm(wheel, 0, BW_NEVER);
	wheel_arm(wheel, 1, (struct bw_mono){INT64_MAX - (INT64_C(1) << 26)});
	wheel_arm(wheel, 2, (struct bw_mono){INT64_MAX / 2});
	expect_none(wheel, (struct bw_mono){INT64_MAX / 2 - (INT64_C(1) << 24)});
	expect(wheel, (struct bw_mono){INT64_MAX / 2 + (INT64_C(1) << 24)}, 2);
	expect_none(wheel, (struct bw_mono){INT64_MAX - (INT64_C(1) << 26) - 1});
	expect(wheel, BW_NEVER, 1);
	expect(wheel, BW_NEVER, 0);
	assert_false(wheel_expire(wheel, BW_NEVER, &(uint32_t){0}));
	wheel_free(wheel);
}

/* Further ahead than the wheel reaches: all at its very end, seen from when they were armed. */
static void test_reach(void **state)
{
	struct wheel *wheel = wheel_new(3, BW_MS, at_ms(0));

	(void)state;
	expect_none(wheel, at_ms(5));
	wheel_arm(wheel, 0, at_ms(2 * REACH));
	wheel_arm(wheel, 1, BW_NEVER);
	wheel_arm(wheel, 2, at_ms(5 + REACH));
	expect_none(wheel, at_ms(4 + REACH));
	expect(wheel, at_ms(5 + REACH), 0);
	expect(wheel, at_ms(5 + REACH), 1);
	expect(wheel, at_ms(5 + REACH), 2);
	expect_none(wheel, at_ms(5 + REACH));
	wheel_free(wheel);
}

static void test_extreme_starts(void **state)
{
	const int64_t starts[] = {INT64_MIN, -1, 0, INT64_MAX - 1000};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct wheel *wheel = wheel_new(2, 10, (struct bw_mono){starts[i]});

		wheel_arm(wheel, 0, (struct bw_mono){starts[i] + 995});
		wheel_arm(wheel, 1, BW_NEVER);
		expect_none(wheel, (struct bw_mono){starts[i] + 989});
		expect(wheel, (struct bw_mono){starts[i] + 1000}, 0);
		expect(wheel, BW_NEVER, 1);
		wheel_free(wheel);
	}
}

static void test_grow(void **state)
{
	struct wheel *wheel = wheel_new(0, BW_MS, at_ms(0));

	(void)state;
	assert_int_equal(wheel_grow(wheel, 100), 0);
	for (uint32_t id = 0; id < 100; id++)
		wheel_arm(wheel, id, at_ms(1000 + id * 1000));
	assert_int_equal(wheel_grow(wheel, 100000), 0);
	assert_int_equal(wheel_grow(wheel, 5), 0);
	assert_int_equal(wheel_grow(wheel, UINT32_MAX), -ENOMEM);
	assert_false(wheel_is_armed(wheel, 99999));
	wheel_arm(wheel, 99999, at_ms(500));
	expect(wheel, at_ms(1000000), 99999);
	for (uint32_t id = 0; id < 100; id++)
		expect(wheel, at_ms(1000000), id);
	expect_none(wheel, at_ms(1000000));
	wheel_free(wheel);
	assert_null(wheel_new(UINT32_MAX, BW_MS, at_ms(0)));
}

/* The reference: a table that is searched for the earliest tick, then for the earliest arming. */
enum { IDS = 64 };

struct model {
	int64_t tick[IDS]; /* rounded up, not before the time of arming's last advance; -1: none */
	int64_t deadline[IDS];
	uint64_t armed[IDS]; /* when, as a running number */
	uint64_t armings;
	int64_t tick_ns;
	int64_t reached; /* the tick that the wheel stands at */
};

static void model_arm(struct model *model, uint32_t id, int64_t at)
{
	int64_t tick = at <= 0 ? 0 : (at + model->tick_ns - 1) / model->tick_ns;

	if (tick - model->reached > REACH)
		at = (tick = model->reached + REACH) * model->tick_ns;
	model->tick[id] = tick < model->reached ? model->reached : tick;
	model->deadline[id] = at;
	model->armed[id] = model->armings++;
}

/* The number that is due first, or -1 when nothing is armed. */
static int model_first(const struct model *model)
{
	int first = -1;

	for (int id = 0; id < IDS; id++) {
		if (model->tick[id] < 0)
			continue;
		if (first < 0 || model->tick[id] < model->tick[first] ||
		    (model->tick[id] == model->tick[first] &&
		     model->armed[id] < model->armed[first]))
			first = id;
	}
	return first;
}

static void check_expire(struct wheel *wheel, struct model *model, int64_t now)
{
	int64_t limit = now / model->tick_ns;
	int first = model_first(model);
	uint32_t id;

	if (first < 0 || model->tick[first] > limit) {
		assert_false(wheel_expire(wheel, (struct bw_mono){now}, &id));
		model->reached = limit > model->reached ? limit : model->reached;
		assert_true(wheel_next(wheel).ns > now);
		return;
	}
	assert_true(wheel_expire(wheel, (struct bw_mono){now}, &id));
	assert_int_equal(id, first);
	assert_true(model->deadline[id] <= now);
	model->reached = model->tick[id];
	model->tick[id] = -1;
}

static void check_next(const struct wheel *wheel, const struct model *model)
{
	int first = model_first(model);
	int64_t next = wheel_next(wheel).ns;

	if (first < 0)
		return;
	assert_true(next <= model->tick[first] * model->tick_ns);
}

/* A span that is as likely to be of one level as of another. */
static int64_t random_span(struct rng *rng, unsigned bits)
{
	return (int64_t)(rng_u64(rng) >> (63 - rng_below(rng, bits))) / 2;
}

static void run_model(uint64_t seed, int64_t tick_ns, unsigned bits, unsigned steps)
{
	struct wheel *wheel = wheel_new(IDS, tick_ns, (struct bw_mono){0});
	struct rng rng = rng_of(seed);
	struct model model = {.tick_ns = tick_ns};
	int64_t now = 0;

	memset(model.tick, 0xff, sizeof(model.tick));
	for (unsigned step = 0; step < steps; step++) {
		uint32_t id = (uint32_t)rng_below(&rng, IDS);
		uint64_t choice = rng_below(&rng, 16);
		int64_t at = now + random_span(&rng, bits) - (choice == 0 ? 5000 : 0);

		if (choice == 1 && model.tick[(id + 1) % IDS] >= 0)
			at = model.deadline[(id + 1) % IDS];
		if (choice < 8) {
			wheel_arm(wheel, id, (struct bw_mono){at});
			model_arm(&model, id, at);
		} else if (choice == 8) {
			wheel_cancel(wheel, id);
			model.tick[id] = -1;
		} else if (choice < 14) {
			check_expire(wheel, &model, now);
		} else {
			now += choice == 14 ? random_span(&rng, bits) : random_span(&rng, 12);
		}
		assert_int_equal(wheel_is_armed(wheel, id), model.tick[id] >= 0);
		check_next(wheel, &model);
	}
	wheel_free(wheel);
}

static void test_against_model(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 40; seed++) {
		run_model(seed, 1, 12, 3000);
		run_model(seed, 1, 24, 3000);
		run_model(seed, 1, 40, 3000);
		run_model(seed, 7, 20, 3000);
		run_model(seed, 1000, 30, 3000);
		run_model(seed, 3, 52, 2000);
	}
}

/* Jumps from one wheel_next() to the next find everything, in few steps. */
static void test_driven_by_next(void **state)
{
	enum { COUNT = 1000 };
	struct wheel *wheel = wheel_new(COUNT, BW_MS, at_ms(0));
	struct rng rng = rng_of(4);
	unsigned found = 0, steps = 0;
	int64_t deadline[COUNT];
	uint32_t id;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		deadline[i] = (int64_t)rng_below(&rng, UINT64_C(12000) * 86400 * BW_S);
		wheel_arm(wheel, i, (struct bw_mono){deadline[i]});
	}
	for (struct bw_mono now = wheel_next(wheel); now.ns != INT64_MAX; now = wheel_next(wheel)) {
		while (wheel_expire(wheel, now, &id)) {
			assert_true(deadline[id] <= now.ns && now.ns - deadline[id] < BW_MS);
			found++;
		}
		steps++;
	}
	assert_int_equal(found, COUNT);
	assert_true(steps < COUNT * 5);
	wheel_free(wheel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_equal_deadlines),
		cmocka_unit_test(test_order_over_levels),
		cmocka_unit_test(test_whole_turn),
		cmocka_unit_test(test_coming),
		cmocka_unit_test(test_move_and_cancel),
		cmocka_unit_test(test_passed),
		cmocka_unit_test(test_arm_while_expiring),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_extreme_starts),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_driven_by_next),
	};

	return cmocka_run_group_tests_name("base/wheel", tests, NULL, NULL);
}

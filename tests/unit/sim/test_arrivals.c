/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "net.h"
#include "sim/packet/arrivals.h"

static int add(struct arrivals *arrivals, int64_t at, uint8_t mark)
{
	struct arrival arrival = {.at = {at}, .length = 20};

	memset(arrival.bytes, mark, 20);
	return arrivals_add(arrivals, &arrival);
}

static void test_in_order_of_time(void **state)
{
	struct arrivals arrivals;
	struct rng rng = rng_of(1);
	int64_t before = -1;
	(void)state;

	arrivals_init(&arrivals, 100000);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(add(&arrivals, (int64_t)rng_below(&rng, 50), (uint8_t)i), 0);
	for (unsigned i = 0; i < 5000; i++) {
		struct bw_mono next = arrivals_next(&arrivals);
		const struct arrival *a = arrivals_take(&arrivals);

		assert_non_null(a);
		assert_int_equal(a->at.ns, next.ns);
		assert_true(a->at.ns >= before);
		assert_int_equal(a->bytes[0], a->bytes[19]);
		before = a->at.ns;
	}
	assert_null(arrivals_take(&arrivals));
	assert_int_equal(arrivals_next(&arrivals).ns, INT64_MAX);
	arrivals_fini(&arrivals);
}

static void test_equal_times_keep_their_order(void **state)
{
	struct arrivals arrivals;
	(void)state;

	arrivals_init(&arrivals, 1000);
	for (unsigned i = 0; i < 200; i++)
		add(&arrivals, 5, (uint8_t)i);
	add(&arrivals, 4, 250);
	assert_int_equal(arrivals_take(&arrivals)->bytes[0], 250);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(arrivals_take(&arrivals)->bytes[0], i);
	arrivals_fini(&arrivals);
}

static void test_limit(void **state)
{
	struct arrivals arrivals;
	(void)state;

	arrivals_init(&arrivals, 300);
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(add(&arrivals, i, 0), 0);
	assert_int_equal(add(&arrivals, 0, 0), BW_ERR_LIMIT);
	assert_int_equal(arrivals_take(&arrivals)->at.ns, 0);
	assert_int_equal(add(&arrivals, 0, 1), 0);
	assert_int_equal(add(&arrivals, 0, 0), BW_ERR_LIMIT);
	assert_int_equal(arrivals_take(&arrivals)->bytes[0], 1);
	arrivals_fini(&arrivals);
}

/* Adding and taking in turn, compared with a plain search. */
static void test_against_a_plain_list(void **state)
{
	struct arrivals arrivals;
	struct rng rng = rng_of(3);
	int64_t times[512];
	unsigned count = 0;
	(void)state;

	arrivals_init(&arrivals, 512);
	for (unsigned i = 0; i < 20000; i++) {
		unsigned best = 0;

		if (count < 512 && (count == 0 || rng_below(&rng, 2))) {
			times[count] = (int64_t)rng_below(&rng, 1000000);
			assert_int_equal(add(&arrivals, times[count++], 0), 0);
			continue;
		}
		for (unsigned k = 1; k < count; k++)
			best = times[k] < times[best] ? k : best;
		assert_int_equal(arrivals_take(&arrivals)->at.ns, times[best]);
		times[best] = times[--count];
	}
	arrivals_fini(&arrivals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order_of_time),
		cmocka_unit_test(test_equal_times_keep_their_order),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_against_a_plain_list),
	};

	return cmocka_run_group_tests_name("sim/arrivals", tests, NULL, NULL);
}

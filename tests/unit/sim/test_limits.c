/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"
#include "sim/packet/limits.h"

/* Three at once, then one a second. A token taken out of order neither fills nor drains it. */
static void test_bucket(void **state)
{
	struct bucket bucket = {0};
	(void)state;

	assert_true(bucket_take(&bucket, 1, 3, 10 * BW_S));
	assert_true(bucket_take(&bucket, 1, 3, 9 * BW_S));
	assert_true(bucket_take(&bucket, 1, 3, 10 * BW_S));
	assert_false(bucket_take(&bucket, 1, 3, 10 * BW_S));
	assert_false(bucket_take(&bucket, 1, 3, 11 * BW_S - 1));
	assert_true(bucket_take(&bucket, 1, 3, 11 * BW_S));
	assert_false(bucket_take(&bucket, 1, 3, 9 * BW_S));
	assert_true(bucket_take(&bucket, 1, 0, 100 * BW_S));
	assert_false(bucket_take(&bucket, 1, 0, 101 * BW_S - 1));
	assert_true(bucket_take(&bucket, 1, 0, 101 * BW_S));
}

static void test_each_limit_is_its_own(void **state)
{
	struct limits limits;
	uint32_t first;
	(void)state;

	limits_init(&limits);
	assert_int_equal(limits_add(&limits, 2, &first), 0);
	assert_int_equal(first, 0);
	assert_int_equal(limits_add(&limits, 1, &first), 0);
	assert_int_equal(first, 2);
	for (uint32_t n = 0; n < 3; n++) {
		assert_true(limits_take(&limits, n, 1, 1, BW_S));
		assert_false(limits_take(&limits, n, 1, 1, BW_S));
	}
	limits_fini(&limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_each_limit_is_its_own),
	};

	return cmocka_run_group_tests_name("sim/limits", tests, NULL, NULL);
}

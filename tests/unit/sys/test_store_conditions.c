/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions and boots in a store, over whichever database any_store.h names. */
#include "store_setting.h"

static int print_conditions(void *arg, const struct store_conditions *row)
{
	char block[BW_PREFIX_TEXT];

	fprintf(arg, "%s %s %s %u %" PRId64 "\n", row->vantage, row->target,
		bw_prefix_format(&row->block, block), row->conditions, row->said_ns);
	return 0;
}

static void put_conditions(struct setting *setting, unsigned conditions, int64_t said)
{
	const struct store_conditions row = {"fra1", ODD, prefix_of("2001:db8:1::/48"), said,
					     conditions};

	assert_int_equal(setting->ops->put_conditions(setting->self, &row, &setting->err), 0);
}

static void test_conditions_that_were_said_last(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	put_conditions(setting, 5, 8000000);
	put_conditions(setting, 1, 9000000);
	commit(setting);
	begin(setting);
	put_conditions(setting, 2, 7000000);
	commit(setting);
	begin(setting);
	put_conditions(setting, 4, 10000000);
	ops->rollback(setting->self);
	assert_int_equal(ops->each_conditions(setting->self, print_conditions, setting->out,
					      &setting->err),
			 0);
	assert_string_equal(printed(setting), "fra1 " ODD " 2001:db8:1::/48 1 9000000\n");
}

/* As of two records of one time, of many blocks, in one request. */
static void test_of_the_same_time_the_later_one_counts(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;
	struct store_conditions row = {"fra1", "kp", .said_ns = 9000000};
	char block[32], expected[PRINTED_MAX / 4] = "";

	begin(setting);
	for (unsigned n = 0; n < 90; n++) {
		snprintf(block, sizeof(block), "198.18.%u.0/24", 100 + n / 3);
		row.block = prefix_of(block);
		row.conditions = 1 + n % 3;
		assert_int_equal(ops->put_conditions(setting->self, &row, &setting->err), 0);
		if (n % 3 == 2)
			snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
				 "fra1 kp %s 3 9000000\n", block);
	}
	commit(setting);
	assert_int_equal(ops->each_conditions(setting->self, print_conditions, setting->out,
					      &setting->err),
			 0);
	assert_string_equal(printed(setting), expected);
}

static int print_boot(void *arg, const struct store_boot *row)
{
	fprintf(arg, "%s %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", row->vantage,
		row->boot, row->first_ns, row->last_ns, row->ignored_ns, row->doubled_ns);
	return 0;
}

static void put_boot(struct setting *setting, const char *boot, int64_t first, int64_t last,
		     int64_t ignored, int64_t doubled)
{
	const struct store_boot row = {"fra1", boot, first, last, ignored, doubled};

	assert_int_equal(setting->ops->put_boot(setting->self, &row, &setting->err), 0);
}

static void test_when_boots_were_heard_of(void **state)
{
	struct setting *setting = *state;
	const struct store_ops *ops = setting->ops;

	begin(setting);
	put_boot(setting, "b1", 1, 20, 7, 9);
	put_boot(setting, ODD, 5, 30, 0, 0);
	put_boot(setting, "b1", 1, 40, 0, 0);
	commit(setting);
	assert_int_equal(ops->each_boot(setting->self, print_boot, setting->out, &setting->err), 0);
	assert_string_equal(printed(setting), "fra1 b1 1 40 7 9\nfra1 " ODD " 5 30 0 0\n");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, make, end)
	const struct CMUnitTest tests[] = {
		TEST(test_conditions_that_were_said_last),
		TEST(test_of_the_same_time_the_later_one_counts),
		TEST(test_when_boots_were_heard_of),
	};

	return cmocka_run_group_tests_name("sys/store_conditions", tests, NULL, NULL);
}

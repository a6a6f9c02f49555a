/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/check/check_collect.h"
#include "samples.h"

static int fill(void **state)
{
	static struct check_collect collect;

	check_collect_init(&collect);
	*state = &collect;
	return 0;
}

static int empty(void **state)
{
	check_collect_fini(*state);
	return 0;
}

static void put(struct check_collect *collect, const char *target, const char *block,
		enum bw_verdict verdict)
{
	const struct record record = sample_block(target, "198.18.0.0/16", block, verdict);

	check_collect_put(collect, &record);
}

static void assert_block(const struct check_target *target, size_t n, const char *block,
			 enum bw_verdict verdict)
{
	char text[BW_PREFIX_TEXT];

	assert_string_equal(bw_prefix_format(&target->blocks[n].record.block, text), block);
	assert_int_equal(target->blocks[n].record.verdict, verdict);
}

static void test_latest_counts(void **state)
{
	struct check_collect *collect = *state;

	put(collect, "kp", "198.18.2.0/24", BW_UNKNOWN);
	put(collect, "kp", "198.18.1.0/24", BW_UP);
	put(collect, "kp", "198.18.2.0/24", BW_DARK);
	put(collect, "kp", "198.18.2.0/24", BW_UP);
	check_collect_sort(collect);
	assert_int_equal(collect->target_count, 1);
	assert_int_equal(collect->targets[0].block_count, 2);
	assert_block(&collect->targets[0], 0, "198.18.1.0/24", BW_UP);
	assert_block(&collect->targets[0], 1, "198.18.2.0/24", BW_UP);
}

static void test_targets_keep_their_order(void **state)
{
	struct check_collect *collect = *state;
	struct record record = sample_target("zz", NULL);

	check_collect_put(collect, &record);
	put(collect, "kp", "198.18.2.0/24", BW_UP);
	put(collect, "zz", "198.18.3.0/24", BW_DARK);
	check_collect_sort(collect);
	assert_int_equal(collect->target_count, 2);
	assert_string_equal(collect->targets[0].name, "zz");
	assert_string_equal(collect->targets[1].name, "kp");
	assert_int_equal(collect->targets[0].block_count, 1);
	assert_int_equal(collect->targets[1].block_count, 1);
}

/* Blocks come as they are decided, targets in the order in which they were asked for. */
static void test_targets_have_the_order_of_their_records(void **state)
{
	static const char *const names[] = {"cu", "kp", "sy"};
	struct check_collect *collect = *state;

	put(collect, "tv", "198.18.4.0/24", BW_UP);
	put(collect, "sy", "198.18.3.0/24", BW_DARK);
	put(collect, "cu", "198.18.1.0/24", BW_UP);
	put(collect, "kp", "198.18.2.0/24", BW_UP);
	for (int times = 0; times < 2; times++)
		for (size_t n = 0; n < 3; n++) {
			const struct record record = sample_target(names[n], NULL);

			check_collect_put(collect, &record);
		}
	check_collect_sort(collect);
	check_collect_sort(collect);
	assert_int_equal(collect->target_count, 4);
	for (size_t n = 0; n < 3; n++)
		assert_string_equal(collect->targets[n].name, names[n]);
	assert_string_equal(collect->targets[3].name, "tv");
}

/* Whoever puts records may reuse every string at once. */
static void test_strings_are_copied(void **state)
{
	struct check_collect *collect = *state;
	char name[] = "kp", title[] = "Korea", network[] = "Star JV";
	struct record block = sample_block(name, "10.0.0.0/24", "10.0.0.0/24", BW_UP);
	struct record target = sample_target(name, title);

	block.block.network_name = network;
	check_collect_put(collect, &block);
	check_collect_put(collect, &target);
	check_collect_put(collect, &target);
	memset(name, 'x', sizeof(name) - 1);
	memset(title, 'x', sizeof(title) - 1);
	memset(network, 'x', sizeof(network) - 1);
	check_collect_sort(collect);
	assert_string_equal(collect->targets[0].name, "kp");
	assert_string_equal(collect->targets[0].title, "Korea");
	assert_string_equal(collect->targets[0].record.title, "Korea");
	assert_string_equal(collect->targets[0].blocks[0].record.network_name, "Star JV");
}

static void test_without_target_record(void **state)
{
	struct check_collect *collect = *state;
	const struct check_target *target;

	put(collect, "kp", "198.18.1.0/24", BW_UP);
	put(collect, "kp", "198.18.2.0/24", BW_DARK);
	check_collect_sort(collect);
	target = &collect->targets[0];
	assert_false(target->decided);
	assert_int_equal(target->record.verdict, BW_UNKNOWN);
	assert_int_equal(target->record.reasons, BW_WHY_INTERRUPTED);
	assert_int_equal(target->record.networks.total, 0);
	assert_int_equal(target->record.blocks.total, 2);
	assert_int_equal(target->record.blocks.of[BW_UP], 1);
	assert_int_equal(target->record.blocks.of[BW_DARK], 1);
}

static void test_network_end(void **state)
{
	struct check_collect *collect = *state;
	struct record record = sample_block("kp", "198.17.0.0/24", "198.17.0.0/24", BW_UP);

	check_collect_put(collect, &record);
	put(collect, "kp", "198.18.1.0/24", BW_UP);
	put(collect, "kp", "198.18.2.0/24", BW_UP);
	check_collect_sort(collect);
	assert_int_equal(check_collect_network_end(&collect->targets[0], 0), 1);
	assert_int_equal(check_collect_network_end(&collect->targets[0], 1), 3);
}

/* A thousand blocks told forty times each take no more room than twice as many. */
static void test_memory_is_that_of_the_blocks(void **state)
{
	struct check_collect *collect = *state;
	char block[BW_PREFIX_TEXT];

	for (int round = 0; round < 40; round++)
		for (int n = 0; n < 1000; n++) {
			snprintf(block, sizeof(block), "198.18.%d.%d/32", n / 256, n % 256);
			put(collect, "kp", block, round == 39 ? BW_UP : BW_DARK);
		}
	assert_true(collect->targets[0].block_room <= 4096);
	check_collect_sort(collect);
	assert_int_equal(collect->error, 0);
	assert_int_equal(collect->targets[0].block_count, 1000);
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(collect->targets[0].blocks[n].record.verdict, BW_UP);
}

static void test_vantage(void **state)
{
	struct check_collect *collect = *state;
	const struct record record = sample_vantage();

	check_collect_put(collect, &record);
	assert_int_equal(collect->vantage.sent, 412);
	assert_null(collect->vantage.version);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fill, empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_latest_counts),
		TEST(test_targets_keep_their_order),
		TEST(test_targets_have_the_order_of_their_records),
		TEST(test_strings_are_copied),
		TEST(test_without_target_record),
		TEST(test_network_end),
		TEST(test_memory_is_that_of_the_blocks),
		TEST(test_vantage),
	};

	return cmocka_run_group_tests_name("report/check_collect", tests, NULL, NULL);
}

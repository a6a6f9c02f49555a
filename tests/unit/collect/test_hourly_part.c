/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/rng.h"
#include "collect/hourly/hourly_part.h"

#define HOUR (3600 * BW_S)

static struct record record_of(const char *vantage, const char *target, const char *network,
			       const char *block, int64_t t_ns)
{
	struct record record = {
		.type = RECORD_BLOCK,
		.head = {vantage, "b1", 1, {t_ns}},
		.block = {.target = target, .sent = 3, .replies = 2, .rtt_median_ns = BW_MS},
	};

	assert_int_equal(bw_prefix_parse(network, &record.block.network, NULL), 0);
	assert_int_equal(bw_prefix_parse(block, &record.block.block, NULL), 0);
	return record;
}

static void put(struct hourly_part *part, const struct record *record)
{
	assert_int_equal(hourly_part_add(part, record), 0);
}

static void expect(struct hourly_reader *reader, const struct record *record)
{
	struct hourly_entry entry;

	assert_true(hourly_reader_next(reader, &entry));
	assert_string_equal(entry.vantage, record->head.vantage);
	assert_string_equal(entry.target, record->block.target);
	assert_int_equal(bw_prefix_compare(&entry.block, &record->block.block), 0);
	assert_int_equal(entry.network_length, record->block.network.length);
	assert_int_equal(entry.hour, record->head.time.ns / HOUR);
	assert_int_equal(entry.round.sent, record->block.sent);
	assert_int_equal(entry.round.replies, record->block.replies);
	assert_int_equal(entry.round.bin, record->block.replies > 0
						  ? hourly_bin(record->block.rtt_median_ns)
						  : HOURLY_NO_RTT);
}

static void test_what_is_read_is_what_was_added(void **state)
{
	struct record records[] = {
		record_of("fra1", "kp", "198.18.0.0/22", "198.18.1.0/24", 480000 * HOUR + 5),
		record_of("fra1", "kp", "198.18.0.0/22", "198.18.2.0/24", 479999 * HOUR),
		record_of("fra1", "a'b\n\xe5\x8c\x97", "2001:db8::/32", "2001:db8:1::/48", 0),
		record_of("sgp1", "kp", "0.0.0.0/0", "198.18.1.128/25", 481000 * HOUR),
	};
	struct hourly_part part;
	struct hourly_reader reader;
	struct hourly_entry entry;

	(void)state;
	records[1].block.replies = 0;
	records[1].block.rtt_median_ns = -1;
	records[2].block.sent = records[2].block.replies = UINT32_MAX;
	hourly_part_init(&part);
	for (unsigned n = 0; n < 4; n++)
		put(&part, &records[n]);
	hourly_reader_init(&reader, part.bytes.items, part.bytes.count);
	for (unsigned n = 0; n < 4; n++)
		expect(&reader, &records[n]);
	assert_false(hourly_reader_next(&reader, &entry));
	hourly_part_clear(&part);
	put(&part, &records[0]);
	hourly_reader_init(&reader, part.bytes.items, part.bytes.count);
	expect(&reader, &records[0]);
	hourly_part_fini(&part);
}

static void test_what_adds_nothing(void **state)
{
	char long_name[300];
	struct record between = record_of("fra1", "kp", "198.18.0.0/22", "198.18.1.0/24", HOUR);
	struct record old = record_of("fra1", "kp", "198.18.0.0/22", "198.18.1.0/24", -HOUR);
	struct record named = record_of("fra1", "kp", "198.18.0.0/22", "198.18.1.0/24", HOUR);
	struct record other = {.type = RECORD_VANTAGE, .head = {"fra1", "b1", 1, {HOUR}}};
	struct hourly_part part;

	(void)state;
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	named.block.target = long_name;
	between.block.sent = between.block.replies = 0;
	hourly_part_init(&part);
	put(&part, &between);
	put(&part, &old);
	put(&part, &named);
	put(&part, &other);
	assert_int_equal(part.bytes.count, 0);
	hourly_part_fini(&part);
}

/* A network that does not contain the block is none of it. */
static void test_a_network_elsewhere(void **state)
{
	struct record record = record_of("fra1", "kp", "198.19.0.0/16", "198.18.1.0/24", HOUR);
	struct hourly_part part;
	struct hourly_reader reader;
	struct hourly_entry entry;

	(void)state;
	hourly_part_init(&part);
	put(&part, &record);
	hourly_reader_init(&reader, part.bytes.items, part.bytes.count);
	assert_true(hourly_reader_next(&reader, &entry));
	assert_int_equal(entry.network_length, 24);
	hourly_part_fini(&part);
}

static void test_damaged_bytes(void **state)
{
	struct record record = record_of("fra1", "kp", "198.18.0.0/22", "198.18.1.0/24", HOUR);
	struct record other = record_of("fra1", "ir", "2001:db8::/32", "2001:db8:1::/48", HOUR);
	struct rng rng = rng_of(1);
	struct hourly_part part;

	(void)state;
	hourly_part_init(&part);
	for (unsigned turn = 0; turn < 2000; turn++) {
		struct hourly_reader reader;
		struct hourly_entry entry;

		hourly_part_clear(&part);
		for (unsigned n = 0; n < 5; n++)
			put(&part, rng_below(&rng, 2) ? &record : &other);
		for (unsigned n = 0; n < 2; n++)
			part.bytes.items[rng_below(&rng, part.bytes.count)] =
				(uint8_t)rng_below(&rng, 256);
		hourly_reader_init(&reader, part.bytes.items,
				   part.bytes.count - rng_below(&rng, 2));
		while (hourly_reader_next(&reader, &entry))
			assert_true(entry.hour >= 0 && entry.round.sent > 0);
	}
	hourly_part_fini(&part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read_is_what_was_added),
		cmocka_unit_test(test_what_adds_nothing),
		cmocka_unit_test(test_a_network_elsewhere),
		cmocka_unit_test(test_damaged_bytes),
	};

	return cmocka_run_group_tests_name("collect/hourly_part", tests, NULL, NULL);
}

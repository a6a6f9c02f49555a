/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/memory.h"
#include "vantage/ledger/persist.h"
#include "vantage/roster_find.h"

#define DAY_S 86400.0

/* Blocks 0 and 1 of target a list three hosts each, block 2 of target b is open. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "b 198.18.4.0/24\n";

static struct bw_prefix prefix(const char *text)
{
	struct bw_prefix prefix;
	struct bw_err err;

	assert_int_equal(bw_prefix_parse(text, &prefix, &err), 0);
	return prefix;
}

static struct bw_addr addr(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static struct memory_block entry(const char *block, double answered_s, const char *host)
{
	struct memory_block entry = {
		.block = prefix(block),
		.last_answer = fixture_wall(answered_s),
		.hot = 0.75F,
		.cold = 0.25F,
		.again = 0.5F,
		.methods = 1,
	};

	if (host)
		entry.hosts[entry.count++] = addr(host);
	return entry;
}

/* COUNT of LIST as a memory that the test must not free. */
static struct memory memory_of(struct memory_block *list, size_t count)
{
	struct memory memory = {.blocks = list, .count = count, .room = count};

	memory_tidy(&memory, fixture_wall(0));
	return memory;
}

static void answer(struct fixture *f, uint32_t block, uint16_t host)
{
	ledger_seed_hosts(f->ledger, block, &host, 1, 0.75F, 0.25F);
	f->ledger->blocks[block].last_answer = f->ledger->now.mono;
}

static void test_hosts_are_known_again(void **state)
{
	struct fixture *before = fixture_new(lines, false), *after = fixture_new(lines, false);
	struct memory memory = {0};

	(void)state;
	fixture_set_time(before, 1);
	answer(before, 0, 2);
	answer(before, 2, 77);
	assert_int_equal(memory_learn(&memory, before->ledger, fixture_mono(0)), 0);
	assert_int_equal(memory.count, 2);
	fixture_set_time(after, 3600);
	memory_recall(&memory, after->ledger);
	assert_int_equal(after->ledger->blocks[0].last_answer.ns, fixture_mono(1).ns);
	assert_int_equal(after->ledger->blocks[0].hot.count, 1);
	assert_true(hotlist_has(&after->ledger->blocks[0].hot, 2));
	assert_true(hotlist_has(&after->ledger->blocks[2].hot, 77));
	assert_true(after->ledger->blocks[2].known);
	assert_int_equal(after->ledger->blocks[1].last_answer.ns, BLOCK_NEVER_ANSWERED.ns);
	assert_int_equal(after->ledger->blocks[2].verdict, BW_UNKNOWN);
	memory_fini(&memory);
	fixture_free(before);
	fixture_free(after);
}

static void test_only_what_answered_in_this_check_is_learned(void **state)
{
	struct fixture *f = fixture_new(lines, false);
	struct memory memory = {0};

	(void)state;
	answer(f, 0, 1);
	fixture_set_time(f, 10);
	answer(f, 1, 1);
	assert_int_equal(memory_learn(&memory, f->ledger, fixture_mono(5)), 0);
	assert_int_equal(memory.count, 1);
	assert_int_equal(bw_prefix_compare(&memory.blocks[0].block,
					   &(struct bw_prefix){addr("198.18.1.0"), 24}),
			 0);
	memory_fini(&memory);
	fixture_free(f);
}

static void test_old_answers_are_forgotten(void **state)
{
	struct memory_block list[] = {entry("198.18.0.0/24", -181 * DAY_S, "198.18.0.1"),
				      entry("198.18.1.0/24", -179 * DAY_S, "198.18.1.1")};
	struct memory memory = memory_of(list, 2);

	(void)state;
	assert_int_equal(memory.count, 1);
	assert_true(bw_addr_equal(&memory.blocks[0].hosts[0], &(struct bw_addr){0}) == false);
}

static void test_the_latest_of_a_block_stays(void **state)
{
	struct memory_block list[] = {entry("198.18.0.0/24", -20, "198.18.0.1"),
				      entry("198.18.0.0/24", -10, "198.18.0.2"),
				      entry("198.18.0.0/24", -30, "198.18.0.3")};
	struct memory memory = memory_of(list, 3);
	struct bw_addr two = addr("198.18.0.2");

	(void)state;
	assert_int_equal(memory.count, 1);
	assert_true(bw_addr_equal(&memory.blocks[0].hosts[0], &two));
}

static void test_other_lengths_of_blocks(void **state)
{
	struct memory_block list[] = {entry("198.18.0.1/32", -10, "198.18.0.1"),
				      entry("198.18.4.0/23", -10, "198.18.5.9"),
				      entry("198.18.1.0/24", -10, NULL)};
	struct memory memory = memory_of(list, 3);
	struct fixture *f = fixture_new(lines, false);

	(void)state;
	memory_recall(&memory, f->ledger);
	assert_true(hotlist_has(&f->ledger->blocks[0].hot, 0));
	assert_int_equal(hotlist_method(&f->ledger->blocks[0].hot, 0), 1);
	/* It answered, but who did is no longer listed. */
	assert_int_equal(f->ledger->blocks[1].last_answer.ns, fixture_mono(-10).ns);
	assert_int_equal(f->ledger->blocks[1].hot.count, 0);
	/* The host of the larger block lies elsewhere. */
	assert_int_equal(f->ledger->blocks[2].last_answer.ns, BLOCK_NEVER_ANSWERED.ns);
	assert_false(f->ledger->blocks[2].known);
	fixture_free(f);
}

static void test_a_day_apart_the_later_counts(void **state)
{
	struct memory_block list[] = {entry("198.18.0.0/24", -3 * DAY_S, "198.18.0.1"),
				      entry("198.18.0.2/32", -1, "198.18.0.2"),
				      entry("198.18.1.0/24", -1, "198.18.1.1"),
				      entry("198.18.1.2/32", -3 * DAY_S, "198.18.1.2")};
	struct memory memory = memory_of(list, 4);
	struct fixture *f = fixture_new(lines, false);

	(void)state;
	memory_recall(&memory, f->ledger);
	for (unsigned b = 0; b < 2; b++) {
		uint32_t host = roster_find_host(&f->roster, b, &list[b + 1].hosts[0]);

		assert_int_equal(f->ledger->blocks[b].hot.count, 1);
		assert_true(hotlist_has(&f->ledger->blocks[b].hot, (uint16_t)host));
		assert_int_equal(f->ledger->blocks[b].last_answer.ns, fixture_mono(-1).ns);
	}
	fixture_free(f);
}

static void test_a_clock_that_was_set_back(void **state)
{
	struct memory_block list[] = {entry("198.18.0.0/24", 5000, "198.18.0.1")};
	struct memory memory = memory_of(list, 1);
	struct fixture *f = fixture_new(lines, false);

	(void)state;
	memory_recall(&memory, f->ledger);
	assert_int_equal(f->ledger->blocks[0].last_answer.ns, fixture_mono(0).ns);
	fixture_free(f);
}

struct saved {
	char *text;
	size_t length;
};

/* The clock was ahead when it answered, and was set back. */
static void test_an_answer_ahead_of_the_clock(void **state)
{
	struct memory_block list[] = {entry("198.18.0.0/24", 86400, "198.18.0.1")};
	const struct memory memory = memory_of(list, 1);

	(void)state;
	assert_int_equal(memory.count, 1);
	assert_int_equal(list[0].last_answer.ns, fixture_wall(0).ns);
}

static void read_into(struct memory *memory, const struct roster *roster, const struct saved *saved)
{
	struct memory_reader reader = {.memory = memory, .roster = roster};
	const struct state_handlers handlers = memory_handlers(&reader);
	struct bw_err err = {0};

	if (state_read(saved->text, saved->length, "state", &handlers, &err) < 0)
		fail_msg("line %d, %s: %s", err.line, err.field, err.message);
}

static void test_saved_and_read(void **state)
{
	static const struct state_head head = {.vantage = "check",
					       .program = "test",
					       .boots = 1,
					       .saved = {BW_S}};
	struct memory_block list[] = {entry("198.18.0.0/24", -20, "198.18.0.1"),
				      entry("2001:db8::/48", -10, "2001:db8::1")};
	struct memory memory = memory_of(list, 2), again = {0};
	struct saved saved = {0};
	struct bw_err err = {0};
	FILE *file = open_memstream(&saved.text, &saved.length);

	(void)state;
	assert_int_equal(memory_save(&memory, file, &head, &err), 0);
	assert_int_equal(fclose(file), 0);
	read_into(&again, NULL, &saved);
	memory_tidy(&again, fixture_wall(0));
	assert_int_equal(again.count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(bw_prefix_compare(&again.blocks[i].block, &list[i].block), 0);
		assert_int_equal(again.blocks[i].last_answer.ns, list[i].last_answer.ns);
		assert_true(bw_addr_equal(&again.blocks[i].hosts[0], &list[i].hosts[0]));
		assert_int_equal(again.blocks[i].methods & 3, 1);
		assert_true(again.blocks[i].hot > 0.74F && again.blocks[i].hot < 0.76F);
	}
	memory_fini(&again);
	free(saved.text);
}

/* Of the state of a daemon: no verdict, nothing of blocks that never answered or are not asked. */
static void test_the_state_of_a_daemon(void **state)
{
	struct fixture *daemon = fixture_new("a 198.18.0.0/22 3\n", true);
	struct fixture *check = fixture_new(lines, false);
	struct memory memory = {0};
	struct saved saved = {0};
	struct bw_err err = {0};
	FILE *file = open_memstream(&saved.text, &saved.length);

	(void)state;
	answer(daemon, 0, 1);
	answer(daemon, 3, 1);
	daemon->ledger->blocks[0].log_odds = -7;
	events_decide(daemon->ledger, 0,
		      &(struct verdict_decision){.to = BW_DARK,
						 .earliest = fixture_mono(0),
						 .latest = fixture_mono(0)});
	assert_int_equal(persist_save(daemon->ledger, NULL, file, 1, &err), 0);
	assert_int_equal(fclose(file), 0);
	read_into(&memory, &check->roster, &saved);
	assert_int_equal(memory.count, 1);
	memory_recall(&memory, check->ledger);
	assert_int_equal(check->ledger->blocks[0].verdict, BW_UNKNOWN);
	assert_true(hotlist_has(&check->ledger->blocks[0].hot, 1));
	memory_fini(&memory);
	free(saved.text);
	fixture_free(daemon);
	fixture_free(check);
}

static void test_no_more_than_the_limit(void **state)
{
	size_t count = MEMORY_BLOCKS_MAX + 10;
	struct memory_block *list = calloc(count, sizeof(*list));
	struct memory memory;

	(void)state;
	assert_non_null(list);
	for (size_t i = 0; i < count; i++) {
		list[i] = entry("198.18.0.0/24", -(double)i - 1, NULL);
		list[i].block.addr = bw_addr_from_v4((uint32_t)i << 8);
	}
	memory = memory_of(list, count);
	assert_int_equal(memory.count, MEMORY_BLOCKS_MAX);
	for (size_t i = 0; i < memory.count; i++)
		assert_true(memory.blocks[i].last_answer.ns >=
			    fixture_wall(-(double)MEMORY_BLOCKS_MAX).ns);
	memory_fini(&memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_are_known_again),
		cmocka_unit_test(test_only_what_answered_in_this_check_is_learned),
		cmocka_unit_test(test_old_answers_are_forgotten),
		cmocka_unit_test(test_the_latest_of_a_block_stays),
		cmocka_unit_test(test_other_lengths_of_blocks),
		cmocka_unit_test(test_a_day_apart_the_later_counts),
		cmocka_unit_test(test_a_clock_that_was_set_back),
		cmocka_unit_test(test_an_answer_ahead_of_the_clock),
		cmocka_unit_test(test_saved_and_read),
		cmocka_unit_test(test_the_state_of_a_daemon),
		cmocka_unit_test(test_no_more_than_the_limit),
	};

	return cmocka_run_group_tests_name("vantage/memory", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/verdict.h>

#include "fixture.h"
#include "vantage/ledger/fitness/blindness.h"
#include "vantage/ledger/records.h"
#include "vantage/roster_egress.h"

static const char lines[] = "a 198.18.0.0/24 3\na 198.18.1.0/24 3\nb 2001:db8:1::/48 3\n";

static struct bw_addr addr(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

/* Two uplinks for IPv4, one for IPv6; each block of the fixture leaves by one of them. */
static const struct bw_egress *table(void)
{
	static struct bw_egress table[BW_EGRESS_MAX] = {
		{.interface = "a0", .interface_index = 1},
		{.interface = "b0", .interface_index = 2},
		{.interface = "a0", .interface_index = 1},
	};

	table[0].source = addr("10.0.0.2");
	table[1].source = addr("10.0.1.2");
	table[2].source = addr("2001:db8::2");
	return table;
}

static struct fixture *make(void)
{
	struct fixture *f = fixture_new(lines, true);

	for (uint8_t i = 0; i < 3; i++)
		f->roster.blocks[i].egress = i;
	ways_init(&f->ledger->ways, table(), fixture_mono(0));
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(0));
	return f;
}

static void test_a_block_is_on_the_way_of_its_egress(void **state)
{
	struct fixture *f = make();
	const struct ways *ways = &f->ledger->ways;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(ledger_way_of(f->ledger, i), i);
		assert_int_equal(ways->blocks[i], 1);
	}
	assert_int_equal(ways_family(ways, 1), 4);
	assert_int_equal(ways_family(ways, 2), 6);
	assert_string_equal(ways_interface(ways, 1), "b0");
	assert_true(ways_any_fit(ways));
	assert_false(ways_any_blind(ways));
	fixture_free(f);
}

static void test_without_a_route_it_is_on_a_way_that_is_never_fit(void **state)
{
	struct fixture *f = make();
	const struct ways *ways = &f->ledger->ways;

	(void)state;
	f->roster.blocks[0].egress = f->roster.blocks[2].egress = ROSTER_NO_EGRESS;
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(7));
	assert_int_equal(ledger_way_of(f->ledger, 0), WAYS_NO_ROUTE);
	assert_int_equal(ledger_way_of(f->ledger, 2), WAYS_NO_ROUTE + 1);
	assert_int_equal(ways_family(ways, WAYS_NO_ROUTE), 4);
	assert_int_equal(ways_family(ways, WAYS_NO_ROUTE + 1), 6);
	assert_int_equal(ledger_blind(f->ledger, 0), BW_WHY_NO_ROUTE);
	assert_int_equal(ledger_blind(f->ledger, 1), 0);
	assert_int_equal(ways->of[WAYS_NO_ROUTE].since.ns, fixture_mono(7).ns);
	assert_true(ways_any_fit(ways));
	assert_false(ways_any_blind(ways)); /* nothing there can be probed again */
	fixture_free(f);
}

/* An IPv6 network without hosts: nothing is known of it, with or without a route. */
static void test_a_block_that_nobody_probes_misses_no_route(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/24 3\na 2001:db8::/32\n", true);
	const struct ways *ways = &f->ledger->ways;

	(void)state;
	f->roster.blocks[0].egress = 0;
	f->roster.blocks[1].egress = ROSTER_NO_EGRESS;
	assert_true(roster_is_unprobed(&f->roster, 1));
	assert_false(roster_lacks_route(&f->roster, 1));
	ways_init(&f->ledger->ways, table(), fixture_mono(0));
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(0));
	assert_int_equal(ways->blocks[WAYS_NO_ROUTE + 1], 0);
	assert_int_equal(ledger_cannot_tell(f->ledger, 1), 0);
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	f->roster.blocks[1].egress = 0;
	assert_int_equal(ledger_cannot_tell(f->ledger, 0), BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(ledger_cannot_tell(f->ledger, 1), 0);
	f->roster.blocks[0].egress = ROSTER_NO_EGRESS;
	assert_true(roster_lacks_route(&f->roster, 0));
	fixture_free(f);
}

/* No way can tell of it: what matters is why it is not probed. */
static void test_a_block_that_may_not_be_probed_misses_no_route(void **state)
{
	struct fixture *f = fixture_new("a 198.18.0.0/23 3\n", true);
	const struct ways *ways = &f->ledger->ways;

	(void)state;
	f->roster.blocks[0].egress = 0;
	f->roster.blocks[1].egress = ROSTER_NO_EGRESS;
	f->roster.blocks[1].host_count = 0;
	f->roster.blocks[1].refused = ROSTER_BLOCKLISTED;
	assert_true(roster_is_never_asked(&f->roster, 1));
	assert_false(roster_is_never_asked(&f->roster, 0));
	assert_false(roster_lacks_route(&f->roster, 1));
	ways_init(&f->ledger->ways, table(), fixture_mono(0));
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(0));
	assert_int_equal(ways->blocks[WAYS_NO_ROUTE], 0);
	f->roster.blocks[1].egress = 0;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(ledger_cannot_tell(f->ledger, 0), BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(ledger_cannot_tell(f->ledger, 1), 0);
	fixture_free(f);
}

static void test_without_an_egress_table_ways_are_families(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	roster_egress_set(&f->roster, ROSTER_NO_EGRESS, ROSTER_NO_EGRESS);
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(0));
	assert_int_equal(ledger_way_of(f->ledger, 0), 0);
	assert_int_equal(ledger_way_of(f->ledger, 2), 1);
	assert_int_equal(ways_family(&f->ledger->ways, 1), 6);
	assert_int_equal(ledger_blind(f->ledger, 2), 0);
	fixture_free(f);
}

static void test_records_tell_each_way(void **state)
{
	struct fixture *f = make();
	const struct record_vantage *vantage;

	(void)state;
	(void)blindness_enter(f->ledger, 1, BW_WHY_VANTAGE_OFFLINE);
	vantage = &fixture_record_of(f, RECORD_VANTAGE, 0)->vantage;
	assert_true(vantage->healthy); /* two of three ways are fit */
	assert_int_equal(vantage->reasons, 0);
	assert_int_equal(vantage->way_count, 3);
	assert_true(vantage->ways[0].healthy);
	assert_false(vantage->ways[1].healthy);
	assert_string_equal(vantage->ways[1].interface, "b0");
	assert_int_equal(vantage->ways[1].reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(vantage->ways[2].family, 6);
	(void)blindness_enter(f->ledger, 0, BW_WHY_INTERFACE_DOWN);
	(void)blindness_enter(f->ledger, 2, BW_WHY_INTERFACE_DOWN);
	vantage = &fixture_record_of(f, RECORD_VANTAGE, 2)->vantage;
	assert_false(vantage->healthy);
	assert_int_equal(vantage->reasons, BW_WHY_INTERFACE_DOWN | BW_WHY_VANTAGE_OFFLINE);
	fixture_free(f);
}

static void test_only_blocks_on_a_blind_way_are_told_as_unknown(void **state)
{
	struct fixture *f = make();
	const struct tally none = {0};

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		f->ledger->blocks[i].verdict = BW_UP;
	fixture_set_time(f, 9);
	(void)blindness_enter(f->ledger, 1, BW_WHY_VANTAGE_OFFLINE);
	for (uint32_t i = 0; i < 2; i++)
		records_block(f->ledger, i, &none);
	records_target(f->ledger, 0);
	assert_int_equal(fixture_record_of(f, RECORD_BLOCK, 0)->block.verdict, BW_UP);
	assert_int_equal(fixture_record_of(f, RECORD_BLOCK, 1)->block.verdict, BW_UNKNOWN);
	assert_int_equal(fixture_record_of(f, RECORD_BLOCK, 1)->block.reasons,
			 BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(fixture_record_of(f, RECORD_TARGET, 0)->target.blocks.of[BW_UP], 1);
	assert_int_equal(fixture_record_of(f, RECORD_TARGET, 0)->target.blocks.of[BW_UNKNOWN], 1);
	fixture_free(f);
}

static void test_a_reload_finds_its_ways_again(void **state)
{
	struct bw_egress other[BW_EGRESS_MAX];
	struct fixture *before = make(), *after = make();

	(void)state;
	memcpy(other, table(), sizeof(other));
	other[0] = table()[1];
	other[1] = table()[0];
	after->ledger->ways.egress = other;
	before->ledger->ways.of[1].reasons = BW_WHY_VANTAGE_OFFLINE;
	health_answered(&before->ledger->ways.of[0].health, HEALTH_GATEWAY, fixture_mono(3));
	ways_inherit(&after->ledger->ways, &before->ledger->ways);
	assert_int_equal(after->ledger->ways.of[0].reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(after->ledger->ways.of[1].reasons, 0);
	assert_true(after->ledger->ways.of[1].health.seen[HEALTH_GATEWAY]);
	assert_false(after->ledger->ways.of[0].health.seen[HEALTH_GATEWAY]);
	fixture_free(before);
	fixture_free(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_block_is_on_the_way_of_its_egress),
		cmocka_unit_test(test_without_a_route_it_is_on_a_way_that_is_never_fit),
		cmocka_unit_test(test_a_block_that_nobody_probes_misses_no_route),
		cmocka_unit_test(test_a_block_that_may_not_be_probed_misses_no_route),
		cmocka_unit_test(test_without_an_egress_table_ways_are_families),
		cmocka_unit_test(test_records_tell_each_way),
		cmocka_unit_test(test_only_blocks_on_a_blind_way_are_told_as_unknown),
		cmocka_unit_test(test_a_reload_finds_its_ways_again),
	};

	return cmocka_run_group_tests_name("vantage/ways", tests, NULL, NULL);
}

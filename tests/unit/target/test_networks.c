/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/build/networks.h"
#include "target/build/opinion.h"
#include "target/origin.h"

struct world {
	struct networks_inputs inputs;
	struct range_set space;
	struct bw_target target;
	uint32_t ases[4];
};

static struct world *new_world(void)
{
	struct world *w = calloc(1, sizeof(*w));

	w->inputs.ranges = ranges_of("XX");
	w->inputs.ases = w->ases;
	return w;
}

static void add(struct range_set *set, const char *first, const char *last)
{
	struct bw_addr a, b;
	struct range range;

	assert_int_equal(bw_addr_parse(first, &a), 0);
	assert_int_equal(bw_addr_parse(last, &b), 0);
	range = range_of(&a, &b, 0);
	assert_int_equal(range_set_add(set, &range), 0);
}

static void read_ranges(struct world *w, const char *text)
{
	ranges_begin(&w->inputs.ranges);
	assert_int_equal(text_lines_read("r", text, strlen(text), ranges_line, &w->inputs.ranges,
					 NULL),
			 0);
}

static void make(struct world *w, const char *routes)
{
	assert_int_equal(networks_space(&w->inputs, &w->space), 0);
	w->inputs.announced = announced_of(&w->space, w->ases, w->inputs.as_count);
	if (routes)
		assert_int_equal(text_lines_read("a", routes, strlen(routes), announced_line,
						 &w->inputs.announced, NULL),
				 0);
	assert_int_equal(networks_make(&w->inputs, &w->space, &w->target), 0);
}

static void free_world(struct world *w)
{
	struct bw_target *target = malloc(sizeof(*target));

	*target = w->target;
	bw_target_free(target);
	range_set_fini(&w->inputs.delegated);
	range_set_fini(&w->inputs.asked);
	range_set_fini(&w->inputs.excluded);
	ranges_fini(&w->inputs.ranges);
	announced_fini(&w->inputs.announced);
	range_set_fini(&w->space);
	free(w);
}

/* "PREFIX=AS(NAME) ..." of the networks, then what is left out. Ends the world. */
static void assert_networks(struct world *w, const char *wanted)
{
	char text[1024] = "", one[BW_PREFIX_TEXT];
	const struct bw_origin *origin = w->target.origin;
	size_t used = 0;

	for (size_t i = 0; i < w->target.network_count; i++) {
		const struct bw_network *n = &w->target.networks[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s",
					 bw_prefix_format(&n->prefix, one));
		if (n->asn)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "=%u", n->asn);
		if (n->name)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "(%s)", n->name);
		for (size_t u = 0; u < n->upstream_count; u++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "<%u",
						 n->upstreams[u]);
		used += (size_t)snprintf(text + used, sizeof(text) - used, " ");
	}
	if (origin->left_out_v4.networks)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "without %d addresses ",
					 (int)origin->left_out_v4.addresses);
	if (origin->left_out_v6.networks)
		snprintf(text + used, sizeof(text) - used, "without %d blocks ",
			 (int)origin->left_out_v6.blocks);
	assert_string_equal(text, wanted);
	free_world(w);
}

/* One delegation, announced as four routes: four networks. A table of ASes makes one of it. */
static void test_announced_and_merged(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	make(w, "198.18.0.0/24 64496\n198.18.1.0/24 64496\n198.18.2.0/24 64496\n"
		"198.18.3.0/24 64496\n");
	assert_networks(w, "198.18.0.0/24=64496 198.18.1.0/24=64496 198.18.2.0/24=64496 "
			   "198.18.3.0/24=64496 ");
	w = new_world();
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	read_ranges(w, "198.18.0.0,198.18.3.255,64496,Star JV\n");
	make(w, NULL);
	assert_networks(w, "198.18.0.0/22=64496(Star JV) ");
}

static void test_left_out_a_family_at_a_time(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.4.63");
	add(&w->inputs.delegated, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
	make(w, "198.18.0.0/23 64496\n10.0.0.0/8 64497\n");
	assert_networks(w, "198.18.0.0/23=64496 2001:db8::/32 without 576 addresses ");
	w = new_world();
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	add(&w->inputs.delegated, "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
	make(w, "2001:db8::/33 64496\n");
	assert_networks(w, "198.18.0.0/22 2001:db8::/33=64496 without 32768 blocks ");
}

/* The nearest delegation before 198.18.8.0 ends before it; another one has it. */
static void test_overlapping_delegations(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.255.255");
	add(&w->inputs.delegated, "198.18.4.0", "198.18.4.255");
	add(&w->inputs.delegated, "198.18.0.0", "198.18.0.255");
	make(w, "198.18.8.0/24 64496\n198.17.255.0/24 64497\n198.19.0.0/24 64498\n");
	assert_networks(w, "198.18.8.0/24=64496 without 65280 addresses ");
}

/* An announced prefix may be wider than a delegation, or cover two of them. */
static void test_cut_to_delegations(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.4.0", "198.18.7.255");
	add(&w->inputs.delegated, "198.19.0.0", "198.19.0.255");
	add(&w->inputs.delegated, "198.19.1.0", "198.19.1.255");
	make(w, "198.18.0.0/16 64496\n198.19.0.0/23 64497\n0.0.0.0/0 64498\n");
	assert_networks(w, "198.18.4.0/22=64496 198.19.0.0/23=64497 ");
}

static void test_nested_announcements(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	make(w, "198.18.0.0/22 64496\n198.18.1.0/24 64497\n");
	assert_networks(w, "198.18.0.0/24=64496 198.18.1.0/24=64497 198.18.2.0/23=64496 ");
}

static void test_upstreams_and_names(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	read_ranges(w, "198.18.0.0,198.18.3.255,64496,Star JV\n");
	make(w, "TABLE_DUMP2|1|B|192.0.2.1|65000|198.18.0.0/22|65000 64499 64496|IGP\n"
		"TABLE_DUMP2|1|B|192.0.2.1|65000|198.18.0.0/22|65000 64498 64496 64496|IGP\n"
		"TABLE_DUMP2|1|B|192.0.2.1|65000|198.18.0.0/22|65000 64497|IGP\n");
	assert_networks(w, "198.18.0.0/22=64496(Star JV)<64498<64499 ");
}

static void test_asked_and_excluded(void **state)
{
	struct world *w = new_world();

	(void)state;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.3.255");
	add(&w->inputs.asked, "198.18.8.0", "198.18.8.255");
	add(&w->inputs.excluded, "198.18.1.0", "198.18.1.255");
	make(w, "198.18.0.0/22 64496\n198.18.9.0/24 64496\n");
	assert_networks(w, "198.18.0.0/24=64496 198.18.2.0/23=64496 198.18.8.0/24 ");
}

static void test_networks_of_an_as(void **state)
{
	struct world *w = new_world();

	(void)state;
	w->ases[0] = 64497;
	w->inputs.as_count = 1;
	add(&w->inputs.delegated, "198.18.0.0", "198.18.0.255");
	make(w, "198.18.0.0/24 64496\n198.18.8.0/24 64497\n198.18.9.0/24 64498\n");
	assert_networks(w, "198.18.0.0/24=64496 198.18.8.0/24=64497 ");
	w = new_world();
	w->ases[0] = 64497;
	w->inputs.as_count = 1;
	read_ranges(w, "198.18.8.0,198.18.9.255,64497\n198.18.10.0,198.18.10.255,64498\n");
	make(w, NULL);
	assert_networks(w, "198.18.8.0/23=64497 ");
}

/* A table of countries and ASes: of countries only when nothing else says them. */
static void test_countries_and_ases_side_by_side(void **state)
{
	struct world *w = new_world();

	(void)state;
	read_ranges(w, "198.18.0.0\t198.18.1.255\t64496\tXX\tNET\n");
	make(w, NULL);
	assert_networks(w, "198.18.0.0/23=64496(NET) ");
	w = new_world();
	add(&w->inputs.delegated, "198.18.1.0", "198.18.2.255");
	read_ranges(w, "198.18.0.0\t198.18.1.255\t64496\tXX\tNET\n");
	make(w, NULL);
	assert_networks(w, "198.18.1.0/24=64496(NET) without 256 addresses ");
}

static void test_second_opinion(void **state)
{
	struct range_set first = {0}, second = {0};
	struct bw_target *target = calloc(1, sizeof(*target));
	const struct bw_prefixes *lists;
	char text[BW_PREFIX_TEXT];

	(void)state;
	add(&first, "198.18.0.0", "198.18.3.255");
	add(&second, "198.18.2.0", "198.18.2.255");
	add(&second, "198.18.3.0", "198.18.4.255");
	assert_int_equal(opinion_make(&first, &second, target), 0);
	lists = target->origin->second;
	assert_true(target->origin->has_second);
	assert_int_equal(lists[BW_OPINION_BOTH].count, 1);
	assert_int_equal(lists[BW_OPINION_ONLY_FIRST].count, 1);
	assert_int_equal(lists[BW_OPINION_ONLY_SECOND].count, 1);
	assert_string_equal(bw_prefix_format(&lists[BW_OPINION_BOTH].list[0], text),
			    "198.18.2.0/23");
	assert_string_equal(bw_prefix_format(&lists[BW_OPINION_ONLY_FIRST].list[0], text),
			    "198.18.0.0/23");
	assert_string_equal(bw_prefix_format(&lists[BW_OPINION_ONLY_SECOND].list[0], text),
			    "198.18.4.0/24");
	bw_target_free(target);
	range_set_fini(&first);
	range_set_fini(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announced_and_merged),
		cmocka_unit_test(test_left_out_a_family_at_a_time),
		cmocka_unit_test(test_overlapping_delegations),
		cmocka_unit_test(test_cut_to_delegations),
		cmocka_unit_test(test_nested_announcements),
		cmocka_unit_test(test_upstreams_and_names),
		cmocka_unit_test(test_asked_and_excluded),
		cmocka_unit_test(test_networks_of_an_as),
		cmocka_unit_test(test_countries_and_ases_side_by_side),
		cmocka_unit_test(test_second_opinion),
	};

	return cmocka_run_group_tests_name("target/networks", tests, NULL, NULL);
}

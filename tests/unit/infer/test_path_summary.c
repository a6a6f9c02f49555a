/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/path/path_summary.h"

static struct bw_addr addr(unsigned n)
{
	return bw_addr_from_v4(0xc6120900 + n);
}

static struct path_break at(unsigned last, unsigned next, enum path_kind kind)
{
	return (struct path_break){
		.last = {addr(last), 5},
		.next = {addr(next), 6},
		.kind = (uint8_t)kind,
	};
}

static void test_most_have_one_hop_in_common(void **state)
{
	struct path_break breaks[] = {
		at(1, 2, PATH_KIND_SILENT),  at(7, 2, PATH_KIND_SILENT),
		at(1, 3, PATH_KIND_SILENT),  at(1, 2, PATH_KIND_SILENT),
		at(9, 2, PATH_KIND_REACHED), at(1, 2, PATH_KIND_LOOP),
		at(8, 2, PATH_KIND_UNKNOWN),
	};
	struct bw_addr last = addr(1), next = addr(2);
	struct path_summary summary = path_summary_of(breaks, 7);

	(void)state;
	assert_true(bw_addr_equal(&summary.common.last.from, &last));
	assert_true(bw_addr_equal(&summary.common.next.from, &next));
	assert_int_equal(summary.common.kind, PATH_KIND_SILENT);
	assert_int_equal(summary.shared, 4);
	assert_int_equal(summary.elsewhere, 1);
}

static struct path_break refused(unsigned last, unsigned by)
{
	struct path_break made = at(last, by, PATH_KIND_NET_UNREACHABLE);

	made.refused_by = addr(by);
	return made;
}

/* A balancer before the router that refuses leads there by several hops. */
static void test_one_router_refuses(void **state)
{
	struct path_break breaks[] = {
		refused(1, 4), at(2, 5, PATH_KIND_SILENT), refused(3, 4),
		refused(1, 4), at(6, 5, PATH_KIND_SILENT),
	};
	struct path_break split[] = {
		refused(1, 4),
		refused(3, 4),
		at(6, 5, PATH_KIND_SILENT),
		refused(7, 4),
		refused(8, 4),
		at(6, 5, PATH_KIND_SILENT),
		at(1, 4, PATH_KIND_SILENT),
	};
	struct bw_addr last = addr(1), by = addr(4);
	struct path_summary summary = path_summary_of(breaks, 5);

	(void)state;
	assert_true(bw_addr_equal(&summary.common.last.from, &last));
	assert_true(bw_addr_equal(&summary.common.refused_by, &by));
	assert_int_equal(summary.shared, 3);
	assert_int_equal(summary.elsewhere, 2);
	summary = path_summary_of(split, 7);
	assert_true(bw_addr_equal(&summary.common.refused_by, &by));
	assert_int_equal(summary.shared, 5);
	assert_int_equal(summary.elsewhere, 2);
}

/* Unreachables are limited: a path that ends silently behind the same hop has the same end. */
static void test_some_are_not_refused(void **state)
{
	struct path_break breaks[] = {
		refused(1, 4),
		at(1, 4, PATH_KIND_SILENT),
		at(1, 4, PATH_KIND_SILENT),
		refused(2, 5),
	};
	struct path_summary summary = path_summary_of(breaks, 4);

	(void)state;
	assert_int_equal(summary.shared, 3);
	assert_int_equal(summary.elsewhere, 1);
	assert_int_equal(summary.common.kind, PATH_KIND_SILENT);
}

static void test_nothing_is_known(void **state)
{
	struct path_break own = at(1, 2, PATH_KIND_SILENT);

	(void)state;
	own.is_own = true;
	assert_int_equal(path_summary_of(&own, 1).shared, 0);
	assert_int_equal(path_summary_of(NULL, 0).common.kind, PATH_KIND_UNKNOWN);
}

static void test_growth(void **state)
{
	(void)state;
	assert_true(path_summary_has_grown(0, 1));
	assert_false(path_summary_has_grown(2, 3));
	assert_true(path_summary_has_grown(2, 4));
	assert_false(path_summary_has_grown(4, 2));
}

static void check(const struct path_sentence *sentence, const char *wanted)
{
	char text[PATH_TEXT];

	assert_string_equal(path_sentence_format(sentence, text), wanted);
}

static void test_sentences(void **state)
{
	struct path_break end = at(1, 2, PATH_KIND_SILENT);
	struct path_sentence s = {
		.at = &end,
		.asn = 64497,
		.border = PATH_BORDER_AHEAD,
		.border_hops = 1,
		.shared = 41,
		.exempt = 1,
		.total = 42,
	};

	(void)state;
	check(&s, "41 of 42 networks end after 198.18.9.1 (AS64497), one hop before the border; "
		  "1 still passes.");
	s.border_hops = 12;
	s.exempt = 3;
	s.elsewhere = 2;
	check(&s, "41 of 42 networks end after 198.18.9.1 (AS64497), 12 hops before the border; "
		  "2 end elsewhere; 3 still pass.");
	s = (struct path_sentence){.subject = "198.18.4.0/24", .at = &end};
	check(&s, "198.18.4.0/24 ends after 198.18.9.1, 198.18.9.2 was next.");
	end.kind = PATH_KIND_NET_UNREACHABLE;
	end.refused_by = addr(2);
	check(&s, "198.18.4.0/24 ends after 198.18.9.1, 198.18.9.2 was next; 198.18.9.2 says that "
		  "the network is unreachable.");
	end = at(1, 2, PATH_KIND_LOOP);
	s.border = PATH_BORDER_BEHIND;
	check(&s, "198.18.4.0/24 loops after 198.18.9.1, inside the border.");
	end = at(9, 2, PATH_KIND_REACHED);
	check(&s, "A trace reaches 198.18.9.9.");
	end.kind = PATH_KIND_UNKNOWN;
	check(&s, "A trace does not show where the path ends.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_most_have_one_hop_in_common),
		cmocka_unit_test(test_one_router_refuses),
		cmocka_unit_test(test_some_are_not_refused),
		cmocka_unit_test(test_nothing_is_known),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests_name("infer/path_summary", tests, NULL, NULL);
}

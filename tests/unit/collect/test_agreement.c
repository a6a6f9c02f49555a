/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "collect/agreement.h"
#include "collect/collector.h"

#define URL "https://alarm.example/s3cret"

static const char *const targets[] = {"kp"};

static struct collector *two_vantages(void)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	assert_non_null(collector);
	collector->fleet.count = 2;
	collector->fleet.stale_after = 3;
	collector->fleet.list[0] = (struct fleet_member){.name = "sgp1", .asn = 64497};
	collector->fleet.list[1] = (struct fleet_member){.name = "fra1"};
	collector->board.quorum = 2;
	collector->webhooks.count = 1;
	collector->webhooks.list[0] =
		(struct webhook){.name = URL, .targets = targets, .target_count = 1};
	return collector;
}

static void expect_difference(struct collector *a, struct collector *b, const char *wanted)
{
	char *ours = agreement_text(a), *theirs = agreement_text(b), text[200];

	agreement_compare(ours, theirs, text, sizeof(text));
	assert_string_equal(text, wanted);
	free(ours);
	free(theirs);
}

static void test_the_order_does_not_matter(void **state)
{
	struct collector *a = two_vantages(), *b = two_vantages();
	const struct fleet_member first = b->fleet.list[0];

	(void)state;
	b->fleet.list[0] = b->fleet.list[1];
	b->fleet.list[1] = first;
	expect_difference(a, b, "");
	free(a);
	free(b);
}

static void test_what_differs_is_named(void **state)
{
	struct collector *a = two_vantages(), *b = two_vantages();

	(void)state;
	b->board.quorum = 3;
	expect_difference(a, b, "\"quorum\" is 2 here and 3 there");
	b->fleet.stale_after = 5;
	expect_difference(
		a, b, "\"quorum\" is 2 here and 3 there, \"stale_after\" is 3 here and 5 there");
	b->board.quorum = 2;
	b->fleet.stale_after = 3;
	b->fleet.count = 1;
	expect_difference(a, b, "vantage \"fra1\" is not there");
	expect_difference(b, a, "vantage \"fra1\" is not here");
	b->fleet.count = 2;
	b->fleet.list[1].asn = 64498;
	expect_difference(a, b, "vantage \"fra1\" is without \"asn\" here and of AS64498 there");
	b->fleet.list[1].asn = 0;
	b->retention.keep_ns = 86400 * BW_S;
	expect_difference(a, b, "\"retention.intervals\" is forever here and 86400s there");
	free(a);
	free(b);
}

static void test_names_of_webhooks_stay_secret(void **state)
{
	struct collector *a = two_vantages(), *b = two_vantages();
	char *text = agreement_text(a), differs[20];

	(void)state;
	assert_null(strstr(text, "s3cret"));
	assert_non_null(strstr(text, "\tfor \"kp\"\n"));
	b->webhooks.count = 0;
	free(text);
	text = agreement_text(b);
	agreement_compare("vantage \"a\"\tof AS1\n", text, differs, sizeof(differs));
	assert_int_equal(strlen(differs), sizeof(differs) - 1); /* cut short */
	free(text);
	free(a);
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_order_does_not_matter),
		cmocka_unit_test(test_what_differs_is_named),
		cmocka_unit_test(test_names_of_webhooks_stay_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey/survey_egress.h"

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static struct route route_by(unsigned interface_index, const char *source, const char *gateway)
{
	struct route route = {.interface_index = interface_index, .source = addr_of(source)};

	if (gateway)
		route.gateway = addr_of(gateway);
	return route;
}

/* A family whose egress is interface 77, which no machine has to have. */
static struct survey_egress family_by(const char *gateway)
{
	return (struct survey_egress){
		.found = true,
		.egress = {.interface = "test0",
			   .interface_index = 77,
			   .source = addr_of("198.18.0.1"),
			   .gateway = addr_of(gateway)},
	};
}

static void test_one_gateway_is_kept(void **state)
{
	struct survey_egress family = family_by("198.18.0.254");
	struct route route = route_by(77, "198.18.0.1", "198.18.0.254");
	struct bw_addr addr = addr_of("198.19.0.1");

	(void)state;
	assert_int_equal(survey_egress_add(&family, &addr, &route, NULL), 0);
	assert_int_equal(family.egress.gateway.family, 4);
}

static void test_several_gateways_are_left_to_the_kernel(void **state)
{
	struct survey_egress family = family_by("198.18.0.254");
	struct route other = route_by(77, "198.18.0.1", "198.18.0.253");
	struct bw_addr addr = addr_of("198.19.0.1");

	(void)state;
	assert_int_equal(survey_egress_add(&family, &addr, &other, NULL), 0);
	assert_int_equal(family.egress.gateway.family, 0);
	assert_int_equal(family.egress.interface_index, 77);
}

static void test_addresses_without_a_route_are_counted(void **state)
{
	struct survey_egress family = {.found = false};
	struct route none = {.status = BW_ERR_NO_ROUTE};
	struct bw_addr first = addr_of("198.19.0.1"), second = addr_of("198.19.0.2");

	(void)state;
	assert_int_equal(survey_egress_add(&family, &first, &none, NULL), 0);
	assert_int_equal(survey_egress_add(&family, &second, &none, NULL), 0);
	assert_int_equal(family.unrouted, 2);
	assert_true(bw_addr_equal(&family.first_unrouted, &first));
	assert_false(family.found);
}

static void test_loopback_is_no_second_egress(void **state)
{
	struct survey_egress family = family_by("198.18.0.254");
	struct route own = route_by(if_nametoindex("lo"), "127.0.0.1", NULL);
	struct bw_addr addr = addr_of("198.18.0.1");

	(void)state;
	assert_int_equal(survey_egress_add(&family, &addr, &own, NULL), 0);
	assert_true(family.loopback_found);
	assert_string_equal(family.loopback.interface, "lo");
	assert_int_equal(family.egress.interface_index, 77);
}

static void test_a_vanished_interface_is_an_error(void **state)
{
	struct survey_egress family = {.found = false};
	struct route route = route_by(0x7ffffff0, "198.18.0.1", NULL);
	struct bw_addr addr = addr_of("198.19.0.1");
	struct bw_err err;

	(void)state;
	assert_true(survey_egress_add(&family, &addr, &route, &err) < 0);
	assert_false(family.found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_gateway_is_kept),
		cmocka_unit_test(test_several_gateways_are_left_to_the_kernel),
		cmocka_unit_test(test_addresses_without_a_route_are_counted),
		cmocka_unit_test(test_loopback_is_no_second_egress),
		cmocka_unit_test(test_a_vanished_interface_is_an_error),
	};

	return cmocka_run_group_tests_name("app/survey_egress", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sys/net/route.h"

static struct route route_from(const char *source, const char *gateway)
{
	struct route route = {.interface_index = if_nametoindex("lo")};

	assert_int_equal(bw_addr_parse(source, &route.source), 0);
	if (gateway)
		assert_int_equal(bw_addr_parse(gateway, &route.gateway), 0);
	return route;
}

static void test_same_way_is_found_again(void **state)
{
	struct route first = route_from("10.0.0.1", NULL), second = route_from("10.0.0.2", NULL);
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;

	(void)state;
	assert_int_equal(route_egress(&first, table, &count, NULL), 0);
	assert_int_equal(route_egress(&second, table, &count, NULL), 1);
	assert_int_equal(route_egress(&first, table, &count, NULL), 0);
	assert_int_equal(count, 2);
	assert_string_equal(table[0].interface, "lo");
	assert_int_equal(table[0].interface_index, if_nametoindex("lo"));
	assert_true(bw_addr_equal(&table[1].source, &second.source));
}

/* Destinations on the link and behind the gateway share a way out, whichever came first. */
static void test_gateway_is_kept(void **state)
{
	struct route near = route_from("10.0.0.1", NULL);
	struct route far = route_from("10.0.0.1", "10.0.0.254");
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;

	(void)state;
	assert_int_equal(route_egress(&near, table, &count, NULL), 0);
	assert_int_equal(table[0].gateway.family, 0);
	assert_int_equal(route_egress(&far, table, &count, NULL), 0);
	assert_true(bw_addr_equal(&table[0].gateway, &far.gateway));
	assert_int_equal(route_egress(&near, table, &count, NULL), 0);
	assert_true(bw_addr_equal(&table[0].gateway, &far.gateway));
	assert_int_equal(count, 1);
}

static void test_table_has_a_limit(void **state)
{
	struct route route = route_from("10.0.0.0", NULL);
	struct bw_egress table[BW_EGRESS_MAX];
	struct bw_err err;
	uint8_t count = 0;

	(void)state;
	for (int i = 0; i < BW_EGRESS_MAX; i++, route.source.bytes[3]++)
		assert_int_equal(route_egress(&route, table, &count, NULL), i);
	assert_int_equal(route_egress(&route, table, &count, &err), BW_ERR_LIMIT);
	assert_int_equal(count, BW_EGRESS_MAX);
	assert_non_null(strstr(err.message, "--interface"));
}

static void test_vanished_interface(void **state)
{
	struct route route = route_from("10.0.0.1", NULL);
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;

	(void)state;
	route.interface_index = 0x7ffffff0;
	assert_int_equal(route_egress(&route, table, &count, NULL), -ENODEV);
	assert_int_equal(count, 0);
}

/* Asking for routes needs no privilege; every machine has a way to itself. */
static void test_way_to_loopback(void **state)
{
	struct bw_addr destinations[300] = {{4, {127, 0, 0, 1}}};
	struct interface_wish wish = {0};
	struct route routes[300];
	struct route_socket *socket;

	(void)state;
	if (interface_state(if_nametoindex("lo")) != 0)
		skip();
	for (uint8_t i = 0; i < 100; i++)
		for (int k = 0; k < 3; k++)
			destinations[3 * i + k] = (struct bw_addr){4, {127, 0, i, (uint8_t)k}};
	assert_int_equal(route_open(&socket, NULL), 0);
	assert_int_equal(route_lookup(socket, &wish, destinations, 300, routes), 300);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(routes[i].status, 0);
		assert_int_equal(routes[i].interface_index, if_nametoindex("lo"));
		assert_int_equal(routes[i].source.family, 4);
		assert_int_equal(routes[i].gateway.family, 0);
	}
	assert_int_equal(route_lookup(socket, &wish, destinations, 0, routes), 0);
	route_close(socket);
	route_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_way_is_found_again),
		cmocka_unit_test(test_gateway_is_kept),
		cmocka_unit_test(test_table_has_a_limit),
		cmocka_unit_test(test_vanished_interface),
		cmocka_unit_test(test_way_to_loopback),
	};

	return cmocka_run_group_tests_name("sys/route", tests, NULL, NULL);
}

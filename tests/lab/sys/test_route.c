/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"
#include "sys/net/route.h"

static const struct interface_wish anything;

static struct route look_up(const struct interface_wish *wish, const char *dst)
{
	struct bw_addr addr = lab_addr(dst);
	struct route_socket *socket;
	struct route route;
	int found;

	assert_int_equal(route_open(&socket, NULL), 0);
	found = route_lookup(socket, wish, &addr, 1, &route);
	assert_int_equal(found, route.status == 0);
	route_close(socket);
	return route;
}

static void assert_way(const struct route *route, const char *interface, const char *source,
		       const char *gateway)
{
	struct bw_addr none = {0}, from = lab_addr(source);
	struct bw_addr via = gateway ? lab_addr(gateway) : none;

	assert_int_equal(route->status, 0);
	assert_int_equal(route->interface_index, if_nametoindex(interface));
	assert_true(bw_addr_equal(&route->source, &from));
	assert_true(bw_addr_equal(&route->gateway, &via));
}

static void test_ways(void **state)
{
	struct route route = look_up(&anything, LAB_THERE_V4);

	(void)state;
	assert_way(&route, "v0", LAB_HERE_V4, NULL);
	route = look_up(&anything, "198.18.4.1");
	assert_way(&route, "v0", LAB_HERE_V4, LAB_THERE_V4);
	route = look_up(&anything, LAB_THERE_V6);
	assert_way(&route, "v0", LAB_HERE_V6, NULL);
	route = look_up(&anything, "2001:db8:4::1");
	assert_way(&route, "v0", LAB_HERE_V6, LAB_THERE_V6);
	route = look_up(&anything, "127.0.0.1");
	assert_way(&route, "lo", "127.0.0.1", NULL);
	route = look_up(&anything, LAB_HERE_V6);
	assert_way(&route, "lo", LAB_HERE_V6, NULL);
}

static void test_no_way(void **state)
{
	static const char *const none[] = {"10.1.0.1", "10.2.0.1", "10.3.0.1", "10.4.0.1",
					   "2001:db8:a::1", "2001:db8:b::1", "2001:db8:c::1"};

	(void)state;
	lab_run("ip route add unreachable 10.1.0.0/16 && ip route add prohibit 10.2.0.0/16 && "
		"ip route add blackhole 10.3.0.0/16 && ip route add table 7 throw 10.4.0.0/16 && "
		"ip rule add to 10.4.0.0/16 lookup 7 && ip rule add to 10.4.0.0/16 unreachable");
	lab_run("ip route add unreachable 2001:db8:a::/48 && "
		"ip route add prohibit 2001:db8:b::/48 && ip route add blackhole 2001:db8:c::/48");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(look_up(&anything, none[i]).status, BW_ERR_NO_ROUTE);
	lab_run("ip route del default; ip -6 route del default");
	assert_int_equal(look_up(&anything, "198.18.4.1").status, BW_ERR_NO_ROUTE);
	assert_int_equal(look_up(&anything, "2001:db8:4::1").status, BW_ERR_NO_ROUTE);
	assert_int_equal(look_up(&anything, LAB_THERE_V4).status, 0);
	lab_run("ip route add default via %s && ip route add default via %s", LAB_THERE_V4,
		LAB_THERE_V6);
}

/* More than a batch, mixed: each answer belongs to its question. */
static void test_many(void **state)
{
	enum { COUNT = 5000 };
	struct bw_addr *destinations = calloc(COUNT, sizeof(*destinations));
	struct route *routes = calloc(COUNT, sizeof(*routes));
	struct route_socket *socket;

	(void)state;
	lab_run("ip route replace unreachable 10.1.0.0/16");
	for (uint32_t i = 0; i < COUNT; i++)
		destinations[i] = i % 3 == 0   ? bw_addr_from_v4(0xc6120400 + i % 256)
				  : i % 3 == 1 ? lab_addr("2001:db8:4::77")
					       : bw_addr_from_v4(0x0a010000 + i);
	assert_int_equal(route_open(&socket, NULL), 0);
	assert_int_equal(route_lookup(socket, &anything, destinations, COUNT, routes),
			 COUNT - COUNT / 3);
	for (uint32_t i = 0; i < COUNT; i++) {
		if (i % 3 == 2)
			assert_int_equal(routes[i].status, BW_ERR_NO_ROUTE);
		else
			assert_way(&routes[i], "v0", i % 3 ? LAB_HERE_V6 : LAB_HERE_V4,
				   i % 3 ? LAB_THERE_V6 : LAB_THERE_V4);
	}
	route_close(socket);
	free(destinations);
	free(routes);
}

/* Where no route leads through the interface, IPv4 must not pretend that all is on its link. */
static void test_wanted_interface(void **state)
{
	struct interface_wish through = {0};
	struct route route;

	(void)state;
	lab_run("ip link add w0 type veth peer name w1 && ip addr add 198.18.9.1/24 dev w0 && "
		"ip addr add 2001:db8:9::1/64 dev w0 nodad && ip link set w0 up && "
		"ip link set w1 up");
	assert_int_equal(interface_wish("w0", NULL, &through, NULL), 0);
	assert_int_equal(look_up(&through, "198.18.4.1").status, BW_ERR_NO_ROUTE);
	assert_int_equal(look_up(&through, "2001:db8:4::1").status, BW_ERR_NO_ROUTE);
	route = look_up(&through, "198.18.9.2");
	assert_way(&route, "w0", "198.18.9.1", NULL);
	lab_run("ip route add default via 198.18.9.2 metric 9000");
	route = look_up(&through, "198.18.4.1");
	assert_way(&route, "w0", "198.18.9.1", "198.18.9.2");
	route = look_up(&anything, "198.18.4.1");
	assert_way(&route, "v0", LAB_HERE_V4, LAB_THERE_V4);
	lab_run("ip link del w0");
}

/* The wanted source decides where there are rules by source. */
static void test_wanted_source(void **state)
{
	struct bw_addr second = lab_addr("198.18.0.11");
	struct interface_wish from = {0};
	struct route route;
	struct bw_err err;

	(void)state;
	assert_int_equal(interface_wish("v0", &second, &from, &err), BW_ERR_MISSING);
	assert_non_null(strstr(err.message, "198.18.0.1 on v0"));
	lab_run("ip addr add 198.18.0.11/24 dev v0 && ip rule add from 198.18.0.11 lookup 9 && "
		"ip route add default via 198.18.0.77 table 9");
	assert_int_equal(interface_wish("v0", &second, &from, NULL), 0);
	route = look_up(&from, "198.18.4.1");
	assert_way(&route, "v0", "198.18.0.11", "198.18.0.77");
	route = look_up(&from, "2001:db8:4::1");
	assert_way(&route, "v0", LAB_HERE_V6, LAB_THERE_V6);
	lab_run("ip rule del from 198.18.0.11 && ip addr del 198.18.0.11/24 dev v0");
}

static struct route_shared shared; /* as the last call of ask_gateway() found them */

static int ask_gateway(const struct interface_wish *wish, int family, struct route *ret_route)
{
	struct route_socket *socket;
	int r;

	assert_int_equal(route_open(&socket, NULL), 0);
	r = route_default_gateway(socket, wish, family, ret_route, &shared);
	route_close(socket);
	return r;
}

static void test_default_gateway(void **state)
{
	struct interface_wish loopback = {.index = if_nametoindex("lo")};
	struct route route;

	(void)state;
	assert_int_equal(ask_gateway(&anything, 4, &route), 0);
	assert_way(&route, "v0", LAB_HERE_V4, LAB_THERE_V4);
	assert_int_equal(ask_gateway(&anything, 6, &route), 0);
	assert_way(&route, "v0", LAB_HERE_V6, LAB_THERE_V6);
	assert_int_equal(ask_gateway(&loopback, 4, &route), BW_ERR_MISSING);
	/* The lowest metric counts; a route without a gateway does not. */
	lab_run("ip route del default && ip route add default dev v0 metric 1 && "
		"ip route add default via 198.18.0.33 metric 50 && "
		"ip route add default via 198.18.0.22 metric 20");
	assert_int_equal(ask_gateway(&anything, 4, &route), 0);
	assert_way(&route, "v0", LAB_HERE_V4, "198.18.0.22");
	lab_run("ip route flush exact 0.0.0.0/0");
	assert_int_equal(ask_gateway(&anything, 4, &route), BW_ERR_MISSING);
	/* Several next hops. */
	lab_run("ip route add default nexthop via 198.18.0.44 nexthop via 198.18.0.55");
	assert_int_equal(ask_gateway(&anything, 4, &route), 0);
	assert_way(&route, "v0", LAB_HERE_V4, "198.18.0.44");
	assert_int_equal(shared.count, 2);
	assert_true(bw_addr_equal(&shared.hops[1].gateway, &(struct bw_addr){4, {198, 18, 0, 55}}));
	assert_int_equal(ask_gateway(&loopback, 4, &route), BW_ERR_MISSING);
	assert_int_equal(shared.count, 0);
	lab_run("ip route del default && ip route add default via %s", LAB_THERE_V4);
}

/* Routers announce themselves by link-local addresses. */
static void test_link_local_gateway(void **state)
{
	struct route route;

	(void)state;
	lab_run("ip -6 addr add fe80::77/64 dev v0 nodad && ip -6 route del default && "
		"ip route add default via fe80::1 dev v0");
	assert_int_equal(ask_gateway(&anything, 6, &route), 0);
	assert_int_equal(route.interface_index, if_nametoindex("v0"));
	assert_true(bw_addr_equal(&route.gateway, &(struct bw_addr){6, {0xfe, 0x80, [15] = 1}}));
	lab_run("ip route add 198.18.8.0/24 via inet6 fe80::1 dev v0");
	route = look_up(&anything, "198.18.8.1");
	assert_way(&route, "v0", LAB_HERE_V4, "fe80::1");
	lab_run("ip -6 route del default && ip route add default via %s", LAB_THERE_V6);
}

static void test_interface_wish(void **state)
{
	struct interface_wish wish;
	struct bw_err err;
	char line[1024];

	(void)state;
	assert_int_equal(interface_wish("eth9", NULL, &wish, &err), BW_ERR_MISSING);
	assert_string_equal(bw_err_format(&err, line, sizeof(line)),
			    "--interface eth9: there is no such interface (this machine has: "
			    "lo, v0)");
	lab_run("ip link set v0 down");
	assert_int_equal(interface_wish("v0", NULL, &wish, &err), -ENETDOWN);
	assert_int_equal(interface_state(if_nametoindex("v0")), -ENETDOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_no_way),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_wanted_interface),
		cmocka_unit_test(test_wanted_source),
		cmocka_unit_test(test_default_gateway),
		cmocka_unit_test(test_link_local_gateway),
		cmocka_unit_test(test_interface_wish),
	};
	pid_t there;
	int failed;

	lab_enter();
	there = lab_connect();
	failed = cmocka_run_group_tests_name("lab/sys/route", tests, NULL, NULL);
	lab_leave(there);
	return failed;
}

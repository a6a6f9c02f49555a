/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "simulation_of.h"

/* Four hops: the second is silent in IPv6, the third always; the fourth is the border. */
#define CHAIN                                                                                      \
	STAGE_HEAD "\"duration\": \"1d\", \"routers\": ["                                          \
		   "{\"name\": \"a\", \"address\": [\"10.98.0.1\", \"fd00:98::1\"]}, "             \
		   "{\"name\": \"b\", \"address\": \"10.98.0.2\"}, "                               \
		   "{\"name\": \"b2\", \"address\": \"10.98.0.12\"}, "                             \
		   "{\"name\": \"c\", \"address\": \"10.98.0.3\", \"silent\": 1}], \"targets\": [" \
		   "{\"name\": \"land\", \"path\": [\"a\", \"b|b2\", \"c\"], \"networks\": ["      \
		   "{\"prefix\": \"198.18.0.0/24\"}, {\"prefix\": \"2001:db8:1::/48\"}], "         \
		   "\"hosts\": [{\"count\": 9}]}]"

static struct sim_way_end find(const struct stage *stage, const char *text, int hours)
{
	struct bw_mono at = {hours * 3600 * BW_S};
	struct sim_way_end end;
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	assert_true(sim_world_way_end(stage->simulation->world, 0, &addr, at, &end));
	return end;
}

/* A hop that is silent is passed over, forward and back. */
static void test_silent_hops(void **state)
{
	struct sim_way_end end;
	struct stage s;

	(void)state;
	stage_begin(&s, CHAIN ", \"faults\": [{\"kind\": \"unreachable\", \"subject\": \"land\", "
			      "\"router\": \"c\", \"at\": \"2h\", \"for\": \"1h\"}]}");
	end = find(&s, "198.18.0.5", 1);
	assert_false(end.ends);
	assert_int_equal(end.last.ttl, 4);
	assert_int_equal(end.next.ttl, 0);
	end = find(&s, "198.18.0.5", 2);
	assert_true(end.ends);
	assert_int_equal(end.kind, SIM_UNREACHABLE);
	assert_int_equal(end.last.ttl, 2);
	assert_int_equal(end.last.count, 2);
	assert_int_equal(end.last.addrs[1].bytes[3], 12);
	assert_int_equal(end.next.ttl, 4);
	end = find(&s, "2001:db8:1::5", 2);
	assert_int_equal(end.last.ttl, 1);
	assert_int_equal(end.last.addrs[0].bytes[15], 1);
	stage_end(&s);
}

/* Of two faults the nearest ends the way; the hop behind it is silent and passed over. */
static void test_the_nearest_fault(void **state)
{
	struct sim_way_end end;
	struct stage s;

	(void)state;
	stage_begin(&s, CHAIN ", \"faults\": [{\"subject\": \"land\", \"at\": \"2h\"}, "
			      "{\"kind\": \"loop\", \"subject\": \"land\", \"router\": \"b\", "
			      "\"at\": \"3h\", \"for\": \"1h\"}]}");
	end = find(&s, "198.18.0.5", 2);
	assert_true(end.ends);
	assert_int_equal(end.last.ttl, 4);
	end = find(&s, "198.18.0.5", 3);
	assert_int_equal(end.kind, SIM_LOOP);
	assert_int_equal(end.last.ttl, 2);
	assert_int_equal(end.next.ttl, 4);
	stage_end(&s);
}

/* Nobody has the address, or the gateway has, which is beside the vantage. */
static void test_no_way(void **state)
{
	struct sim_way_end end;
	struct bw_addr addr;
	struct stage s;

	(void)state;
	stage_begin(&s, CHAIN "}");
	assert_int_equal(bw_addr_parse("192.0.2.1", &addr), 0);
	assert_false(sim_world_way_end(s.simulation->world, 0, &addr, (struct bw_mono){0}, &end));
	assert_false(sim_world_way_end(s.simulation->world, 0, &s.simulation->ways[0].gateway,
				       (struct bw_mono){0}, &end));
	stage_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent_hops),
		cmocka_unit_test(test_the_nearest_fault),
		cmocka_unit_test(test_no_way),
	};

	return cmocka_run_group_tests_name("sim/way_end", tests, NULL, NULL);
}

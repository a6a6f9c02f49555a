/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "simulation_of.h"

#define HOURS(n) ((struct bw_mono){(n)*3600 * BW_S})

static uint32_t block_of(const struct stage *stage, const char *text)
{
	struct bw_addr addr;
	uint32_t block = 0;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	assert_int_equal(sim_world_find(stage->simulation->world, &addr, &block), 0);
	return block;
}

static enum sim_truth truth(const struct stage *stage, const char *addr, int hours)
{
	return sim_world_truth(stage->simulation->world, block_of(stage, addr), HOURS(hours));
}

static void test_a_land(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD "\"duration\": \"1d\", " STAGE_LAND "}");
	assert_int_equal(s.simulation->target_count, 1);
	assert_string_equal(s.simulation->targets[0]->name, "land");
	assert_int_equal(s.simulation->targets[0]->network_count, 4);
	for (size_t n = 0; n < 4; n++) {
		assert_int_equal(s.simulation->targets[0]->networks[n].host_count, 10);
		assert_true(s.simulation->targets[0]->networks[n].known);
		assert_true(s.simulation->targets[0]->networks[n].hosts[0].availability == 1);
	}
	assert_int_equal(truth(&s, "198.18.3.7", 1), SIM_TRUTH_UP);
	assert_int_equal(s.simulation->ways[0].reference_count, 2);
	assert_int_equal(s.simulation->ways[0].gateway.family, 4);
	stage_end(&s);
}

static void test_copies_follow_each_other(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"1d\", \"targets\": [{\"name\": \"t\", \"copies\": 3, "
		    "\"networks\": [{\"prefix\": \"198.18.0.0/24\", \"count\": 2, "
		    "\"hosts\": [{\"count\": 3}]}]}], "
		    "\"faults\": [{\"subject\": \"t-2\", \"at\": \"1h\", \"for\": \"2h\"}]}");
	assert_int_equal(s.simulation->target_count, 3);
	assert_string_equal(s.simulation->targets[2]->name, "t-3");
	assert_int_equal(bw_addr_to_v4(&s.simulation->targets[2]->networks[1].prefix.addr),
			 0xc6120500);
	assert_int_equal(truth(&s, "198.18.1.1", 2), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.2.1", 2), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.3.1", 2), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.4.1", 2), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.2.1", 3), SIM_TRUTH_UP);
	stage_end(&s);
}

static void test_subjects_of_faults(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"4d\", " STAGE_LAND ", \"faults\": ["
		    "{\"subject\": \"198.18.1.0/24\", \"at\": \"1h\", \"for\": \"1h\"},"
		    "{\"subject\": \"198.18.2.0/23\", \"at\": \"3h\", \"for\": \"1h\"},"
		    "{\"subject\": \"land\", \"at\": \"5h\", \"for\": \"1h\", \"every\": \"1d\"},"
		    "{\"subject\": \"all\", \"at\": \"10h\", \"for\": \"1h\", \"stagger\": \"2h\"},"
		    "{\"kind\": \"prohibited\", \"subject\": \"land\", \"at\": \"20h\", \"for\": "
		    "\"1h\"}]}");
	assert_int_equal(truth(&s, "198.18.1.1", 1), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.0.1", 1), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.1.1", 3), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.3.1", 3), SIM_TRUTH_DARK);
	for (int day = 0; day < 4; day++)
		assert_int_equal(truth(&s, "198.18.0.1", 24 * day + 5), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.0.1", 10), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.3.1", 10), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.3.1", 16), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.0.1", 20), SIM_TRUTH_DARK);
	stage_end(&s);
}

/* A router in the block filters it; the same router ends the way to the block beside it. */
static void test_prohibited_inside_and_outside(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"1d\", \"routers\": [{\"name\": \"gate\", "
		    "\"address\": \"198.18.1.254\"}], \"targets\": [{\"name\": \"land\", "
		    "\"path\": [\"gate\"], \"networks\": [{\"prefix\": \"198.18.0.0/23\"}], "
		    "\"hosts\": [{\"count\": 2}]}], \"faults\": [{\"kind\": \"prohibited\", "
		    "\"subject\": \"land\", \"router\": \"gate\", \"at\": \"1h\", "
		    "\"for\": \"1h\"}]}");
	assert_int_equal(truth(&s, "198.18.0.1", 1), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.1.1", 1), SIM_TRUTH_FILTERED);
	stage_end(&s);
}

static void test_half_of_the_hosts_are_listed(void **state)
{
	size_t hosts = 0;
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"1d\", \"targets\": [{\"name\": \"t\", \"listed\": 0.5, "
		    "\"claimed\": 0.9, \"networks\": [{\"prefix\": \"198.18.0.0/22\"}], \"hosts\": "
		    "[{\"count\": 100, \"availability\": 0.4}]}]}");
	assert_int_equal(s.simulation->targets[0]->network_count, 1);
	hosts = s.simulation->targets[0]->networks[0].host_count;
	assert_in_range(hosts, 150, 250);
	assert_true(s.simulation->targets[0]->networks[0].hosts[7].availability > .89f);
	for (size_t i = 1; i < hosts; i++)
		assert_true(
			bw_addr_compare(&s.simulation->targets[0]->networks[0].hosts[i - 1].addr,
					&s.simulation->targets[0]->networks[0].hosts[i].addr) < 0);
	stage_end(&s);
}

#define ROUTERS                                                                     \
	"\"routers\": [{\"name\": \"transit\", \"address\": \"10.98.0.1\"}, "       \
	"{\"name\": \"metro\", \"address\": \"10.98.0.2\"}, "                       \
	"{\"name\": \"detour\", \"address\": \"10.98.0.3\"}], "                     \
	"\"targets\": [{\"name\": \"land\", \"path\": \"transit\", \"networks\": [" \
	"{\"prefix\": \"198.18.0.0/23\", \"count\": 2}, "                           \
	"{\"prefix\": \"198.18.8.0/24\", \"path\": \"metro\"}], \"hosts\": [{\"count\": 9}]}]"

static struct sim_way_end way_end(const struct stage *stage, const char *text, int hours)
{
	struct sim_way_end end;
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	assert_true(sim_world_way_end(stage->simulation->world, 0, &addr, HOURS(hours), &end));
	return end;
}

/* Networks behind one transit router, one of them behind a further one, and a detour. */
static void test_paths_of_networks(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"4d\", " ROUTERS ", \"route_changes\": ["
		    "{\"subject\": \"198.18.0.0/23\", \"path\": [\"transit\", \"detour\"], "
		    "\"at\": \"2h\", \"for\": \"1h\", \"every\": \"1d\"}], \"faults\": ["
		    "{\"subject\": \"land\", \"router\": \"transit\", \"at\": \"5h\", "
		    "\"for\": \"1h\"}]}");
	assert_int_equal(way_end(&s, "198.18.0.5", 1).last.ttl, 2);
	assert_int_equal(way_end(&s, "198.18.8.5", 1).last.ttl, 3);
	assert_int_equal(way_end(&s, "198.18.0.5", 2).last.ttl, 3);
	assert_int_equal(way_end(&s, "198.18.2.5", 2).last.ttl, 2);
	assert_int_equal(way_end(&s, "198.18.0.5", 3).last.ttl, 2);
	assert_int_equal(way_end(&s, "198.18.0.5", 74).last.ttl, 3);
	assert_true(way_end(&s, "198.18.8.5", 5).ends);
	assert_int_equal(way_end(&s, "198.18.8.5", 5).last.ttl, 1);
	assert_int_equal(way_end(&s, "198.18.8.5", 5).next.addrs[0].bytes[3], 2);
	stage_end(&s);
}

/* What is exempt stays up: a network, and a block of another. */
static void test_exempt_blocks(void **state)
{
	struct stage s;

	(void)state;
	stage_begin(&s, STAGE_HEAD
		    "\"duration\": \"1d\", " ROUTERS ", \"faults\": ["
		    "{\"subject\": \"land\", \"router\": \"transit\", \"at\": \"1h\", "
		    "\"for\": \"1h\", \"exempt\": [\"198.18.1.0/24\", \"198.18.8.0/22\"]}, "
		    "{\"subject\": \"198.18.0.0/22\", \"at\": \"3h\", \"for\": \"1h\", "
		    "\"exempt\": \"198.18.3.0/24\"}, "
		    "{\"subject\": \"land\", \"at\": \"5h\", \"for\": \"1h\", "
		    "\"exempt\": \"198.18.0.0/23\"}]}");
	assert_int_equal(truth(&s, "198.18.0.5", 1), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.1.5", 1), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.3.5", 1), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.8.5", 1), SIM_TRUTH_UP);
	assert_false(way_end(&s, "198.18.8.5", 1).ends);
	assert_int_equal(truth(&s, "198.18.2.5", 3), SIM_TRUTH_DARK);
	assert_int_equal(truth(&s, "198.18.3.5", 3), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.1.5", 5), SIM_TRUTH_UP);
	assert_int_equal(truth(&s, "198.18.8.5", 5), SIM_TRUTH_DARK);
	stage_end(&s);
}

/* Impossible worlds, each with the field of the error. */
static const struct {
	const char *text;
	int line;
	const char *field, *message;
} refused[] = {
	{"\"targets\": [{\"name\": \"t\", \"networks\": [\n{\"prefix\": \"198.18.0.0/28\", "
	 "\"hosts\": [{\"count\": 20}]}]}]}",
	 2, "targets[0].networks[0].prefix", "room for"},
	{"\"targets\": [{\"name\": \"t\", \"networks\": [\n{\"prefix\": \"198.18.0.1/24\"}]}]}", 2,
	 "targets[0].networks[0].prefix", "198.18.0.0/24"},
	{"\"targets\": [{\"name\": \"t\", \"networks\": [{\"prefix\": \"198.18.0.0/24\"},\n"
	 "{\"prefix\": \"198.18.0.0/24\"}]}]}",
	 2, "targets[0].networks[1].prefix", "overlapping"},
	{"\"targets\": [{\"name\": \"t\", \"networks\": [\n{\"prefix\": \"255.255.255.0/24\", "
	 "\"count\": 2}]}]}",
	 2, "targets[0].networks[0].prefix", "last address"},
	{"\"targets\": [{\"name\": \"t\",\n\"profile\": \"far\", \"networks\": [{\"prefix\": "
	 "\"198.18.0.0/24\"}]}]}",
	 2, "targets[0].profile", "no profile"},
	{"\"targets\": [{\"name\": \"t\",\n\"path\": [\"x\"], \"networks\": [{\"prefix\": "
	 "\"198.18.0.0/24\"}]}]}",
	 2, "targets[0].path[0]", "no router"},
	{"\"targets\": [{\n\"file\": \"kp\"}]}", 2, "targets[0].file", "no target files"},
	{STAGE_LAND ",\n\"faults\": [{\"subject\": \"sea\", \"at\": \"1h\"}]}", 2,
	 "faults[0].subject", "no target"},
	{STAGE_LAND ",\n\"faults\": [{\"subject\": \"10.1.0.0/24\", \"at\": \"1h\"}]}", 2,
	 "faults[0].subject", "no target"},
	{STAGE_LAND ",\n\"faults\": [{\"subject\": \"land\", \"at\": \"1h\", \"down\": \"5m\"}]}",
	 2, "faults[0].down", "has `down` and `up`"},
	{STAGE_LAND ",\n\"faults\": [{\"subject\": \"land\", \"at\": \"1h\", \"router\": \"r\"}]}",
	 2, "faults[0].router", "no router"},
	{STAGE_LAND ",\n\"spoofers\": [{\"block\": \"198.18.9.0/24\", \"at\": \"1h\"}]}", 2,
	 "spoofers[0].block", "no block"},
	{STAGE_LAND ",\n\"moves\": [{\"from\": \"198.18.0.0/24\", \"to\": \"198.18.9.0/24\", "
		    "\"at\": \"1h\"}]}",
	 2, "moves[0].to", "no block"},
	{STAGE_LAND ",\n\"world\": {\"line\": {\"period\": \"1m\", \"length\": \"2m\"}}}", 2,
	 "world", "longer than its period"},
	{"\"targets\": [{\"name\": \"t\", \"networks\": [{\"prefix\": \"198.18.0.0/24\"}],\n"
	 "\"hosts\": [{\"count\": 2, \"tau\": \"1h\", \"session\": \"1h\"}]}]}",
	 2, "targets[0].hosts[0]", "not both"},
	{ROUTERS ",\n\"faults\": [{\"subject\": \"land\", \"at\": \"1h\", \"router\": "
		 "\"metro\"}]}",
	 2, "faults[0].router", "'metro' is not always on the path"},
	{ROUTERS ",\n\"faults\": [{\"subject\": \"land\", \"at\": \"1h\", \"exempt\": "
		 "\"198.18.1.128/25\"}]}",
	 2, "faults[0].exempt[0]", "no whole block"},
	{ROUTERS ",\n\"faults\": [{\"subject\": \"land\", \"at\": \"1h\", \"exempt\": "
		 "\"all\"}]}",
	 2, "faults[0].exempt[0]", ""},
	{ROUTERS ",\n\"route_changes\": [{\"subject\": \"sea\", \"at\": \"1h\", \"path\": "
		 "\"detour\"}]}",
	 2, "route_changes[0].subject", "no target or network"},
	{ROUTERS ",\n\"route_changes\": [{\"subject\": \"all\", \"at\": \"1h\", \"path\": "
		 "\"detuor\"}]}",
	 2, "route_changes[0].path[0]", "did you mean 'detour'"},
	{ROUTERS ",\n\"route_changes\": [{\"subject\": \"all\", \"at\": \"2d\", \"path\": "
		 "\"detour\"}]}",
	 2, "route_changes[0].at", "when the scenario is over"},
	{ROUTERS ",\n\"expect\": [{\"path\": {\"last\": \"detuor\"}}]}", 2, "expect[0].path.last",
	 "did you mean 'detour'"},
	{STAGE_LAND ",\n\"vantage\": {\"nat\": [\"10.9.9.9\", \"10.9.9.8\"]}}", 2, "vantage.nat[1]",
	 ""},
	{"\"targets\": [{\"name\": \"t\", \"networks\": [\n{\"prefix\": \"0.0.0.0/1\"}]}]}", 2,
	 "targets[0].networks[0].prefix", "blocks"},
};

static void test_impossible_worlds(void **state)
{
	char text[1024];
	struct stage s;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		snprintf(text, sizeof(text), "%s\"duration\": \"1d\", %s", STAGE_HEAD,
			 refused[i].text);
		if (stage_try(&s, text) >= 0)
			fail_msg("case %zu was accepted", i);
		if (s.err.line != refused[i].line || strcmp(s.err.field, refused[i].field) != 0 ||
		    !strstr(s.err.message, refused[i].message))
			fail_msg("case %zu: line %d, '%s': %s", i, s.err.line, s.err.field,
				 s.err.message);
		stage_end(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_land),
		cmocka_unit_test(test_copies_follow_each_other),
		cmocka_unit_test(test_subjects_of_faults),
		cmocka_unit_test(test_prohibited_inside_and_outside),
		cmocka_unit_test(test_paths_of_networks),
		cmocka_unit_test(test_exempt_blocks),
		cmocka_unit_test(test_half_of_the_hosts_are_listed),
		cmocka_unit_test(test_impossible_worlds),
	};

	return cmocka_run_group_tests_name("sim/simulation", tests, NULL, NULL);
}

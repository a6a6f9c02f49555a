/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/scenario/labels.h"
#include "simulation_of.h"

#define WORLD                                                                                   \
	STAGE_HEAD                                                                              \
		"\"duration\": \"1d\", \"routers\": ["                                          \
		"{\"name\": \"a\", \"address\": [\"10.98.0.1\", \"fd00:98::1\"], \"asn\": "     \
		"64497, \"country\": \"CN\"}, {\"name\": \"b\", \"address\": \"10.98.0.2\"}], " \
		"\"targets\": [{\"name\": \"land\", \"country\": \"KP\", \"copies\": 2, "       \
		"\"networks\": [{\"prefix\": \"198.18.0.0/24\"}], \"hosts\": [{\"count\": 9}]}]}"

static void test_labels(void **state)
{
	static const struct {
		const char *addr;
		uint32_t asn;
		const char *country;
	} cases[] = {
		{"10.98.0.1", 64497, "CN"}, {"fd00:98::1", 64497, "CN"}, {"10.98.0.2", 0, ""},
		{"10.96.0.1", 0, "KP"},     {"10.96.0.2", 0, "KP"},      {"10.96.0.3", 0, ""},
		{"198.18.0.1", 0, ""},
	};
	struct stage s;

	(void)state;
	stage_begin(&s, WORLD);
	assert_string_equal(s.simulation->targets[1]->country, "KP");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_addr addr;
		char country[3] = "";
		uint32_t asn = 0;

		assert_int_equal(bw_addr_parse(cases[i].addr, &addr), 0);
		labels_find(s.simulation, &addr, &asn, country);
		assert_int_equal(asn, cases[i].asn);
		assert_string_equal(country, cases[i].country);
	}
	stage_end(&s);
}

static void test_names_of_routers(void **state)
{
	struct stage s;
	struct bw_addr four, six;

	(void)state;
	stage_begin(&s, WORLD);
	assert_int_equal(bw_addr_parse("10.98.0.1", &four), 0);
	assert_int_equal(bw_addr_parse("fd00:98::1", &six), 0);
	assert_true(labels_is_router(s.scenario, "a", &four));
	assert_true(labels_is_router(s.scenario, "a", &six));
	assert_true(labels_is_router(s.scenario, "10.98.0.1", &four));
	assert_false(labels_is_router(s.scenario, "b", &four));
	assert_false(labels_is_router(s.scenario, "b", &six));
	assert_false(labels_is_router(s.scenario, "b", &(struct bw_addr){.family = 0}));
	stage_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_names_of_routers),
	};

	return cmocka_run_group_tests_name("sim/labels", tests, NULL, NULL);
}

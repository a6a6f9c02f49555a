/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/path/path_tell.h"

/* Five networks, of which the last has two blocks: units and blocks have the same numbers. */
static const char lines[] = "a 198.18.0.0/24 3\na 198.18.1.0/24 3\na 198.18.2.0/24 3\n"
			    "a 198.18.3.0/24 3\na 198.18.4.0/23 3\n";
#define UNITS 6

struct bench {
	struct fixture *fixture;
	struct path_units units;
	struct path_plan plan;
	struct path_words words;
};

static struct bw_addr router(unsigned number)
{
	return bw_addr_from_v4(number ? 0x0a620000 + number : 0);
}

/* The path to a unit goes by these routers; behind the last one, at TTL 4, is its host. */
static void learn(struct bench *bench, uint32_t unit, unsigned one, unsigned two, unsigned three)
{
	const unsigned routers[] = {one, two, three};
	struct path path = {.destination = bw_addr_from_v4(0xc6120001 + (unit << 8)),
			    .end = 4,
			    .reached = true};

	for (unsigned ttl = 1; ttl <= 3; ttl++)
		path.hops[ttl] = (struct path_hop){router(routers[ttl - 1]), PATH_PASSED, 0};
	path.hops[4] = (struct path_hop){path.destination, PATH_REPLIED, 0};
	baseline_learn(&bench->units.list[unit].baseline, &bench->units.hops, &path, 1,
		       fixture_mono(0));
	bench->units.list[unit].block = unit;
}

/* Its path was found to end behind this router, at TTL 2, refused by another one or by nobody. */
static void end_at(struct bench *bench, uint32_t unit, unsigned last, unsigned refuser)
{
	bench->fixture->ledger->blocks[unit].verdict = BW_DARK;
	bench->units.results[unit] = (struct path_result){
		.at = {.last = {router(last), 2},
		       .kind = refuser ? PATH_KIND_NET_UNREACHABLE : PATH_KIND_SILENT},
		.made = fixture_mono(100),
		.block = unit,
		.search = PATH_FOUND,
	};
	if (refuser)
		bench->units.results[unit].at.refused_by = router(refuser);
}

/* It is up, and has answered at this second. */
static void answer(struct bench *bench, uint32_t unit, double seconds)
{
	bench->fixture->ledger->blocks[unit].verdict = BW_UP;
	bench->fixture->ledger->blocks[unit].last_answer = fixture_mono(seconds);
}

/* KEEPS_EVENTS: of a daemon; else of one check. All paths go by routers 1, 2 and 3. */
static void begin_with(struct bench *bench, const char *target, unsigned units, bool keeps_events)
{
	*bench = (struct bench){.fixture = fixture_new(target, keeps_events)};
	assert_int_equal(path_units_init(&bench->units, bench->fixture->ledger), 0);
	assert_int_equal(bench->units.count, units);
	for (uint32_t unit = 0; unit < units; unit++)
		learn(bench, unit, 1, 2, 3);
}

static void begin(struct bench *bench, bool keeps_events)
{
	begin_with(bench, lines, UNITS, keeps_events);
}

static void end(struct bench *bench)
{
	path_units_fini(&bench->units);
	fixture_free(bench->fixture);
}

static const struct record_path *tell(struct bench *bench, enum bw_scope scope, uint32_t number,
				      const char *subject)
{
	return path_tell(&bench->units, &bench->plan, scope, number, subject, &bench->words);
}

static const struct record_path *tell_target(struct bench *bench)
{
	const struct record_path *path = tell(bench, BW_SCOPE_TARGET, 0, "a");

	assert_non_null(path);
	return path;
}

static void assert_exempt(const struct record_path *path, unsigned n, const char *wanted)
{
	char text[BW_PREFIX_TEXT];

	assert_true(n < path->exempt_count);
	assert_string_equal(bw_prefix_format(&path->exempt[n], text), wanted);
}

static void test_a_block(void **state)
{
	struct bench bench;
	const struct record_path *path;

	(void)state;
	begin(&bench, true);
	assert_null(tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24"));
	end_at(&bench, 0, 2, 0);
	path = tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24");
	assert_non_null(path);
	assert_string_equal(path->text, "198.18.0.0/24 ends after 10.98.0.2.");
	assert_int_equal(path->shared, 1);
	assert_int_equal(path->last.ttl, 2);
	assert_ptr_equal(path_tell_block(&bench.units, &bench.plan, 0, &bench.words), path);
	assert_string_equal(path->text, "198.18.0.0/24 ends after 10.98.0.2.");
	bench.units.results[0].at.is_own = true;
	assert_null(tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24"));
	end(&bench);
}

static void test_a_path_that_is_reached(void **state)
{
	struct bench bench;
	const struct record_path *path;

	(void)state;
	begin(&bench, true);
	end_at(&bench, 0, 2, 0);
	bench.units.results[0].at.kind = PATH_KIND_REACHED;
	path = tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24");
	assert_non_null(path);
	assert_int_equal(path->shared, 0);
	assert_int_equal(path->kind, PATH_KIND_REACHED);
	end(&bench);
}

/* Of a network of two blocks one end is enough; the most common one counts. */
static void test_a_network(void **state)
{
	struct bench bench;
	const struct record_path *path;

	(void)state;
	begin(&bench, true);
	assert_null(tell(&bench, BW_SCOPE_NETWORK, 4, "198.18.4.0/23"));
	end_at(&bench, 4, 2, 3);
	path = tell(&bench, BW_SCOPE_NETWORK, 4, "198.18.4.0/23");
	assert_non_null(path);
	assert_int_equal(path->kind, PATH_KIND_NET_UNREACHABLE);
	assert_int_equal(path->shared, 1);
	assert_int_equal(strncmp(path->text, "198.18.4.0/23 ", 14), 0);
	end(&bench);
}

static void test_a_target(void **state)
{
	struct bench bench;
	const struct record_path *path;

	(void)state;
	begin(&bench, false);
	assert_null(tell(&bench, BW_SCOPE_TARGET, 0, "a"));
	for (uint32_t unit = 0; unit < 3; unit++)
		end_at(&bench, unit, 2, 0);
	answer(&bench, 3, 1);
	path = tell_target(&bench);
	assert_string_equal(path->text, "3 of 5 networks end after 10.98.0.2; 1 still passes.");
	assert_int_equal(path->shared, 3);
	assert_int_equal(path->exempt_count, 1);
	assert_exempt(path, 0, "198.18.3.0/24");
	end(&bench);
}

/* A network passes if its path goes by the end, and nothing of it was found to end. */
static void test_what_does_not_pass(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, false);
	end_at(&bench, 0, 2, 0);
	end_at(&bench, 1, 2, 0);
	learn(&bench, 2, 1, 8, 9);
	answer(&bench, 4, 1);
	end_at(&bench, 5, 7, 0); /* the other block of that network */
	assert_int_equal(tell_target(&bench)->exempt_count, 0);
	bench.units.list[2].baseline = (struct baseline){.end = 0};
	learn(&bench, 2, 1, 8, 9);
	answer(&bench, 2, 1);
	assert_int_equal(tell_target(&bench)->exempt_count, 0);
	answer(&bench, 3, 1);
	assert_int_equal(tell_target(&bench)->exempt_count, 1);
	end(&bench);
}

/* A router refuses, and a balancer leads to it by 2 and by 7: who passes it by either is exempt. */
static void test_exempt_by_any_way(void **state)
{
	struct bench bench;
	const struct record_path *path;

	(void)state;
	begin(&bench, false);
	for (uint32_t unit = 0; unit < 3; unit++) {
		bench.units.list[unit].baseline = (struct baseline){.end = 0};
		learn(&bench, unit, 1, unit == 2 ? 7 : 2, 3);
		end_at(&bench, unit, unit == 2 ? 7 : 2, 3);
	}
	bench.units.list[3].baseline = (struct baseline){.end = 0};
	learn(&bench, 3, 1, 7, 4);
	answer(&bench, 3, 1);
	bench.units.list[4].baseline = (struct baseline){.end = 0};
	learn(&bench, 4, 1, 6, 3);
	answer(&bench, 4, 1);
	path = tell_target(&bench);
	assert_int_equal(path->shared, 3);
	assert_int_equal(path->exempt_count, 2);
	assert_exempt(path, 0, "198.18.3.0/24");
	assert_exempt(path, 1, "198.18.4.0/23");
	end(&bench);
}

/* In a daemon, an answer from before the outage shows nothing. */
static void test_old_answers_do_not_count(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, true);
	end_at(&bench, 0, 2, 0);
	ledger_outage_for(bench.fixture->ledger, 0)->outage.latest = fixture_mono(60);
	answer(&bench, 1, 30);
	assert_int_equal(tell_target(&bench)->exempt_count, 0);
	answer(&bench, 1, 61);
	assert_int_equal(tell_target(&bench)->exempt_count, 1);
	end(&bench);
}

/* One of 64 networks was silent half a second before the cut: the line had lost a packet. */
static void test_one_early_silence_makes_nobody_exempt(void **state)
{
	enum { SILENT = 64, ALL = 66 };
	char target[ALL * 24] = "";
	struct bench bench;

	(void)state;
	for (size_t n = 0, at = 0; n < ALL; n++)
		at += (size_t)snprintf(target + at, sizeof(target) - at, "a 198.18.%zu.0/24 3\n",
				       n);
	begin_with(&bench, target, ALL, true);
	for (uint32_t unit = 0; unit < SILENT; unit++) {
		end_at(&bench, unit, 2, 0);
		ledger_outage_for(bench.fixture->ledger, unit)->outage.latest =
			fixture_mono(unit == 0 ? 60 : 60.5);
	}
	answer(&bench, SILENT, 60.3);
	answer(&bench, SILENT + 1, 60.6);
	assert_int_equal(tell_target(&bench)->exempt_count, 1);
	assert_exempt(tell_target(&bench), 0, "198.18.65.0/24");
	end(&bench);
}

static void label(const void *self, const struct bw_addr *addr, uint32_t *ret_asn,
		  char ret_country[3])
{
	const uint8_t number = addr->bytes[3];

	(void)self;
	*ret_asn = 64496U + number;
	memcpy(ret_country, number >= 3 ? "KP" : "CN", 3);
}

static void test_labels_and_the_border(void **state)
{
	struct bench bench;
	const struct record_path *path;
	char country[] = "KP";

	(void)state;
	begin(&bench, true);
	bench.plan.label = label;
	bench.fixture->targets[0]->country = country;
	end_at(&bench, 0, 2, 0);
	path = tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24");
	assert_int_equal(path->last.asn, 64498);
	assert_non_null(strstr(path->text, "10.98.0.2 (AS64498)"));
	assert_non_null(strstr(path->text, "one hop before the border"));
	bench.fixture->targets[0]->country = NULL;
	path = tell(&bench, BW_SCOPE_BLOCK, 0, "198.18.0.0/24");
	assert_null(strstr(path->text, "border"));
	end(&bench);
}

static void test_an_example(void **state)
{
	struct record_place last = {router(2), 2, 0};
	struct bench bench;

	(void)state;
	begin(&bench, true);
	assert_int_equal(path_tell_example(&bench.units, 0, &last), UINT32_MAX);
	end_at(&bench, 3, 2, 0);
	assert_int_equal(path_tell_example(&bench.units, 0, &last), 3);
	last.ttl = 3;
	assert_int_equal(path_tell_example(&bench.units, 0, &last), UINT32_MAX);
	end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_block),
		cmocka_unit_test(test_a_path_that_is_reached),
		cmocka_unit_test(test_a_network),
		cmocka_unit_test(test_a_target),
		cmocka_unit_test(test_what_does_not_pass),
		cmocka_unit_test(test_exempt_by_any_way),
		cmocka_unit_test(test_one_early_silence_makes_nobody_exempt),
		cmocka_unit_test(test_old_answers_do_not_count),
		cmocka_unit_test(test_labels_and_the_border),
		cmocka_unit_test(test_an_example),
	};

	return cmocka_run_group_tests_name("vantage/path_tell", tests, NULL, NULL);
}

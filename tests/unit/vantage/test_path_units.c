/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/path/path_units.h"

static const char lines[] = "a 198.18.0.0/24 3\n"
			    "a 198.18.1.0/24 3\n";

struct bench {
	struct fixture *fixture;
	struct path_units units;
};

static struct bw_addr addr(const char *text)
{
	struct bw_addr parsed;

	assert_int_equal(bw_addr_parse(text, &parsed), 0);
	return parsed;
}

/* The path to block 0 goes by two hops, of which the first is the vantage's own. */
static void learn(struct bench *bench)
{
	struct path path = {.destination = addr("198.18.0.1"), .end = 3, .reached = true};

	path.hops[1] = (struct path_hop){.from = addr("10.98.0.1"), .answer = PATH_PASSED};
	path.hops[2] = (struct path_hop){.from = addr("10.98.0.3"), .answer = PATH_PASSED};
	path.hops[3] = (struct path_hop){.from = path.destination, .answer = PATH_REPLIED};
	baseline_learn(&bench->units.list[0].baseline, &bench->units.hops, &path, 1,
		       fixture_mono(0));
}

static void add_refusal(struct bench *bench, struct bw_mono now)
{
	path_units_add_refusal(&bench->units, 0, 1, now);
}

/* A trace to block 0 has found silence. */
static struct path_result *begin(struct bench *bench)
{
	bench->fixture = fixture_new(lines, true);
	assert_int_equal(path_units_init(&bench->units, bench->fixture->ledger), 0);
	learn(bench);
	bench->units.results[0].at.kind = PATH_KIND_SILENT;
	return &bench->units.results[0];
}

static void end(struct bench *bench)
{
	path_units_fini(&bench->units);
	fixture_free(bench->fixture);
}

/* At second 0 a probe to BLOCK met an error from FROM. */
static void hear(struct bench *bench, uint32_t block, const char *from)
{
	const struct outcome error = {
		.kind = OUTCOME_ERROR,
		.probe.subject = block,
		.at = fixture_mono(0),
		.from = addr(from),
	};

	path_units_hear(&bench->units, &error, PATH_KIND_NET_UNREACHABLE);
}

static void test_an_unreachable_gives_silence_its_kind(void **state)
{
	const struct bw_addr router = addr("10.98.0.3");
	struct bench bench;
	struct path_result *result = begin(&bench);

	(void)state;
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	hear(&bench, 0, "10.98.0.3");
	add_refusal(&bench, fixture_mono(61));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	add_refusal(&bench, fixture_mono(60));
	assert_int_equal(result->at.kind, PATH_KIND_NET_UNREACHABLE);
	assert_int_equal(result->at.direction, PATH_DIRECTION_FORWARD);
	assert_true(bw_addr_equal(&result->at.refused_by, &router));
	end(&bench);
}

static void test_other_ends_keep_their_kind(void **state)
{
	struct bench bench;
	struct path_result *result = begin(&bench);

	(void)state;
	hear(&bench, 0, "198.18.0.1"); /* from inside the block */
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	hear(&bench, 0, "10.98.0.1"); /* the vantage's own */
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	hear(&bench, 0, "10.98.0.9"); /* it was not seen before */
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	hear(&bench, 1, "10.98.0.3");
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	hear(&bench, 0, "10.98.0.3");
	result->block = 1; /* in a large target, another block of the same network */
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	result->block = 0;
	result->at.is_own = true;
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_SILENT);
	result->at.kind = PATH_KIND_LOOP;
	result->at.is_own = false;
	add_refusal(&bench, fixture_mono(0));
	assert_int_equal(result->at.kind, PATH_KIND_LOOP);
	end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_unreachable_gives_silence_its_kind),
		cmocka_unit_test(test_other_ends_keep_their_kind),
	};

	return cmocka_run_group_tests_name("vantage/path_units", tests, NULL, NULL);
}

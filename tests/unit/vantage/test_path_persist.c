/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"
#include "report/state/state_read.h"
#include "vantage/path/path_persist.h"

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

static struct bench begin(const char *text)
{
	struct bench bench = {.fixture = fixture_new(text, true)};

	assert_int_equal(path_units_init(&bench.units, bench.fixture->ledger), 0);
	return bench;
}

static void end(struct bench *bench)
{
	path_units_fini(&bench->units);
	fixture_free(bench->fixture);
}

/* The second host of block 1 was traced in flow 2 after SECONDS, by two hops. */
static void learn(struct bench *bench, double seconds)
{
	struct path_unit *u = &bench->units.list[1];
	struct path path = {.destination = addr("198.18.1.2"), .end = 4, .reached = true};

	path.hops[1] = (struct path_hop){.from = addr("10.98.0.1"), .answer = PATH_PASSED};
	path.hops[2] = (struct path_hop){.answer = PATH_SILENT};
	path.hops[3] = (struct path_hop){.from = addr("10.98.0.3"), .answer = PATH_PASSED};
	path.hops[4] = (struct path_hop){.from = path.destination, .answer = PATH_REPLIED};
	baseline_learn(&u->baseline, &bench->units.hops, &path, 2, fixture_mono(seconds));
	u->block = 1;
	u->host = 1;
	u->flow = 2;
}

/* What SAVED's units say, in memory, as their only lines. */
static char *save(const struct bench *bench, size_t *ret_length)
{
	struct state_head head = {
		.vantage = "v", .program = "p", .boots = 1, .saved = fixture_wall(0)};
	struct state_writer writer;
	char *text;
	FILE *file = open_memstream(&text, ret_length);

	head.paths = path_persist_count(&bench->units);
	assert_int_equal(state_writer_begin(&writer, file, &head, NULL), 0);
	path_persist_save(&bench->units, &writer);
	assert_int_equal(state_writer_end(&writer), 0);
	fclose(file);
	return text;
}

struct taking {
	struct path_units *units;
	struct bw_now now;
	uint32_t unit; /* of the last path */
};

static int take(void *self, const struct state_path *path)
{
	struct taking *taking = self;

	taking->unit = path_persist_take(taking->units, path, taking->now);
	return 0;
}

/* The unit that what BEFORE has saved goes to in AFTER, at NOW. */
static uint32_t restore(const struct bench *before, struct bench *after, struct bw_now now)
{
	struct taking taking = {&after->units, now, UINT32_MAX};
	const struct state_handlers handlers = {.path = take, .self = &taking};
	size_t length;
	char *text = save(before, &length);

	assert_int_equal(state_read(text, length, "state", &handlers, NULL), 0);
	free(text);
	return taking.unit;
}

static void test_a_baseline_comes_back(void **state)
{
	struct bench before = begin(lines), after = begin(lines);
	const struct path_unit *u = &after.units.list[1];
	const struct bw_addr third = addr("10.98.0.3");
	struct bw_now now = fixture_now(3600);

	(void)state;
	assert_int_equal(path_persist_count(&before.units), 0);
	learn(&before, 0);
	assert_int_equal(path_persist_count(&before.units), 1);
	now.mono.ns -= 100 * BW_S; /* the clock of another start */
	assert_int_equal(restore(&before, &after, now), 1);
	assert_int_equal(u->block, 1);
	assert_int_equal(u->host, 1);
	assert_int_equal(u->flow, 2);
	assert_int_equal(u->baseline.end, 4);
	assert_int_equal(u->baseline.traces, 1);
	assert_int_equal(u->baseline.count, 2);
	assert_int_equal(u->baseline.aged.ns, now.mono.ns - 3600 * BW_S);
	assert_true(baseline_has(&u->baseline, 3, hop_table_find(&after.units.hops, &third)));
	assert_int_equal(baseline_ttls(&u->baseline), 5);
	end(&before);
	end(&after);
}

/* Its hops age from the last trace before the restart on. */
static void test_age_goes_on(void **state)
{
	struct bench before = begin(lines), after = begin(lines);
	struct path_unit *u = &after.units.list[1];
	struct path path = {.destination = addr("198.18.1.2"), .end = 4, .reached = true};

	(void)state;
	learn(&before, 0);
	assert_int_equal(restore(&before, &after, fixture_now(3600)), 1);
	path.hops[4] = (struct path_hop){.from = path.destination, .answer = PATH_REPLIED};
	baseline_learn(&u->baseline, &after.units.hops, &path, 1, fixture_mono(7200));
	assert_int_equal(u->baseline.hops[0].age_min, 120);
	assert_int_equal(u->baseline.traces, 2);
	end(&before);
	end(&after);
}

/* Blocks have other numbers, a host is gone, or the block itself. */
static void test_another_roster(void **state)
{
	struct bench before = begin(lines);
	struct bench more = begin("a 198.17.0.0/24 3\na 198.18.1.0/24 1\n");
	struct bench less = begin("a 198.18.0.0/24 3\n");
	struct bench other = begin("b 198.18.1.0/24 3\n");

	(void)state;
	learn(&before, 0);
	assert_int_equal(restore(&before, &more, fixture_now(60)), 1);
	assert_int_equal(more.units.list[1].block, 1);
	assert_int_equal(more.units.list[1].host, 0);
	assert_int_equal(more.units.list[1].baseline.count, 2);
	assert_int_equal(restore(&before, &less, fixture_now(60)), UINT32_MAX);
	assert_int_equal(restore(&before, &other, fixture_now(60)), UINT32_MAX);
	end(&before);
	end(&more);
	end(&less);
	end(&other);
}

/* The later of two baselines stays; one from the future was traced now. */
static void test_the_later_stays(void **state)
{
	struct bench old = begin(lines), late = begin(lines);

	(void)state;
	learn(&old, 0);
	learn(&late, 300);
	assert_int_equal(restore(&old, &late, fixture_now(600)), UINT32_MAX);
	assert_int_equal(restore(&late, &old, fixture_now(200)), 1);
	assert_int_equal(old.units.list[1].baseline.aged.ns, fixture_mono(200).ns);
	end(&old);
	end(&late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_baseline_comes_back),
		cmocka_unit_test(test_age_goes_on),
		cmocka_unit_test(test_another_roster),
		cmocka_unit_test(test_the_later_stays),
	};

	return cmocka_run_group_tests_name("vantage/path_persist", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/score/path_score.h"
#include "simulation_of.h"

/* Two networks of three are cut behind router b for an hour; the third passes. */
#define WORLD                                                                                  \
	STAGE_HEAD "\"duration\": \"1d\", \"start\": \"2026-01-01T00:00:00Z\", \"routers\": [" \
		   "{\"name\": \"a\", \"address\": \"10.98.0.1\"}, "                           \
		   "{\"name\": \"b\", \"address\": \"10.98.0.2\"}, "                           \
		   "{\"name\": \"c\", \"address\": \"10.98.0.3\"}], \"targets\": ["            \
		   "{\"name\": \"land\", \"path\": [\"a\", \"b\", \"c\"], \"networks\": ["     \
		   "{\"prefix\": \"198.18.0.0/24\", \"count\": 3}], "                          \
		   "\"hosts\": [{\"count\": 9}]}], \"faults\": [{\"kind\": \"%s\", "           \
		   "\"subject\": \"land\", \"router\": \"b\", \"exempt\": "                    \
		   "\"198.18.2.0/24\", \"at\": \"2h\", \"for\": \"1h\"}]}"

static const struct path_subject first = {0, 1}, third = {2, 1}, all = {0, 3};

struct said {
	struct record_event event;
	struct record_path path;
	struct bw_prefix exempt;
	struct bw_mono now;
};

static void begin(struct stage *stage, const char *kind)
{
	char text[1024];

	snprintf(text, sizeof(text), WORLD, kind);
	stage_begin(stage, text);
}

/* What a perfect vantage says at 02:30. Its event points to SAID, which must not move. */
static void say(const struct stage *stage, struct said *said)
{
	*said = (struct said){.now = {9000 * BW_S}};
	said->path = (struct record_path){.last = {.ttl = 2},
					  .kind = PATH_KIND_SILENT,
					  .shared = 2,
					  .exempt = &said->exempt};
	(void)bw_addr_parse("10.98.0.2", &said->path.last.from);
	(void)bw_prefix_parse("198.18.2.0/24", &said->exempt, NULL);
	said->event = (struct record_event){
		.scope = BW_SCOPE_TARGET,
		.from = BW_UP,
		.to = BW_PARTLY_DARK,
		.detected = sim_world_wall(stage->simulation->world, 0, said->now),
		.path = &said->path,
	};
}

/* Whether the score finds fault with what is said of a subject. */
static uint64_t wrong(const struct stage *stage, const struct said *said,
		      struct path_subject subject)
{
	struct path_score score = {0};

	path_score_take(&score, stage->simulation, &said->event, subject, said->now);
	assert_int_equal(score.events, 1);
	assert_int_equal(score.told, 1);
	return score.wrong;
}

static void test_the_last_hop(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	begin(&s, "silent");
	say(&s, &said);
	said.path.exempt_count = 1;
	assert_int_equal(wrong(&s, &said, all), 0);
	said.event.scope = BW_SCOPE_BLOCK;
	assert_int_equal(wrong(&s, &said, first), 0);
	assert_int_equal(wrong(&s, &said, third), 1);
	said.path.last.from.bytes[3] = 3;
	assert_int_equal(wrong(&s, &said, first), 1);
	stage_end(&s);
}

static void test_kinds(void **state)
{
	static const struct {
		const char *fault;
		enum path_kind kind;
	} cases[] = {
		{"silent", PATH_KIND_SILENT},
		{"unreachable", PATH_KIND_NET_UNREACHABLE},
		{"prohibited", PATH_KIND_PROHIBITED},
		{"loop", PATH_KIND_LOOP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stage s;
		struct said said;

		begin(&s, cases[i].fault);
		for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
			say(&s, &said);
			said.path.kind = cases[k].kind;
			assert_int_equal(wrong(&s, &said, all), i != k);
		}
		stage_end(&s);
	}
}

static void test_sums(void **state)
{
	struct stage s;
	struct said said;

	(void)state;
	begin(&s, "silent");
	say(&s, &said);
	said.path.shared = 3;
	assert_int_equal(wrong(&s, &said, all), 1);
	say(&s, &said);
	said.path.exempt_count = 1;
	(void)bw_prefix_parse("198.18.1.0/24", &said.exempt, NULL);
	assert_int_equal(wrong(&s, &said, all), 1);
	stage_end(&s);
}

/* Events without a path, and those by which something is back, are not compared. */
static void test_what_is_not_told(void **state)
{
	struct path_score score = {0};
	struct stage s;
	struct said said;

	(void)state;
	begin(&s, "silent");
	say(&s, &said);
	said.path.kind = PATH_KIND_UNKNOWN;
	path_score_take(&score, s.simulation, &said.event, all, said.now);
	said.event.path = NULL;
	path_score_take(&score, s.simulation, &said.event, all, said.now);
	assert_int_equal(score.events, 2);
	assert_int_equal(score.open, 2);
	assert_int_equal(score.told, 0);
	said.event.from = BW_DARK;
	path_score_take(&score, s.simulation, &said.event, all, said.now);
	said.event.to = BW_UP;
	path_score_take(&score, s.simulation, &said.event, all, said.now);
	assert_int_equal(score.events, 2);
	stage_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_hop),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_what_is_not_told),
	};

	return cmocka_run_group_tests_name("sim/path_score", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A collector that is started again over its database has the history that it had. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "any_store.h"
#include "base/rng.h"
#include "collect/board/subject.h"
#include "collect/collector.h"

#define DAY (86400 * BW_S)
#define NOW (20000 * DAY)

static const char *const names[] = {"ams1", "fra1", "sgp1"};

struct setting {
	struct any_store any;
	struct collector collector;
	size_t vantages;
	unsigned quorum;
	uint32_t asn_step; /* 0: all vantages are behind one network */
	struct rng rng;
	uint64_t seq;
};

static void open_at(struct setting *setting, int64_t now_ns)
{
	struct collector *collector = &setting->collector;
	struct bw_err err;

	*collector = (struct collector){.fleet = {.count = setting->vantages, .stale_after = 3}};
	for (size_t n = 0; n < setting->vantages; n++)
		collector->fleet.list[n] =
			(struct fleet_member){.name = names[n],
					      .token = names[n],
					      .asn = 64500 + setting->asn_step * (uint32_t)n};
	collector->board.quorum = setting->quorum;
	any_store_open(&setting->any);
	assert_int_equal(collector_open(collector, setting->any.store, (struct bw_wall){now_ns},
					&err),
			 0);
	setting->any.store = (struct store){NULL, NULL};
	collector_tick(collector, (struct bw_wall){now_ns});
}

static void make_setting(struct setting *setting, uint64_t seed)
{
	*setting = (struct setting){.vantages = 3, .quorum = 2, .asn_step = 1, .rng = rng_of(seed)};
	any_store_make(&setting->any);
	any_store_close(&setting->any);
	open_at(setting, NOW);
}

static void remove_setting(struct setting *setting)
{
	collector_fini(&setting->collector);
	any_store_remove(&setting->any);
}

/* "2024-10-04T00:00:00.000000Z": all times are of one day. */
static const char *time_text(int64_t t_ns, char text[64])
{
	const time_t seconds = (time_t)(t_ns / BW_S);
	struct tm tm;
	size_t length;

	gmtime_r(&seconds, &tm);
	length = strftime(text, 64, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + length, 64 - length, ".%06" PRId64 "Z", t_ns % BW_S / 1000);
	return text;
}

static size_t put_head(struct setting *setting, char *line, size_t size, const char *type,
		       const char *vantage, int64_t t_ns)
{
	char time[64];

	return (size_t)snprintf(line, size,
				"{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\","
				"\"vantage\":\"%s\",\"boot\":\"b%" PRIu64 "\",\"seq\":%" PRIu64
				",\"time\":\"%s\",",
				type, vantage, rng_below(&setting->rng, 3), ++setting->seq,
				time_text(t_ns, time));
}

static size_t put_block(struct setting *setting, char *line, size_t size, const char *vantage,
			int64_t t_ns)
{
	static const char *const verdicts[] = {"up", "dark", "flapping", "unknown", "dark"};
	static const int64_t agos[] = {0, 10, 1000, -100, 5000};
	struct rng *rng = &setting->rng;
	const unsigned block = (unsigned)rng_below(rng, 6);
	const unsigned network = rng_below(rng, 2) ? block & ~1U : block;
	const int64_t ago = agos[rng_below(rng, 5)] * BW_S;
	const int64_t wobble = (int64_t)rng_below(rng, 3) * 400 * BW_US;
	size_t used = put_head(setting, line, size, "block", vantage, t_ns);
	char time[64];

	used += (size_t)snprintf(line + used, size - used,
				 "\"target\":\"kp\",\"network\":\"198.18.%u.0/%d\","
				 "\"block\":\"198.18.%u.0/24\",\"verdict\":\"%s\",\"belief\":0.5,"
				 "\"conditions\":[],\"reasons\":[],\"since\":\"%s\",\"round\":1,"
				 "\"sent\":1,\"replies\":0,\"rtt_ms\":null,\"availability\":0.9,"
				 "\"silent_since\":null}\n",
				 network, network == block ? 24 : 23, block,
				 verdicts[rng_below(rng, 5)], time_text(t_ns - ago + wobble, time));
	return used;
}

static size_t put_vantage(struct setting *setting, char *line, size_t size, const char *vantage,
			  int64_t t_ns)
{
	struct rng *rng = &setting->rng;
	size_t used = put_head(setting, line, size, "vantage", vantage, t_ns);

	used += (size_t)snprintf(
		line + used, size - used,
		"\"healthy\":%s,\"reasons\":[],\"sent\":1,\"received\":1,\"capture_dropped\":0,"
		"\"send_errors\":0,\"rejected\":0,\"version\":\"0.1.0\",\"ways\":[],"
		"\"round_s\":%d}\n",
		rng_below(rng, 4) > 0 ? "true" : "false", rng_below(rng, 40) == 0 ? 120 : 60);
	return used;
}

static void post(struct setting *setting, int64_t now_ns)
{
	struct rng *rng = &setting->rng;
	const char *vantage = names[rng_below(rng, setting->vantages)];
	static const int64_t ages[] = {0, 0, 5, 100, 4000, -3000, 3 * 86400};
	const int64_t t_ns = now_ns - ages[rng_below(rng, 7)] * BW_S;
	const unsigned count = 1 + (unsigned)rng_below(rng, 5);
	char lines[8192];
	size_t used = 0;
	struct admit_result result;
	struct json_out out;

	for (unsigned n = 0; n < count; n++)
		used += (rng_below(rng, 4) == 0 ? put_vantage
						: put_block)(setting, lines + used,
							     sizeof(lines) - used, vantage,
							     t_ns + (int64_t)n * BW_MS);
	json_out_init_heap(&out, false);
	result = collector_take(&setting->collector, fleet_find(&setting->collector.fleet, vantage),
				lines, used, (struct bw_wall){now_ns}, &out);
	free(json_out_take(&out));
	assert_int_equal(result.status, 200);
	assert_int_equal(result.taken, count);
}

struct history {
	FILE *out;
	const struct board *board;
	int64_t until_ns;
};

static int print_subject(void *arg, const struct subject *subject)
{
	const struct history *history = arg;
	char text[SUBJECT_TEXT];

	fprintf(history->out, "%d %s\n", subject->scope,
		subject_format(history->board, subject, text));
	for (uint32_t n = 0; n < subject->merged->intervals.count; n++) {
		const struct interval *interval = timeline_get(subject->merged, n);

		if (interval->from_ns < history->until_ns)
			fprintf(history->out, "%" PRId64 " %" PRId64 " %d%d%d\n", interval->from_ns,
				interval->earliest_ns, interval->verdict, interval->seen_from,
				interval->lacks_quorum);
	}
	return 0;
}

/* The history as text: all intervals that begin before UNTIL. */
static char *history_of(const struct board *board, int64_t until_ns)
{
	char *text = NULL;
	size_t length;
	struct history history = {open_memstream(&text, &length), board, until_ns};

	assert_int_equal(subject_each_of(board, 0, print_subject, &history), 0);
	fclose(history.out);
	return text;
}

/* Random records until the time that is returned. */
static int64_t fill(struct setting *setting, bool slowly)
{
	int64_t now = NOW;

	for (unsigned n = 0; n < 120; n++) {
		now += slowly && n % 3 == 0 ? 20 * BW_S : 7 * BW_MS;
		post(setting, now);
		if (rng_below(&setting->rng, 3) == 0)
			collector_tick(&setting->collector, (struct bw_wall){now});
	}
	collector_tick(&setting->collector, (struct bw_wall){now + BW_S});
	return now;
}

/* After CHANGE of the configuration. */
static void check_restart(uint64_t seed, void (*change)(struct setting *setting))
{
	struct setting setting;
	int64_t now;
	char *before, *after;

	make_setting(&setting, seed);
	now = fill(&setting, seed % 2 == 0);
	before = history_of(&setting.collector.board, now);
	assert_true(strlen(before) > 1000);
	collector_fini(&setting.collector);
	change(&setting);
	open_at(&setting, now + BW_S);
	after = history_of(&setting.collector.board, now);
	assert_string_equal(before, after);
	free(before);
	free(after);
	remove_setting(&setting);
}

static void nothing(struct setting *setting)
{
	(void)setting;
}

static void remove_two_vantages(struct setting *setting)
{
	setting->vantages = 1;
}

static void change_quorum(struct setting *setting)
{
	setting->quorum = 3;
}

static void connect_all_alike(struct setting *setting)
{
	setting->asn_step = 0;
}

static void test_the_history_is_the_same_after_a_restart(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++)
		check_restart(seed, nothing);
}

static int count_health(void *arg, const struct store_health *row)
{
	(void)row;
	(*(unsigned *)arg)++;
	return 0;
}

/* Old statements on health that say nothing new go, and the history stays. */
static void test_redundant_statements_are_forgotten(void **state)
{
	const int64_t later = NOW + 9 * DAY;
	struct setting setting;
	const struct store *store = &setting.collector.store;
	unsigned before = 0, after = 0, again = 0;
	char *history, *same;
	int64_t now;

	(void)state;
	make_setting(&setting, 21);
	now = fill(&setting, true);
	store->ops->each_health(store->self, count_health, &before, NULL);
	setting.collector.forgotten.ns = later;
	collector_tick(&setting.collector, (struct bw_wall){later});
	history = history_of(&setting.collector.board, now);
	setting.collector.forgotten.ns = 0;
	collector_tick(&setting.collector, (struct bw_wall){later});
	store->ops->each_health(store->self, count_health, &after, NULL);
	assert_in_range(after, 5, before - 5);
	collector_fini(&setting.collector);
	open_at(&setting, later);
	store->ops->each_health(store->self, count_health, &again, NULL);
	assert_int_equal(again, after);
	same = history_of(&setting.collector.board, now);
	assert_string_equal(history, same);
	free(history);
	free(same);
	remove_setting(&setting);
}

/* What was told while it held stays. */
static void test_the_configuration_is_no_history(void **state)
{
	(void)state;
	check_restart(11, remove_two_vantages);
	check_restart(12, change_quorum);
	check_restart(13, connect_all_alike);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_history_is_the_same_after_a_restart),
		cmocka_unit_test(test_the_configuration_is_no_history),
		cmocka_unit_test(test_redundant_statements_are_forgotten),
	};

	return cmocka_run_group_tests_name("sys/restart", tests, NULL, NULL);
}

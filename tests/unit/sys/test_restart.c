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

#include "any_store.h"
#include "collect/board/revise.h"
#include "collect/collector.h"
#include "random_records.h"

#define DAY (86400 * BW_S)
#define NOW (20000 * DAY)

struct setting {
	struct any_store any;
	struct collector collector;
	size_t vantages;
	unsigned quorum;
	uint32_t asn_step; /* 0: all vantages are behind one network */
	struct random_records records;
};

static void open_at(struct setting *setting, int64_t now_ns)
{
	struct collector *collector = &setting->collector;
	struct bw_err err;

	*collector = (struct collector){.fleet = {.count = setting->vantages, .stale_after = 3}};
	for (size_t n = 0; n < setting->vantages; n++)
		collector->fleet.list[n] =
			(struct fleet_member){.name = random_vantages[n],
					      .token = random_vantages[n],
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
	*setting = (struct setting){.vantages = 3,
				    .quorum = 2,
				    .asn_step = 1,
				    .records = {rng_of(seed), 3, 0}};
	any_store_make(&setting->any);
	any_store_close(&setting->any);
	open_at(setting, NOW);
}

static void remove_setting(struct setting *setting)
{
	collector_fini(&setting->collector);
	any_store_remove(&setting->any);
}

static void send(struct setting *setting, const struct random_request *request, int64_t now_ns)
{
	struct admit_result result;
	struct json_out out;

	json_out_init_heap(&out, false);
	result = collector_take(&setting->collector,
				fleet_find(&setting->collector.fleet, request->vantage),
				request->lines, request->length, (struct bw_wall){now_ns}, &out);
	free(json_out_take(&out));
	assert_int_equal(result.status, 200);
	assert_int_equal(result.taken, request->count);
}

static void post(struct setting *setting, int64_t now_ns)
{
	struct random_request request;

	random_records_next(&setting->records, now_ns, &request);
	send(setting, &request, now_ns);
}

/* Random records until the time that is returned. */
static int64_t fill(struct setting *setting, bool slowly)
{
	int64_t now = NOW;

	for (unsigned n = 0; n < 120; n++) {
		now += slowly && n % 3 == 0 ? 20 * BW_S : 7 * BW_MS;
		post(setting, now);
		if (rng_below(&setting->records.rng, 3) == 0)
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
	before = history_text(&setting.collector.board, now);
	assert_true(strlen(before) > 1000);
	collector_fini(&setting.collector);
	change(&setting);
	open_at(&setting, now + BW_S);
	after = history_text(&setting.collector.board, now);
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

/* One vantage, whose request REQUEST is put together. All times are seconds of one day. */
struct lone {
	struct setting setting;
	struct random_request request;
	unsigned seq;
};

static void make_lone(struct lone *lone)
{
	*lone = (struct lone){.setting = {.vantages = 1, .quorum = 1, .asn_step = 1}};
	any_store_make(&lone->setting.any);
	any_store_close(&lone->setting.any);
	open_at(&lone->setting, NOW);
}

/* Of block 198.18.0.0/24, at T: the verdict is this SINCE then, with these conditions. */
static void lone_says(struct lone *lone, unsigned t_s, const char *verdict, unsigned since_s,
		      const char *conditions)
{
	struct random_request *request = &lone->request;

	request->vantage = random_vantages[0];
	request->count++;
	request->length += (size_t)snprintf(
		request->lines + request->length, sizeof(request->lines) - request->length,
		"{\"schema\":\"blockwatch/record/1\",\"type\":\"block\",\"vantage\":\"%s\","
		"\"boot\":\"b1\",\"seq\":%u,\"time\":\"2024-10-04T00:%02u:%02uZ\","
		"\"target\":\"kp\",\"network\":\"198.18.0.0/24\",\"block\":\"198.18.0.0/24\","
		"\"verdict\":\"%s\",\"belief\":0.5,\"conditions\":[%s],\"reasons\":[],"
		"\"since\":\"2024-10-04T00:%02u:%02uZ\",\"round\":1,\"sent\":1,\"replies\":0,"
		"\"rtt_ms\":null,\"availability\":0.9,\"silent_since\":null}\n",
		random_vantages[0], ++lone->seq, t_s / 60, t_s % 60, verdict, conditions,
		since_s / 60, since_s % 60);
}

/* At T: it is well, and its rounds take 10 s. */
static void lone_is_well(struct lone *lone, unsigned t_s)
{
	struct random_request *request = &lone->request;

	request->vantage = random_vantages[0];
	request->count++;
	request->length += (size_t)snprintf(
		request->lines + request->length, sizeof(request->lines) - request->length,
		"{\"schema\":\"blockwatch/record/1\",\"type\":\"vantage\",\"vantage\":\"%s\","
		"\"boot\":\"b1\",\"seq\":%u,\"time\":\"2024-10-04T00:%02u:%02uZ\","
		"\"healthy\":true,\"reasons\":[],\"sent\":1,\"received\":1,\"capture_dropped\":0,"
		"\"send_errors\":0,\"rejected\":0,\"version\":\"0.1.0\",\"ways\":[],"
		"\"round_s\":10}\n",
		random_vantages[0], ++lone->seq, t_s / 60, t_s % 60);
}

static void lone_sends(struct lone *lone, unsigned t_s)
{
	send(&lone->setting, &lone->request, NOW + t_s * BW_S);
	lone->request.length = lone->request.count = 0;
	collector_tick(&lone->setting.collector, (struct bw_wall){NOW + t_s * BW_S});
}

static const struct board_block *lone_block(const struct lone *lone)
{
	return board_block(&lone->setting.collector.board, 0);
}

/* It is started again at T. */
static void restart(struct lone *lone, unsigned t_s)
{
	collector_fini(&lone->setting.collector);
	open_at(&lone->setting, NOW + t_s * BW_S);
}

static enum bw_verdict verdict_at(const struct lone *lone, unsigned t_s)
{
	return timeline_verdict(timeline_at(&lone_block(lone)->merged, NOW + t_s * BW_S));
}

/* A vantage goes back to what it said before: in a request of its own, or TOGETHER. */
static void check_taken_back(bool together)
{
	struct lone lone;

	make_lone(&lone);
	lone_says(&lone, 60, "up", 10, "");
	lone_sends(&lone, 60);
	lone_says(&lone, 120, "up", 10, "");
	lone_sends(&lone, 120);
	if (together)
		lone_says(&lone, 240, "up", 10, "");
	lone_says(&lone, 180, "dark", 150, "");
	if (!together) {
		lone_sends(&lone, 180);
		assert_int_equal(verdict_at(&lone, 180), BW_DARK);
		restart(&lone, 190);
		assert_int_equal(verdict_at(&lone, 180), BW_DARK);
		lone_says(&lone, 240, "up", 10, "");
	}
	lone_sends(&lone, 240);
	assert_int_equal(verdict_at(&lone, 240), BW_UP);
	restart(&lone, 250);
	assert_int_equal(verdict_at(&lone, 180), BW_UP);
	assert_int_equal(verdict_at(&lone, 240), BW_UP);
	remove_setting(&lone.setting);
}

static void test_what_is_taken_back_stays_so(void **state)
{
	(void)state;
	check_taken_back(false);
	check_taken_back(true);
}

/* The first records come before the vantage has told how long a round is. */
static void check_first_silence(bool together)
{
	struct lone lone;

	make_lone(&lone);
	lone_says(&lone, 60, "up", 10, "");
	if (!together)
		lone_sends(&lone, 60);
	lone_is_well(&lone, 61);
	lone_sends(&lone, 61);
	assert_int_equal(revise_deadline(&lone.setting.collector.board), NOW + 91 * BW_S);
	collector_tick(&lone.setting.collector, (struct bw_wall){NOW + 92 * BW_S});
	assert_int_equal(verdict_at(&lone, 90), BW_UP);
	assert_int_equal(verdict_at(&lone, 92), BW_UNKNOWN);
	restart(&lone, 93);
	assert_int_equal(verdict_at(&lone, 90), BW_UP);
	assert_int_equal(verdict_at(&lone, 92), BW_UNKNOWN);
	remove_setting(&lone.setting);
}

static void test_a_vantage_that_falls_silent_at_once(void **state)
{
	(void)state;
	check_first_silence(true);
	check_first_silence(false);
}

static void check_conditions(const struct lone *lone, unsigned conditions)
{
	assert_int_equal(board_view(lone_block(lone), 0)->conditions, conditions);
}

/* One request holds a change, and an older and a newer record that are as before it. */
static void test_conditions_of_one_request(void **state)
{
	struct lone lone;

	(void)state;
	make_lone(&lone);
	lone_says(&lone, 60, "up", 10, "\"degraded\"");
	lone_sends(&lone, 60);
	lone_says(&lone, 80, "up", 10, "");
	lone_says(&lone, 75, "up", 10, "\"degraded\"");
	lone_says(&lone, 85, "up", 10, "\"degraded\"");
	lone_sends(&lone, 90);
	check_conditions(&lone, BW_DEGRADED);
	restart(&lone, 95);
	check_conditions(&lone, BW_DEGRADED);
	lone_says(&lone, 100, "up", 10, "");
	lone_sends(&lone, 100);
	restart(&lone, 105);
	check_conditions(&lone, 0);
	remove_setting(&lone.setting);
}

/* A round each minute from the first until the tenth, but the fifth, in which all is the same. */
static void say_rounds(struct lone *lone, const char *conditions)
{
	for (unsigned n = 1; n <= 10; n++) {
		if (n == 5)
			continue;
		lone_says(lone, 60 * n, "up", 60, conditions);
		if (n % 3 != 0)
			lone_sends(lone, 60 * n);
	}
}

/* Nor is it when the collector has put what was said in order, at T. */
static void check_late(unsigned put_in_order_s, bool restarts)
{
	struct lone lone;

	make_lone(&lone);
	say_rounds(&lone, "\"degraded\"");
	lone_sends(&lone, 601);
	if (put_in_order_s > 0)
		collector_tick(&lone.setting.collector,
			       (struct bw_wall){NOW + put_in_order_s * BW_S});
	if (restarts)
		restart(&lone, 3000);
	lone_says(&lone, 300, "dark", 290, "");
	lone_sends(&lone, 3010);
	check_conditions(&lone, BW_DEGRADED);
	lone_says(&lone, 660, "unknown", 660, "");
	lone_sends(&lone, 3020);
	check_conditions(&lone, 0);
	if (restarts)
		restart(&lone, 3030);
	assert_int_equal(verdict_at(&lone, 280), BW_UP);
	assert_int_equal(verdict_at(&lone, 310), BW_UP);
	assert_int_equal(verdict_at(&lone, 590), BW_UP);
	remove_setting(&lone.setting);
}

/* It was taken back before it came, by a record that said nothing new. */
static void test_what_comes_late_after_a_restart(void **state)
{
	(void)state;
	check_late(0, false);
	check_late(0, true);
	check_late(2000, false);
	check_late(2000, true);
}

/* At T the vantage says what it has said, or goes on to another one of four claims. */
struct speaker {
	struct rng rng;
	unsigned claim;
};

static void say_claim(struct lone *lone, struct speaker *speaker, unsigned claim, unsigned t_s)
{
	static const char *const verdicts[] = {"up", "dark", "up", "unknown"};
	const bool odd = rng_below(&speaker->rng, 4) == 0;

	lone_says(lone, t_s, verdicts[claim], 10 + 50 * claim, odd ? "\"degraded\"" : "");
}

/* And in one of four requests there is a record that comes late. */
static void say_any(struct lone *lone, struct speaker *speaker, unsigned t_s)
{
	struct rng *rng = &speaker->rng;
	const unsigned claim = (unsigned)rng_below(rng, 4), late = (unsigned)rng_below(rng, 400);

	if (rng_below(rng, 9) == 0)
		speaker->claim = claim;
	if (rng_below(rng, 4) == 0 && t_s - late >= 160)
		say_claim(lone, speaker, claim, t_s - late);
	else
		say_claim(lone, speaker, speaker->claim, t_s);
}

/* All that is known of the block; the caller frees it. */
static char *lone_text(const struct lone *lone)
{
	const struct board_view *view = board_view(lone_block(lone), 0);
	char *history = history_text(&lone->setting.collector.board, NOW + 3600 * BW_S);
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fprintf(out, "%sconditions %d of %" PRId64 "\n", history, view->conditions, view->last_ns);
	for (uint32_t n = 0; n < view->claims.said.count; n++) {
		const struct claim *claim = array_at(&view->claims.said, n);

		fprintf(out, "%d since %" PRId64 " said %" PRId64 "\n", claim->verdict,
			claim->since_ns, claim->said_ns);
	}
	fclose(out);
	free(history);
	return text;
}

/* An hour of requests, between which the collector is started again, if RESTARTS. */
static char *play(uint64_t seed, bool restarts)
{
	struct rng rng = rng_of(seed), starts = rng_of(seed + 1000);
	struct speaker speaker = {.rng = rng_of(seed + 2000)};
	struct lone lone;
	char *text;

	make_lone(&lone);
	for (unsigned t = 200; t < 3500; t += 30 + (unsigned)rng_below(&rng, 60)) {
		for (uint64_t n = rng_below(&rng, 3); n < 3; n++)
			say_any(&lone, &speaker, t);
		lone_sends(&lone, t);
		if (restarts && rng_below(&starts, 5) == 0)
			restart(&lone, t + 1);
	}
	text = lone_text(&lone);
	remove_setting(&lone.setting);
	return text;
}

static void test_restarts_change_nothing(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		char *without = play(seed, false), *with = play(seed, true);

		assert_string_equal(without, with);
		free(without);
		free(with);
	}
}

static int count_bytes(void *arg, const void *bytes, size_t length)
{
	(void)bytes;
	*(size_t *)arg += length;
	return 0;
}

static size_t kept_of_repeats(const struct lone *lone)
{
	const struct store *store = &lone->setting.collector.store;
	size_t bytes = 0;

	assert_int_equal(store->ops->each_repeats(store->self, count_bytes, &bytes, NULL), 0);
	return bytes;
}

/* What was said once more is kept a short time, and a few bytes of each request. */
static void test_repeats_are_put_in_order(void **state)
{
	struct lone lone;

	(void)state;
	make_lone(&lone);
	lone_says(&lone, 60, "up", 10, "");
	lone_sends(&lone, 60);
	assert_int_equal(kept_of_repeats(&lone), 0);
	for (unsigned n = 0; n < 8; n++)
		lone_says(&lone, 70 + n, "up", 10, "");
	lone_sends(&lone, 80);
	assert_in_range(kept_of_repeats(&lone), 10, 40);
	collector_tick(&lone.setting.collector, (struct bw_wall){NOW + 600 * BW_S});
	assert_in_range(kept_of_repeats(&lone), 10, 40);
	collector_tick(&lone.setting.collector, (struct bw_wall){NOW + 1300 * BW_S});
	collector_tick(&lone.setting.collector, (struct bw_wall){NOW + 1301 * BW_S});
	assert_int_equal(kept_of_repeats(&lone), 0);
	remove_setting(&lone.setting);
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
	history = history_text(&setting.collector.board, now);
	setting.collector.forgotten.ns = 0;
	collector_tick(&setting.collector, (struct bw_wall){later});
	store->ops->each_health(store->self, count_health, &after, NULL);
	assert_in_range(after, 5, before - 5);
	collector_fini(&setting.collector);
	open_at(&setting, later);
	store->ops->each_health(store->self, count_health, &again, NULL);
	assert_int_equal(again, after);
	same = history_text(&setting.collector.board, now);
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
		cmocka_unit_test(test_what_is_taken_back_stays_so),
		cmocka_unit_test(test_conditions_of_one_request),
		cmocka_unit_test(test_what_comes_late_after_a_restart),
		cmocka_unit_test(test_restarts_change_nothing),
		cmocka_unit_test(test_repeats_are_put_in_order),
		cmocka_unit_test(test_a_vantage_that_falls_silent_at_once),
	};

	return cmocka_run_group_tests_name("sys/restart", tests, NULL, NULL);
}

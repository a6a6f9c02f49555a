/* SPDX-License-Identifier: Apache-2.0 */
/* What is old is forgotten, and what is kept is the same as if nothing were. */
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

#define HOUR (3600 * BW_S)
#define DAY (24 * HOUR)
#define BEGIN (20000 * DAY)
#define DAYS 30
#define KEEP (10 * DAY)
#define ROUND (3 * HOUR)
#define END (BEGIN + DAYS * DAY)
#define BLOCKS 6

static const char *const names[] = {"fra1", "sgp1"};

struct setting {
	struct any_store any;
	struct collector collector;
	uint64_t seq;
	char lines[2][16384]; /* that the vantages have not sent yet */
};

static void open_at(struct setting *setting, int64_t keep_ns, int64_t now_ns)
{
	struct collector *collector = &setting->collector;
	struct bw_err err;

	*collector = (struct collector){.fleet = {.count = 2, .stale_after = 3},
					.retention = {.keep_ns = keep_ns}};
	for (size_t n = 0; n < 2; n++)
		collector->fleet.list[n] = (struct fleet_member){.name = names[n],
								 .token = names[n],
								 .asn = 64500 + (uint32_t)n};
	collector->board.quorum = 2;
	any_store_open(&setting->any);
	assert_int_equal(collector_open(collector, setting->any.store, (struct bw_wall){now_ns},
					&err),
			 0);
	setting->any.store = (struct store){NULL, NULL};
	collector_tick(collector, (struct bw_wall){now_ns});
}

static const char *time_text(int64_t t_ns, char text[64])
{
	const time_t seconds = (time_t)(t_ns / BW_S);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, 64, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

/* Each vantage sends what it has. */
static void post(struct setting *setting, int64_t now_ns)
{
	for (unsigned n = 0; n < 2; n++) {
		struct json_out out;
		struct admit_result result;

		json_out_init_heap(&out, false);
		result = collector_take(&setting->collector,
					fleet_find(&setting->collector.fleet, names[n]),
					setting->lines[n], strlen(setting->lines[n]),
					(struct bw_wall){now_ns}, &out);
		free(json_out_take(&out));
		assert_int_equal(result.status, 200);
		assert_int_equal(result.refused, 0);
		setting->lines[n][0] = '\0';
	}
}

/* The end of what it has. *RET_SIZE is the room there. */
static char *end_of(struct setting *setting, unsigned vantage, size_t *ret_size)
{
	const size_t used = strlen(setting->lines[vantage]);

	*ret_size = sizeof(setting->lines[vantage]) - used;
	assert_true(*ret_size > 1024);
	return setting->lines[vantage] + used;
}

static int put_head(struct setting *setting, char *line, size_t size, const char *type,
		    unsigned vantage, int64_t t_ns)
{
	char time[64];

	return snprintf(line, size,
			"{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\",\"vantage\":\"%s\","
			"\"boot\":\"b1\",\"seq\":%" PRIu64 ",\"time\":\"%s\",",
			type, names[vantage], ++setting->seq, time_text(t_ns, time));
}

static void say_well(struct setting *setting, unsigned vantage, int64_t t_ns)
{
	size_t size;
	char *line = end_of(setting, vantage, &size);
	const int used = put_head(setting, line, size, "vantage", vantage, t_ns);

	snprintf(line + used, size - (size_t)used,
		 "\"healthy\":true,\"reasons\":[],\"sent\":1,\"received\":1,\"capture_dropped\":0,"
		 "\"send_errors\":0,\"rejected\":0,\"version\":\"0.1.0\",\"ways\":[],"
		 "\"round_s\":10800}\n");
}

static void say(struct setting *setting, unsigned vantage, unsigned block, const char *verdict,
		int64_t since_ns, int64_t t_ns)
{
	char since[64];
	size_t size;
	char *line = end_of(setting, vantage, &size);
	const int used = put_head(setting, line, size, "block", vantage, t_ns);

	snprintf(line + used, size - (size_t)used,
		 "\"target\":\"kp\",\"network\":\"198.18.%u.0/23\",\"block\":\"198.18.%u.0/24\","
		 "\"verdict\":\"%s\",\"belief\":0.5,\"conditions\":[],\"reasons\":[],"
		 "\"since\":\"%s\",\"round\":1,\"sent\":1,\"replies\":%d,\"rtt_ms\":null,"
		 "\"availability\":0.9,\"silent_since\":null}\n",
		 block & ~1U, block, verdict, time_text(since_ns, since),
		 strcmp(verdict, "up") == 0);
}

/*
 * Block 5 is dark from the fifth day on, and sgp1 cannot tell of it for a while. The others are
 * dark now and then; sometimes one vantage alone says so, and sometimes the vantages are quiet.
 */
static void tell_round(struct setting *setting, struct rng *rng, int64_t t_ns, bool dark[BLOCKS])
{
	const int64_t hour = (t_ns - BEGIN) / HOUR;

	for (unsigned vantage = 0; vantage < 2; vantage++)
		say_well(setting, vantage, t_ns);
	for (unsigned block = 0; block < BLOCKS; block++) {
		const uint64_t chance = rng_below(rng, 20);

		if (block == 5) {
			if (hour == 5 * 24)
				for (unsigned vantage = 0; vantage < 2; vantage++)
					say(setting, vantage, 5, "dark", t_ns - 60 * BW_S, t_ns);
			else if (hour == 10 * 24 || hour == 12 * 24)
				say(setting, 1, 5, hour == 240 ? "unknown" : "dark", t_ns, t_ns);
			continue;
		}
		if (chance > 2)
			continue;
		dark[block] = !dark[block];
		for (unsigned vantage = 0; vantage < 1 + (chance > 0); vantage++)
			say(setting, vantage, block, dark[block] ? "dark" : "up",
			    t_ns - (int64_t)rng_below(rng, 600) * BW_S, t_ns);
	}
}

/* Until the time that is returned nothing comes. */
static int64_t be_quiet(struct setting *setting, int64_t t_ns)
{
	for (int n = 0; n < 4; n++, t_ns += ROUND)
		collector_tick(&setting->collector, (struct bw_wall){t_ns});
	return t_ns;
}

static void tell_story(struct setting *setting, int64_t keep_ns)
{
	struct rng rng = rng_of(1);
	bool dark[BLOCKS] = {false};

	any_store_make(&setting->any);
	any_store_close(&setting->any);
	open_at(setting, keep_ns, BEGIN);
	for (unsigned n = 0; n < 2 * BLOCKS; n++)
		say(setting, n / BLOCKS, n % BLOCKS, "up", BEGIN, BEGIN + 60 * BW_S);
	post(setting, BEGIN + 60 * BW_S);
	for (int64_t t = BEGIN + ROUND; t <= END; t += ROUND) {
		if (rng_below(&rng, 60) == 0)
			t = be_quiet(setting, t);
		tell_round(setting, &rng, t, dark);
		post(setting, t);
		collector_tick(&setting->collector, (struct bw_wall){t + 300 * BW_S});
		collector_tick(&setting->collector, (struct bw_wall){t + 1000 * BW_S});
	}
	/* Until nothing is left to be forgotten. */
	for (int n = 0; n < 30; n++)
		collector_tick(&setting->collector, (struct bw_wall){END + 2 * HOUR + n * BW_S});
}

struct history {
	FILE *out;
	const struct board *board;
};

/* What held at the horizon, of sums also since when, and all that followed. */
static int print_subject(void *arg, const struct subject *subject)
{
	const struct history *history = arg;
	const int64_t horizon = END + 2 * HOUR + 30 * BW_S - KEEP;
	const struct interval *held = timeline_at(subject->merged, horizon);
	const bool is_sum = held && subject->scope != BW_SCOPE_BLOCK;
	char text[SUBJECT_TEXT];

	fprintf(history->out, "%s %d %" PRId64 " %" PRId64 "\n",
		subject_format(history->board, subject, text), timeline_verdict(held),
		is_sum ? held->from_ns : 0, is_sum ? held->earliest_ns : 0);
	for (uint32_t n = timeline_after(subject->merged, horizon);
	     n < subject->merged->intervals.count; n++) {
		const struct interval *interval = timeline_get(subject->merged, n);

		fprintf(history->out, "%" PRId64 " %" PRId64 " %d%d%d\n", interval->from_ns,
			interval->earliest_ns, interval->verdict, interval->seen_from,
			interval->lacks_quorum);
	}
	return 0;
}

static void print_outages(struct history *history, const struct outage_book *book)
{
	for (uint32_t n = 0; n < book->entries.count; n++) {
		const struct outage_entry *entry = outage_book_get(book, n);

		if (!entry->withdrawn && entry->outage.end_ns > END - KEEP + 3 * HOUR)
			fprintf(history->out,
				"%" PRIu64 " %s %" PRId64 " %" PRId64 " %" PRId64 " %d\n",
				entry->id, entry->subject, entry->outage.earliest_ns,
				entry->outage.start_ns, entry->outage.end_ns,
				entry->outage.return_count);
	}
}

static char *history_of(const struct setting *setting)
{
	char *text = NULL;
	size_t length;
	struct history history = {open_memstream(&text, &length), &setting->collector.board};

	assert_int_equal(subject_each_of(history.board, 0, print_subject, &history), 0);
	print_outages(&history, &setting->collector.teller.book);
	fclose(history.out);
	return text;
}

static int count_claim(void *arg, const struct store_claim *row)
{
	(void)row;
	++*(unsigned *)arg;
	return 0;
}

static int count_outage(void *arg, const struct store_outage *row)
{
	(void)row;
	++*(unsigned *)arg;
	return 0;
}

static int count_event(void *arg, uint64_t id, const char *text)
{
	(void)id;
	(void)text;
	++*(unsigned *)arg;
	return 0;
}

/* How many rows there are. */
struct rows {
	unsigned claims, outages, events;
	int64_t days, intervals;
};

static struct rows count_rows(const struct setting *setting)
{
	const struct store *store = &setting->collector.store;
	const struct board *board = &setting->collector.board;
	struct rows rows = {0};
	int64_t first, last;

	store->ops->each_claim(store->self, count_claim, &rows.claims, NULL);
	store->ops->each_outage(store->self, count_outage, &rows.outages, NULL);
	store->ops->events_after(store->self, 0, 100000, count_event, &rows.events, NULL);
	assert_int_equal(store->ops->hourly_days(store->self, &first, &last, NULL), 0);
	rows.days = last - first + 1;
	for (uint32_t n = 0; n < board->blocks.count; n++)
		rows.intervals += board_block(board, n)->merged.intervals.count;
	return rows;
}

static void check_fewer(const struct rows *few, const struct rows *all)
{
	assert_in_range(few->claims, 12, all->claims / 2);
	assert_in_range(few->outages, 5, all->outages / 2);
	assert_in_range(few->events, 5, all->events / 2);
	assert_in_range(few->intervals, 12, all->intervals / 2);
	assert_in_range(all->days, DAYS - 2, DAYS + 1);
	assert_in_range(few->days, 10, 12);
}

static void test_what_is_kept_is_the_same(void **state)
{
	static struct setting whole, short_one;
	struct rows all, few;
	char *expected, *kept;

	(void)state;
	tell_story(&whole, 0);
	expected = history_of(&whole);
	all = count_rows(&whole);
	collector_fini(&whole.collector);
	any_store_remove(&whole.any);
	assert_true(strlen(expected) > 2000);
	assert_non_null(strstr(expected, " 198.18.5.0/24 1728431940000000000 ")); /* still dark */
	tell_story(&short_one, KEEP);
	kept = history_of(&short_one);
	assert_string_equal(kept, expected);
	free(kept);
	few = count_rows(&short_one);
	check_fewer(&few, &all);
	/* And so it is after a restart, which tells nobody anything. */
	collector_fini(&short_one.collector);
	open_at(&short_one, KEEP, END + 2 * HOUR + 30 * BW_S);
	kept = history_of(&short_one);
	assert_string_equal(kept, expected);
	few = count_rows(&short_one);
	check_fewer(&few, &all);
	assert_int_equal(short_one.collector.teller.pending.count, 0);
	free(kept);
	free(expected);
	collector_fini(&short_one.collector);
	any_store_remove(&short_one.any);
}

/* A collector that is set to keep less forgets what it has, step by step. */
static void test_less_is_kept_from_now_on(void **state)
{
	static struct setting setting;
	struct rows all, few;
	char *before, *after;

	(void)state;
	tell_story(&setting, 0);
	before = history_of(&setting);
	all = count_rows(&setting);
	collector_fini(&setting.collector);
	open_at(&setting, KEEP, END + 2 * HOUR);
	for (int n = 0; n <= 30; n++)
		collector_tick(&setting.collector, (struct bw_wall){END + 2 * HOUR + n * BW_S});
	after = history_of(&setting);
	assert_string_equal(after, before);
	few = count_rows(&setting);
	check_fewer(&few, &all);
	free(before);
	free(after);
	collector_fini(&setting.collector);
	any_store_remove(&setting.any);
}

static int print_id(void *arg, uint64_t id, const char *text)
{
	(void)text;
	*(uint64_t *)arg = *(uint64_t *)arg * 10000 + id;
	return 0;
}

static void put_claim(const struct store *store, const char *block, bool drop)
{
	struct store_claim row = {.vantage = "fra1",
				  .target = "kp",
				  .claim = {5 * BW_S, 4 * BW_S, 3 * BW_S, BW_DARK}};

	assert_int_equal(bw_prefix_parse(block, &row.block, NULL), 0);
	assert_int_equal((drop ? store->ops->drop_claim : store->ops->put_claim)(store->self, &row,
										 NULL),
			 0);
}

/* The operations of the store: so much at a time, and never the last event. */
static void test_rows_are_forgotten(void **state)
{
	static struct any_store any;
	const struct store_outage outage = {.id = 7, .target = "kp", .subject = "kp"};
	struct store_hourly day = {
		.vantage = "v", .target = "kp", .subject = "kp", .bytes = "x", .length = 1};
	const struct store *store = &any.store;
	const struct store_ops *ops;
	int64_t first, last;
	uint64_t ids = 0;
	unsigned claims = 0, outages = 0;
	bool more = true;

	(void)state;
	any_store_make(&any);
	ops = store->ops;
	assert_int_equal(ops->begin(store->self, NULL), 0);
	for (uint64_t n = 1; n <= STORE_FORGET_ROWS + 5; n++) {
		ops->put_event(store->self, n, (int64_t)n, "{}", NULL);
		day.day = (int64_t)n;
		ops->put_hourly_day(store->self, &day, NULL);
	}
	put_claim(store, "198.18.0.0/24", false);
	put_claim(store, "198.18.1.0/24", false);
	assert_int_equal(ops->put_outage(store->self, &outage, NULL), 0);
	assert_int_equal(ops->commit(store->self, NULL), 0);
	assert_int_equal(ops->forget_events(store->self, 3, &more, NULL), 0);
	assert_false(more);
	ops->events_after(store->self, 0, 2, print_id, &ids, NULL);
	assert_int_equal(ids, 30004);
	assert_int_equal(ops->forget_events(store->self, 99999, &more, NULL), 0);
	assert_true(more);
	assert_int_equal(ops->forget_events(store->self, 99999, &more, NULL), 0);
	assert_false(more);
	ops->events_after(store->self, ids = 0, 9, print_id, &ids, NULL);
	assert_int_equal(ids, STORE_FORGET_ROWS + 5);
	assert_int_equal(ops->forget_hourly_days(store->self, 1003, &more, NULL), 0);
	assert_true(more);
	assert_int_equal(ops->forget_hourly_days(store->self, 1003, &more, NULL), 0);
	assert_false(more);
	assert_int_equal(ops->hourly_days(store->self, &first, &last, NULL), 0);
	assert_true(first == 1003 && last == 1005);
	assert_int_equal(ops->drop_outage(store->self, 8, NULL), 0);
	ops->each_outage(store->self, count_outage, &outages, NULL);
	assert_int_equal(ops->drop_outage(store->self, 7, NULL), 0);
	ops->each_outage(store->self, count_outage, &outages, NULL);
	assert_int_equal(outages, 1);
	put_claim(store, "198.18.1.0/24", true);
	ops->each_claim(store->self, count_claim, &claims, NULL);
	assert_int_equal(claims, 1);
	any_store_remove(&any);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_kept_is_the_same),
		cmocka_unit_test(test_less_is_kept_from_now_on),
		cmocka_unit_test(test_rows_are_forgotten),
	};

	return cmocka_run_group_tests_name("sys/retention", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several collectors over one PostgreSQL database (BW_TEST_POSTGRESQL, which tests/db sets): they
 * have the history that one collector makes of the same records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "any_store.h"
#include "collect/collector.h"
#include "collect/lead.h"
#include "random_records.h"
#include "sys/db/postgresql/pg_store.h"
#include "sys/db/sqlite/sqlite_store.h"

#define NOW (20000 * 86400 * BW_S)
#define PATIENCE 500 /* looks, 10 ms apart */

/* A collector, and what its streams of events have got. */
struct one {
	struct collector collector;
	char *streamed;
	size_t length;
	FILE *stream;
};

struct setting {
	struct any_store any;
	struct one a, b;
	struct collector alone; /* over SQLite: it gets all that they get */
	char folder[64];
	struct random_records records;
	int64_t now;
	uint64_t given;
};

static const char *url(void)
{
	return getenv("BW_TEST_POSTGRESQL");
}

static void fill_in(struct collector *collector)
{
	*collector = (struct collector){.fleet = {.count = 3, .stale_after = 3}};
	for (size_t n = 0; n < 3; n++)
		collector->fleet.list[n] = (struct fleet_member){.name = random_vantages[n],
								 .token = random_vantages[n],
								 .asn = 64500 + (uint32_t)n};
	collector->board.quorum = 2;
}

static void open_over(struct collector *collector, struct store store, int64_t now)
{
	struct bw_err err = {.code = 0};

	fill_in(collector);
	if (collector_open(collector, store, (struct bw_wall){now}, &err) < 0)
		fail_msg("%s", err.message);
}

static void open_one(struct one *one, int64_t now)
{
	struct bw_err err = {.code = 0};
	struct store store;

	if (pg_store_open(url(), &store, &err) < 0)
		fail_msg("%s", err.message);
	one->stream = open_memstream(&one->streamed, &one->length);
	open_over(&one->collector, store, now);
}

static void close_one(struct one *one)
{
	collector_fini(&one->collector);
	fclose(one->stream);
	free(one->streamed);
}

static void make_setting(struct setting *setting, uint64_t seed)
{
	char path[96];
	struct bw_err err = {.code = 0};
	struct store store;

	*setting = (struct setting){.folder = "/tmp/blockwatch-side-XXXXXX",
				    .records = {rng_of(seed), 3, 0},
				    .now = NOW};
	any_store_make(&setting->any);
	any_store_close(&setting->any);
	snprintf(path, sizeof(path), "%s", setting->any.path);
	assert_int_equal(sqlite_store_open(path, &store, &err), 0);
	open_over(&setting->alone, store, NOW);
	open_one(&setting->a, NOW);
	open_one(&setting->b, NOW);
}

static void remove_setting(struct setting *setting)
{
	close_one(&setting->a);
	close_one(&setting->b);
	collector_fini(&setting->alone);
	any_store_remove(&setting->any);
}

static void hand_on(struct one *one)
{
	struct teller *teller = &one->collector.teller;

	for (uint32_t n = 0; n < teller->pending.count; n++) {
		const struct teller_event *event = array_at(&teller->pending, n);

		fprintf(one->stream, "%" PRIu64 " %s\n", event->id, event->text);
	}
	fflush(one->stream);
	teller_clear(teller);
}

static void tick(struct one *one, int64_t now)
{
	const struct store *store = &one->collector.store;
	int64_t next;

	store->ops->watch(store->self, &next, NULL);
	collector_tick(&one->collector, (struct bw_wall){now});
	hand_on(one);
}

/* The test's own session. */
static char *ask(const char *sql)
{
	PGconn *connection = PQconnectdb(url());
	PGresult *result = PQexec(connection, sql);
	char *text = PQntuples(result) > 0 ? strdup(PQgetvalue(result, 0, 0)) : NULL;

	PQclear(result);
	PQfinish(connection);
	return text;
}

static void run(const char *sql)
{
	free(ask(sql));
}

static struct admit_result give(struct collector *collector, const struct random_request *request,
				int64_t now)
{
	struct admit_result result;
	struct json_out out;

	json_out_init_heap(&out, false);
	result = collector_take(collector, fleet_find(&collector->fleet, request->vantage),
				request->lines, request->length, (struct bw_wall){now}, &out);
	free(json_out_take(&out));
	return result;
}

/* Gives a new request to one, to the collector that is alone, and by chance to the other one. */
static void post(struct setting *setting, struct one *to, struct one *other)
{
	struct random_request request;
	struct admit_result result;

	random_records_next(&setting->records, setting->now, &request);
	result = give(&to->collector, &request, setting->now);
	assert_int_equal(result.status, 200);
	assert_int_equal(result.taken, request.count);
	assert_int_equal(give(&setting->alone, &request, setting->now).taken, request.count);
	setting->given += request.count;
	if (!other || rng_below(&setting->records.rng, 3) > 0)
		return;
	result = give(&other->collector, &request, setting->now);
	assert_int_equal(result.status, 200);
	assert_int_equal(result.known, request.count);
}

static void tick_all(struct setting *setting)
{
	tick(&setting->a, setting->now);
	tick(&setting->b, setting->now);
	collector_tick(&setting->alone, (struct bw_wall){setting->now});
}

/* Requests for both in turns, by chance. */
static void fill(struct setting *setting, unsigned count)
{
	struct rng *rng = &setting->records.rng;

	for (unsigned n = 0; n < count; n++) {
		const bool to_a = rng_below(rng, 2) == 0;

		setting->now += n % 3 == 0 ? 20 * BW_S : 7 * BW_MS;
		post(setting, to_a ? &setting->a : &setting->b, to_a ? &setting->b : &setting->a);
		if (rng_below(rng, 3) == 0)
			tick_all(setting);
	}
}

static int print_outage(void *arg, const struct store_outage *row)
{
	fprintf(arg, "%" PRIu64 " %s %s %" PRId64 " %" PRId64 " %" PRIu64 " %d\n", row->id,
		row->target, row->subject, row->outage.start_ns, row->outage.end_ns, row->revision,
		row->withdrawn);
	return 0;
}

/* What the store has, and what a collector's book has. */
static void compare_outages(const struct collector *collector)
{
	const struct outage_book *book = &collector->teller.book;
	char *stored = NULL, *known = NULL;
	size_t length;
	FILE *out = open_memstream(&stored, &length);

	collector->store.ops->each_outage(collector->store.self, print_outage, out, NULL);
	fclose(out);
	out = open_memstream(&known, &length);
	for (uint32_t n = 0; n < book->entries.count; n++) {
		const struct outage_entry *entry = outage_book_get(book, n);
		const struct store_outage row = {
			.id = entry->id,
			.target = entry->target,
			.subject = entry->subject,
			.outage = entry->outage,
			.revision = entry->revision,
			.withdrawn = entry->withdrawn,
		};

		print_outage(out, &row);
	}
	fclose(out);
	assert_true(length > 100);
	assert_string_equal(stored, known);
	free(stored);
	free(known);
}

static int print_event(void *arg, uint64_t id, const char *text)
{
	fprintf(arg, "%" PRIu64 " %s\n", id, text);
	return 0;
}

static void compare_streams(const struct setting *setting)
{
	const struct store *store = &setting->a.collector.store;
	char *stored = NULL;
	size_t length;
	FILE *out = open_memstream(&stored, &length);

	store->ops->events_after(store->self, 0, 1000000, print_event, out, NULL);
	fclose(out);
	assert_true(length > 100);
	assert_string_equal(stored, setting->a.streamed);
	assert_string_equal(stored, setting->b.streamed);
	free(stored);
}

static void compare_histories(struct setting *setting)
{
	const int64_t until = setting->now;
	char *wanted = history_text(&setting->alone.board, until);
	char *a = history_text(&setting->a.collector.board, until);
	char *b = history_text(&setting->b.collector.board, until);
	struct one third;
	char *again;

	assert_string_equal(wanted, a);
	assert_string_equal(wanted, b);
	open_one(&third, until + BW_S);
	tick(&third, until + BW_S);
	again = history_text(&third.collector.board, until);
	assert_string_equal(wanted, again);
	close_one(&third);
	free(wanted);
	free(a);
	free(b);
	free(again);
}

/* None is lost, none is there twice, and all have the history of one that is alone. */
static void check(struct setting *setting)
{
	const int64_t until = setting->now;
	char *count;

	setting->now = until + BW_S;
	tick_all(setting);
	setting->now += BW_S; /* the one that has ticked first sees what the other one has told */
	tick_all(setting);
	setting->now += BW_S;
	tick_all(setting);
	setting->now = until;
	count = ask("SELECT count(*) || ' ' || count(DISTINCT (boot, seq)) FROM record");
	assert_int_equal(strtoull(count, NULL, 10), setting->given);
	assert_int_equal(strtoull(strchr(count, ' '), NULL, 10), setting->given);
	free(count);
	assert_int_equal(setting->a.collector.leads + setting->b.collector.leads, 1);
	compare_histories(setting);
	compare_outages(&setting->a.collector);
	compare_outages(&setting->b.collector);
	compare_streams(setting);
}

static void test_both_take_records(void **state)
{
	struct setting setting;

	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		make_setting(&setting, seed);
		fill(&setting, 100);
		check(&setting);
		remove_setting(&setting);
	}
}

/* One that was cut off has a session again, which does not lead. */
static void wait_until_back(const struct one *one)
{
	const struct store *store = &one->collector.store;
	bool back = false;

	for (unsigned n = 0; n < PATIENCE && !back; n++) {
		int64_t next;

		poll(NULL, 0, 10);
		back = store->ops->watch(store->self, &next, NULL) == 0 && !lead_holds(store);
	}
	assert_true(back);
}

/* Ends the session of the one that leads. */
static void cut_leader(void)
{
	run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND "
	    "objsubid = 1 AND granted");
}

static void wait_until_it_leads(struct setting *setting, struct one *one)
{
	for (unsigned n = 0; n < PATIENCE && !one->collector.leads; n++) {
		poll(NULL, 0, 10);
		tick(one, setting->now);
	}
	assert_true(one->collector.leads);
}

/* The other one takes over; the first one comes back, and leads when the other is cut off. */
static void test_a_leader_is_cut_off(void **state)
{
	struct setting setting;

	(void)state;
	make_setting(&setting, 11);
	fill(&setting, 60);
	assert_true(setting.a.collector.leads);
	cut_leader();
	for (unsigned n = 0; n < 10; n++)
		post(&setting, &setting.b, NULL);
	wait_until_it_leads(&setting, &setting.b);
	wait_until_back(&setting.a);
	/* It has not noticed yet, and may write nothing that the leader writes. */
	assert_true(setting.a.collector.leads);
	assert_int_equal(lead_begin(&setting.a.collector.store, NULL), BW_ERR_PRIVILEGE);
	fill(&setting, 60);
	assert_false(setting.a.collector.leads);
	check(&setting);
	cut_leader();
	wait_until_it_leads(&setting, &setting.a);
	wait_until_back(&setting.b);
	fill(&setting, 60);
	check(&setting);
	remove_setting(&setting);
}

/* One that sleeps misses what is not kept for it, and reads all anew. */
static void test_one_falls_behind(void **state)
{
	struct setting setting;

	(void)state;
	make_setting(&setting, 21);
	fill(&setting, 60);
	for (unsigned n = 0; n < 20; n++)
		post(&setting, &setting.a, NULL);
	run("DELETE FROM admission");
	for (unsigned n = 0; n < 20; n++)
		post(&setting, &setting.a, NULL);
	post(&setting, &setting.b, &setting.a);
	fill(&setting, 60);
	check(&setting);
	remove_setting(&setting);
}

/* One that is alone writes nothing for others, who then begin in the middle of it. */
static void test_one_comes_later(void **state)
{
	struct setting setting;
	char *count;

	(void)state;
	make_setting(&setting, 31);
	close_one(&setting.b);
	poll(NULL, 0, 100); /* the server ends its session */
	for (unsigned n = 0; n < 20; n++)
		post(&setting, &setting.a, NULL);
	count = ask("SELECT count(*) FROM admission");
	assert_string_equal(count, "0");
	free(count);
	tick(&setting.a, setting.now += BW_S);
	hand_on(&setting.a);
	rewind(setting.a.stream);
	open_one(&setting.b, setting.now);
	fprintf(setting.b.stream, "%s", setting.a.streamed ? setting.a.streamed : "");
	fseek(setting.a.stream, 0, SEEK_END);
	fill(&setting, 60);
	check(&setting);
	remove_setting(&setting);
}

/* The schema is not changed under a collector that knows an earlier one. */
static void test_a_schema_in_use_is_kept(void **state)
{
	struct setting setting;
	struct bw_err err = {.code = 0};
	struct store store;

	(void)state;
	make_setting(&setting, 41);
	run("UPDATE collector SET version = version - 1");
	assert_int_equal(pg_store_open(url(), &store, &err), BW_ERR_UNAVAILABLE);
	assert_non_null(strstr(err.message, "other collectors use it"));
	remove_setting(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_take_records),
		cmocka_unit_test(test_a_leader_is_cut_off),
		cmocka_unit_test(test_one_falls_behind),
		cmocka_unit_test(test_one_comes_later),
		cmocka_unit_test(test_a_schema_in_use_is_kept),
	};

	if (!url()) {
		puts("1..0 # SKIP tests/db runs it");
		return 0;
	}
	return cmocka_run_group_tests_name("sys/side_by_side", tests, NULL, NULL);
}

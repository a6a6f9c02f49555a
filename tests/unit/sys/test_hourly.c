/* SPDX-License-Identifier: Apache-2.0 */
/* Hourly sums over whichever database any_store.h names: from records to days and back. */
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
#include "base/rng.h"
#include "collect/hourly/hourly.h"
#include "collect/hourly/hourly_fold.h"
#include "collect/hourly/hourly_read.h"

#define HOUR (3600 * BW_S)
#define FIRST 480000 /* hours since 1970: midnight */
#define ODD "a'b\"c\\d\te\nf;DROP TABLE hourly_day;--\xe5\x8c\x97"

struct setting {
	struct any_store any;
	struct hourly hourly;
	struct bw_err err;
	char *text;
	size_t length;
	FILE *out;
};

static int make(void **state)
{
	struct setting *setting = calloc(1, sizeof(*setting));

	assert_non_null(setting);
	any_store_make(&setting->any);
	hourly_init(&setting->hourly);
	setting->out = open_memstream(&setting->text, &setting->length);
	*state = setting;
	return 0;
}

static int end(void **state)
{
	struct setting *setting = *state;

	hourly_fini(&setting->hourly);
	any_store_remove(&setting->any);
	fclose(setting->out);
	free(setting->text);
	free(setting);
	return 0;
}

static const char *printed(struct setting *setting)
{
	static char text[65536];

	fclose(setting->out);
	snprintf(text, sizeof(text), "%s", setting->text);
	free(setting->text);
	setting->out = open_memstream(&setting->text, &setting->length);
	return text;
}

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

/* A round of 4 probes, of which so many are answered after 20 ms. */
static void take(struct setting *setting, const char *vantage, const char *block, int64_t minute,
		 uint32_t replies)
{
	const struct record record = {
		.type = RECORD_BLOCK,
		.head = {vantage, "b1", 1, {FIRST * HOUR + minute * 60 * BW_S}},
		.block = {.target = ODD,
			  .network = prefix_of("198.18.0.0/22"),
			  .block = prefix_of(block),
			  .sent = 4,
			  .replies = replies,
			  .rtt_median_ns = replies > 0 ? 20 * BW_MS : -1},
	};

	assert_int_equal(hourly_take(&setting->hourly, &record), 0);
}

static void save(struct setting *setting)
{
	const struct store *store = &setting->any.store;

	assert_int_equal(store->ops->begin(store->self, &setting->err), 0);
	assert_int_equal(hourly_save(&setting->hourly, store, &setting->err), 0);
	assert_int_equal(store->ops->commit(store->self, &setting->err), 0);
	hourly_keep(&setting->hourly);
}

static void fold(struct setting *setting)
{
	bool more = true;

	while (more)
		if (hourly_fold(&setting->any.store, &more, &setting->err) < 0)
			fail_msg("%s", setting->err.message);
}

static int print(void *arg, const struct hourly_found *found)
{
	fprintf(arg, "%" PRId64, found->hour - FIRST);
	for (size_t n = 0; n < found->count; n++) {
		const struct hourly_sum *sum = found->list[n].sum;

		fprintf(arg, " %s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %.0f",
			found->list[n].vantage, sum->rounds, sum->answered, sum->sent, sum->replies,
			hourly_sum_rtt_ms(sum, .5));
	}
	fprintf(arg, "\n");
	return 0;
}

static void show(struct setting *setting, enum bw_scope scope, const char *subject, int64_t from,
		 int64_t until)
{
	struct hourly_query query = {.target = ODD,
				     .scope = scope,
				     .from = FIRST + from,
				     .until = FIRST + until};

	if (scope != BW_SCOPE_TARGET)
		query.prefix = prefix_of(subject);
	assert_int_equal(hourly_read(&setting->any.store, &query, print, setting->out,
				     &setting->err),
			 0);
}

static void take_some(struct setting *setting)
{
	take(setting, "sgp1", "198.18.0.0/24", 1, 4);
	take(setting, "fra1", "198.18.0.0/24", 2, 2);
	take(setting, "fra1", "198.18.1.0/24", 3, 0);
	take(setting, "fra1", "198.18.0.0/24", 62, 1);
	take(setting, "fra1", "198.18.0.0/24", -1, 4);
	take(setting, "fra1", "198.18.0.0/24", 48 * 60, 0);
}

#define BLOCK_0                               \
	"-1 fra1 1 1 4 4 20\n"                \
	"0 fra1 1 1 4 2 20 sgp1 1 1 4 4 20\n" \
	"1 fra1 1 1 4 1 20\n"                 \
	"48 fra1 1 0 4 0 -1\n"
#define ALL                                   \
	"-1 fra1 1 1 4 4 20\n"                \
	"0 fra1 2 1 8 2 20 sgp1 1 1 4 4 20\n" \
	"1 fra1 1 1 4 1 20\n"                 \
	"48 fra1 1 0 4 0 -1\n"

static void check_all(struct setting *setting)
{
	show(setting, BW_SCOPE_BLOCK, "198.18.0.0/24", -100, 100);
	assert_string_equal(printed(setting), BLOCK_0);
	show(setting, BW_SCOPE_NETWORK, "198.18.0.0/22", -100, 100);
	assert_string_equal(printed(setting), ALL);
	show(setting, BW_SCOPE_TARGET, NULL, -FIRST, INT32_MAX);
	assert_string_equal(printed(setting), ALL);
	show(setting, BW_SCOPE_TARGET, NULL, 1, 48);
	assert_string_equal(printed(setting), "1 fra1 1 1 4 1 20\n");
	show(setting, BW_SCOPE_BLOCK, "198.18.2.0/24", -100, 100);
	show(setting, BW_SCOPE_NETWORK, "198.18.0.0/24", -100, 100);
	show(setting, BW_SCOPE_TARGET, NULL, 5, 5);
	show(setting, BW_SCOPE_TARGET, NULL, 5, -5);
	show(setting, BW_SCOPE_TARGET, NULL, 200, 300);
	assert_string_equal(printed(setting), "");
}

/* What is read is the same before, while and after parts are brought into days. */
static void test_days_and_parts(void **state)
{
	struct setting *setting = *state;

	take_some(setting);
	save(setting);
	check_all(setting);
	fold(setting);
	check_all(setting);
	fold(setting); /* nothing is there any more */
	check_all(setting);
	take(setting, "fra1", "198.18.0.0/24", 5, 3); /* late: it counts in its hour */
	save(setting);
	show(setting, BW_SCOPE_BLOCK, "198.18.0.0/24", 0, 1);
	assert_string_equal(printed(setting), "0 fra1 2 2 8 5 20 sgp1 1 1 4 4 20\n");
	fold(setting);
	show(setting, BW_SCOPE_BLOCK, "198.18.0.0/24", 0, 1);
	assert_string_equal(printed(setting), "0 fra1 2 2 8 5 20 sgp1 1 1 4 4 20\n");
	any_store_close(&setting->any);
	any_store_open(&setting->any);
	show(setting, BW_SCOPE_TARGET, NULL, 0, 1);
	assert_string_equal(printed(setting), "0 fra1 3 2 12 5 20 sgp1 1 1 4 4 20\n");
}

/* What is rolled back has not happened. */
static void test_what_is_not_committed(void **state)
{
	struct setting *setting = *state;
	const struct store *store = &setting->any.store;

	take_some(setting);
	assert_int_equal(store->ops->begin(store->self, &setting->err), 0);
	assert_int_equal(hourly_save(&setting->hourly, store, &setting->err), 0);
	store->ops->rollback(store->self);
	hourly_drop(&setting->hourly);
	save(setting);
	show(setting, BW_SCOPE_TARGET, NULL, -100, 100);
	assert_string_equal(printed(setting), "");
}

static void put_part(struct setting *setting, size_t length)
{
	char *bytes = calloc(1, length);

	assert_non_null(bytes);
	bytes[0] = 'x';
	assert_int_equal(setting->any.store.ops->put_hourly_part(setting->any.store.self, bytes,
								 length, &setting->err),
			 0);
	free(bytes);
}

static int print_length(void *arg, const void *bytes, size_t length)
{
	assert_int_equal(*(const char *)bytes, 'x');
	fprintf(arg, "%zu ", length);
	return 0;
}

/* As many as have at most so many bytes together, but at least one. */
static void test_parts_are_taken_in_turn(void **state)
{
	struct setting *setting = *state;
	const struct store *store = &setting->any.store;
	bool more = true;

	put_part(setting, 500);
	for (int n = 1; n <= 4; n++)
		put_part(setting, 40);
	while (more) {
		assert_int_equal(store->ops->begin(store->self, &setting->err), 0);
		assert_int_equal(store->ops->take_hourly_parts(store->self, 100, print_length,
							       setting->out, &more, &setting->err),
				 0);
		assert_int_equal(store->ops->commit(store->self, &setting->err), 0);
		fprintf(setting->out, "%d, ", more);
	}
	assert_string_equal(printed(setting), "500 1, 40 40 1, 40 40 0, ");
}

/* Whenever parts are brought into days, the sums are those of all rounds at once. */
static void test_any_order(void **state)
{
	static const char *const vantages[] = {"ams1", "fra1", "sgp1"};
	struct setting *setting = *state;
	struct rng rng = rng_of(1);
	char block[32], first[65536];

	for (int turn = 0; turn < 2; turn++) {
		rng = rng_of(1);
		for (int n = 0; n < 600; n++) {
			snprintf(block, sizeof(block), "198.18.%u.0/24",
				 (unsigned)rng_below(&rng, 4));
			take(setting, vantages[rng_below(&rng, 3)], block,
			     (int64_t)rng_below(&rng, 4000), (uint32_t)rng_below(&rng, 5));
			if (turn == 1 && n % 7 == 0)
				save(setting);
			if (turn == 1 && n % 50 == 0)
				fold(setting);
		}
		save(setting);
		fold(setting);
		show(setting, BW_SCOPE_TARGET, NULL, 0, 100);
		show(setting, BW_SCOPE_NETWORK, "198.18.0.0/22", 0, 100);
		show(setting, BW_SCOPE_BLOCK, "198.18.2.0/24", 0, 100);
		if (turn == 0) {
			snprintf(first, sizeof(first), "%s", printed(setting));
			any_store_remove(&setting->any);
			any_store_make(&setting->any);
		}
	}
	assert_true(strlen(first) > 1000);
	assert_string_equal(printed(setting), first);
}

/* It is done when it is time, and when much waits. */
static void test_when_it_is_done(void **state)
{
	struct setting *setting = *state;
	const struct store *store = &setting->any.store;
	struct hourly *hourly = &setting->hourly;
	const int64_t now = FIRST * HOUR;

	assert_int_equal(hourly_tick(hourly, store, now), now + 600 * BW_S);
	take_some(setting);
	save(setting);
	assert_true(hourly->waiting > 0);
	assert_int_equal(hourly_tick(hourly, store, now + 599 * BW_S), now + 600 * BW_S);
	assert_true(hourly->waiting > 0);
	assert_int_equal(hourly_tick(hourly, store, now + 600 * BW_S), now + 1200 * BW_S);
	assert_int_equal(hourly->waiting, 0);
	check_all(setting);
	hourly->waiting = HOURLY_FOLD_BYTES;
	assert_int_equal(hourly_tick(hourly, store, now + 700 * BW_S), now + 1300 * BW_S);
	/* The clock was set back by a day. */
	assert_int_equal(hourly_tick(hourly, store, now - 86400 * BW_S),
			 now - 86400 * BW_S + 600 * BW_S);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, make, end)
	const struct CMUnitTest tests[] = {
		TEST(test_days_and_parts),          TEST(test_what_is_not_committed),
		TEST(test_parts_are_taken_in_turn), TEST(test_any_order),
		TEST(test_when_it_is_done),
	};

	return cmocka_run_group_tests_name("sys/hourly", tests, NULL, NULL);
}

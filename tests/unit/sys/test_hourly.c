/* SPDX-License-Identifier: Apache-2.0 */
/* Hourly sums over whichever database any_store.h names: from records to days and back. */

#include "base/rng.h"
#include "collect/hourly/hourly.h"
#include "collect/hourly/hourly_fold.h"
#include "collect/hourly/hourly_read.h"
#include "store_setting.h"

#define HOUR (3600 * BW_S)
#define FIRST 480000 /* hours since 1970: midnight */

struct hours {
	struct setting setting;
	struct hourly hourly;
};

static int make_hours(void **state)
{
	struct hours *hours = calloc(1, sizeof(*hours));

	assert_non_null(hours);
	setting_init(&hours->setting);
	hourly_init(&hours->hourly);
	*state = hours;
	return 0;
}

static int end_hours(void **state)
{
	struct hours *hours = *state;

	hourly_fini(&hours->hourly);
	setting_fini(&hours->setting);
	free(hours);
	return 0;
}

/* A round of 4 probes, of which so many are answered after 20 ms. */
static void take(struct hours *hours, const char *vantage, const char *block, int64_t minute,
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

	assert_int_equal(hourly_take(&hours->hourly, &record), 0);
}

static void save(struct hours *hours)
{
	const struct store *store = &hours->setting.any.store;

	assert_int_equal(store->ops->begin(store->self, &hours->setting.err), 0);
	assert_int_equal(hourly_save(&hours->hourly, store, &hours->setting.err), 0);
	assert_int_equal(store->ops->commit(store->self, &hours->setting.err), 0);
	hourly_keep(&hours->hourly);
}

static void fold(struct hours *hours)
{
	bool more = true;

	while (more)
		if (hourly_fold(&hours->setting.any.store, &more, &hours->setting.err) < 0)
			fail_msg("%s", hours->setting.err.message);
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

static void show(struct hours *hours, enum bw_scope scope, const char *subject, int64_t from,
		 int64_t until)
{
	struct hourly_query query = {.target = ODD,
				     .scope = scope,
				     .from = FIRST + from,
				     .until = FIRST + until};

	if (scope != BW_SCOPE_TARGET)
		query.prefix = prefix_of(subject);
	assert_int_equal(hourly_read(&hours->setting.any.store, &query, print, hours->setting.out,
				     &hours->setting.err),
			 0);
}

static void take_some(struct hours *hours)
{
	take(hours, "sgp1", "198.18.0.0/24", 1, 4);
	take(hours, "fra1", "198.18.0.0/24", 2, 2);
	take(hours, "fra1", "198.18.1.0/24", 3, 0);
	take(hours, "fra1", "198.18.0.0/24", 62, 1);
	take(hours, "fra1", "198.18.0.0/24", -1, 4);
	take(hours, "fra1", "198.18.0.0/24", 48 * 60, 0);
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

static void check_all(struct hours *hours)
{
	show(hours, BW_SCOPE_BLOCK, "198.18.0.0/24", -100, 100);
	assert_string_equal(printed(&hours->setting), BLOCK_0);
	show(hours, BW_SCOPE_NETWORK, "198.18.0.0/22", -100, 100);
	assert_string_equal(printed(&hours->setting), ALL);
	show(hours, BW_SCOPE_TARGET, NULL, -FIRST, INT32_MAX);
	assert_string_equal(printed(&hours->setting), ALL);
	show(hours, BW_SCOPE_TARGET, NULL, 1, 48);
	assert_string_equal(printed(&hours->setting), "1 fra1 1 1 4 1 20\n");
	show(hours, BW_SCOPE_BLOCK, "198.18.2.0/24", -100, 100);
	show(hours, BW_SCOPE_NETWORK, "198.18.0.0/24", -100, 100);
	show(hours, BW_SCOPE_TARGET, NULL, 5, 5);
	show(hours, BW_SCOPE_TARGET, NULL, 5, -5);
	show(hours, BW_SCOPE_TARGET, NULL, 200, 300);
	assert_string_equal(printed(&hours->setting), "");
}

/* What is read is the same before, while and after parts are brought into days. */
static void test_days_and_parts(void **state)
{
	struct hours *hours = *state;

	take_some(hours);
	save(hours);
	check_all(hours);
	fold(hours);
	check_all(hours);
	fold(hours); /* nothing is there any more */
	check_all(hours);
	take(hours, "fra1", "198.18.0.0/24", 5, 3); /* late: it counts in its hour */
	save(hours);
	show(hours, BW_SCOPE_BLOCK, "198.18.0.0/24", 0, 1);
	assert_string_equal(printed(&hours->setting), "0 fra1 2 2 8 5 20 sgp1 1 1 4 4 20\n");
	fold(hours);
	show(hours, BW_SCOPE_BLOCK, "198.18.0.0/24", 0, 1);
	assert_string_equal(printed(&hours->setting), "0 fra1 2 2 8 5 20 sgp1 1 1 4 4 20\n");
	any_store_close(&hours->setting.any);
	any_store_open(&hours->setting.any);
	show(hours, BW_SCOPE_TARGET, NULL, 0, 1);
	assert_string_equal(printed(&hours->setting), "0 fra1 3 2 12 5 20 sgp1 1 1 4 4 20\n");
}

/* What is rolled back has not happened. */
static void test_what_is_not_committed(void **state)
{
	struct hours *hours = *state;
	const struct store *store = &hours->setting.any.store;

	take_some(hours);
	assert_int_equal(store->ops->begin(store->self, &hours->setting.err), 0);
	assert_int_equal(hourly_save(&hours->hourly, store, &hours->setting.err), 0);
	store->ops->rollback(store->self);
	hourly_drop(&hours->hourly);
	save(hours);
	show(hours, BW_SCOPE_TARGET, NULL, -100, 100);
	assert_string_equal(printed(&hours->setting), "");
}

static void put_part(struct hours *hours, size_t length)
{
	char *bytes = calloc(1, length);

	assert_non_null(bytes);
	bytes[0] = 'x';
	assert_int_equal(hours->setting.any.store.ops->put_hourly_part(
				 hours->setting.any.store.self, bytes, length, &hours->setting.err),
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
	struct hours *hours = *state;
	const struct store *store = &hours->setting.any.store;
	bool more = true;

	put_part(hours, 500);
	for (int n = 1; n <= 4; n++)
		put_part(hours, 40);
	while (more) {
		assert_int_equal(store->ops->begin(store->self, &hours->setting.err), 0);
		assert_int_equal(store->ops->take_hourly_parts(store->self, 100, print_length,
							       hours->setting.out, &more,
							       &hours->setting.err),
				 0);
		assert_int_equal(store->ops->commit(store->self, &hours->setting.err), 0);
		fprintf(hours->setting.out, "%d, ", more);
	}
	assert_string_equal(printed(&hours->setting), "500 1, 40 40 1, 40 40 0, ");
}

/* Whenever parts are brought into days, the sums are those of all rounds at once. */
static void test_any_order(void **state)
{
	static const char *const vantages[] = {"ams1", "fra1", "sgp1"};
	struct hours *hours = *state;
	struct rng rng = rng_of(1);
	char block[32], first[65536];

	for (int turn = 0; turn < 2; turn++) {
		rng = rng_of(1);
		for (int n = 0; n < 600; n++) {
			snprintf(block, sizeof(block), "198.18.%u.0/24",
				 (unsigned)rng_below(&rng, 4));
			take(hours, vantages[rng_below(&rng, 3)], block,
			     (int64_t)rng_below(&rng, 4000), (uint32_t)rng_below(&rng, 5));
			if (turn == 1 && n % 7 == 0)
				save(hours);
			if (turn == 1 && n % 50 == 0)
				fold(hours);
		}
		save(hours);
		fold(hours);
		show(hours, BW_SCOPE_TARGET, NULL, 0, 100);
		show(hours, BW_SCOPE_NETWORK, "198.18.0.0/22", 0, 100);
		show(hours, BW_SCOPE_BLOCK, "198.18.2.0/24", 0, 100);
		if (turn == 0) {
			snprintf(first, sizeof(first), "%s", printed(&hours->setting));
			any_store_remove(&hours->setting.any);
			any_store_make(&hours->setting.any);
		}
	}
	assert_true(strlen(first) > 1000);
	assert_string_equal(printed(&hours->setting), first);
}

/* More rows than are read by one call, of which some are there and others are not. */
static void test_many_rows_at_once(void **state)
{
	struct hours *hours = *state;
	char block[32], expected[64];

	for (int turn = 1; turn <= 3; turn++) {
		for (int n = 0; n < 700; n += turn == 1 ? 3 : 1) {
			snprintf(block, sizeof(block), "10.%d.%d.0/24", n / 256, n % 256);
			take(hours, "fra1", block, 24 * 60 * (n % 2), 4);
		}
		save(hours);
		fold(hours);
	}
	for (int n = 0; n < 700; n++) {
		const int rounds = n % 3 == 0 ? 3 : 2;

		snprintf(block, sizeof(block), "10.%d.%d.0/24", n / 256, n % 256);
		snprintf(expected, sizeof(expected), "%d fra1 %d %d %d %d 20\n", 24 * (n % 2),
			 rounds, rounds, 4 * rounds, 4 * rounds);
		show(hours, BW_SCOPE_BLOCK, block, 0, 100);
		assert_string_equal(printed(&hours->setting), expected);
	}
}

/* It is done when it is time, and when much waits. */
static void test_when_it_is_done(void **state)
{
	struct hours *hours = *state;
	const struct store *store = &hours->setting.any.store;
	struct hourly *hourly = &hours->hourly;
	const int64_t now = FIRST * HOUR;

	assert_int_equal(hourly_tick(hourly, store, now), now + 600 * BW_S);
	take_some(hours);
	save(hours);
	assert_true(hourly->waiting > 0);
	assert_int_equal(hourly_tick(hourly, store, now + 599 * BW_S), now + 600 * BW_S);
	assert_true(hourly->waiting > 0);
	assert_int_equal(hourly_tick(hourly, store, now + 600 * BW_S), now + 1200 * BW_S);
	assert_int_equal(hourly->waiting, 0);
	check_all(hours);
	hourly->waiting = HOURLY_FOLD_BYTES;
	assert_int_equal(hourly_tick(hourly, store, now + 700 * BW_S), now + 1300 * BW_S);
	/* The clock was set back by a day. */
	assert_int_equal(hourly_tick(hourly, store, now - 86400 * BW_S),
			 now - 86400 * BW_S + 600 * BW_S);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, make_hours, end_hours)
	const struct CMUnitTest tests[] = {
		TEST(test_days_and_parts),          TEST(test_what_is_not_committed),
		TEST(test_parts_are_taken_in_turn), TEST(test_any_order),
		TEST(test_many_rows_at_once),       TEST(test_when_it_is_done),
	};

	return cmocka_run_group_tests_name("sys/hourly", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "collect/follow/dark_events.h"

#define T (1000 * BW_S)

static const struct record_path poor = {.kind = PATH_KIND_SILENT, .text = "poor"};
static const struct record_path rich = {
	.last = {.from = {.family = 4, .bytes = {198, 18, 9, 1}}, .ttl = 7},
	.next = {.from = {.family = 4, .bytes = {198, 18, 9, 2}}, .ttl = 8},
	.kind = PATH_KIND_SILENT,
	.text = "rich",
};

static struct record event_of(uint64_t seq, int64_t latest_ns, enum bw_onset onset,
			      const struct record_path *path)
{
	return (struct record){
		.type = RECORD_EVENT,
		.head = {.vantage = "v", .boot = "b", .seq = seq},
		.event = {.target = "kp",
			  .scope = BW_SCOPE_NETWORK,
			  .subject = "198.18.0.0/24",
			  .from = BW_UP,
			  .to = BW_DARK,
			  .earliest = {latest_ns - 30 * BW_S},
			  .latest = {latest_ns},
			  .onset = onset,
			  .path = path},
	};
}

static int take(struct dark_events *events, uint32_t vantage, const struct record *record)
{
	struct dark_event event;
	const int result = dark_event_of(events, vantage, record, &event);

	if (result == 1) {
		assert_int_equal(dark_events_put(events, &event), 0);
		dark_event_fini(&event);
	}
	return result;
}

static struct dark_summary sum(const struct dark_events *events, int64_t from_ns, int64_t until_ns)
{
	return dark_events_sum(events, BW_SCOPE_NETWORK, "kp", "198.18.0.0/24", from_ns, until_ns);
}

static void test_who_knows_most_is_told(void **state)
{
	struct record one = event_of(1, T, BW_ONSET_ABRUPT, &poor);
	struct record two = event_of(1, T + 20 * BW_S, BW_ONSET_UNSTABLE, &rich);
	struct record three = event_of(1, T + 5 * BW_S, BW_ONSET_UNKNOWN, NULL);
	struct dark_events events;
	struct dark_summary told;

	(void)state;
	dark_events_init(&events);
	assert_int_equal(sum(&events, T, INT64_MAX).onset, BW_ONSET_UNKNOWN);
	assert_int_equal(take(&events, 3, &one), 1);
	told = sum(&events, T, INT64_MAX);
	assert_int_equal(told.onset, BW_ONSET_ABRUPT);
	assert_non_null(strstr(told.path, "\"text\":\"poor\""));
	assert_int_equal(take(&events, 0, &two), 1);
	assert_int_equal(take(&events, 9, &three), 1);
	told = sum(&events, T, INT64_MAX);
	assert_int_equal(told.onset, BW_ONSET_UNSTABLE);
	assert_non_null(strstr(told.path, "\"text\":\"rich\""));
	/* Of another time, or another subject, they say nothing. */
	assert_null(sum(&events, T + 3600 * BW_S, INT64_MAX).path);
	assert_null(sum(&events, 0, T - 100 * BW_S).path);
	assert_null(
		dark_events_sum(&events, BW_SCOPE_BLOCK, "kp", "198.18.0.0/24", T, INT64_MAX).path);
	dark_events_fini(&events);
}

/* A backlog brings the events of many outages before the first one is looked at. */
static void test_each_outage_has_its_event(void **state)
{
	struct record early = event_of(1, T, BW_ONSET_ABRUPT, &poor);
	struct record late = event_of(2, T + 3600 * BW_S, BW_ONSET_UNSTABLE, &rich);
	struct dark_events events;

	(void)state;
	dark_events_init(&events);
	assert_int_equal(take(&events, 0, &late), 1);
	assert_int_equal(take(&events, 0, &early), 1);
	assert_int_equal(take(&events, 0, &early), 1); /* again */
	assert_int_equal(events.list.count, 2);
	assert_int_equal(sum(&events, T - BW_S, T + BW_S).onset, BW_ONSET_ABRUPT);
	assert_non_null(strstr(sum(&events, T - BW_S, T + BW_S).path, "poor"));
	assert_non_null(strstr(sum(&events, T + 3600 * BW_S, INT64_MAX).path, "rich"));
	assert_non_null(dark_events_by_seq(&events, 0, "b", 1));
	assert_non_null(dark_events_by_seq(&events, 0, "b", 2));
	assert_null(dark_events_by_seq(&events, 1, "b", 2));
	dark_events_fini(&events);
}

static void test_the_oldest_make_room(void **state)
{
	struct dark_events events;

	(void)state;
	dark_events_init(&events);
	for (uint64_t seq = 1; seq <= DARK_EVENTS_OF_ONE + 10; seq++) {
		struct record event =
			event_of(seq, T + (int64_t)seq * BW_S, BW_ONSET_ABRUPT, &poor);

		assert_int_equal(take(&events, 0, &event), 1);
	}
	assert_int_equal(events.list.count, DARK_EVENTS_OF_ONE);
	assert_null(dark_events_by_seq(&events, 0, "b", 10));
	assert_non_null(dark_events_by_seq(&events, 0, "b", 11));
	assert_non_null(dark_events_by_seq(&events, 0, "b", DARK_EVENTS_OF_ONE + 10));
	dark_events_fini(&events);
}

static void test_what_is_no_event_to_dark(void **state)
{
	struct record up = event_of(1, T, BW_ONSET_UNKNOWN, NULL);
	struct record withdrawn = event_of(1, T, BW_ONSET_UNKNOWN, NULL);
	struct record vantage = {.type = RECORD_VANTAGE};
	struct dark_events events;

	(void)state;
	up.event.to = BW_UP;
	withdrawn.event.withdraws = 7;
	dark_events_init(&events);
	assert_int_equal(take(&events, 0, &up), 0);
	assert_int_equal(take(&events, 0, &withdrawn), 0);
	assert_int_equal(take(&events, 0, &vantage), 0);
	dark_events_fini(&events);
}

static void test_a_trace_adds_the_path(void **state)
{
	struct record event = event_of(5, T, BW_ONSET_ABRUPT, NULL);
	struct record trace = {
		.type = RECORD_TRACE,
		.head = {.vantage = "v", .boot = "b", .seq = 9},
		.trace = {.event = 5, .path = &rich},
	};
	struct dark_events events;

	(void)state;
	dark_events_init(&events);
	assert_int_equal(take(&events, 0, &trace), 0); /* of an event that is not known */
	assert_int_equal(take(&events, 0, &event), 1);
	assert_int_equal(take(&events, 1, &trace), 0); /* of another vantage */
	assert_int_equal(take(&events, 0, &trace), 1);
	assert_non_null(strstr(sum(&events, T, INT64_MAX).path, "rich"));
	assert_int_equal(sum(&events, T, INT64_MAX).onset, BW_ONSET_ABRUPT);
	dark_events_fini(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_knows_most_is_told),
		cmocka_unit_test(test_each_outage_has_its_event),
		cmocka_unit_test(test_the_oldest_make_room),
		cmocka_unit_test(test_what_is_no_event_to_dark),
		cmocka_unit_test(test_a_trace_adds_the_path),
	};

	return cmocka_run_group_tests_name("collect/dark_events", tests, NULL, NULL);
}

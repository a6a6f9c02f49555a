/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "infer/evidence/hotlist.h"

#define HOSTS 40
#define HOUR_NS (3600 * BW_S)

/* Every place gives another host, whatever is hot and wherever the turn is. */
static void test_each_host_once(void **state)
{
	struct hotlist list;

	(void)state;
	for (unsigned hot = 0; hot <= HOTLIST_MAX; hot++) {
		hotlist_init(&list, 0.9F, 0.3F);
		for (unsigned i = 0; i < hot; i++)
			hotlist_learn(&list, (uint16_t)(5 * i), 0, true);
		assert_int_equal(list.count, hot);
		for (unsigned turn = 0; turn < 10; turn++, hotlist_rotate(&list)) {
			bool seen[HOSTS] = {false};

			for (unsigned place = 0; place < HOSTS; place++) {
				uint16_t host = hotlist_pick(&list, HOSTS, 37, place);

				assert_true(host < HOSTS);
				assert_false(seen[host]);
				seen[host] = true;
			}
			assert_int_equal(hotlist_pick(&list, HOSTS, 37, HOSTS),
					 hotlist_pick(&list, HOSTS, 37, 0));
		}
	}
}

static void test_all_hosts_hot(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	for (uint16_t i = 0; i < 3; i++)
		hotlist_learn(&list, i, 0, true);
	for (unsigned turn = 0; turn < 8; turn++, hotlist_rotate(&list)) {
		unsigned sum = 0;

		for (unsigned place = 0; place < 3; place++)
			sum += hotlist_pick(&list, 3, 0, place);
		assert_int_equal(sum, 0 + 1 + 2);
	}
}

static void test_hot_is_who_answered_last_time(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	hotlist_learn(&list, 7, 0, true);
	assert_true(hotlist_has(&list, 7));
	hotlist_learn(&list, 7, 0, false);
	assert_true(hotlist_has(&list, 7)); /* once may be a lost packet */
	assert_int_equal(hotlist_responsive(&list), 0);
	hotlist_learn(&list, 7, 0, false);
	assert_false(hotlist_has(&list, 7));
	for (uint16_t i = 0; i < HOSTS; i++)
		hotlist_learn(&list, i, 0, true);
	assert_int_equal(list.count, HOTLIST_MAX);
}

/* The doubted are asked first; an answer makes them the surest, a second silence cold. */
static void test_doubt(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	for (uint16_t i = 0; i < 5; i++)
		hotlist_learn(&list, i, 0, true);
	assert_int_equal(hotlist_pick(&list, HOSTS, 37, 0), 0);
	assert_int_equal(hotlist_pick(&list, HOSTS, 37, 1), 4);
	hotlist_learn(&list, 3, 0, false);
	hotlist_learn(&list, 4, 0, false);
	assert_int_equal(hotlist_responsive(&list), 3);
	assert_int_equal(hotlist_pick(&list, HOSTS, 37, 0), 3);
	assert_true(hotlist_availability(&list, HOSTS, 3) <= 0.5F);
	hotlist_learn(&list, 3, 0, true);
	assert_int_equal(hotlist_pick(&list, HOSTS, 37, 0), 4);
	assert_int_equal(hotlist_pick(&list, HOSTS, 37, 1), 3);
	hotlist_learn(&list, 4, 0, false);
	assert_int_equal(list.count, 4);
	assert_int_equal(hotlist_responsive(&list), 4);
	for (unsigned i = 0; i < 4; i++)
		assert_true(hotlist_has(&list, (uint16_t)i));
}

/* Silence by a way that a host is not known to answer says nothing of it. */
static void test_ways_go_with_their_hosts(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	for (uint16_t i = 0; i < HOTLIST_MAX; i++)
		hotlist_learn(&list, i, i % 3, true);
	hotlist_learn(&list, 2, 0, false);
	assert_int_equal(hotlist_responsive(&list), HOTLIST_MAX);
	hotlist_learn(&list, 4, 1, false);
	hotlist_learn(&list, 1, 7, true);
	for (uint16_t i = 0; i < HOTLIST_MAX; i++)
		assert_int_equal(hotlist_method(&list, i), i == 1 ? HOTLIST_METHODS - 1 : i % 3);
	assert_int_equal(hotlist_method(&list, 30), 0);
}

/* With time nobody knows who is still there: it goes down to what a cold host has. */
static void test_age(void **state)
{
	struct hotlist list;
	float before = 1;

	(void)state;
	hotlist_init(&list, 0.9F, 0.2F);
	hotlist_learn(&list, 1, 0, true);
	for (int64_t hours = 0; hours < 200; hours += 5) {
		float now = hotlist_aged(&list, HOSTS, 1, hours * HOUR_NS, 60 * BW_S);

		assert_true(now <= before);
		assert_true(now >= hotlist_cold_rate(&list));
		before = now;
	}
	assert_true(before < hotlist_cold_rate(&list) + 0.02F);
	assert_true(hotlist_aged(&list, HOSTS, 2, HOUR_NS, 60 * BW_S) == hotlist_cold_rate(&list));
}

/* Both chances come near the truth within some 50 probes and stay there. */
static void test_chances_are_learned(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.7F, 0.3F);
	hotlist_learn(&list, 1, 0, true);
	for (unsigned i = 0; i < 30; i++)
		hotlist_learn(&list, 1, 0, true);
	assert_true(hotlist_availability(&list, HOSTS, 1) > 0.95F);
	for (unsigned i = 0; i < 100; i++)
		hotlist_learn(&list, 9, 0, false);
	assert_true(hotlist_availability(&list, HOSTS, 9) < 0.05F);
}

/* Each probe to one of six is lost with this chance: every fifth. */
static void ask_in_turn(struct hotlist *list, unsigned probes, unsigned lost)
{
	for (unsigned i = 0; i < probes; i++)
		hotlist_learn(list, hotlist_pick(list, 6, 0, 0), 0, i % lost != 0);
}

/* Where packets are lost, who was silent once mostly answers next: they stay and count. */
static void test_silence_on_a_lossy_line(void **state)
{
	struct hotlist list;
	float once, twice;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	for (uint16_t i = 0; i < 6; i++)
		hotlist_learn(&list, i, 0, true);
	ask_in_turn(&list, 200, 5);
	assert_true(hotlist_retry_rate(&list) > 0.8F);
	assert_int_equal(list.count, 6);
	once = hotlist_after_silences(&list, hotlist_hot_rate(&list), 1);
	twice = hotlist_after_silences(&list, hotlist_hot_rate(&list), 2);
	assert_true(once > 0.5F && once < hotlist_hot_rate(&list));
	assert_true(twice < once);
}

/* Where hosts go off, who was silent once stays so: the second silence says little. */
static void test_silence_of_those_who_leave(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.9F, 0.3F);
	for (uint16_t i = 0; i < HOSTS; i++) {
		hotlist_learn(&list, i, 0, true);
		for (unsigned n = 0; n < 10; n++)
			hotlist_learn(&list, i, 0, true);
		hotlist_learn(&list, i, 0, false);
		hotlist_learn(&list, i, 0, false);
	}
	assert_int_equal(list.count, 0);
	assert_true(hotlist_retry_rate(&list) < 0.1F);
	assert_true(hotlist_after_silences(&list, hotlist_hot_rate(&list), 1) < 0.1F);
}

/* The first answers count as in a mean: five of five make .7 more than .9. */
static void test_first_answers_teach_most(void **state)
{
	struct hotlist list;

	(void)state;
	hotlist_init(&list, 0.7F, 0.3F);
	hotlist_learn(&list, 1, 0, true);
	for (unsigned i = 0; i < 5; i++)
		hotlist_learn(&list, 1, 0, true);
	assert_true(hotlist_availability(&list, HOSTS, 1) > 0.9F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_host_once),
		cmocka_unit_test(test_all_hosts_hot),
		cmocka_unit_test(test_hot_is_who_answered_last_time),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_ways_go_with_their_hosts),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_chances_are_learned),
		cmocka_unit_test(test_first_answers_teach_most),
		cmocka_unit_test(test_silence_on_a_lossy_line),
		cmocka_unit_test(test_silence_of_those_who_leave),
	};

	return cmocka_run_group_tests_name("infer/hotlist", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../report/samples.h"
#include "app/run/upkeep/state_store.h"

static bool is_urgent_after(struct state_store *store, bool healthy)
{
	struct record record = sample_vantage();

	record.vantage.healthy = healthy;
	return state_store_is_urgent(store, &record);
}

static void test_a_change_of_health_is_saved(void **state)
{
	struct state_store store = {.file = NULL};

	(void)state;
	assert_true(is_urgent_after(&store, true)); /* the first record */
	assert_false(is_urgent_after(&store, true));
	assert_true(is_urgent_after(&store, false));
	assert_false(is_urgent_after(&store, false));
	assert_true(is_urgent_after(&store, true));
}

static void test_every_event_is_saved(void **state)
{
	struct state_store store = {.file = NULL};
	struct record record = {.type = RECORD_EVENT}, target = sample_target("kp", NULL);

	(void)state;
	assert_true(state_store_is_urgent(&store, &record));
	assert_true(state_store_is_urgent(&store, &record));
	assert_false(state_store_is_urgent(&store, &target));
}

/* Without a state directory nothing is saved, and nothing fails. */
static void test_no_directory(void **state)
{
	struct state_store store = {.file = NULL};
	struct instance instance = {.vantage = NULL};

	(void)state;
	assert_int_equal(state_store_open(&store, NULL, NULL), 0);
	assert_int_equal(state_store_load(&store, &instance, NULL), 0);
	assert_int_equal(store.boots, 1);
	state_store_save(&store, NULL);
	state_store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_change_of_health_is_saved),
		cmocka_unit_test(test_every_event_is_saved),
		cmocka_unit_test(test_no_directory),
	};

	return cmocka_run_group_tests_name("app/state_store", tests, NULL, NULL);
}

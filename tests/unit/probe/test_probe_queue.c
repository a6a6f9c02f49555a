/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "probe/probe_queue.h"

static const struct bw_mono start = {BW_S};

static struct bw_mono after(int64_t ms)
{
	return bw_mono_add(start, ms * BW_MS);
}

static void add(struct probe_queue *queue, uint32_t subject, uint8_t egress)
{
	struct probe probe = {.subject = subject, .egress = egress};

	assert_int_equal(probe_queue_add(queue, &probe), 0);
}

/* The subjects of a walk at NOW are those of WANTED, which ends with 0. */
static void assert_walk(struct probe_queue *queue, struct bw_mono now, const uint32_t *wanted)
{
	const struct probe *probe;

	probe_queue_rewind(queue);
	while ((probe = probe_queue_next(queue, now)))
		assert_int_equal(probe->subject, *wanted++);
	assert_int_equal(*wanted, 0);
}

static void test_probes_leave_in_the_order_in_which_they_came(void **state)
{
	struct probe_queue queue;

	(void)state;
	assert_int_equal(probe_queue_init(&queue, 8), 0);
	assert_true(probe_queue_at(&queue).ns == BW_NEVER.ns);
	for (uint32_t i = 1; i <= 5; i++)
		add(&queue, i, i % 3);
	assert_walk(&queue, start, (const uint32_t[]){1, 2, 3, 4, 5, 0});
	assert_walk(&queue, start, (const uint32_t[]){1, 2, 3, 4, 5, 0});
	probe_queue_remove(&queue, 1);
	probe_queue_remove(&queue, 2);
	assert_walk(&queue, start, (const uint32_t[]){3, 4, 5, 0});
	add(&queue, 6, 1);
	assert_walk(&queue, start, (const uint32_t[]){3, 4, 5, 6, 0});
	assert_int_equal(probe_queue_count(&queue), 4);
	probe_queue_fini(&queue);
}

static void test_a_way_that_takes_nothing_is_passed_over(void **state)
{
	struct probe_queue queue;

	(void)state;
	assert_int_equal(probe_queue_init(&queue, 8), 0);
	for (uint32_t i = 1; i <= 6; i++)
		add(&queue, i, i % 2);
	probe_queue_hold(&queue, 1, start);
	assert_walk(&queue, start, (const uint32_t[]){2, 4, 6, 0});
	assert_int_equal(probe_queue_ready(&queue, start), 3);
	assert_true(bw_mono_before(probe_queue_at(&queue), start));
	for (unsigned i = 0; i < 3; i++)
		probe_queue_remove(&queue, 0);
	assert_int_equal(probe_queue_at(&queue).ns, after(1).ns);
	assert_walk(&queue, after(1), (const uint32_t[]){1, 3, 5, 0});
	probe_queue_fini(&queue);
}

/* It is tried again after 1, 2, 4 ... 64 ms, and after 1 ms when a probe has left meanwhile. */
static void test_the_pause_of_a_way_grows(void **state)
{
	static const int64_t pauses[] = {1, 2, 4, 8, 16, 32, 64, 64, 64};
	struct probe_queue queue;

	(void)state;
	assert_int_equal(probe_queue_init(&queue, 8), 0);
	add(&queue, 1, 3);
	add(&queue, 2, 3);
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		probe_queue_hold(&queue, 3, start);
		assert_int_equal(probe_queue_at(&queue).ns, after(pauses[i]).ns);
		assert_int_equal(probe_queue_held_until(&queue, 3).ns, after(pauses[i]).ns);
	}
	probe_queue_remove(&queue, 3);
	assert_int_equal(probe_queue_ready(&queue, start), 1);
	probe_queue_hold(&queue, 3, start);
	assert_int_equal(probe_queue_at(&queue).ns, after(1).ns);
	probe_queue_fini(&queue);
}

static void test_a_way_that_is_held_leaves_half_of_the_queue_to_others(void **state)
{
	const struct probe stuck = {.egress = 0}, other = {.egress = 1};
	struct probe_queue queue;

	(void)state;
	assert_int_equal(probe_queue_init(&queue, 8), 0);
	add(&queue, 1, 0);
	probe_queue_hold(&queue, 0, start);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(probe_queue_add(&queue, &stuck), 0);
	assert_int_equal(probe_queue_add(&queue, &stuck), BW_ERR_LIMIT);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(probe_queue_add(&queue, &other), 0);
	assert_int_equal(probe_queue_add(&queue, &other), BW_ERR_LIMIT);
	probe_queue_remove(&queue, 0);
	assert_int_equal(probe_queue_add(&queue, &stuck), 0);
	probe_queue_fini(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_leave_in_the_order_in_which_they_came),
		cmocka_unit_test(test_a_way_that_takes_nothing_is_passed_over),
		cmocka_unit_test(test_the_pause_of_a_way_grows),
		cmocka_unit_test(test_a_way_that_is_held_leaves_half_of_the_queue_to_others),
	};

	return cmocka_run_group_tests_name("probe/probe_queue", tests, NULL, NULL);
}

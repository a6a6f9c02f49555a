/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <microhttpd.h>

#include "sys/http/http_queue.h"

#define LONG (HTTP_QUEUE_SHORT + 1)

struct MHD_Connection {
	int suspended;
};

/* In place of those of libmicrohttpd. */
void MHD_suspend_connection(struct MHD_Connection *connection)
{
	connection->suspended++;
}

void MHD_resume_connection(struct MHD_Connection *connection)
{
	connection->suspended--;
}

static void test_one_long_a_turn(void **state)
{
	struct http_queue queue = {0};
	struct http_queue_place places[4] = {0};
	struct MHD_Connection connections[4] = {0};

	(void)state;
	assert_true(http_queue_enter(&queue, &places[0], &connections[0], LONG));
	for (unsigned n = 1; n < 4; n++) {
		assert_false(http_queue_enter(&queue, &places[n], &connections[n], LONG));
		assert_int_equal(connections[n].suspended, 1);
	}
	for (unsigned n = 1; n < 4; n++) {
		http_queue_turn(&queue);
		assert_int_equal(connections[n].suspended, 0);
		assert_true(n == 3 || connections[n + 1].suspended);
		assert_true(http_queue_enter(&queue, &places[n], &connections[n], LONG));
		assert_ptr_equal(queue.first, n == 3 ? NULL : &places[n + 1]);
	}
}

/* One that comes while others wait is behind them, also when nothing was answered yet. */
static void test_in_order(void **state)
{
	struct http_queue queue = {0};
	struct http_queue_place places[4] = {0};
	struct MHD_Connection connections[4] = {0};

	(void)state;
	assert_true(http_queue_enter(&queue, &places[0], &connections[0], LONG));
	assert_false(http_queue_enter(&queue, &places[1], &connections[1], LONG));
	assert_false(http_queue_enter(&queue, &places[2], &connections[2], LONG));
	http_queue_turn(&queue);
	assert_false(http_queue_enter(&queue, &places[3], &connections[3], LONG));
	assert_true(http_queue_enter(&queue, &places[1], &connections[1], LONG));
	http_queue_turn(&queue);
	assert_int_equal(connections[2].suspended, 0);
	assert_int_equal(connections[3].suspended, 1);
}

static void test_short_ones_never_wait(void **state)
{
	struct http_queue queue = {0};
	struct http_queue_place places[3] = {0};
	struct MHD_Connection connections[3] = {0};

	(void)state;
	assert_true(http_queue_enter(&queue, &places[0], &connections[0], LONG));
	assert_false(http_queue_enter(&queue, &places[1], &connections[1], LONG));
	assert_true(http_queue_enter(&queue, &places[2], &connections[2], HTTP_QUEUE_SHORT));
	assert_true(http_queue_enter(&queue, &places[2], &connections[2], 0));
}

/* A turn in which nobody waits is free for the next one. */
static void test_a_free_turn(void **state)
{
	struct http_queue queue = {0};
	struct http_queue_place place = {0};
	struct MHD_Connection connection = {0};

	(void)state;
	for (unsigned n = 0; n < 3; n++) {
		assert_true(http_queue_enter(&queue, &place, &connection, LONG));
		http_queue_turn(&queue);
	}
	assert_int_equal(connection.suspended, 0);
}

static void test_end(void **state)
{
	struct http_queue queue = {.is_used = true};
	struct http_queue_place places[2] = {0};
	struct MHD_Connection connections[2] = {0};

	(void)state;
	for (unsigned n = 0; n < 2; n++)
		assert_false(http_queue_enter(&queue, &places[n], &connections[n], LONG));
	http_queue_end(&queue);
	assert_null(queue.first);
	assert_null(queue.last);
	assert_int_equal(connections[0].suspended + connections[1].suspended, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_long_a_turn),
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_short_ones_never_wait),
		cmocka_unit_test(test_a_free_turn),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

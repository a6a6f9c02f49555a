/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/asked_hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct bw_method echo = {BW_PROTOCOL_ICMP, 0};

static struct bw_method tcp(uint16_t port)
{
	return (struct bw_method){BW_PROTOCOL_TCP, port};
}

static bool would_answer(const struct asked_host *host, struct bw_method method, uint8_t ttl)
{
	const struct probe probe = {.method = method, .ttl = ttl};

	return asked_host_would_answer(host, &probe);
}

static void each_method_testifies_for_itself(void **state)
{
	struct asked_host host = {.block = 0};
	struct bw_method ssh = tcp(22);

	(void)state;
	assert_false(would_answer(&host, echo, 64));
	asked_host_note_method(&host, &ssh);
	assert_true(would_answer(&host, ssh, 64));
	assert_false(would_answer(&host, tcp(80), 64));
	assert_false(would_answer(&host, echo, 64));
	asked_host_note_method(&host, &echo);
	assert_true(would_answer(&host, ssh, 64));
	assert_true(would_answer(&host, echo, 64));
}

static void the_method_answered_longest_ago_is_forgotten(void **state)
{
	struct asked_host host = {.block = 0};

	(void)state;
	for (uint16_t port = 1; port <= ASKED_HOST_METHODS; port++) {
		struct bw_method method = tcp(port);

		asked_host_note_method(&host, &method);
	}
	asked_host_note_method(&host, &(struct bw_method){BW_PROTOCOL_TCP, 1});
	asked_host_note_method(&host, &echo);
	assert_true(would_answer(&host, echo, 64));
	assert_true(would_answer(&host, tcp(1), 64));
	assert_false(would_answer(&host, tcp(2), 64));
	assert_true(would_answer(&host, tcp(3), 64));
	assert_int_equal(host.method_count, ASKED_HOST_METHODS);
}

static void a_small_ttl_does_not_get_there(void **state)
{
	struct asked_host host = {.block = 0};

	(void)state;
	assert_false(asked_host_is_reached(&host, ASKED_HOST_HOPS - 1));
	assert_true(asked_host_is_reached(&host, ASKED_HOST_HOPS));
	asked_host_note_hop(&host, 5); /* says nothing of a host that was never reached */
	assert_false(asked_host_is_reached(&host, 6));
	asked_host_note_reach(&host, 64);
	assert_false(asked_host_is_reached(&host, 30));
	asked_host_note_reach(&host, 12);
	assert_true(asked_host_is_reached(&host, 12));
	assert_false(asked_host_is_reached(&host, 11));
	asked_host_note_reach(&host, 20);
	assert_true(asked_host_is_reached(&host, 12));
	asked_host_note_hop(&host, 13); /* the path is longer now */
	assert_false(asked_host_is_reached(&host, 13));
	assert_true(asked_host_is_reached(&host, 14));
	asked_host_note_hop(&host, 64); /* a loop is no path */
	assert_true(asked_host_is_reached(&host, 14));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_method_testifies_for_itself),
		cmocka_unit_test(the_method_answered_longest_ago_is_forgotten),
		cmocka_unit_test(a_small_ttl_does_not_get_there),
	};

	return cmocka_run_group_tests_name("vantage/asked_hosts", tests, NULL, NULL);
}

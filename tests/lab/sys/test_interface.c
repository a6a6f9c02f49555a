/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

/* Interfaces that go down or away under a running vantage. */

static const struct netio_config at_once = {.immediate = true};

static void open_lab(struct lab *lab)
{
	struct bw_addr ways[2] = {lab_addr("198.18.4.1"), lab_addr("2001:db8:4::1")};

	lab_open(lab, ways, 2, &at_once);
}

/* Probes both families. Returns how many answered; ret_status: of the IPv4 probe. */
static unsigned probe(struct lab *lab, int *ret_status)
{
	struct bw_tx batch[2] = {lab_probe(lab, "198.18.4.1", "icmp"),
				 lab_probe(lab, "2001:db8:4::1", "icmp")};
	unsigned before = lab->reply_count, sent = 0;

	lab_send(lab, batch, 2);
	for (int i = 0; i < 2; i++)
		sent += batch[i].status == 0;
	*ret_status = batch[0].status;
	if (sent > 0)
		lab_wait(lab, before + sent, LAB_PATIENCE);
	return lab->reply_count - before;
}

static void test_down_and_up_again(void **state)
{
	static struct lab lab;
	pid_t there = lab_connect();
	struct bw_err err;
	int status;

	(void)state;
	open_lab(&lab);
	assert_int_equal(probe(&lab, &status), 2);
	assert_int_equal(netio_state(lab.netio, &err), 0);
	for (int i = 0; i < 3; i++) {
		lab_run("ip link set v0 down");
		lab_wait(&lab, UINT32_MAX, 20 * BW_MS);
		assert_true(lab.wakes < 10);
		assert_int_equal(probe(&lab, &status), 0);
		assert_int_equal(status, -ENETUNREACH);
		assert_int_equal(netio_state(lab.netio, &err), -ENETDOWN);
		assert_string_equal(err.message, "the interface v0 is down");
		lab_run("ip link set v0 up && ip addr add %s/64 dev v0 nodad && "
			"ip route add default via %s && ip route add default via %s",
			LAB_HERE_V6, LAB_THERE_V4, LAB_THERE_V6);
		assert_int_equal(probe(&lab, &status), 2);
		assert_int_equal(netio_state(lab.netio, &err), 0);
	}
	lab_close(&lab);
	lab_leave(there);
}

/* The far end of the cable is unplugged: only the carrier is lost. */
static void test_carrier_lost(void **state)
{
	static struct lab lab;
	pid_t there = lab_connect();
	struct bw_err err;
	int status;

	(void)state;
	open_lab(&lab);
	assert_int_equal(probe(&lab, &status), 2);
	lab_run_there(there, "ip link set v1 down");
	assert_int_equal(netio_state(lab.netio, &err), -ENETDOWN);
	lab_close(&lab);
	lab_leave(there);
}

static void test_vanishes_during_the_run(void **state)
{
	static struct lab lab;
	pid_t there = lab_connect();
	struct bw_err err;
	int status;

	(void)state;
	open_lab(&lab);
	assert_int_equal(probe(&lab, &status), 2);
	lab.on_wake = "ip link del v0";
	lab_wait(&lab, UINT32_MAX, LAB_PATIENCE);
	assert_int_equal(lab.error, -ENODEV);
	assert_string_equal(lab.err.message, "the interface v0 has vanished");
	assert_int_equal(netio_state(lab.netio, &err), -ENODEV);
	assert_int_equal(lab_stats(&lab).received, 2);
	/* Told once; then it is quiet, and nothing leaves whose answer could not be seen. */
	lab.error = 0;
	lab_wait(&lab, UINT32_MAX, 20 * BW_MS);
	assert_int_equal(lab.error, 0);
	assert_true(lab.wakes < 10);
	assert_int_equal(probe(&lab, &status), 0);
	assert_int_equal(status, -ENODEV);
	lab_close(&lab);
	lab_leave(there);
}

/* One of two goes; the other works on. */
static void test_the_other_works_on(void **state)
{
	static struct lab lab;
	pid_t there = lab_connect();
	struct bw_addr ways[2] = {lab_addr("198.18.4.1"), lab_addr("::1")};
	struct bw_tx batch[2];

	(void)state;
	lab_open(&lab, ways, 2, &at_once);
	lab.on_wake = "ip link del v0";
	lab_wait(&lab, UINT32_MAX, LAB_PATIENCE);
	assert_int_equal(lab.error, -ENODEV);
	batch[0] = lab_probe(&lab, "198.18.4.1", "icmp");
	batch[1] = lab_probe(&lab, "::1", "icmp");
	lab_send(&lab, batch, 2);
	assert_int_equal(batch[0].status, -ENODEV);
	assert_int_equal(batch[1].status, 0);
	lab_wait(&lab, 1, LAB_PATIENCE);
	assert_int_equal(lab.reply_count, 1);
	lab_close(&lab);
	lab_leave(there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_down_and_up_again),
		cmocka_unit_test(test_carrier_lost),
		cmocka_unit_test(test_vanishes_during_the_run),
		cmocka_unit_test(test_the_other_works_on),
	};

	lab_enter();
	return cmocka_run_group_tests_name("lab/sys/interface", tests, NULL, NULL);
}

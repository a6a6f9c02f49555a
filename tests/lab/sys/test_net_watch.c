/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab.h"
#include "sys/machine/clock.h"
#include "sys/net/net_watch.h"

/* A loop that stops at the first wake which has a change. */
struct run {
	struct loop *loop;
	struct net_watch *watch;
	const char *command; /* for the first wake */
	struct bw_mono until;
	bool changed;
};

static void wake(void *self, struct bw_now now)
{
	struct run *run = self;

	if (run->command)
		lab_run("%s", run->command);
	else
		run->changed = net_watch_changed(run->watch);
	run->command = NULL;
	if (run->changed || !bw_mono_before(now.mono, run->until))
		loop_stop(run->loop);
}

static void take_signal(void *self, int signal)
{
	(void)self;
	(void)signal;
}

static void open_run(struct run *run)
{
	struct loop_callbacks callbacks = {wake, take_signal};

	*run = (struct run){.loop = NULL};
	assert_int_equal(loop_new(&callbacks, run, &run->loop, NULL), 0);
	assert_int_equal(net_watch_open(run->loop, &run->watch, NULL), 0);
}

static void close_run(struct run *run)
{
	net_watch_close(run->watch);
	loop_free(run->loop);
}

/* Whether COMMAND wakes the loop, and is a change. */
static bool is_announced(struct run *run, const char *command)
{
	while (net_watch_changed(run->watch))
		;
	run->command = command;
	run->changed = false;
	run->until = bw_mono_add(clock_now().mono, LAB_PATIENCE);
	loop_set_deadline(run->loop, run->until);
	assert_int_equal(loop_run(run->loop), 0);
	return run->changed;
}

static void test_each_kind_is_announced(void **state)
{
	static const char *const commands[] = {
		"ip link set v0 mtu 1400",
		"ip address add 198.18.9.1/24 dev v0",
		"ip address delete 198.18.9.1/24 dev v0",
		"ip address add 2001:db8:9::1/64 dev v0 nodad",
		"ip route add 10.1.0.0/16 via " LAB_THERE_V4,
		"ip route add 10.2.0.0/16 via " LAB_THERE_V4 " table 7",
		"ip -6 route add 2001:db8:a::/48 via " LAB_THERE_V6,
		"ip rule add to 10.2.0.0/16 lookup 7",
		"ip -6 rule add to 2001:db8:b::/48 lookup 7",
		"ip nexthop add id 7 via " LAB_THERE_V4 " dev v0",
		"ip link add v8 type veth peer name v9",
		"ip link delete v8",
		"ip link set v0 down",
		"ip link set v0 up",
	};
	struct run run;

	(void)state;
	open_run(&run);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!is_announced(&run, commands[i]))
			fail_msg("not announced: %s", commands[i]);
	close_run(&run);
}

/* To ask is no change. A young interface has news of its own for a while. */
static void test_nothing_new(void **state)
{
	struct run run;
	bool changed = true;

	(void)state;
	open_run(&run);
	for (unsigned i = 0; i < 100 && changed; i++) {
		lab_run("ip route show table all > /dev/null");
		changed = net_watch_changed(run.watch);
	}
	assert_false(changed);
	close_run(&run);
	net_watch_close(NULL);
}

/* More than the socket can hold: some are lost, and that is a change like any other. */
static void test_storm(void **state)
{
	struct run run;

	(void)state;
	open_run(&run);
	lab_run("for a in $(seq 40); do for b in $(seq 250); do "
		"echo route add blackhole 10.3.$a.$b; done; done | ip -batch -");
	assert_true(net_watch_changed(run.watch));
	assert_true(is_announced(&run, "ip link set v0 mtu 1500"));
	close_run(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_is_announced),
		cmocka_unit_test(test_nothing_new),
		cmocka_unit_test(test_storm),
	};
	pid_t there;
	int failed;

	lab_enter();
	there = lab_connect();
	failed = cmocka_run_group_tests_name("lab/sys/net_watch", tests, NULL, NULL);
	lab_leave(there);
	return failed;
}

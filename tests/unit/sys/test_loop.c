/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/loop/loop.h"
#include "sys/machine/clock.h"

/* A run that is scripted by what each wake does. */
struct run {
	struct loop *loop;
	int wakes, signals, last_signal;
	struct bw_mono woken;
	struct bw_mono deadline;
	int pipe[2], second[2];
	int unwatch; /* the wake at which the first pipe is let go of */
	void (*step)(struct run *run);
};

static void wake(void *self, struct bw_now now)
{
	struct run *run = self;

	run->wakes++;
	run->woken = now.mono;
	run->step(run);
}

static void take_signal(void *self, int signal)
{
	struct run *run = self;

	run->signals++;
	run->last_signal = signal;
}

static void execute(struct run *run, void (*step)(struct run *run))
{
	struct loop_callbacks callbacks = {wake, take_signal};

	run->step = step;
	if (!run->loop)
		assert_int_equal(loop_new(&callbacks, run, &run->loop, NULL), 0);
	assert_int_equal(loop_run(run->loop), 0);
}

static void stop(struct run *run)
{
	loop_stop(run->loop);
}

static void test_wakes_once_at_the_start(void **state)
{
	struct run run = {.loop = NULL};

	(void)state;
	execute(&run, stop);
	assert_int_equal(run.wakes, 1);
	loop_free(run.loop);
	loop_free(NULL);
}

/* The deadline is 2 ms away, less than what a watchdog would notice. */
static void wait_for_deadline(struct run *run)
{
	if (run->wakes == 1) {
		run->deadline = bw_mono_add(run->woken, 2 * BW_MS);
		loop_set_deadline(run->loop, bw_mono_add(run->woken, 3600 * BW_S));
		loop_set_deadline(run->loop, run->deadline);
	} else {
		loop_stop(run->loop);
	}
}

static void test_deadline_is_never_early(void **state)
{
	struct run run = {.loop = NULL};

	(void)state;
	execute(&run, wait_for_deadline);
	assert_int_equal(run.wakes, 2);
	assert_false(bw_mono_before(run.woken, run.deadline));
	loop_free(run.loop);
}

static void count_past_deadlines(struct run *run)
{
	static const int64_t past[] = {1, 0, -1, INT64_MIN};

	if (run->wakes == 9)
		loop_stop(run->loop);
	else
		loop_set_deadline(run->loop, (struct bw_mono){past[run->wakes % 4]});
}

static void test_past_deadline_wakes_at_once(void **state)
{
	struct run run = {.loop = NULL};

	(void)state;
	execute(&run, count_past_deadlines);
	assert_int_equal(run.wakes, 9);
	loop_free(run.loop);
}

/* After the first wake only the pipe is left; each wake reads one of three bytes. */
static void read_pipe(struct run *run)
{
	char byte;

	if (run->wakes == 1) {
		assert_int_equal(write(run->pipe[1], "abc", 3), 3);
		loop_set_deadline(run->loop, BW_NEVER);
		return;
	}
	assert_int_equal(read(run->pipe[0], &byte, 1), 1);
	if (byte == 'c')
		loop_stop(run->loop);
}

static void test_readable_descriptor_wakes(void **state)
{
	struct run run = {.loop = NULL};
	struct loop_callbacks callbacks = {wake, take_signal};

	(void)state;
	assert_int_equal(pipe2(run.pipe, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(loop_watch(run.loop, run.pipe[0], LOOP_READABLE, NULL, NULL), 0);
	execute(&run, read_pipe);
	assert_int_equal(run.wakes, 4);
	loop_free(run.loop);
	close(run.pipe[0]);
	close(run.pipe[1]);
}

/* A deadline that has been reached wakes once, not again and again. */
static void be_quiet(struct run *run)
{
	if (run->wakes == 2)
		loop_stop(run->loop);
}

static void test_reached_deadline_is_quiet(void **state)
{
	struct run run = {.loop = NULL};
	struct loop_callbacks callbacks = {wake, take_signal};
	struct itimerspec soon = {.it_value = {0, 2 * BW_MS}};
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	uint64_t expired = 0;

	(void)state;
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(loop_watch(run.loop, timer, LOOP_READABLE, NULL, NULL), 0);
	assert_int_equal(timerfd_settime(timer, 0, &soon, NULL), 0);
	execute(&run, be_quiet);
	assert_int_equal(run.wakes, 2);
	assert_int_equal(read(timer, &expired, sizeof(expired)), sizeof(expired));
	loop_free(run.loop);
	close(timer);
}

/* Two readable pipes, a passed deadline and a signal: one wake for all. */
static void pile_up(struct run *run)
{
	char byte;

	if (run->wakes == 1) {
		assert_int_equal(write(run->pipe[1], "a", 1), 1);
		assert_int_equal(write(run->second[1], "b", 1), 1);
		loop_set_deadline(run->loop, (struct bw_mono){1});
		return;
	}
	assert_int_equal(read(run->pipe[0], &byte, 1), 1);
	assert_int_equal(read(run->second[0], &byte, 1), 1);
	loop_stop(run->loop);
}

static void test_one_wake_for_all(void **state)
{
	struct run run = {.loop = NULL};
	struct loop_callbacks callbacks = {wake, take_signal};

	(void)state;
	assert_int_equal(pipe2(run.pipe, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(pipe2(run.second, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(loop_watch(run.loop, run.pipe[0], LOOP_READABLE, NULL, NULL), 0);
	assert_int_equal(loop_watch(run.loop, run.second[0], LOOP_READABLE, NULL, NULL), 0);
	execute(&run, pile_up);
	assert_int_equal(run.wakes, 2);
	loop_free(run.loop);
	for (int i = 0; i < 2; i++) {
		close(run.pipe[i]);
		close(run.second[i]);
	}
}

/* A hung-up pipe stays readable for ever: only letting go of it ends the wakes. */
static void let_go(struct run *run)
{
	if (run->wakes == 1)
		close(run->pipe[1]);
	if (run->wakes == 3) {
		loop_unwatch(run->loop, run->pipe[0]);
		close(run->pipe[0]);
		run->deadline = bw_mono_add(run->woken, BW_MS);
		loop_set_deadline(run->loop, run->deadline);
	}
	if (run->wakes > 3)
		loop_stop(run->loop);
}

static void test_unwatched_descriptor_is_quiet(void **state)
{
	struct run run = {.loop = NULL};
	struct loop_callbacks callbacks = {wake, take_signal};

	(void)state;
	assert_int_equal(pipe2(run.pipe, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(loop_watch(run.loop, run.pipe[0], LOOP_READABLE, NULL, NULL), 0);
	execute(&run, let_go);
	assert_int_equal(run.wakes, 4);
	assert_false(bw_mono_before(run.woken, run.deadline));
	loop_free(run.loop);
}

/* What a handler has seen. */
struct seen {
	struct run *run;
	unsigned calls, events;
	bool wakes_owner;
};

static void see(void *arg, unsigned events)
{
	struct seen *seen = arg;
	char byte;

	seen->calls++;
	seen->events |= events;
	if (events & LOOP_READABLE)
		assert_int_equal(read(seen->run->pipe[0], &byte, 1), 1);
	if (seen->wakes_owner)
		loop_wake(seen->run->loop);
	if (seen->calls == 2)
		loop_unwatch(seen->run->loop, seen->run->pipe[events & LOOP_READABLE ? 0 : 1]);
}

static void wait_a_moment(struct run *run)
{
	if (run->wakes == 1)
		loop_set_deadline(run->loop, bw_mono_add(run->woken, 2 * BW_MS));
	else if (!bw_mono_before(run->woken, run->deadline))
		loop_stop(run->loop);
}

/* FD of the pipe: 0 reads two bytes, 1 is writable. Returns how often the owner was woken. */
static int watch_with_handler(int end, bool wakes_owner, struct seen *ret_seen)
{
	struct run run = {.loop = NULL};
	struct loop_callbacks callbacks = {wake, take_signal};
	struct seen seen = {.run = &run, .wakes_owner = wakes_owner};

	assert_int_equal(pipe2(run.pipe, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(write(run.pipe[1], "abc", 3), 3);
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(loop_watch(run.loop, run.pipe[end],
				    end == 0 ? LOOP_READABLE : LOOP_WRITABLE, see, &seen),
			 0);
	run.deadline = bw_mono_add(clock_now().mono, 2 * BW_MS);
	execute(&run, wait_a_moment);
	loop_free(run.loop);
	close(run.pipe[0]);
	close(run.pipe[1]);
	*ret_seen = seen;
	return run.wakes;
}

static void test_handlers_are_called(void **state)
{
	struct seen seen;

	(void)state;
	/* The start and the deadline: the handler itself wakes nobody. */
	assert_int_equal(watch_with_handler(0, false, &seen), 2);
	assert_int_equal(seen.calls, 2);
	assert_int_equal(seen.events, LOOP_READABLE);
	assert_int_equal(watch_with_handler(1, false, &seen), 2);
	assert_int_equal(seen.calls, 2);
	assert_int_equal(seen.events, LOOP_WRITABLE);
}

static void test_a_handler_wakes_the_owner(void **state)
{
	struct seen seen;
	int wakes = watch_with_handler(0, true, &seen);

	(void)state;
	assert_int_equal(seen.calls, 2);
	/* One of the two may share its turn with the start. */
	assert_in_range(wakes, 3, 4);
}

static void raise_signals(struct run *run)
{
	static const int numbers[] = {SIGHUP, SIGTERM, SIGINT};

	if (run->wakes > 1)
		assert_int_equal(run->last_signal, numbers[run->signals - 1]);
	if (run->signals == 3)
		loop_stop(run->loop);
	else
		raise(numbers[run->signals]);
}

static void test_signals_come_before_the_wake(void **state)
{
	struct run run = {.loop = NULL};

	(void)state;
	execute(&run, raise_signals);
	assert_int_equal(run.signals, 3);
	assert_int_equal(run.wakes, 4);
	loop_free(run.loop);
}

static void test_watches_have_a_limit(void **state)
{
	struct loop_callbacks callbacks = {wake, take_signal};
	struct run run = {.loop = NULL};
	int fds[LOOP_WATCH_MAX + 1];

	(void)state;
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_int_equal(pipe2(run.pipe, O_NONBLOCK | O_CLOEXEC), 0);
	for (int i = 0; i <= LOOP_WATCH_MAX; i++) {
		fds[i] = dup(run.pipe[0]);
		assert_int_equal(loop_watch(run.loop, fds[i], LOOP_READABLE, NULL, NULL),
				 i < LOOP_WATCH_MAX ? 0 : BW_ERR_LIMIT);
	}
	/* A slot that was let go of can be had again. */
	loop_unwatch(run.loop, fds[0]);
	assert_int_equal(loop_watch(run.loop, fds[LOOP_WATCH_MAX], LOOP_READABLE, NULL, NULL), 0);
	loop_free(run.loop);
	for (int i = 0; i <= LOOP_WATCH_MAX; i++)
		close(fds[i]);
	close(run.pipe[0]);
	close(run.pipe[1]);
}

static void test_bad_descriptor(void **state)
{
	struct loop_callbacks callbacks = {wake, take_signal};
	struct run run = {.loop = NULL};

	(void)state;
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	assert_true(loop_watch(run.loop, 9999, LOOP_READABLE, NULL, NULL) < 0);
	execute(&run, stop);
	assert_int_equal(run.wakes, 1);
	loop_free(run.loop);
}

/* Stopped before it ran, it still closes cleanly. */
static void test_stop_without_run(void **state)
{
	struct loop_callbacks callbacks = {wake, take_signal};
	struct run run = {.loop = NULL};

	(void)state;
	assert_int_equal(loop_new(&callbacks, &run, &run.loop, NULL), 0);
	loop_stop(run.loop);
	loop_free(run.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wakes_once_at_the_start),
		cmocka_unit_test(test_deadline_is_never_early),
		cmocka_unit_test(test_past_deadline_wakes_at_once),
		cmocka_unit_test(test_readable_descriptor_wakes),
		cmocka_unit_test(test_reached_deadline_is_quiet),
		cmocka_unit_test(test_one_wake_for_all),
		cmocka_unit_test(test_unwatched_descriptor_is_quiet),
		cmocka_unit_test(test_handlers_are_called),
		cmocka_unit_test(test_a_handler_wakes_the_owner),
		cmocka_unit_test(test_signals_come_before_the_wake),
		cmocka_unit_test(test_watches_have_a_limit),
		cmocka_unit_test(test_bad_descriptor),
		cmocka_unit_test(test_stop_without_run),
	};

	return cmocka_run_group_tests_name("sys/loop", tests, NULL, NULL);
}

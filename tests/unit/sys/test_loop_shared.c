/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/loop/loop.h"
#include "sys/machine/clock.h"

#define PATIENCE_NS (60 * BW_S) /* for what must come */

/* A loop that stops at its first wake after the start, for whatever reason. */
struct run {
	struct loop *loop;
	int pipe[2];
	unsigned wakes;
	struct bw_mono woken, until;
};

static void wake(void *self, struct bw_now now)
{
	struct run *run = self;

	run->woken = now.mono;
	if (++run->wakes == 1)
		loop_set_deadline(run->loop, run->until);
	else
		loop_stop(run->loop);
}

static void take_signal(void *self, int signal)
{
	(void)self;
	(void)signal;
}

static int watch(struct run *run, int fd)
{
	return loop_watch(run->loop, fd, LOOP_WRITABLE | LOOP_SHARED, NULL, NULL);
}

static void fill(struct run *run)
{
	static const char bytes[4096];

	assert_int_equal(fcntl(run->pipe[1], F_SETFL, O_NONBLOCK), 0);
	while (write(run->pipe[1], bytes, sizeof(bytes)) > 0)
		;
	assert_int_equal(fcntl(run->pipe[1], F_SETFL, 0), 0);
}

static void open_run(struct run *run)
{
	struct loop_callbacks callbacks = {wake, take_signal};

	*run = (struct run){.loop = NULL};
	assert_int_equal(pipe2(run->pipe, O_CLOEXEC), 0);
	assert_int_equal(loop_new(&callbacks, run, &run->loop, NULL), 0);
}

static void close_run(struct run *run)
{
	loop_free(run->loop);
	close(run->pipe[0]);
	close(run->pipe[1]);
}

/* Whether something else than the end of the patience wakes the loop. */
static bool is_woken(struct run *run, int64_t patience_ns)
{
	run->wakes = 0;
	run->until = bw_mono_add(clock_now().mono, patience_ns);
	assert_int_equal(loop_run(run->loop), 0);
	return bw_mono_before(run->woken, run->until);
}

static void test_a_drained_pipe_wakes(void **state)
{
	char bytes[8192];
	struct run run;

	(void)state;
	open_run(&run);
	fill(&run);
	assert_int_equal(watch(&run, run.pipe[1]), 0);
	assert_true(read(run.pipe[0], bytes, sizeof(bytes)) > 0);
	assert_true(is_woken(&run, PATIENCE_NS));
	assert_true(is_woken(&run, PATIENCE_NS));
	/* And it is as it was for all who share it. */
	assert_int_equal(fcntl(run.pipe[1], F_GETFL) & O_NONBLOCK, 0);
	close_run(&run);
}

static void test_reader_that_has_gone_wakes(void **state)
{
	struct run run;

	(void)state;
	open_run(&run);
	fill(&run);
	assert_int_equal(watch(&run, run.pipe[1]), 0);
	close(run.pipe[0]);
	assert_true(is_woken(&run, PATIENCE_NS));
	run.pipe[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	close_run(&run);
}

static void test_a_full_pipe_is_quiet(void **state)
{
	struct run run;

	(void)state;
	open_run(&run);
	assert_int_equal(watch(&run, run.pipe[1]), 0);
	loop_unwatch(run.loop, run.pipe[1]);
	loop_unwatch(run.loop, run.pipe[1]);
	assert_false(is_woken(&run, 2 * BW_MS));
	fill(&run);
	assert_int_equal(watch(&run, run.pipe[1]), 0);
	assert_false(is_woken(&run, 2 * BW_MS));
	close_run(&run);
}

static void test_what_cannot_be_watched(void **state)
{
	struct run run;

	(void)state;
	open_run(&run);
	assert_int_equal(watch(&run, 9999), -EBADF);
	assert_int_equal(watch(&run, run.pipe[1]), 0);
	close_run(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_drained_pipe_wakes),
		cmocka_unit_test(test_reader_that_has_gone_wakes),
		cmocka_unit_test(test_a_full_pipe_is_quiet),
		cmocka_unit_test(test_what_cannot_be_watched),
	};

	return cmocka_run_group_tests_name("sys/loop_shared", tests, NULL, NULL);
}

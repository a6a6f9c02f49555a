/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/loop/child.h"
#include "sys/loop/work.h"

struct run {
	struct loop *loop;
	int status, signal, ends, works;
};

static void on_wake(void *self, struct bw_now now)
{
	(void)self;
	(void)now;
}

static void on_signal(void *self, int signal)
{
	(void)self;
	(void)signal;
}

static void begin(struct run *run)
{
	static const struct loop_callbacks callbacks = {on_wake, on_signal};

	*run = (struct run){.loop = NULL};
	assert_int_equal(loop_new(&callbacks, run, &run->loop, NULL), 0);
}

static void on_exit_of(void *self, int status, int signal)
{
	struct run *run = self;

	run->status = status;
	run->signal = signal;
	run->ends++;
	loop_stop(run->loop);
}

static struct child *start(struct run *run, const char *script, const int *fds, size_t fd_count)
{
	const char *const args[] = {"sh", "-c", script, NULL};
	struct child_options options = {
		.file = "/bin/sh",
		.args = args,
		.fds = fds,
		.fd_count = fd_count,
		.on_exit = on_exit_of,
		.self = run,
	};
	struct child *child = NULL;

	assert_int_equal(child_start(run->loop, &options, &child, NULL), 0);
	return child;
}

static void test_exit_code_and_signal(void **state)
{
	struct run run;

	(void)state;
	begin(&run);
	start(&run, "exit 7", NULL, 0);
	assert_int_equal(loop_run(run.loop), 0);
	assert_int_equal(run.status, 7);
	assert_int_equal(run.signal, 0);
	child_signal(start(&run, "read line", NULL, 0), SIGTERM);
	assert_int_equal(loop_run(run.loop), 0);
	assert_int_equal(run.signal, SIGTERM);
	loop_free(run.loop);
}

static void test_descriptors_are_passed(void **state)
{
	int pipes[2];
	struct run run;

	(void)state;
	begin(&run);
	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(write(pipes[1], "token\n", 6), 6);
	start(&run, "read word <&3; test \"$word\" = token", pipes, 1);
	assert_int_equal(loop_run(run.loop), 0);
	assert_int_equal(run.status, 0);
	close(pipes[0]);
	close(pipes[1]);
	loop_free(run.loop);
}

/* A child that does not end is killed; nobody hears of its end. */
static void test_end(void **state)
{
	struct run run;

	(void)state;
	begin(&run);
	child_end(start(&run, "trap '' TERM; read line; read line", NULL, 0), 0);
	child_end(start(&run, "exit 0", NULL, 0), 60 * BW_S);
	loop_free(run.loop);
	assert_int_equal(run.ends, 0);
}

static void test_missing_program(void **state)
{
	const char *const args[] = {"nothing", NULL};
	struct child_options options = {.file = "/nowhere/nothing", .args = args};
	struct child *child;
	struct bw_err err;
	struct run run;

	(void)state;
	begin(&run);
	assert_true(child_start(run.loop, &options, &child, &err) < 0);
	assert_string_equal(err.message, "cannot start nothing: No such file or directory");
	loop_free(run.loop);
}

static void work(void *arg)
{
	((struct run *)arg)->works++;
}

static void done(void *arg)
{
	struct run *run = arg;

	run->works *= 10;
	loop_stop(run->loop);
}

static void test_work_in_another_thread(void **state)
{
	struct run run;

	(void)state;
	begin(&run);
	assert_int_equal(loop_work(run.loop, work, done, &run), 0);
	assert_int_equal(loop_run(run.loop), 0);
	assert_int_equal(run.works, 10);
	loop_free(run.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit_code_and_signal),
		cmocka_unit_test(test_descriptors_are_passed),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_missing_program),
		cmocka_unit_test(test_work_in_another_thread),
	};

	return cmocka_run_group_tests_name("sys/child", tests, NULL, NULL);
}

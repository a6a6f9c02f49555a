/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/machine/clock.h"
#include "sys/sink/stdout_sink.h"

#define LINE 1000

struct fixture {
	struct loop *loop;
	struct sink sink;
	int pipe[2];
	unsigned put; /* lines so far */
	struct bw_err news;
	size_t wanted; /* bytes that the loop is to read */
	size_t got;
	char bytes[1 << 20];
};

static void wake(void *self, struct bw_now now)
{
	struct fixture *f = self;
	ssize_t n;

	while ((n = read(f->pipe[0], f->bytes + f->got, 4096)) > 0)
		f->got += (size_t)n;
	loop_set_deadline(f->loop, bw_mono_add(now.mono, BW_MS));
	if (f->got >= f->wanted)
		loop_stop(f->loop);
}

static void take_signal(void *self, int signal)
{
	(void)self;
	(void)signal;
}

static int set_up(void **state)
{
	const struct loop_callbacks callbacks = {wake, take_signal};
	struct fixture *f = calloc(1, sizeof(*f));

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(f->pipe, O_CLOEXEC), 0);
	assert_int_equal(fcntl(f->pipe[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(loop_new(&callbacks, f, &f->loop, NULL), 0);
	assert_int_equal(stdout_sink_new(f->pipe[1], f->loop, &f->sink, NULL), 0);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	sink_free(&f->sink);
	loop_free(f->loop);
	close(f->pipe[0]);
	close(f->pipe[1]);
	free(f);
	return 0;
}

/* Lines of LINE bytes that begin with their number. */
static void put(struct fixture *f, bool urgent, unsigned count)
{
	char text[LINE + 1];

	for (unsigned i = 0; i < count; i++) {
		const struct sink_line line = {.text = text,
					       .length = LINE,
					       .type = "block",
					       .urgent = urgent};

		snprintf(text, sizeof(text), "%0*u\n", LINE - 1, f->put++);
		sink_put(&f->sink, &line);
	}
}

static struct sink_stats stats_of(const struct fixture *f)
{
	struct sink_stats stats;

	sink_stats(&f->sink, &stats);
	return stats;
}

static void check_news(struct fixture *f, const char *text)
{
	assert_true(sink_news(&f->sink, &f->news));
	assert_string_equal(f->news.message, text);
	assert_false(sink_news(&f->sink, &f->news));
}

static void test_lines_go_through(void **state)
{
	struct fixture *f = *state;

	put(f, false, 3);
	assert_int_equal(read(f->pipe[0], f->bytes, sizeof(f->bytes)), 3 * LINE);
	assert_int_equal(f->bytes[3 * LINE - 1], '\n');
	assert_int_equal(stats_of(f).written, 3);
	assert_int_equal(stats_of(f).waiting, 0);
	assert_false(sink_news(&f->sink, &f->news));
	assert_int_equal(fcntl(f->pipe[1], F_GETFL) & O_NONBLOCK, 0);
}

/* What waits is written by the loop as soon as the reader reads. */
static void test_a_slow_reader_gets_all(void **state)
{
	struct fixture *f = *state;

	put(f, false, 150);
	assert_true(stats_of(f).waiting > 50);
	assert_int_equal(stats_of(f).written + stats_of(f).waiting, 150);
	f->wanted = (size_t)150 * LINE;
	assert_int_equal(loop_run(f->loop), 0);
	assert_int_equal(f->got, 150 * LINE);
	assert_int_equal(stats_of(f).written, 150);
	assert_int_equal(stats_of(f).waiting, 0);
	assert_int_equal(sink_lost(&(struct sink_stats){0}), 0);
	for (unsigned i = 0; i < 150; i++)
		assert_int_equal(strtoul(f->bytes + (size_t)i * LINE, NULL, 10), i);
	assert_int_equal(fcntl(f->pipe[1], F_GETFL) & O_NONBLOCK, 0);
}

/* The second half of the queue is for urgent lines; each loss is counted, and said once. */
static void test_nobody_reads(void **state)
{
	struct fixture *f = *state;
	struct sink_stats stats;
	uint64_t lost;

	put(f, false, 300);
	stats = stats_of(f);
	lost = stats.lost[SINK_QUEUE_FULL];
	assert_true(lost > 50);
	assert_int_equal(stats.written + stats.waiting + lost, 300);
	assert_in_range(stats.waiting, STDOUT_SINK_QUEUE_MAX / 2 / LINE - 1,
			STDOUT_SINK_QUEUE_MAX / 2 / LINE + 1);
	check_news(f, "nobody reads standard output; records are lost there");
	put(f, true, 100);
	assert_int_equal(stats_of(f).waiting, stats.waiting + 100);
	assert_int_equal(stats_of(f).lost[SINK_QUEUE_FULL], lost);
	put(f, true, 300);
	assert_true(stats_of(f).waiting <= STDOUT_SINK_QUEUE_MAX / LINE);
	lost = stats_of(f).lost[SINK_QUEUE_FULL];
	assert_int_equal(stats_of(f).written + stats_of(f).waiting + lost, 700);
	assert_false(sink_news(&f->sink, &f->news));
}

static void test_read_again(void **state)
{
	struct fixture *f = *state;
	char wanted[128];

	put(f, false, 300);
	check_news(f, "nobody reads standard output; records are lost there");
	f->wanted = (size_t)(stats_of(f).written + stats_of(f).waiting) * LINE;
	assert_int_equal(loop_run(f->loop), 0);
	assert_false(sink_news(&f->sink, &f->news));
	put(f, false, 1);
	snprintf(wanted, sizeof(wanted),
		 "standard output is read again; %u records were lost there",
		 (unsigned)stats_of(f).lost[SINK_QUEUE_FULL]);
	check_news(f, wanted);
}

static void test_reader_has_gone(void **state)
{
	struct fixture *f = *state;

	put(f, true, 100);
	assert_true(stats_of(f).waiting > 0);
	close(f->pipe[0]);
	put(f, true, 2);
	f->pipe[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	check_news(f, "cannot write to standard output: Broken pipe; records are lost there");
	assert_int_equal(stats_of(f).waiting, 0);
	assert_int_equal(stats_of(f).written + stats_of(f).lost[SINK_FAILED], 102);
}

/* Has patience, but no more than it was given. */
static void test_flush(void **state)
{
	struct fixture *f = *state;

	put(f, true, 100);
	sink_flush(&f->sink, bw_mono_add(clock_now().mono, BW_MS));
	assert_true(stats_of(f).waiting > 0);
	assert_true(read(f->pipe[0], f->bytes, sizeof(f->bytes)) > 0);
	sink_flush(&f->sink, bw_mono_add(clock_now().mono, 10 * BW_S));
	assert_int_equal(stats_of(f).waiting, 0);
}

/* What is no pipe is written at once, and the first error ends it. */
static void test_no_pipe(void **state)
{
	struct fixture *f = *state;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	sink_free(&f->sink);
	assert_int_equal(stdout_sink_new(fd, f->loop, &f->sink, NULL), 0);
	put(f, true, 3);
	assert_int_equal(stats_of(f).lost[SINK_FAILED], 3);
	check_news(f, "cannot write to standard output: Bad file descriptor; "
		      "records are lost there");
	close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_lines_go_through), TEST(test_a_slow_reader_gets_all),
		TEST(test_nobody_reads),     TEST(test_read_again),
		TEST(test_reader_has_gone),  TEST(test_flush),
		TEST(test_no_pipe),
	};

	return cmocka_run_group_tests_name("sys/stdout_sink", tests, NULL, NULL);
}

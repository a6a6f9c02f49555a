/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/stdout_sink.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/disk/json_lines.h"
#include "sys/machine/clock.h"
#include "sys/sink/sink_kinds.h"
#include "sys/sink/unblocked.h"

#define PIECE_MAX 4096 /* what poll() promises room for in a pipe (pipe(7): PIPE_BUF) */
#define NO_PATIENCE ((struct bw_mono){0})

/* What people have not been told yet. */
enum news { NEWS_NONE, NEWS_NOT_READ, NEWS_READ_AGAIN };

struct stdout_sink {
	int fd;
	struct unblocked out;
	struct loop *loop;
	bool has_queue, is_watched;
	char *queue; /* STDOUT_SINK_QUEUE_MAX bytes */
	size_t queued;
	uint64_t lost; /* since the queue was full */
	int error;     /* that ended the writing, or 0 */
	bool error_told;
	enum news news;
	uint64_t news_lost; /* of NEWS_READ_AGAIN */
	struct sink_stats stats;
};

static void fail(struct stdout_sink *sink, int error)
{
	sink->error = error;
	sink->stats.lost[SINK_FAILED] += sink->stats.waiting;
	sink->stats.waiting = 0;
}

/* Whole lines, as many as surely have room; of a longer line a piece. */
static size_t next_piece(const char *bytes, size_t length)
{
	size_t piece = length < PIECE_MAX ? length : PIECE_MAX;
	const char *end = memrchr(bytes, '\n', piece);

	return end ? (size_t)(end - bytes) + 1 : piece;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	uint64_t count = 0;

	while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
		bytes++;
		count++;
	}
	return count;
}

/* Returns how many bytes were written, or less than 0 when the writing has to stop. */
static ssize_t write_piece(struct stdout_sink *sink, const char *bytes, size_t length)
{
	ssize_t n = unblocked_write(&sink->out, bytes, length);

	if (n >= 0) {
		uint64_t lines = count_lines(bytes, (size_t)n);

		sink->stats.written += lines;
		sink->stats.waiting -= lines;
	} else if (n != -EAGAIN) {
		fail(sink, (int)n);
	}
	return n;
}

/* Writes what the reader takes until UNTIL, or what it takes at once. */
static void drain(struct stdout_sink *sink, struct bw_mono until)
{
	struct pollfd poll_fd = {.fd = sink->fd, .events = POLLOUT};
	size_t done = 0;
	ssize_t n = 0;

	if (sink->queued == 0)
		return;
	while (done < sink->queued && n >= 0) {
		int64_t left = bw_mono_since(until, clock_now().mono) / BW_MS;
		size_t piece = next_piece(sink->queue + done, sink->queued - done);

		if (poll(&poll_fd, 1, left > 0 ? (int)left : 0) <= 0)
			break;
		n = write_piece(sink, sink->queue + done, piece);
		if (n > 0)
			done += (size_t)n;
	}
	sink->queued = sink->error ? 0 : sink->queued - done;
	memmove(sink->queue, sink->queue + done, sink->queued);
}

static void watch_while_queued(struct stdout_sink *sink);

static void on_writable(void *self, unsigned events)
{
	struct stdout_sink *sink = self;

	(void)events;
	drain(sink, NO_PATIENCE);
	watch_while_queued(sink);
	if (sink->error)
		loop_wake(sink->loop); /* the owner fetches it */
}

/* When the watch cannot be had, the queue is written with the next record. */
static void watch_while_queued(struct stdout_sink *sink)
{
	bool wanted = sink->queued > 0;

	if (wanted && !sink->is_watched)
		sink->is_watched = loop_watch(sink->loop, sink->fd, LOOP_WRITABLE | LOOP_SHARED,
					      on_writable, sink) == 0;
	if (!wanted && sink->is_watched) {
		loop_unwatch(sink->loop, sink->fd);
		sink->is_watched = false;
	}
}

static void lose_unread(struct stdout_sink *sink)
{
	sink->stats.lost[SINK_QUEUE_FULL]++;
	if (sink->lost++ == 0)
		sink->news = NEWS_NOT_READ;
}

static void note_reading(struct stdout_sink *sink)
{
	if (sink->lost == 0 || sink->queued > 0)
		return;
	sink->news = NEWS_READ_AGAIN;
	sink->news_lost = sink->lost;
	sink->lost = 0;
}

static void enqueue(struct stdout_sink *sink, const struct sink_line *line)
{
	size_t limit = line->urgent ? STDOUT_SINK_QUEUE_MAX : STDOUT_SINK_QUEUE_MAX / 2;

	drain(sink, NO_PATIENCE);
	if (sink->error) {
		sink->stats.lost[SINK_FAILED]++;
		return;
	}
	if (sink->queued + line->length > limit) {
		lose_unread(sink);
		return;
	}
	note_reading(sink);
	memcpy(sink->queue + sink->queued, line->text, line->length);
	sink->queued += line->length;
	sink->stats.waiting++;
	drain(sink, NO_PATIENCE);
}

static void write_now(struct stdout_sink *sink, const struct sink_line *line)
{
	int error = json_lines_write(sink->fd, line->text, line->length);

	if (error < 0) {
		fail(sink, error);
		sink->stats.lost[SINK_FAILED]++;
	} else {
		sink->stats.written++;
	}
}

static void put(void *self, const struct sink_line *line)
{
	struct stdout_sink *sink = self;

	if (sink->error) {
		sink->stats.lost[SINK_FAILED]++;
	} else if (sink->has_queue) {
		enqueue(sink, line);
		watch_while_queued(sink);
	} else {
		write_now(sink, line);
	}
}

static void flush(void *self, struct bw_mono until)
{
	struct stdout_sink *sink = self;

	drain(sink, until);
	watch_while_queued(sink);
}

/* Standard output is what it was at the start, and has no options. */
static int reopen(void *self, const void *options, struct bw_err *err)
{
	(void)self;
	(void)options;
	(void)err;
	return 0;
}

static void read_stats(const void *self, struct sink_stats *ret_stats)
{
	const struct stdout_sink *sink = self;

	*ret_stats = sink->stats;
}

static bool take_error(struct stdout_sink *sink, struct bw_err *ret_news)
{
	if (!sink->error || sink->error_told)
		return false;
	sink->error_told = true;
	bw_err_set(ret_news, sink->error,
		   "cannot write to standard output: %s; records are lost there",
		   bw_error_text(sink->error));
	return true;
}

static bool take_news(void *self, struct bw_err *ret_news)
{
	struct stdout_sink *sink = self;
	enum news news = sink->news;

	sink->news = NEWS_NONE;
	switch (news) {
	case NEWS_NOT_READ:
		bw_err_set(ret_news, -EAGAIN,
			   "nobody reads standard output; records are lost there");
		return true;
	case NEWS_READ_AGAIN:
		bw_err_set(ret_news, -EAGAIN,
			   "standard output is read again; %llu records were lost there",
			   (unsigned long long)sink->news_lost);
		return true;
	case NEWS_NONE:
		break;
	}
	return take_error(sink, ret_news);
}

static const char *name(const void *self)
{
	(void)self;
	return "stdout";
}

static void free_sink(void *self)
{
	struct stdout_sink *sink = self;

	if (sink->is_watched)
		loop_unwatch(sink->loop, sink->fd);
	unblocked_fini(&sink->out);
	free(sink->queue);
	free(sink);
}

static bool is_over(const void *self)
{
	const struct stdout_sink *sink = self;

	return sink->error != 0;
}

static const struct sink_ops ops = {
	.put = put,
	.flush = flush,
	.reopen = reopen,
	.stats = read_stats,
	.news = take_news,
	.name = name,
	.is_over = is_over,
	.free = free_sink,
};

/* Returns 0 or -ENOMEM. */
static int make_queue(struct stdout_sink *sink)
{
	unblocked_init(&sink->out, sink->fd);
	if (!sink->out.may_block)
		return 0;
	sink->queue = malloc(STDOUT_SINK_QUEUE_MAX);
	if (!sink->queue)
		return -ENOMEM;
	sink->has_queue = true;
	return 0;
}

int stdout_sink_new(int fd, struct loop *loop, struct sink *ret_sink, struct bw_err *err)
{
	struct stdout_sink *sink = calloc(1, sizeof(*sink));

	if (sink) {
		sink->fd = fd;
		sink->loop = loop;
	}
	if (!sink || make_queue(sink) < 0) {
		if (sink)
			unblocked_fini(&sink->out);
		free(sink);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	*ret_sink = (struct sink){&ops, sink};
	return 0;
}

int stdout_sink_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		     struct bw_err *err)
{
	(void)conf;
	return stdout_sink_new(STDOUT_FILENO, loop, ret_sink, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where records go. Whoever reads standard output may be slow, or read no more,
 * and must not stop the watching: what goes to a pipe or a socket waits in a
 * queue and is written as far as there is room, the rest as soon as there is some. When
 * the queue is full, records are lost there, counted and said; its second half is for
 * events. A file on standard output is written at once.
 */
#include "app/outlet.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/log.h"
#include "report/record/encode.h"
#include "sys/disk/file_sink.h"
#include "sys/disk/json_lines.h"
#include "sys/loop/room.h"
#include "sys/machine/clock.h"

#define QUEUE_MAX (256 * 1024)
#define PIECE_MAX 4096 /* what poll() promises room for in a pipe (pipe(7): PIPE_BUF) */
#define FLUSH_NS (BW_S / 2) /* at the end; SIGTERM leaves two seconds */
#define NO_PATIENCE ((struct bw_mono){0})

struct queue {
	bool used, is_socket;
	char *bytes; /* QUEUE_MAX */
	size_t length;
	uint64_t lost;    /* since it was full */
	int error;        /* nobody will read any more */
};

struct outlet {
	struct file_sink **files; /* one a file sink of the configuration, in its order */
	size_t file_count;
	bool to_stdout, stdout_failed;
	struct json_lines lines;
	struct queue queue; /* before standard output */
	struct room *room;  /* there, for what is in the queue */
	unsigned records; /* set of enum conf_run_record */
};

static unsigned bit_of(enum record_type type)
{
	switch (type) {
	case RECORD_BLOCK:
		return CONF_RUN_BLOCK;
	case RECORD_EVENT:
		return CONF_RUN_EVENT;
	case RECORD_TARGET:
		return CONF_RUN_TARGET;
	case RECORD_VANTAGE:
		return CONF_RUN_VANTAGE;
	case RECORD_PROBE:
		return CONF_RUN_PROBE;
	case RECORD_SURVEY:
		return 0;
	}
	return 0;
}

static struct file_sink_options options_of(const struct conf_run_sink *sink)
{
	return (struct file_sink_options){
		.path = sink->path,
		.max_size = sink->max_size,
		.max_age_ns = sink->max_age_ns,
		.keep = (unsigned)sink->keep,
	};
}

static int make_queue(struct outlet *outlet, int fd, struct loop *loop, struct bw_err *err)
{
	struct queue *queue = &outlet->queue;
	struct stat status;

	if (fstat(fd, &status) < 0 || !(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
		return 0;
	queue->bytes = malloc(QUEUE_MAX);
	if (!queue->bytes)
		return bw_err_set(err, -ENOMEM, "out of memory");
	queue->used = true;
	queue->is_socket = S_ISSOCK(status.st_mode);
	return room_open(loop, &outlet->room, err);
}

int outlet_new(const struct conf_run *conf, struct loop *loop, struct outlet **ret_outlet,
	       struct bw_err *err)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	int code = 0;

	if (outlet)
		outlet->files = calloc(conf->sinks.count + 1, sizeof(struct file_sink *));
	if (!outlet || !outlet->files) {
		outlet_free(outlet);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	outlet->records = conf->records;
	json_lines_init(&outlet->lines, STDOUT_FILENO);
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++) {
		struct file_sink_options options = options_of(&conf->sinks.list[i]);

		if (conf->sinks.list[i].type == CONF_RUN_STDOUT && !outlet->to_stdout)
			code = make_queue(outlet, STDOUT_FILENO, loop, err);
		if (conf->sinks.list[i].type == CONF_RUN_STDOUT)
			outlet->to_stdout = true;
		else
			code = file_sink_new(&options, &outlet->files[outlet->file_count++], err);
	}
	if (code < 0) {
		outlet_free(outlet);
		return code;
	}
	*ret_outlet = outlet;
	return 0;
}

void outlet_free(struct outlet *outlet)
{
	if (!outlet)
		return;
	for (size_t i = 0; i < outlet->file_count; i++)
		file_sink_free(outlet->files[i]);
	free(outlet->files);
	room_close(outlet->room);
	free(outlet->queue.bytes);
	free(outlet);
}

static void say_news(struct file_sink *sink)
{
	struct bw_err err;

	for (;;) {
		switch (file_sink_news(sink, &err)) {
		case FILE_SINK_NO_NEWS:
			return;
		case FILE_SINK_TROUBLE:
			log_error("run", &err);
			break;
		case FILE_SINK_BETTER:
			log_warn("run: %s: works again after: %s", err.file, err.message);
			break;
		}
	}
}

/* Whole lines, as many as surely have room; of a longer one a piece. */
static size_t next_piece(const char *bytes, size_t length)
{
	size_t piece = length < PIECE_MAX ? length : PIECE_MAX;
	const char *end = memrchr(bytes, '\n', piece);

	return end ? (size_t)(end - bytes) + 1 : piece;
}

/* Writes what there is room for until the end of patience, at least what there is room for now. */
static void drain(struct queue *queue, int fd, struct bw_mono patience)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};
	size_t done = 0;
	ssize_t n = 0;

	while (done < queue->length && !queue->error && n >= 0) {
		int64_t left = bw_mono_since(patience, clock_now().mono) / BW_MS;
		size_t piece = next_piece(queue->bytes + done, queue->length - done);

		if (poll(&room, 1, left > 0 ? (int)left : 0) <= 0)
			break;
		n = queue->is_socket ? send(fd, queue->bytes + done, piece, MSG_DONTWAIT)
				     : write(fd, queue->bytes + done, piece);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			queue->error = -errno;
	}
	queue->length -= done;
	memmove(queue->bytes, queue->bytes + done, queue->length);
}

static void enqueue(struct queue *queue, int fd, const struct record *record)
{
	size_t limit = record->type == RECORD_EVENT ? QUEUE_MAX : QUEUE_MAX / 2;
	char line[RECORD_LINE_MAX];
	int length = record_encode(record, line, sizeof(line));

	drain(queue, fd, NO_PATIENCE);
	if (queue->error)
		return;
	if (length < 0 || queue->length + (size_t)length > limit) {
		if (queue->lost++ == 0)
			log_warn("run: nobody reads standard output; records are lost there");
		return;
	}
	if (queue->lost > 0 && queue->length == 0) {
		log_warn("run: standard output is read again; %llu records were lost there",
			     (unsigned long long)queue->lost);
		queue->lost = 0;
	}
	memcpy(queue->bytes + queue->length, line, (size_t)length);
	queue->length += (size_t)length;
	drain(queue, fd, NO_PATIENCE);
}

static void note_failure(struct outlet *outlet, int error)
{
	if (error == 0 || outlet->stdout_failed)
		return;
	outlet->stdout_failed = true;
	log_warn("run: cannot write to standard output: %s; records are lost there",
		  bw_error_text(error));
}

static void put_to_stdout(struct outlet *outlet, const struct record *record)
{
	struct record_sink sink = json_lines_sink(&outlet->lines);

	if (outlet->stdout_failed)
		return;
	if (outlet->queue.used)
		enqueue(&outlet->queue, STDOUT_FILENO, record);
	else
		sink.put(sink.self, record);
	note_failure(outlet, outlet->queue.used ? outlet->queue.error
						: json_lines_error(&outlet->lines));
}

static void put(void *self, const struct record *record)
{
	struct outlet *outlet = self;

	if (!(outlet->records & bit_of(record->type)))
		return;
	if (outlet->to_stdout)
		put_to_stdout(outlet, record);
	for (size_t i = 0; i < outlet->file_count; i++) {
		struct record_sink sink = file_sink_sink(outlet->files[i]);

		sink.put(sink.self, record);
		say_news(outlet->files[i]);
	}
}

struct record_sink outlet_sink(struct outlet *outlet)
{
	return (struct record_sink){.put = put, .self = outlet};
}

static bool has_same_sinks(const struct outlet *outlet, const struct conf_run *conf)
{
	bool to_stdout = false;
	size_t files = 0;

	for (size_t i = 0; i < conf->sinks.count; i++) {
		to_stdout = to_stdout || conf->sinks.list[i].type == CONF_RUN_STDOUT;
		files += conf->sinks.list[i].type == CONF_RUN_FILE;
	}
	return to_stdout == outlet->to_stdout && files == outlet->file_count;
}

int outlet_reopen(struct outlet *outlet, const struct conf_run *conf, struct bw_err *err)
{
	size_t file = 0;
	int code = 0;

	if (!has_same_sinks(outlet, conf))
		return bw_err_set(err, BW_ERR_VALUE,
				  "sinks can only be added or taken away by a restart");
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++) {
		struct file_sink_options options = options_of(&conf->sinks.list[i]);

		if (conf->sinks.list[i].type == CONF_RUN_FILE)
			code = file_sink_reopen(outlet->files[file++], &options, err);
	}
	if (code == 0)
		outlet->records = conf->records;
	return code;
}

void outlet_wake(struct outlet *outlet)
{
	struct queue *queue = &outlet->queue;

	if (!queue->used)
		return;
	if (queue->length > 0)
		drain(queue, STDOUT_FILENO, NO_PATIENCE);
	note_failure(outlet, queue->error);
	if (queue->length > 0 && !queue->error)
		(void)room_await(outlet->room, STDOUT_FILENO); /* else with the next record */
	else
		room_rest(outlet->room);
}

void outlet_flush(struct outlet *outlet)
{
	if (outlet->queue.used)
		drain(&outlet->queue, STDOUT_FILENO,
		      bw_mono_add(clock_now().mono, FLUSH_NS));
	for (size_t i = 0; i < outlet->file_count; i++) {
		(void)file_sink_flush(outlet->files[i]);
		say_news(outlet->files[i]);
	}
}

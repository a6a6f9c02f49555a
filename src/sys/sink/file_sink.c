/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/file_sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/record/encode.h"
#include "sys/disk/json_lines.h"
#include "sys/sink/record_file.h"
#include "sys/sink/sink_kinds.h"

/*
 * For each line: begin a new file if this one is full or old, write what waits, write the
 * line. Each step may fail without harm to the others.
 *
 * A line is in the file as a whole or not at all. json_lines_write() takes back what a
 * full disk has cut off. When that fails too (`torn`), nothing is written until the
 * piece could be cut away.
 *
 * Rotation creates PATH.new first: when there is no room for a new file, nothing has
 * changed yet. Then PATH.1 becomes PATH.2 and so on, from the oldest down, PATH becomes
 * PATH.1, and PATH.new becomes PATH. A rename that fails ends the rotation and at worst
 * leaves a gap in the numbers; the sink continues with the file that it has.
 */

#define RETRY_NS (60 * BW_S) /* between tries to begin a new file */

enum fault_kind { WRITING, ROTATING, FAULTS };

/* What fails, until it works again. */
struct fault {
	int now;         /* the error; 0: it works */
	int told;        /* the same, as it was last said by take_news() */
	char words[320]; /* the error as text, the last one */
};

struct file_sink {
	char *path;
	uint64_t max_size;
	int64_t max_age_ns;
	unsigned keep;
	struct record_file file;
	bool torn;            /* behind file.size there may be a piece of a line */
	struct bw_wall retry; /* no new file before this */
	struct fault faults[FAULTS];
	struct sink_stats stats;
	uint64_t lost_told; /* lost since the start, as take_news() last said */
	size_t waiting_length;
	char waiting[FILE_SINK_WAITING_MAX]; /* whole lines */
};

static void note(struct file_sink *sink, enum fault_kind kind, int code, const char *words)
{
	struct fault *fault = &sink->faults[kind];

	if (code && code != fault->now)
		snprintf(fault->words, sizeof(fault->words), "%s", words);
	fault->now = code;
}

/* Takes the place of what was open, if anything was. */
static void adopt(struct file_sink *sink, const struct record_file *file)
{
	record_file_close(&sink->file);
	sink->file = *file;
	sink->torn = false;
	sink->stats.lost[SINK_CUT_OFF] += file->cut_off;
}

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static void set_limits(struct file_sink *sink, const struct conf_run_sink *conf)
{
	sink->max_size = conf->max_size;
	sink->max_age_ns = conf->max_age_ns;
	sink->keep = (unsigned)conf->keep;
}

static int reopen(void *self, const void *options, struct bw_err *err)
{
	const struct conf_run_sink *conf = options;
	struct file_sink *sink = self;
	char *path = strdup(conf->path);
	struct record_file file;
	int code = 0;

	if (!path)
		return out_of_memory(err);
	if (!record_file_is_at(&sink->file, path)) {
		code = record_file_open(path, &file, err);
		if (code == 0)
			adopt(sink, &file);
	}
	if (code < 0) {
		free(path);
		return code;
	}
	free(sink->path);
	sink->path = path;
	set_limits(sink, conf);
	sink->retry = (struct bw_wall){0};
	return 0;
}

/* Behind the last whole line there must be nothing. */
static int mend(struct file_sink *sink)
{
	int code = sink->torn ? record_file_cut(&sink->file) : 0;

	if (code == 0)
		sink->torn = false;
	return code;
}

static int write_line(struct file_sink *sink, const char *line, size_t length)
{
	int code = mend(sink);

	if (code == 0) {
		code = json_lines_write(sink->file.fd, line, length);
		sink->torn = code < 0;
	}
	note(sink, WRITING, code, bw_error_text(code));
	if (code < 0)
		return code;
	sink->file.size += length;
	sink->stats.written++;
	return 0;
}

/* What could not be written stays, from the first line on that failed. */
static int write_waiting(struct file_sink *sink)
{
	size_t done = 0;
	int code = 0;

	while (done < sink->waiting_length) {
		const char *line = sink->waiting + done;
		const char *end = (const char *)memchr(line, '\n', sink->waiting_length - done);
		size_t length = (size_t)(end - line) + 1;

		code = write_line(sink, line, length);
		if (code < 0)
			break;
		sink->stats.waiting--;
		done += length;
	}
	sink->waiting_length -= done;
	memmove(sink->waiting, sink->waiting + done, sink->waiting_length);
	return code;
}

static enum sink_lost reason_of(int code)
{
	return code == -ENOSPC || code == -EDQUOT || code == -EFBIG ? SINK_NO_SPACE : SINK_FAILED;
}

static void keep_or_lose(struct file_sink *sink, const struct sink_line *line)
{
	if (!line->urgent || sink->waiting_length + line->length > sizeof(sink->waiting)) {
		sink->stats.lost[reason_of(sink->faults[WRITING].now)]++;
		return;
	}
	memcpy(sink->waiting + sink->waiting_length, line->text, line->length);
	sink->waiting_length += line->length;
	sink->stats.waiting++;
}

static int move_file(const char *from, const char *to, struct bw_err *err)
{
	if (rename(from, to) == 0)
		return 0;
	return bw_err_set(err, -errno, "cannot rename it to %.100s: %s", to, strerror(errno));
}

/* PATH.2 becomes PATH.3 and so on, and PATH becomes PATH.1; what is not there is no error. */
static int shift_files(const struct file_sink *sink, struct bw_err *err)
{
	size_t size = strlen(sink->path) + 16;
	char *from = (char *)malloc(size), *to = (char *)malloc(size);
	int code = from && to ? 0 : out_of_memory(err);

	for (unsigned n = sink->keep; n-- > 0 && code == 0;) {
		snprintf(from, size, n ? "%s.%u" : "%s", sink->path, n);
		snprintf(to, size, "%s.%u", sink->path, n + 1);
		code = move_file(from, to, err);
		code = code == -ENOENT ? 0 : code;
	}
	free(from);
	free(to);
	return code;
}

/* From NEXT, which is open at NEW_PATH, to PATH. */
static int swap_files(struct file_sink *sink, const char *new_path, const struct record_file *next,
		      struct bw_err *err)
{
	int code = shift_files(sink, err);

	if (code == 0)
		code = move_file(new_path, sink->path, err);
	if (code < 0)
		return code;
	adopt(sink, next);
	return 0;
}

static int rotate(struct file_sink *sink, struct bw_err *err)
{
	struct record_file next;
	char *new_path;
	int code;

	if (asprintf(&new_path, "%s.new", sink->path) < 0)
		return out_of_memory(err);
	code = record_file_create(new_path, &next, err);
	if (code == 0) {
		code = swap_files(sink, new_path, &next, err);
		if (code < 0) {
			record_file_close(&next);
			unlink(new_path);
		}
	}
	free(new_path);
	return code;
}

static bool is_due(const struct file_sink *sink, struct bw_wall now, size_t length)
{
	const struct record_file *file = &sink->file;

	if (file->size == 0 || now.ns < sink->retry.ns)
		return false;
	return file->size + length > sink->max_size ||
	       (file->began.ns != 0 && now.ns - file->began.ns >= sink->max_age_ns);
}

static void rotate_when_due(struct file_sink *sink, struct bw_wall now, size_t length)
{
	struct bw_err err = {0};
	int code;

	if (!is_due(sink, now, length) || mend(sink) < 0)
		return;
	code = rotate(sink, &err);
	note(sink, ROTATING, code, err.message);
	sink->retry.ns = code ? now.ns + RETRY_NS : 0;
}

static void put(void *self, const struct sink_line *line)
{
	struct file_sink *sink = self;

	rotate_when_due(sink, line->time, line->length);
	if (sink->file.began.ns == 0 || sink->file.size == 0)
		sink->file.began = line->time;
	if (write_waiting(sink) < 0 || write_line(sink, line->text, line->length) < 0)
		keep_or_lose(sink, line);
}

/* A disk needs no patience: what fails now fails until UNTIL as well. */
static void flush(void *self, struct bw_mono until)
{
	struct file_sink *sink = self;
	int code = write_waiting(sink);

	(void)until;
	if (code == 0 && sink->torn)
		code = mend(sink);
	if (fsync(sink->file.fd) < 0 && code == 0)
		code = -errno;
	note(sink, WRITING, code, bw_error_text(code));
}

static void read_stats(const void *self, struct sink_stats *ret_stats)
{
	const struct file_sink *sink = self;

	*ret_stats = sink->stats;
}

/* Adds to the message how many records were lost meanwhile. */
static void tell_lost(struct file_sink *sink, struct bw_err *news)
{
	const uint64_t *lost = sink->stats.lost;
	uint64_t now = lost[SINK_NO_SPACE] + lost[SINK_FAILED], since = now - sink->lost_told;
	char text[sizeof(news->message)];

	sink->lost_told = now;
	if (since == 0)
		return;
	snprintf(text, sizeof(text), "%s", news->message);
	bw_err_set(news, news->code, "%.250s; %llu records were lost", text,
		   (unsigned long long)since);
}

static void tell(struct file_sink *sink, enum fault_kind kind, struct bw_err *ret_news)
{
	static const char *const what[FAULTS] = {"cannot write records; events wait in memory",
						 "cannot begin a new file; the old one grows on"};
	struct fault *fault = &sink->faults[kind];

	bw_err_set(ret_news, fault->now ? fault->now : fault->told, "%s%s: %s",
		   fault->now ? "" : "works again after: ", what[kind], fault->words);
	if (kind == WRITING && !fault->now)
		tell_lost(sink, ret_news);
	bw_err_place(ret_news, sink->path, 0, 0, NULL);
	fault->told = fault->now;
}

static bool take_news(void *self, struct bw_err *ret_news)
{
	struct file_sink *sink = self;

	for (enum fault_kind kind = WRITING; kind < FAULTS; kind++) {
		if (sink->faults[kind].now == sink->faults[kind].told)
			continue;
		tell(sink, kind, ret_news);
		return true;
	}
	return false;
}

static const char *name(const void *self)
{
	const struct file_sink *sink = self;

	return sink->path;
}

static void free_sink(void *self)
{
	struct file_sink *sink = self;

	record_file_close(&sink->file);
	free(sink->path);
	free(sink);
}

static const struct sink_ops ops = {
	.put = put,
	.flush = flush,
	.reopen = reopen,
	.stats = read_stats,
	.news = take_news,
	.name = name,
	.free = free_sink,
};

int file_sink_open(const struct conf_run_sink *conf, struct loop *loop, struct sink *ret_sink,
		   struct bw_err *err)
{
	struct file_sink *sink = (struct file_sink *)calloc(1, sizeof(*sink));
	struct record_file file;
	int code;

	(void)loop;
	if (!sink)
		return out_of_memory(err);
	sink->file.fd = -1;
	sink->path = strdup(conf->path);
	code = sink->path ? record_file_open(conf->path, &file, err) : out_of_memory(err);
	if (code < 0) {
		free_sink(sink);
		return code;
	}
	adopt(sink, &file);
	set_limits(sink, conf);
	*ret_sink = (struct sink){&ops, sink};
	return 0;
}

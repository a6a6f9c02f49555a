/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/file_sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/disk/file_open.h"
#include "sys/disk/json_lines.h"

/*
 * A record's way: encode; begin a new file when this one is full or old; write what
 * waits; write the record. Each step may fail, and none may cost more than it must.
 *
 * A line that is not written whole is not there: json_lines_write() takes back what
 * a full disk has cut off, and if even that fails (`torn`), nothing is written
 * behind the rest until it could be cut away.
 *
 * A new file: PATH.new is made first, for if there is no room for a new file, nothing
 * has happened yet. Then PATH.1 becomes PATH.2 and so on, from the oldest down, PATH
 * becomes PATH.1, and PATH.new becomes PATH. A rename that fails stops it, and at
 * worst leaves a gap in the numbers; the sink goes on with the file it has.
 */

#define RETRY_NS (60 * BW_S) /* between tries to begin a new file */

enum trouble_kind { WRITING, ROTATING, TROUBLES };

struct trouble {
	int now;         /* how it fails; 0: fine */
	int told;        /* the same, as file_sink_news() has said it */
	char words[320]; /* why it failed, the last time */
};

struct file_sink {
	char *path;
	struct file_sink_options options; /* its path is the one above */
	struct file_open file;
	bool torn;            /* behind file.size there may be a piece of a line */
	struct bw_wall retry; /* no new file before this */
	struct trouble troubles[TROUBLES];
	struct file_sink_counts counts;
	size_t waiting_length;
	char line[RECORD_LINE_MAX];
	char waiting[FILE_SINK_WAITING_MAX]; /* whole lines */
};

const char *file_sink_lost_name(enum file_sink_lost reason)
{
	switch (reason) {
#define X(name, text)                                                                    \
	case name:                                                                       \
		return text;
		FILE_SINK_LOST_LIST(X)
#undef X
	case FILE_SINK_LOST_REASONS:
		break;
	}
	return "";
}

static void note(struct file_sink *sink, enum trouble_kind kind, int code, const char *words)
{
	struct trouble *trouble = &sink->troubles[kind];

	if (code && code != trouble->now)
		snprintf(trouble->words, sizeof(trouble->words), "%s", words);
	trouble->now = code;
}

/* Takes the place of what was open, if anything was. */
static void adopt(struct file_sink *sink, const struct file_open *file)
{
	file_open_close(&sink->file);
	sink->file = *file;
	sink->torn = false;
	sink->counts.lost[FILE_SINK_CUT_OFF] += file->cut_off;
}

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

int file_sink_new(const struct file_sink_options *options, struct file_sink **ret_sink,
		  struct bw_err *err)
{
	struct file_sink *sink = (struct file_sink *)calloc(1, sizeof(*sink));
	struct file_open file;
	int code;

	if (!sink)
		return out_of_memory(err);
	sink->file.fd = -1;
	sink->path = strdup(options->path);
	code = sink->path ? file_open(options->path, &file, err) : out_of_memory(err);
	if (code < 0) {
		file_sink_free(sink);
		return code;
	}
	adopt(sink, &file);
	sink->options = *options;
	sink->options.path = sink->path;
	*ret_sink = sink;
	return 0;
}

void file_sink_free(struct file_sink *sink)
{
	if (!sink)
		return;
	file_open_close(&sink->file);
	free(sink->path);
	free(sink);
}

int file_sink_reopen(struct file_sink *sink, const struct file_sink_options *options,
		     struct bw_err *err)
{
	char *path = strdup(options->path);
	struct file_open file;
	int code = 0;

	if (!path)
		return out_of_memory(err);
	if (!file_open_is_at(&sink->file, path)) {
		code = file_open(path, &file, err);
		if (code == 0)
			adopt(sink, &file);
	}
	if (code < 0) {
		free(path);
		return code;
	}
	free(sink->path);
	sink->path = path;
	sink->options = *options;
	sink->options.path = path;
	sink->retry = (struct bw_wall){0};
	return 0;
}

/* Behind the last whole line there must be nothing. */
static int mend(struct file_sink *sink)
{
	int code = sink->torn ? file_open_cut(&sink->file) : 0;

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
	sink->counts.written++;
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
		sink->counts.waiting--;
		done += length;
	}
	sink->waiting_length -= done;
	memmove(sink->waiting, sink->waiting + done, sink->waiting_length);
	return code;
}

static enum file_sink_lost reason_of(int code)
{
	return code == -ENOSPC || code == -EDQUOT || code == -EFBIG ? FILE_SINK_NO_SPACE
								    : FILE_SINK_FAILED;
}

static void keep_or_lose(struct file_sink *sink, const struct record *record, size_t length)
{
	if (record->type != RECORD_EVENT ||
	    sink->waiting_length + length > sizeof(sink->waiting)) {
		sink->counts.lost[reason_of(sink->troubles[WRITING].now)]++;
		return;
	}
	memcpy(sink->waiting + sink->waiting_length, sink->line, length);
	sink->waiting_length += length;
	sink->counts.waiting++;
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

	for (unsigned n = sink->options.keep; n-- > 0 && code == 0;) {
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
static int swap_files(struct file_sink *sink, const char *new_path, const struct file_open *next,
		      struct bw_err *err)
{
	int code = shift_files(sink, err);

	if (code == 0)
		code = move_file(new_path, sink->path, err);
	if (code < 0)
		return code;
	adopt(sink, next);
	sink->counts.files++;
	return 0;
}

static int rotate(struct file_sink *sink, struct bw_err *err)
{
	struct file_open next;
	char *new_path;
	int code;

	if (asprintf(&new_path, "%s.new", sink->path) < 0)
		return out_of_memory(err);
	code = file_open(new_path, &next, err);
	if (code == 0) {
		code = swap_files(sink, new_path, &next, err);
		if (code < 0) {
			file_open_close(&next);
			unlink(new_path);
		}
	}
	free(new_path);
	return code;
}

static bool is_due(const struct file_sink *sink, struct bw_wall now, size_t length)
{
	const struct file_open *file = &sink->file;

	if (file->size == 0 || now.ns < sink->retry.ns)
		return false;
	return file->size + length > sink->options.max_size ||
	       (file->began.ns != 0 && now.ns - file->began.ns >= sink->options.max_age_ns);
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

static void put_record(void *self, const struct record *record)
{
	struct file_sink *sink = self;
	int length = record_encode(record, sink->line, sizeof(sink->line));

	if (length < 0) {
		sink->counts.lost[FILE_SINK_TOO_LONG]++;
		return;
	}
	rotate_when_due(sink, record->head.time, (size_t)length);
	if (sink->file.began.ns == 0 || sink->file.size == 0)
		sink->file.began = record->head.time;
	if (write_waiting(sink) < 0 || write_line(sink, sink->line, (size_t)length) < 0)
		keep_or_lose(sink, record, (size_t)length);
}

struct record_sink file_sink_sink(struct file_sink *sink)
{
	return (struct record_sink){.put = put_record, .self = sink};
}

int file_sink_flush(struct file_sink *sink)
{
	int code = write_waiting(sink);

	if (code == 0 && sink->torn)
		code = mend(sink);
	if (fsync(sink->file.fd) < 0 && code == 0)
		code = -errno;
	note(sink, WRITING, code, bw_error_text(code));
	return code;
}

struct file_sink_counts file_sink_counts(const struct file_sink *sink)
{
	return sink->counts;
}

enum file_sink_news file_sink_news(struct file_sink *sink, struct bw_err *ret_err)
{
	static const char *const what[] = {"cannot write records; events wait in memory",
					   "cannot begin a new file; the old one grows on"};

	for (int i = 0; i < TROUBLES; i++) {
		struct trouble *trouble = &sink->troubles[i];
		int code = trouble->now ? trouble->now : trouble->told;

		if (trouble->now == trouble->told)
			continue;
		trouble->told = trouble->now;
		bw_err_set(ret_err, code, "%s: %s", what[i], trouble->words);
		bw_err_place(ret_err, sink->path, 0, 0, NULL);
		return trouble->now ? FILE_SINK_TROUBLE : FILE_SINK_BETTER;
	}
	return FILE_SINK_NO_NEWS;
}

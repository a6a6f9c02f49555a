/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/capture_file.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire/link/frame.h"

#define STEP_NS BW_S                      /* time that goes back further was set back */
#define SECONDS_MAX UINT32_MAX            /* the year 2106, where pcap's own time ends */
#define MONO_MAX (2 * SECONDS_MAX * BW_S) /* however often a clock was set back */
#define COPY_BYTES 65536

struct file {
	char *path;
	FILE *copy; /* of what cannot be read twice, or NULL */
	pcap_t *pcap;
	int linktype;
	bool begun;     /* a frame of it was handed over */
	bool has_frame; /* the fields below are its next one */
	struct pcap_pkthdr *header;
	const u_char *bytes;
	struct bw_wall at;
};

struct capture_file {
	struct file *files;
	size_t count;
	struct bw_now now;
	bool started;
};

struct capture_file *capture_file_new(void)
{
	return calloc(1, sizeof(struct capture_file));
}

static void close_file(struct file *file)
{
	if (file->pcap)
		pcap_close(file->pcap);
	if (file->copy)
		fclose(file->copy);
	free(file->path);
}

void capture_file_free(struct capture_file *capture)
{
	if (!capture)
		return;
	for (size_t i = 0; i < capture->count; i++)
		close_file(&capture->files[i]);
	free(capture->files);
	free(capture);
}

static int refuse(const struct file *file, struct bw_err *err, int code, const char *message)
{
	(void)bw_err_set(err, code, "%s", message);
	bw_err_place(err, strcmp(file->path, "-") == 0 ? "standard input" : file->path, 0, 0, NULL);
	return code;
}

/* The whole of STREAM in a file without a name, at its beginning. */
static int copy_stream(struct file *file, FILE *stream, struct bw_err *err)
{
	char bytes[COPY_BYTES];
	size_t length;

	file->copy = tmpfile();
	if (!file->copy)
		return refuse(file, err, BW_ERR_UNAVAILABLE, "cannot make a temporary file for it");
	while ((length = fread(bytes, 1, sizeof(bytes), stream)) > 0)
		if (fwrite(bytes, 1, length, file->copy) != length)
			return refuse(file, err, BW_ERR_UNAVAILABLE,
				      "no space for a temporary copy of it");
	if (ferror(stream))
		return refuse(file, err, BW_ERR_MISSING, strerror(errno));
	if (fflush(file->copy) != 0)
		return refuse(file, err, BW_ERR_UNAVAILABLE, "no space for a temporary copy of it");
	return 0;
}

/* A stream that libpcap owns from then on. */
static FILE *open_stream(struct file *file, struct bw_err *err)
{
	bool is_input = strcmp(file->path, "-") == 0;
	FILE *stream = file->copy ? NULL : is_input ? stdin : fopen(file->path, "rb");
	struct stat stat;
	int fd;

	if (!file->copy && (!stream || fstat(fileno(stream), &stat) < 0)) {
		(void)refuse(file, err, BW_ERR_MISSING, strerror(errno));
		return NULL;
	}
	if (!file->copy && S_ISREG(stat.st_mode) && !is_input)
		return stream;
	if (!file->copy && S_ISDIR(stat.st_mode)) {
		(void)refuse(file, err, BW_ERR_MISSING, strerror(EISDIR));
		fclose(stream);
		return NULL;
	}
	if (!file->copy && copy_stream(file, stream, err) < 0)
		stream = is_input ? stdin : stream;
	if (stream && !is_input)
		fclose(stream);
	if (err->code < 0)
		return NULL;
	fd = dup(fileno(file->copy));
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0 || !(stream = fdopen(fd, "rb"))) {
		(void)refuse(file, err, -errno, strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	return stream;
}

static int open_file(struct file *file, struct bw_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream;

	*err = (struct bw_err){.code = 0};
	stream = open_stream(file, err);
	if (!stream)
		return err->code;
	file->pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!file->pcap) {
		fclose(stream);
		(void)bw_err_set(err, BW_ERR_SYNTAX, "not a capture that can be read: %s", why);
		bw_err_place(err, file->path, 0, 0, NULL);
		return BW_ERR_SYNTAX;
	}
	file->linktype = pcap_datalink(file->pcap);
	if (frame_is_readable(file->linktype))
		return 0;
	(void)bw_err_set(err, BW_ERR_VALUE, "frames of link type %s cannot be read",
			 pcap_datalink_val_to_description_or_dlt(file->linktype));
	bw_err_place(err, file->path, 0, 0, NULL);
	return BW_ERR_VALUE;
}

int capture_file_add(struct capture_file *capture, const char *path, struct bw_err *err)
{
	struct bw_err own;
	struct file *files, *file;
	int code;

	if (capture->count == CAPTURE_FILE_FILES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "more than %d captures; merge some of them",
				  CAPTURE_FILE_FILES_MAX);
	files = realloc(capture->files, (capture->count + 1) * sizeof(*files));
	if (!files)
		return bw_err_set(err, -ENOMEM, "out of memory");
	capture->files = files;
	file = &files[capture->count];
	*file = (struct file){.path = strdup(path)};
	if (!file->path)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = open_file(file, &own);
	if (code < 0) {
		if (err)
			*err = own;
		close_file(file);
		return code;
	}
	capture->count++;
	return 0;
}

static void say_broken(const struct file *file, const struct capture_file_handlers *handlers,
		       const char *message)
{
	struct bw_err err;

	(void)bw_err_set(&err, BW_ERR_SYNTAX, "%s; what was read before counts", message);
	bw_err_place(&err, file->path, 0, 0, NULL);
	handlers->on_error(handlers->self, &err);
}

/* Fetches the next frame, if there is one. */
static void fetch(struct file *file, const struct capture_file_handlers *handlers)
{
	int r = pcap_next_ex(file->pcap, &file->header, &file->bytes);
	int64_t seconds;

	file->has_frame = false;
	if (r == 1) {
		seconds = (int64_t)file->header->ts.tv_sec;
		file->has_frame = seconds >= 0 && seconds <= SECONDS_MAX;
		file->at.ns = file->has_frame ? seconds * BW_S + file->header->ts.tv_usec : 0;
		if (!file->has_frame)
			say_broken(file, handlers, "a frame has an impossible time");
	} else if (r != PCAP_ERROR_BREAK) {
		say_broken(file, handlers, pcap_geterr(file->pcap));
	}
}

static int rewind_file(struct file *file, struct bw_err *err)
{
	file->begun = false;
	if (file->pcap)
		pcap_close(file->pcap);
	file->pcap = NULL;
	return open_file(file, err);
}

static struct bw_now time_of(struct capture_file *capture, struct bw_wall at)
{
	struct bw_now *now = &capture->now;
	int64_t step = at.ns - now->wall.ns;

	if (!capture->started)
		*now = (struct bw_now){.wall = at};
	else if (step >= 0 && now->mono.ns <= MONO_MAX - step)
		*now = (struct bw_now){bw_mono_add(now->mono, step), at};
	else if (step < -STEP_NS || step > 0)
		now->wall = at;
	capture->started = true;
	return *now;
}

static struct file *earliest(struct capture_file *capture)
{
	struct file *first = NULL;

	for (size_t i = 0; i < capture->count; i++) {
		struct file *file = &capture->files[i];

		if (file->has_frame && (!first || file->at.ns < first->at.ns))
			first = file;
	}
	return first;
}

/* True when no file is under way that might have had something in between. */
static bool is_gap(const struct capture_file *capture)
{
	for (size_t i = 0; i < capture->count; i++)
		if (capture->files[i].begun && capture->files[i].has_frame)
			return false;
	return true;
}

static int hand_over(struct capture_file *capture, struct file *file,
		     const struct capture_file_handlers *handlers)
{
	struct bw_now now = time_of(capture, file->at);
	struct bw_rx rx = {
		.at = now.mono,
		.linktype = file->linktype,
		.length = file->header->caplen,
		.wire_length = file->header->len,
		.bytes = file->bytes,
	};
	int code;

	file->begun = true;
	code = handlers->on_frame(handlers->self, &rx, now);
	if (code < 0)
		return code;
	fetch(file, handlers);
	if (!file->has_frame && is_gap(capture) && earliest(capture))
		handlers->on_gap(handlers->self);
	return 0;
}

int capture_file_read(struct capture_file *capture, const struct capture_file_handlers *handlers)
{
	struct file *file;
	int code = 0;

	capture->started = false;
	for (size_t i = 0; i < capture->count; i++) {
		struct bw_err err;

		capture->files[i].has_frame = false;
		if (rewind_file(&capture->files[i], &err) < 0)
			handlers->on_error(handlers->self, &err);
		else
			fetch(&capture->files[i], handlers);
	}
	while (code == 0 && (file = earliest(capture)))
		code = hand_over(capture, file, handlers);
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/capture_file.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/rx/capture_stream.h"
#include "wire/link/frame.h"

#define STEP_NS BW_S                      /* time that goes back further was set back */
#define SECONDS_MAX UINT32_MAX            /* the year 2106, where pcap's own time ends */
#define MONO_MAX (2 * SECONDS_MAX * BW_S) /* however often a clock was set back */

#define TRUNCATED "truncated " /* of the messages of libpcap: the file ends within a packet */
#define MIXED "different from the type of the first interface"
#define MIXED_HELP                                                                           \
	"its interfaces have different link types and cannot be read together; split it by " \
	"interface: tshark -r FILE -Y 'frame.interface_id == 0' -w ONE"

struct file {
	struct capture_stream stream;
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
	capture_stream_fini(&file->stream);
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

/* libpcap tells its reasons in words only. */
static bool says(const char *why, const char *words)
{
	return strstr(why, words) != NULL;
}

static int refuse_file(const struct file *file, const char *why, struct bw_err *err)
{
	if (file->stream.failed)
		(void)bw_err_set(err, BW_ERR_SYNTAX, "'%s' cannot unpack it", file->stream.failed);
	else if (says(why, MIXED))
		(void)bw_err_set(err, BW_ERR_VALUE, MIXED_HELP);
	else
		(void)bw_err_set(err, BW_ERR_SYNTAX, "not a capture that can be read: %s", why);
	capture_stream_place(&file->stream, err);
	return err->code;
}

static int open_file(struct file *file, struct bw_err *err)
{
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *stream = capture_stream_open(&file->stream, err);

	if (!stream)
		return err->code;
	file->pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
	if (!file->pcap) {
		fclose(stream);
		return refuse_file(file, why, err);
	}
	file->linktype = pcap_datalink(file->pcap);
	if (frame_is_readable(file->linktype))
		return 0;
	(void)bw_err_set(err, BW_ERR_VALUE, "frames of link type %s cannot be read",
			 pcap_datalink_val_to_description_or_dlt(file->linktype));
	capture_stream_place(&file->stream, err);
	return BW_ERR_VALUE;
}

int capture_file_add(struct capture_file *capture, const char *path, struct bw_err *err)
{
	struct bw_err own = {.code = 0};
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
	*file = (struct file){.linktype = -1};
	code = capture_stream_init(&file->stream, path, &own);
	if (code == 0)
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

static void say(const struct file *file, const struct capture_file_handlers *handlers, int code,
		const char *message)
{
	struct bw_err err;

	(void)bw_err_set(&err, code, "%s%s", message,
			 file->begun ? "; what was read before counts" : "");
	capture_stream_place(&file->stream, &err);
	if (code == 0)
		handlers->on_warning(handlers->self, &err);
	else
		handlers->on_error(handlers->self, &err);
}

/* libpcap could not read on: WHY. Captures often end in the middle of their last packet. */
static void say_end(const struct file *file, const struct capture_file_handlers *handlers,
		    const char *why)
{
	if (file->stream.failed)
		return; /* has been said */
	if (says(why, MIXED))
		say(file, handlers, BW_ERR_VALUE, MIXED_HELP);
	else
		say(file, handlers, strncmp(why, TRUNCATED, strlen(TRUNCATED)) ? BW_ERR_SYNTAX : 0,
		    why);
}

/* Seconds since 1970, of which a pcap file has 32 bits without a sign, libpcap with one. */
static int64_t seconds_of(const struct pcap_pkthdr *header)
{
	int64_t seconds = (int64_t)header->ts.tv_sec;

	return seconds < 0 && seconds >= INT32_MIN ? seconds + UINT32_MAX + 1 : seconds;
}

/* Fetches the next frame, if there is one. */
static void fetch(struct file *file, const struct capture_file_handlers *handlers)
{
	int r = pcap_next_ex(file->pcap, &file->header, &file->bytes);
	int64_t seconds;

	file->has_frame = false;
	if (r == 1) {
		seconds = seconds_of(file->header);
		file->has_frame = seconds >= 0 && seconds <= SECONDS_MAX;
		file->at.ns = file->has_frame ? seconds * BW_S + file->header->ts.tv_usec : 0;
		if (!file->has_frame)
			say(file, handlers, BW_ERR_SYNTAX, "a frame has an impossible time");
	} else if (r != PCAP_ERROR_BREAK) {
		say_end(file, handlers, pcap_geterr(file->pcap));
	}
}

static void say_unpacked(const struct file *file, const struct capture_file_handlers *handlers)
{
	char message[128];

	snprintf(message, sizeof(message),
		 "'%s' could not unpack all of it: it is damaged or cut off, or there is no space "
		 "left",
		 file->stream.failed);
	say(file, handlers, BW_ERR_SYNTAX, message);
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

static void begin(struct file *file, const struct capture_file_handlers *handlers)
{
	if (file->stream.failed)
		say_unpacked(file, handlers);
	fetch(file, handlers);
}

int capture_file_read(struct capture_file *capture, const struct capture_file_handlers *handlers)
{
	struct file *file;
	int code = 0;

	capture->started = false;
	for (size_t i = 0; i < capture->count; i++) {
		struct bw_err err = {.code = 0};

		capture->files[i].has_frame = false;
		if (rewind_file(&capture->files[i], &err) < 0)
			handlers->on_error(handlers->self, &err);
		else
			begin(&capture->files[i], handlers);
	}
	while (code == 0 && (file = earliest(capture)))
		code = hand_over(capture, file, handlers);
	return code;
}

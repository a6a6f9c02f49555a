/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/refused.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/spool/refused_room.h"
#include "sys/spool/write/spool_lines.h"
#include "json/json_out.h"

#define PATH_TEXT 256
#define SCHEMA "blockwatch/refused/1"

static int write_file(int folder, const char *path, const char *bytes, size_t length)
{
	int fd = openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	int code;

	if (fd < 0)
		return -errno;
	code = spool_lines_write(fd, bytes, length);
	if (code == 0 && fdatasync(fd) != 0)
		code = -errno;
	close(fd);
	if (code < 0)
		unlinkat(folder, path, 0);
	return code;
}

static size_t count_lines(const char *lines, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += lines[i] == '\n';
	return count;
}

static void put_reasons(struct json_out *out, const struct refused_batch *batch)
{
	json_out_key(out, "reasons");
	json_out_array(out);
	for (size_t i = 0; i < batch->reason_count; i++) {
		if (!batch->reasons[i])
			continue;
		json_out_object(out);
		json_out_key(out, "line");
		json_out_uint(out, i + 1);
		json_out_key(out, "reason");
		json_out_string(out, batch->reasons[i]);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

/* The text is owned by the caller; NULL: out of memory. */
static char *encode(const struct refused_batch *batch, struct bw_now now)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_object(&out);
	json_out_key(&out, "schema");
	json_out_string(&out, SCHEMA);
	json_out_key(&out, "sink");
	json_out_string(&out, batch->sink);
	json_out_key(&out, "time");
	json_out_time(&out, now.wall);
	json_out_key(&out, "lines");
	json_out_uint(&out, count_lines(batch->lines, batch->length));
	json_out_key(&out, "reason");
	json_out_string(&out, batch->reason);
	if (batch->reasons)
		put_reasons(&out, batch);
	json_out_object_end(&out);
	json_out_newline(&out);
	return json_out_take(&out);
}

static void format_path(const struct refused *refused, const char *sink, struct bw_now now,
			const char *end, char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "refused/%s-%" PRId64 "-%" PRIu64 ".%s", sink,
		 now.wall.ns / BW_MS, refused->made, end);
}

static int write_batch(const struct refused *refused, const struct refused_batch *batch,
		       const char *why, struct bw_now now)
{
	char path[PATH_TEXT], lines[PATH_TEXT];
	int code;

	format_path(refused, batch->sink, now, "jsonl", lines);
	format_path(refused, batch->sink, now, "json", path);
	code = write_file(refused->folder, lines, batch->lines, batch->length);
	if (code == 0) {
		code = write_file(refused->folder, path, why, strlen(why));
		if (code < 0)
			unlinkat(refused->folder, lines, 0);
	}
	return code;
}

int refused_put(struct refused *refused, const struct refused_batch *batch, struct bw_now now)
{
	char *why = encode(batch, now);
	uint64_t length = batch->length + (why ? strlen(why) : 0);
	int code = why ? refused_room_make(refused, length) : -ENOMEM;

	if (code == 0)
		code = write_batch(refused, batch, why, now);
	if (code == 0) {
		refused->made++;
		refused->batches++;
		refused->bytes += length;
	}
	free(why);
	return code;
}

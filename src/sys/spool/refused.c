/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/refused.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static int encode_reason(const struct refused *refused, size_t lines, const char *reason,
			 struct bw_now now, char text[1024])
{
	struct json_out out;

	json_out_init(&out, text, 1024);
	json_out_object(&out);
	json_out_key(&out, "schema");
	json_out_string(&out, SCHEMA);
	json_out_key(&out, "sink");
	json_out_string(&out, refused->sink);
	json_out_key(&out, "time");
	json_out_time(&out, now.wall);
	json_out_key(&out, "lines");
	json_out_uint(&out, lines);
	json_out_key(&out, "reason");
	json_out_string(&out, reason);
	json_out_object_end(&out);
	json_out_newline(&out);
	return json_out_end(&out);
}

static void format_path(const struct refused *refused, struct bw_now now, const char *end,
			char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "refused/%s-%" PRId64 "-%" PRIu64 ".%s", refused->sink,
		 now.wall.ns / BW_MS, refused->count, end);
}

int refused_put(struct refused *refused, const char *lines, size_t length, const char *reason,
		struct bw_now now)
{
	char path[PATH_TEXT], text[1024];
	int code, words;

	if (refused->count >= REFUSED_FILES)
		return 0;
	words = encode_reason(refused, count_lines(lines, length), reason, now, text);
	if (words < 0)
		return words;
	format_path(refused, now, "jsonl", path);
	code = write_file(refused->folder, path, lines, length);
	format_path(refused, now, "json", path);
	if (code == 0)
		code = write_file(refused->folder, path, text, (size_t)words);
	if (code == 0)
		refused->count++;
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/record/record.h"

#define ROOM ((size_t)256 << 10)

_Static_assert(ROOM > RECORD_LINE_MAX, "a line fits");

struct reader {
	char *buffer;
	size_t length;
	int (*take)(void *self, const char *text, size_t length);
	void *self;
};

/* Gives the whole lines, and keeps the rest at the front of the buffer. */
static int give_lines(struct reader *reader)
{
	const char *at = reader->buffer, *end = at + reader->length, *newline;
	int code = 0;

	while (code >= 0 && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		code = reader->take(reader->self, at, (size_t)(newline + 1 - at));
		at = newline + 1;
	}
	reader->length = (size_t)(end - at);
	memmove(reader->buffer, at, reader->length);
	return code < 0 ? code : 0;
}

static int give_piece(struct reader *reader)
{
	int code = reader->length ? reader->take(reader->self, reader->buffer, reader->length) : 0;

	reader->length = 0;
	return code < 0 ? code : 0;
}

static int read_all(struct reader *reader, int fd, uint64_t from)
{
	int code = 0;
	ssize_t got = 1;

	while (code == 0 && got > 0) {
		got = pread(fd, reader->buffer + reader->length, ROOM - reader->length,
			    (off_t)from);
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got < 0)
			return -errno;
		from += (uint64_t)got;
		reader->length += (size_t)got;
		code = give_lines(reader);
		if (code == 0 && (got == 0 || reader->length == ROOM))
			code = give_piece(reader);
	}
	return code;
}

int spool_lines_read(int fd, uint64_t from,
		     int (*take)(void *self, const char *text, size_t length), void *self)
{
	struct reader reader = {malloc(ROOM), 0, take, self};
	int code = reader.buffer ? read_all(&reader, fd, from) : -ENOMEM;

	free(reader.buffer);
	return code;
}

int spool_lines_write(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static ssize_t load(int fd, size_t max, char **ret_text)
{
	struct stat status;
	ssize_t length;
	char *text;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > max)
		return -EFBIG;
	text = malloc((size_t)status.st_size + 1);
	if (!text)
		return -ENOMEM;
	length = pread(fd, text, (size_t)status.st_size, 0);
	if (length < 0) {
		length = -errno;
		free(text);
		return length;
	}
	text[length] = '\0';
	*ret_text = text;
	return length;
}

ssize_t spool_lines_load(int folder, const char *path, size_t max, char **ret_text)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = load(fd, max, ret_text);
	close(fd);
	return length;
}

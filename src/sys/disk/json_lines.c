/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/json_lines.h"
#include "report/record/encode.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void json_lines_init(struct json_lines *lines, int fd)
{
	lines->fd = fd;
	lines->error = 0;
	lines->written = lines->lost = 0;
}

int json_lines_error(const struct json_lines *lines)
{
	return lines->error;
}

/* Returns the flags that were set before, or -errno. */
static int make_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0)
		return -errno;
	return flags;
}

/*
 * Returns 0 or -errno, and in *ret_done how much was written in either case. Another
 * process that shares the descriptor may have made it non-blocking; then it is made
 * blocking for the rest of the line.
 */
static int write_all(int fd, const char *bytes, size_t length, size_t *ret_done)
{
	size_t done = 0;
	int error = 0, flags = -1;

	while (done < length && !error) {
		ssize_t n = write(fd, bytes + done, length - done);

		if (n >= 0) {
			done += (size_t)n;
		} else if (errno == EAGAIN && flags < 0) {
			flags = make_blocking(fd);
			error = flags < 0 ? flags : 0;
		} else if (errno != EINTR) {
			error = -errno;
		}
	}
	if (flags >= 0)
		fcntl(fd, F_SETFL, flags);
	*ret_done = done;
	return error;
}

/* Only if the piece is the end of the file: never removes what another process wrote. */
static void take_back(int fd, size_t length)
{
	struct stat status;
	off_t end = lseek(fd, 0, SEEK_CUR);

	if (length == 0 || end < (off_t)length || fstat(fd, &status) < 0)
		return;
	if (!S_ISREG(status.st_mode) || status.st_size != end)
		return;
	if (ftruncate(fd, end - (off_t)length) == 0)
		lseek(fd, -(off_t)length, SEEK_CUR);
}

int json_lines_write(int fd, const char *line, size_t length)
{
	size_t done = 0;
	int error = write_all(fd, line, length, &done);

	if (error < 0)
		take_back(fd, done);
	return error;
}

static void put_record(void *self, const struct record *record)
{
	struct json_lines *lines = self;
	int length;

	if (lines->error) {
		lines->lost++;
		return;
	}
	length = record_encode(record, lines->line, sizeof(lines->line));
	lines->error =
		length < 0 ? length : json_lines_write(lines->fd, lines->line, (size_t)length);
	if (lines->error)
		lines->lost++;
	else
		lines->written++;
}

struct record_sink json_lines_sink(struct json_lines *lines)
{
	return (struct record_sink){.put = put_record, .self = lines};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/lines_out.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blockwatch/err.h>

int lines_out_init(struct lines_out *out, int fd)
{
	struct stat status;

	*out = (struct lines_out){.fd = fd};
	out->waits = fstat(fd, &status) < 0 || !S_ISREG(status.st_mode);
	out->buffer = malloc(LINES_OUT_ROOM);
	return out->buffer ? 0 : -ENOMEM;
}

void lines_out_fini(struct lines_out *out)
{
	free(out->buffer);
	out->buffer = NULL;
}

char *lines_out_line(struct lines_out *out, size_t size)
{
	if (out->begin > 0 && out->end + size > LINES_OUT_ROOM) {
		memmove(out->buffer, out->buffer + out->begin, out->end - out->begin);
		out->end -= out->begin;
		out->begin = 0;
	}
	if (out->end + size > LINES_OUT_ROOM && !out->error)
		out->error = BW_ERR_LIMIT;
	return out->error ? NULL : out->buffer + out->end;
}

void lines_out_put(struct lines_out *out, size_t length)
{
	out->end += length;
}

/* Takes back the piece of a line that a full disk has cut off. */
static void take_back(const struct lines_out *out)
{
	size_t begin = out->begin;
	off_t end = lseek(out->fd, 0, SEEK_CUR);
	struct stat status;

	while (begin > 0 && out->buffer[begin - 1] != '\n')
		begin--;
	if (out->waits || begin == out->begin || end < (off_t)(out->begin - begin) ||
	    fstat(out->fd, &status) < 0 || status.st_size != end)
		return;
	end -= (off_t)(out->begin - begin);
	if (ftruncate(out->fd, end) == 0)
		lseek(out->fd, end, SEEK_SET);
}

/* True when a write of PIPE_BUF bytes will not block, or will fail. */
static bool is_ready(const struct lines_out *out, int wait_ms)
{
	struct pollfd poll_fd = {.fd = out->fd, .events = POLLOUT};

	return !out->waits || poll(&poll_fd, 1, wait_ms) > 0;
}

int lines_out_flush(struct lines_out *out, int wait_ms)
{
	while (out->begin < out->end && !out->error) {
		size_t length = out->end - out->begin;
		ssize_t n;

		if (!is_ready(out, wait_ms))
			return 1;
		if (out->waits && length > PIPE_BUF)
			length = PIPE_BUF;
		n = write(out->fd, out->buffer + out->begin, length);
		if (n > 0)
			out->begin += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			return 1;
		else if (n < 0 && errno != EINTR)
			out->error = -errno;
	}
	if (out->error) {
		take_back(out);
		out->begin = out->end = 0;
		return out->error;
	}
	out->begin = out->end = 0;
	return 0;
}

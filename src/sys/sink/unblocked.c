/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/unblocked.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_MAX 4096 /* what poll() promises room for in a pipe (pipe(7): PIPE_BUF) */

/* A file description of our own: its flags are nobody else's. */
static int open_again(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void unblocked_init(struct unblocked *out, int fd)
{
	struct stat status;
	bool known = fstat(fd, &status) == 0;

	*out = (struct unblocked){.fd = fd, .own = -1};
	out->may_block = known && !S_ISREG(status.st_mode);
	out->is_socket = known && S_ISSOCK(status.st_mode);
	out->is_terminal = known && S_ISCHR(status.st_mode) && isatty(fd);
	if (out->is_terminal)
		out->own = open_again(fd);
}

void unblocked_fini(struct unblocked *out)
{
	if (out->own >= 0)
		close(out->own);
	out->own = -1;
}

/* A terminal that may not be opened again (of another user) is without blocking for a moment. */
static ssize_t write_for_a_moment(int fd, const char *bytes, size_t length)
{
	int flags = fcntl(fd, F_GETFL);
	ssize_t n;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	n = write(fd, bytes, length);
	n = n < 0 ? -errno : n;
	fcntl(fd, F_SETFL, flags);
	return n;
}

static bool is_ready(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLOUT};

	return poll(&poll_fd, 1, 0) > 0;
}

static ssize_t write_once(const struct unblocked *out, const char *bytes, size_t length)
{
	ssize_t n;

	if (out->is_terminal && out->own < 0)
		return write_for_a_moment(out->fd, bytes, length);
	if (out->is_terminal)
		n = write(out->own, bytes, length);
	else if (out->is_socket)
		n = send(out->fd, bytes, length, MSG_DONTWAIT);
	else if (!out->may_block || is_ready(out->fd))
		n = write(out->fd, bytes, length);
	else
		return -EAGAIN;
	return n < 0 ? -errno : n;
}

ssize_t unblocked_write(const struct unblocked *out, const char *bytes, size_t length)
{
	ssize_t n;

	if (out->may_block && length > PIECE_MAX)
		length = PIECE_MAX;
	do
		n = write_once(out, bytes, length);
	while (n == -EINTR);
	return n;
}

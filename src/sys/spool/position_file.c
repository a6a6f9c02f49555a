/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/position_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sys/spool/write/spool_lines.h"

#define PATH_TEXT (POSITION_NAME + 32)
#define LOCK "positions/.lock"

static void format_path(const char *sink, const char *end, char path[PATH_TEXT])
{
	snprintf(path, PATH_TEXT, "positions/%s.json%s", sink, end);
}

/* Returns the length or -errno. */
static int read_all(int folder, const char *path, char *text, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, size);
	if (length < 0)
		length = -errno;
	close(fd);
	return (int)length;
}

int position_file_read(int folder, const char *sink, struct position *ret_position,
		       struct bw_err *err)
{
	char path[PATH_TEXT], text[POSITION_TEXT];
	int length;

	format_path(sink, "", path);
	length = read_all(folder, path, text, sizeof(text));
	if (length == -ENOENT)
		return bw_err_set(err, BW_ERR_MISSING, "%s is not there", path);
	if (length < 0)
		return bw_err_set(err, length, "cannot read %s: %s", path, strerror(-length));
	length = position_decode(text, (size_t)length, ret_position, err);
	if (length < 0)
		bw_err_place(err, path, 0, 0, NULL);
	return length;
}

/* Closes FD in any case. Returns 0 or -errno. */
static int write_all(int fd, const char *text, size_t length)
{
	int code = spool_lines_write(fd, text, length);

	if (code == 0 && fdatasync(fd) != 0)
		code = -errno;
	close(fd);
	return code;
}

static int replace(int folder, const char *sink, const char *text, size_t length)
{
	char path[PATH_TEXT], temporary[PATH_TEXT];
	int fd, code;

	format_path(sink, "", path);
	format_path(sink, ".tmp", temporary);
	unlinkat(folder, temporary, 0);
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0)
		return -errno;
	code = write_all(fd, text, length);
	if (code == 0 && renameat(folder, temporary, folder, path) != 0)
		code = -errno;
	if (code < 0)
		unlinkat(folder, temporary, 0);
	return code;
}

int position_file_write(int folder, const struct position *position, struct bw_err *err)
{
	char text[POSITION_TEXT];
	int length = position_encode(position, text, sizeof(text)), code;

	if (length < 0)
		return bw_err_set(err, length, "the position of '%s' is too long", position->sink);
	code = replace(folder, position->sink, text, (size_t)length);
	return code == 0 ? 0
			 : bw_err_set(err, code, "cannot write spool/positions/%s.json: %s",
				      position->sink, strerror(-code));
}

int position_file_lock(int folder, int *ret_fd, struct bw_err *err)
{
	/* For reading: another user may have made it. */
	int fd = openat(folder, LOCK, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644), code;

	if (fd < 0) {
		code = -errno;
		return bw_err_set(err, code, "cannot write into the spool's folder 'positions': %s",
				  strerror(-code));
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return bw_err_set(
			err, BW_ERR_UNAVAILABLE,
			"another `ship` is at work on this spool: end it, or let it work");
	}
	*ret_fd = fd;
	return 0;
}

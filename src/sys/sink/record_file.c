/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/sink/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/record/record.h"

#define TIME_KEY "\"time\":\""

static int refuse(const char *path, int code, const char *what, struct bw_err *err)
{
	bw_err_set(err, code, "%s", what);
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

static int refuse_system(const char *path, const char *what, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "%s: %s", what, strerror(errno));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int refuse_content(const char *path, struct bw_err *err)
{
	return refuse(path, BW_ERR_VALUE,
		      "has something other than records in it; give another path", err);
}

/* The "time" of the first record; ns 0: not found. */
static struct bw_wall find_time(const char *bytes, size_t length)
{
	const char *end = (const char *)memchr(bytes, '\n', length);
	const char *key = (const char *)memmem(bytes, end ? (size_t)(end - bytes) : length,
					       TIME_KEY, strlen(TIME_KEY));
	const char *from = key ? key + strlen(TIME_KEY) : NULL;
	const char *quote =
		from ? (const char *)memchr(from, '"', length - (size_t)(from - bytes)) : NULL;
	char text[BW_WALL_TEXT];
	struct bw_wall time = {0};

	if (!quote || (size_t)(quote - from) >= sizeof(text))
		return time;
	memcpy(text, from, (size_t)(quote - from));
	text[quote - from] = '\0';
	bw_wall_parse(text, &time);
	return time;
}

/* The file must end with a line, or with a record that lacks its end. */
static int check_end(const char *path, struct record_file *file, struct bw_err *err)
{
	char bytes[RECORD_LINE_MAX];
	size_t room = file->size < sizeof(bytes) ? (size_t)file->size : sizeof(bytes);
	ssize_t got = pread(file->fd, bytes, room, (off_t)(file->size - room));
	const char *newline;
	size_t tail;

	if (got < 0)
		return refuse_system(path, "cannot read it", err);
	newline = (const char *)memrchr(bytes, '\n', (size_t)got);
	if (!newline && file->size > room)
		return refuse_content(path, err);
	tail = newline ? (size_t)(newline + 1 - bytes) : 0;
	if (tail == (size_t)got)
		return 0;
	if (bytes[tail] != '{')
		return refuse_content(path, err);
	file->size -= (uint64_t)got - tail;
	file->cut_off = 1;
	if (record_file_cut(file) < 0)
		return refuse_system(path, "cannot cut off the record without an end", err);
	return 0;
}

static int check_content(const char *path, struct record_file *file, struct bw_err *err)
{
	char bytes[RECORD_LINE_MAX];
	ssize_t got = pread(file->fd, bytes, sizeof(bytes), 0);

	if (got < 0)
		return refuse_system(path, "cannot read it", err);
	if (got == 0)
		return 0;
	if (bytes[0] != '{')
		return refuse_content(path, err);
	file->began = find_time(bytes, (size_t)got);
	return check_end(path, file, err);
}

static int check_file(const char *path, struct record_file *file, struct bw_err *err)
{
	struct stat st;

	if (fstat(file->fd, &st) < 0)
		return refuse_system(path, "cannot look at it", err);
	if (!S_ISREG(st.st_mode))
		return refuse(path, BW_ERR_VALUE, "must be a regular file", err);
	/* Some file systems have no locks: then the file is written without. */
	if (flock(file->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return refuse(path, BW_ERR_UNAVAILABLE, "another process writes it", err);
	file->size = (uint64_t)st.st_size;
	return check_content(path, file, err);
}

static int open_file(const char *path, int flags, struct record_file *ret_file,
		     struct bw_err *err)
{
	struct record_file file = {
		.fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | flags, 0644)};
	int code;

	if (file.fd < 0)
		return refuse_system(path, "cannot open it", err);
	code = check_file(path, &file, err);
	if (code < 0)
		record_file_close(&file);
	else
		*ret_file = file;
	return code;
}

int record_file_open(const char *path, struct record_file *ret_file, struct bw_err *err)
{
	/* O_NONBLOCK: do not wait for the reader of a FIFO, which is refused. */
	return open_file(path, O_NONBLOCK, ret_file, err);
}

int record_file_create(const char *path, struct record_file *ret_file, struct bw_err *err)
{
	struct stat st;

	if (lstat(path, &st) == 0 && (S_ISLNK(st.st_mode) || st.st_size == 0))
		unlink(path);
	return open_file(path, O_EXCL | O_NOFOLLOW, ret_file, err);
}

void record_file_close(struct record_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool record_file_is_at(const struct record_file *file, const char *path)
{
	struct stat here, there;

	return fstat(file->fd, &here) == 0 && stat(path, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int record_file_cut(const struct record_file *file)
{
	struct stat st;

	if (fstat(file->fd, &st) < 0)
		return -errno;
	/* If somebody else has made it shorter, ftruncate() would fill it with zeros. */
	if ((uint64_t)st.st_size <= file->size)
		return 0;
	return ftruncate(file->fd, (off_t)file->size) < 0 ? -errno : 0;
}

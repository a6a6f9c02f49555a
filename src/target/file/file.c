/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct buffer {
	char *bytes;
	size_t length, capacity;
};

static int refuse(const char *path, int code, const char *what, const char *why, struct bw_err *err)
{
	bw_err_set(err, code, "%s: %s", what, why);
	bw_err_place(err, path, 0, 0, NULL);
	return code;
}

static int grow(struct buffer *buffer)
{
	size_t capacity = buffer->capacity * 2;
	char *bytes = (char *)realloc(buffer->bytes, capacity + 1);

	if (!bytes)
		return -ENOMEM;
	buffer->bytes = bytes;
	buffer->capacity = capacity;
	return 0;
}

/* To the end of the file: 0, or -errno (-EFBIG beyond the limit). */
static int fill(int fd, struct buffer *buffer)
{
	for (;;) {
		ssize_t got;

		if (buffer->length > FILE_SIZE_MAX)
			return -EFBIG;
		if (buffer->length == buffer->capacity && grow(buffer) < 0)
			return -ENOMEM;
		got = read(fd, buffer->bytes + buffer->length, buffer->capacity - buffer->length);
		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			buffer->length += (size_t)got;
	}
}

/* The file's size if it has one, so that the usual file is read into just its size. */
static int guess_size(int fd, size_t *ret_size)
{
	struct stat st;

	*ret_size = 4096;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return 0;
	*ret_size = (size_t)st.st_size + 1;
	return (size_t)st.st_size <= FILE_SIZE_MAX ? 0 : -EFBIG;
}

static int read_all(int fd, struct buffer *buffer)
{
	int result = guess_size(fd, &buffer->capacity);

	if (result < 0)
		return result;
	buffer->bytes = (char *)malloc(buffer->capacity + 1);
	return buffer->bytes ? fill(fd, buffer) : -ENOMEM;
}

int file_read(const char *path, char **ret_bytes, size_t *ret_length, struct bw_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buffer buffer = {NULL, 0, 0};
	int result;

	if (fd < 0)
		return refuse(path, BW_ERR_MISSING, "cannot open it", strerror(errno), err);
	result = read_all(fd, &buffer);
	if (is_stdin)
		path = FILE_STDIN;
	else
		close(fd);
	if (result == 0) {
		buffer.bytes[buffer.length] = '\0';
		*ret_bytes = buffer.bytes;
		*ret_length = buffer.length;
		return 0;
	}
	free(buffer.bytes);
	if (result == -ENOMEM)
		return refuse(path, result, "cannot read it", "out of memory", err);
	if (result == -EFBIG)
		return refuse(path, BW_ERR_LIMIT, "too large", "the limit is 256 MiB", err);
	return refuse(path, BW_ERR_MISSING, "cannot read it", strerror(-result), err);
}

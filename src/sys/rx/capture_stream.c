/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/capture_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/rx/unpack.h"

#define COPY_BYTES 65536

static bool is_input(const struct capture_stream *stream)
{
	return strcmp(stream->path, "-") == 0;
}

void capture_stream_place(const struct capture_stream *stream, struct bw_err *err)
{
	bw_err_place(err, is_input(stream) ? "standard input" : stream->path, 0, 0, NULL);
}

static int refuse(const struct capture_stream *stream, struct bw_err *err, int code,
		  const char *message)
{
	(void)bw_err_set(err, code, "%s", message);
	capture_stream_place(stream, err);
	return code;
}

static int copy(struct capture_stream *stream, FILE *from, struct bw_err *err)
{
	char bytes[COPY_BYTES];
	size_t length;

	stream->copy = tmpfile();
	if (!stream->copy)
		return refuse(stream, err, BW_ERR_UNAVAILABLE,
			      "cannot make a temporary file for it");
	while ((length = fread(bytes, 1, sizeof(bytes), from)) > 0)
		if (fwrite(bytes, 1, length, stream->copy) != length)
			return refuse(stream, err, BW_ERR_UNAVAILABLE,
				      "no space for a temporary copy of it");
	if (ferror(from))
		return refuse(stream, err, BW_ERR_MISSING, strerror(errno));
	if (fflush(stream->copy) != 0)
		return refuse(stream, err, BW_ERR_UNAVAILABLE,
			      "no space for a temporary copy of it");
	return 0;
}

/* Puts what is in a compressed FROM in place of the copy. */
static int unpack_stream(struct capture_stream *stream, FILE *from, struct bw_err *err)
{
	struct unpacked unpacked;
	int code = unpack(fileno(from), &unpacked, err);

	if (code < 0) {
		capture_stream_place(stream, err);
		return code;
	}
	if (!unpacked.file)
		return 0;
	if (stream->copy)
		fclose(stream->copy);
	stream->copy = unpacked.file;
	stream->failed = unpacked.failed ? unpacked.program : NULL;
	return 0;
}

static int read_file(struct capture_stream *stream, FILE *from, struct bw_err *err)
{
	struct stat stat;
	int code;

	if (fstat(fileno(from), &stat) < 0)
		return refuse(stream, err, BW_ERR_MISSING, strerror(errno));
	if (S_ISDIR(stat.st_mode))
		return refuse(stream, err, BW_ERR_MISSING, strerror(EISDIR));
	if (S_ISREG(stat.st_mode) && !is_input(stream))
		return unpack_stream(stream, from, err);
	code = copy(stream, from, err);
	return code < 0 ? code : unpack_stream(stream, stream->copy, err);
}

int capture_stream_init(struct capture_stream *stream, const char *path, struct bw_err *err)
{
	FILE *from;
	int code;

	*stream = (struct capture_stream){.path = strdup(path)};
	if (!stream->path)
		return bw_err_set(err, -ENOMEM, "out of memory");
	from = is_input(stream) ? stdin : fopen(path, "rb");
	if (!from)
		return refuse(stream, err, BW_ERR_MISSING, strerror(errno));
	code = read_file(stream, from, err);
	if (from != stdin)
		fclose(from);
	return code;
}

void capture_stream_fini(struct capture_stream *stream)
{
	if (stream->copy)
		fclose(stream->copy);
	free(stream->path);
	*stream = (struct capture_stream){.path = NULL};
}

FILE *capture_stream_open(const struct capture_stream *stream, struct bw_err *err)
{
	FILE *opened;
	int fd;

	if (!stream->copy) {
		opened = fopen(stream->path, "rb");
		if (!opened)
			(void)refuse(stream, err, BW_ERR_MISSING, strerror(errno));
		return opened;
	}
	fd = dup(fileno(stream->copy));
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) == 0 && (opened = fdopen(fd, "rb")))
		return opened;
	(void)refuse(stream, err, -errno, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

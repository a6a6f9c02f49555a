/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/compress.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_WINDOW (15 + 16) /* the largest window, with a header of gzip */
#define GZIP_MEMORY 9
#define LEVEL 1

struct compress {
	enum compress_method method;
	z_stream gzip;
	ZSTD_CCtx *zstd;
	char *out;
	size_t room;
};

int compress_new(enum compress_method method, struct compress **ret_compress)
{
	struct compress *compress = calloc(1, sizeof(*compress));
	int failed = 0;

	if (!compress)
		return -ENOMEM;
	compress->method = method;
	if (method == COMPRESS_GZIP)
		failed = deflateInit2(&compress->gzip, LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
				      Z_DEFAULT_STRATEGY) != Z_OK;
	if (method == COMPRESS_ZSTD)
		failed = !(compress->zstd = ZSTD_createCCtx());
	if (failed) {
		free(compress);
		return -ENOMEM;
	}
	*ret_compress = compress;
	return 0;
}

void compress_free(struct compress *compress)
{
	if (!compress)
		return;
	if (compress->method == COMPRESS_GZIP)
		deflateEnd(&compress->gzip);
	ZSTD_freeCCtx(compress->zstd);
	free(compress->out);
	free(compress);
}

static int reserve(struct compress *compress, size_t room)
{
	char *out = room > compress->room ? realloc(compress->out, room) : compress->out;

	if (!out)
		return -ENOMEM;
	compress->out = out;
	if (room > compress->room)
		compress->room = room;
	return 0;
}

static int run_gzip(struct compress *compress, const char *bytes, size_t length, size_t *ret_length)
{
	z_stream *gzip = &compress->gzip;
	int code = reserve(compress, deflateBound(gzip, length));

	if (code < 0)
		return code;
	gzip->next_in = (Bytef *)(uintptr_t)bytes;
	gzip->avail_in = (uInt)length;
	gzip->next_out = (Bytef *)compress->out;
	gzip->avail_out = (uInt)compress->room;
	code = deflate(gzip, Z_FINISH) == Z_STREAM_END ? 0 : -ENOMEM;
	*ret_length = compress->room - gzip->avail_out;
	deflateReset(gzip);
	return code;
}

static int run_zstd(struct compress *compress, const char *bytes, size_t length, size_t *ret_length)
{
	int code = reserve(compress, ZSTD_compressBound(length));

	if (code < 0)
		return code;
	*ret_length = ZSTD_compressCCtx(compress->zstd, compress->out, compress->room, bytes,
					length, LEVEL);
	return ZSTD_isError(*ret_length) ? -ENOMEM : 0;
}

int compress_run(struct compress *compress, const char *bytes, size_t length,
		 const char **ret_bytes, size_t *ret_length)
{
	int code = 0;

	*ret_bytes = bytes;
	*ret_length = length;
	if (compress->method == COMPRESS_GZIP)
		code = run_gzip(compress, bytes, length, ret_length);
	if (compress->method == COMPRESS_ZSTD)
		code = run_zstd(compress, bytes, length, ret_length);
	if (compress->method != COMPRESS_NONE)
		*ret_bytes = compress->out;
	return code;
}

const char *compress_encoding(const struct compress *compress)
{
	switch (compress->method) {
	case COMPRESS_GZIP:
		return "gzip";
	case COMPRESS_ZSTD:
		return "zstd";
	case COMPRESS_NONE:
	case COMPRESS_METHODS:
		break;
	}
	return NULL;
}

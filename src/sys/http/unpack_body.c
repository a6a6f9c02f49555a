/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/unpack_body.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>
#include <zstd.h>

#define PIECE ((size_t)64 << 10)
#define RATIO_FROM ((size_t)1 << 20) /* below this size no ratio is too high */
#define GZIP_WINDOW (15 + 16)        /* of zlib: gzip alone */
#define ZSTD_WINDOW_LOG 23           /* 8 MB of memory for a stream */

static const char *const words[] = {
#define X(name, word) word,
	UNPACK_BODY_LIST(X)
#undef X
};

int unpack_body_coding(const char *word, enum unpack_body_coding *ret_coding)
{
	*ret_coding = UNPACK_BODY_NONE;
	if (!word)
		return 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(word, words[i]) == 0) {
			*ret_coding = (enum unpack_body_coding)i;
			return 0;
		}
	}
	return BW_ERR_VALUE;
}

static void *open_gzip(void)
{
	z_stream *stream = calloc(1, sizeof(*stream));

	if (stream && inflateInit2(stream, GZIP_WINDOW) != Z_OK) {
		free(stream);
		return NULL;
	}
	return stream;
}

static void *open_zstd(void)
{
	ZSTD_DCtx *stream = ZSTD_createDCtx();

	if (stream)
		ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	return stream;
}

int unpack_body_init(struct unpack_body *body, enum unpack_body_coding coding,
		     const struct unpack_body_limits *limits)
{
	*body = (struct unpack_body){.coding = coding, .limits = *limits, .is_whole = true};
	switch (coding) {
	case UNPACK_BODY_NONE:
		return 0;
	case UNPACK_BODY_GZIP:
		body->stream = open_gzip();
		break;
	case UNPACK_BODY_ZSTD:
		body->stream = open_zstd();
		break;
	}
	return body->stream ? 0 : -ENOMEM;
}

/* Room for ROOM more bytes and a terminator. */
static int make_room(struct unpack_body *body, size_t room)
{
	size_t size = body->room ? body->room : PIECE;
	char *text;

	while (size - body->length < room + 1)
		size *= 2;
	if (size == body->room)
		return 0;
	text = realloc(body->text, size);
	if (!text)
		return -ENOMEM;
	body->text = text;
	body->room = size;
	return 0;
}

static bool is_too_large(const struct unpack_body *body)
{
	return body->length > body->limits.unpacked ||
	       (body->length > RATIO_FROM && body->length / body->limits.ratio > body->packed);
}

static int add_plain(struct unpack_body *body, const char *bytes, size_t length)
{
	int result;

	if (length > body->limits.unpacked - body->length)
		return BW_ERR_LIMIT;
	result = make_room(body, length);
	if (result < 0)
		return result;
	memcpy(body->text + body->length, bytes, length);
	body->length += length;
	return 0;
}

/* One step of zlib. Several gzip members may follow each other. */
static int step_gzip(struct unpack_body *body, z_stream *stream)
{
	const uInt room = (uInt)PIECE;
	int code;

	if (body->is_whole && inflateReset(stream) != Z_OK)
		return BW_ERR_SYNTAX;
	stream->next_out = (Bytef *)body->text + body->length;
	stream->avail_out = room;
	code = inflate(stream, Z_NO_FLUSH);
	body->length += room - stream->avail_out;
	body->is_whole = code == Z_STREAM_END;
	return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? 0 : BW_ERR_SYNTAX;
}

static int add_gzip(struct unpack_body *body, const char *bytes, size_t length)
{
	z_stream *stream = body->stream;
	int result = 0;

	stream->next_in = (Bytef *)(uintptr_t)bytes;
	stream->avail_in = (uInt)length;
	do {
		result = make_room(body, PIECE);
		if (result == 0)
			result = step_gzip(body, stream);
		if (result == 0 && is_too_large(body))
			result = BW_ERR_LIMIT;
	} while (result == 0 &&
		 (stream->avail_in > 0 || (stream->avail_out == 0 && !body->is_whole)));
	return result;
}

static int add_zstd(struct unpack_body *body, const char *bytes, size_t length)
{
	ZSTD_inBuffer in = {bytes, length, 0};
	ZSTD_outBuffer out = {NULL, PIECE, PIECE};
	int result = 0;

	while (result == 0 && (in.pos < in.size || (out.pos == out.size && !body->is_whole))) {
		size_t code;

		result = make_room(body, PIECE);
		if (result < 0)
			return result;
		out = (ZSTD_outBuffer){body->text + body->length, PIECE, 0};
		code = ZSTD_decompressStream(body->stream, &out, &in);
		body->length += out.pos;
		body->is_whole = code == 0;
		if (ZSTD_isError(code))
			result = BW_ERR_SYNTAX;
		else if (is_too_large(body))
			result = BW_ERR_LIMIT;
	}
	return result;
}

int unpack_body_add(struct unpack_body *body, const char *bytes, size_t length)
{
	if (length > body->limits.packed - body->packed)
		return BW_ERR_LIMIT;
	if (length == 0)
		return 0;
	body->packed += length;
	switch (body->coding) {
	case UNPACK_BODY_NONE:
		return add_plain(body, bytes, length);
	case UNPACK_BODY_GZIP:
		return add_gzip(body, bytes, length);
	case UNPACK_BODY_ZSTD:
		return add_zstd(body, bytes, length);
	}
	return BW_ERR_INTERNAL;
}

int unpack_body_end(const struct unpack_body *body)
{
	/* A packed body of no bytes is none. */
	if (body->coding != UNPACK_BODY_NONE && body->packed == 0)
		return BW_ERR_SYNTAX;
	return body->is_whole ? 0 : BW_ERR_SYNTAX;
}

void unpack_body_fini(struct unpack_body *body)
{
	if (body->coding == UNPACK_BODY_GZIP && body->stream) {
		inflateEnd(body->stream);
		free(body->stream);
	}
	if (body->coding == UNPACK_BODY_ZSTD)
		ZSTD_freeDCtx(body->stream);
	free(body->text);
	*body = (struct unpack_body){.text = NULL};
}

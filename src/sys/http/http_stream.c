/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_stream.h"

#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#define BLOCK ((size_t)16 << 10)

struct http_stream {
	struct MHD_Connection *connection;
	char *waiting;
	size_t length, room;
	bool is_suspended, is_over;
};

struct http_stream *http_stream_new(struct MHD_Connection *connection)
{
	struct http_stream *stream = calloc(1, sizeof(*stream));

	if (stream)
		stream->connection = connection;
	return stream;
}

static ssize_t read_more(void *arg, uint64_t position, char *buffer, size_t size)
{
	struct http_stream *stream = arg;
	const size_t length = stream->length < size ? stream->length : size;

	(void)position;
	if (stream->is_over)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (length == 0) {
		stream->is_suspended = true;
		MHD_suspend_connection(stream->connection);
		return 0;
	}
	memcpy(buffer, stream->waiting, length);
	memmove(stream->waiting, stream->waiting + length, stream->length - length);
	stream->length -= length;
	return (ssize_t)length;
}

struct MHD_Response *http_stream_response(struct http_stream *stream)
{
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, read_more, stream, NULL);
}

static bool make_room(struct http_stream *stream, size_t length)
{
	size_t room = stream->room ? stream->room : BLOCK;
	char *waiting;

	while (room - stream->length < length)
		room *= 2;
	if (room == stream->room)
		return true;
	waiting = realloc(stream->waiting, room);
	if (!waiting)
		return false;
	stream->waiting = waiting;
	stream->room = room;
	return true;
}

static void resume(struct http_stream *stream)
{
	if (!stream->is_suspended)
		return;
	stream->is_suspended = false;
	MHD_resume_connection(stream->connection);
}

void http_stream_send(struct http_stream *stream, const char *bytes, size_t length)
{
	if (stream->is_over)
		return;
	if (length > HTTP_STREAM_MAX - stream->length || !make_room(stream, length))
		stream->is_over = true;
	else
		memcpy(stream->waiting + stream->length, bytes, length);
	if (!stream->is_over)
		stream->length += length;
	resume(stream);
}

void http_stream_end(struct http_stream *stream)
{
	stream->is_over = true;
	resume(stream);
}

void http_stream_free(struct http_stream *stream)
{
	free(stream->waiting);
	free(stream);
}

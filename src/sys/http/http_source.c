/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_source.h"

#include <stdlib.h>

#include <microhttpd.h>

#define PIECE ((size_t)64 << 10) /* that is asked for at once */

static ssize_t read_source(void *arg, uint64_t position, char *buffer, size_t size)
{
	const struct http_source *source = arg;
	const ssize_t length = source->read(source->self, buffer, size);

	(void)position;
	if (length < 0)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return length > 0 ? length : MHD_CONTENT_READER_END_OF_STREAM;
}

static void free_source(void *arg)
{
	struct http_source *source = arg;

	source->free(source->self);
	free(source);
}

struct MHD_Response *http_source_response(const struct http_source *source)
{
	struct http_source *copy = malloc(sizeof(*copy));
	struct MHD_Response *response = NULL;

	if (copy) {
		*copy = *source;
		response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_source,
							     copy, free_source);
	}
	if (!response) {
		source->free(source->self);
		free(copy);
	}
	return response;
}

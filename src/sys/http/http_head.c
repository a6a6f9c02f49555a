/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_head.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define VERSION "HTTP/"

/* The version follows in the same buffer: the blank between them has become the terminator. */
bool http_head_has_nul(const char *uri)
{
	return strstr(uri, "%00") || strncmp(uri + strlen(uri) + 1, VERSION, strlen(VERSION)) != 0;
}

struct lengths {
	unsigned count, encodings;
};

static enum MHD_Result count(void *arg, enum MHD_ValueKind kind, const char *name,
			     const char *value)
{
	struct lengths *lengths = arg;

	(void)kind;
	(void)value;
	if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0)
		lengths->encodings++;
	if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
		lengths->count++;
	return MHD_YES;
}

const char *http_head_fault(struct MHD_Connection *connection)
{
	struct lengths lengths = {.count = 0};

	MHD_get_connection_values(connection, MHD_HEADER_KIND, count, &lengths);
	if (lengths.count > 1)
		return "Content-Length comes more than once";
	if (lengths.encodings > 1)
		return "Transfer-Encoding comes more than once";
	if (lengths.count > 0 && lengths.encodings > 0)
		return "Content-Length and Transfer-Encoding come together";
	return NULL;
}

enum MHD_Result http_head_refuse(struct MHD_Connection *connection, const char *fault)
{
	struct MHD_Response *response;
	enum MHD_Result result;
	char text[128];
	const int length = snprintf(text, sizeof(text), "{\"error\":\"%s\"}\n", fault);

	response = MHD_create_response_from_buffer((size_t)length, text, MHD_RESPMEM_MUST_COPY);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	result = MHD_queue_response(connection, MHD_HTTP_BAD_REQUEST, response);
	MHD_destroy_response(response);
	return result;
}

static const char *value_of(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

bool http_head_has_body(struct MHD_Connection *connection)
{
	const char *length = value_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return (length && strcmp(length, "0") != 0) ||
	       value_of(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_head.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define VERSION "HTTP/"
#define LINE_END 2 /* bytes: CR LF, of which libmicrohttpd has made terminators */

/* From 1.0 on libmicrohttpd refuses a NUL, a bare CR or LF, and a line that goes on, by itself. */
#define KEEPS_LINES (MHD_VERSION < 0x01000000)

/* Fields of which a server in front could take another one than we do. */
static const char *const singles[] = {MHD_HTTP_HEADER_CONTENT_LENGTH,
				      MHD_HTTP_HEADER_TRANSFER_ENCODING,
				      MHD_HTTP_HEADER_CONTENT_ENCODING, MHD_HTTP_HEADER_HOST, NULL};

/* The version follows in the same buffer: the blank between them has become the terminator. */
const char *http_head_uri_fault(const char *uri)
{
	if (strchr(uri, ' '))
		return "the path or the query has a blank";
	if (strstr(uri, "%00") || strncmp(uri + strlen(uri) + 1, VERSION, strlen(VERSION)) != 0)
		return "the path or the query has a NUL";
	return NULL;
}

/* Goes through the fields in their order. */
struct reading {
	const struct http_head *head;
	const char *next, *end; /* in the buffer: the next line, and where the head ends */
	const char *fault;
};

/* RFC 9110, 5.6.2 */
static bool is_token(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) &&
		    (text[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", text[i])))
			return false;
	return length > 0;
}

static bool has_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
			return true;
	return false;
}

static const char *value_of(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool is_in(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcasecmp(*names, name) == 0)
			return true;
	return false;
}

/* Whether VALUE is of the second field of a name that may come once. */
static bool is_second(const struct http_head *head, const char *name, const char *value)
{
	return (is_in(singles, name) || is_in(head->once, name)) &&
	       value_of(head->connection, name) != value;
}

/*
 * libmicrohttpd leaves a line where it was read, and makes terminators of its colon and its end.
 * What it has lost behind a NUL, or has moved to join it with the line before, leaves a gap.
 */
static bool is_whole_line(struct reading *r, const char *name, const char *value, size_t length)
{
	const char *end = value + length;

	if (name != r->next || r->end - end < 2 * LINE_END || end[0] != '\0' || end[1] != '\0')
		return false;
	r->next = end + LINE_END;
	return true;
}

static enum MHD_Result read_field(void *arg, enum MHD_ValueKind kind, const char *name,
				  size_t name_length, const char *value, size_t length)
{
	struct reading *r = arg;

	(void)kind;
	value = value ? value : "";
	if (!is_token(name, name_length))
		r->fault = "the name of a header field has a character that is not allowed";
	else if (has_control(value, length))
		r->fault = "the value of a header field has a control character";
	else if (KEEPS_LINES && !is_whole_line(r, name, value, length))
		r->fault = "a header line has a NUL, ends without CR LF or goes on in the next";
	else if (is_second(r->head, name, value))
		r->fault = "a header field comes twice that may come once";
	return r->fault ? MHD_NO : MHD_YES;
}

static const char *coding_fault(const struct http_head *head)
{
	const char *coding = value_of(head->connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);

	if (!coding)
		return NULL;
	if (value_of(head->connection, MHD_HTTP_HEADER_CONTENT_LENGTH))
		return "Content-Length and Transfer-Encoding come together";
	if (strcasecmp(coding, "chunked") != 0)
		return "Transfer-Encoding is not chunked";
	if (strcmp(head->version, MHD_HTTP_VERSION_1_0) == 0)
		return "HTTP/1.0 has no Transfer-Encoding";
	return NULL;
}

const char *http_head_fault(const struct http_head *head)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(head->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct reading r = {.head = head};

	if (head->method + strlen(head->method) + 1 != head->path)
		return "a NUL or a second blank follows the method";
	r.next = head->version + strlen(head->version) + LINE_END;
	r.end = head->method + info->header_size;
	MHD_get_connection_values_n(head->connection, MHD_HEADER_KIND, read_field, &r);
	if (r.fault)
		return r.fault;
	if (KEEPS_LINES && r.next + LINE_END != r.end)
		return "the head has a NUL or a line that ends without CR LF";
	return coding_fault(head);
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

bool http_head_has_body(struct MHD_Connection *connection)
{
	const char *length = value_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return (length && strcmp(length, "0") != 0) ||
	       value_of(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
}

uint64_t http_head_length(struct MHD_Connection *connection)
{
	const char *length = value_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	/* libmicrohttpd has refused what is no number, or a larger one. */
	return length ? strtoull(length, NULL, 10) : UINT64_MAX;
}

bool http_head_waits(struct MHD_Connection *connection)
{
	const char *expected = value_of(connection, MHD_HTTP_HEADER_EXPECT);

	return expected && strcasecmp(expected, "100-continue") == 0;
}

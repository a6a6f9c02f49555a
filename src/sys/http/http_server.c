/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/http_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <microhttpd.h>

#include "sys/http/http_body.h"
#include "sys/http/http_head.h"
#include "sys/http/http_queue.h"
#include "sys/http/http_source.h"
#include "sys/http/http_stream.h"
#include "sys/http/listen.h"

#define HEAD_ROOM ((size_t)32 << 10) /* memory of a connection: the head of a request */

struct http_server {
	struct MHD_Daemon *daemon;
	struct loop *loop;
	const struct http_server_ops *ops;
	void *self;
	struct http_server_options options;
	struct http_bodies bodies;
	struct exchange *streams; /* whose answers go on */
	size_t stream_count;
	struct http_queue queue;
	bool has_answered; /* since the last wake */
	bool ends;
	int epoll;
};

/* One request from its head to its answer. */
struct exchange {
	struct http_body body;
	const char *fault; /* why the URI is refused with 400; NULL: it is right */
	bool begun;
	struct http_queue_place place;
	struct http_stream *stream;
	struct exchange *previous, *next; /* of those with a stream */
};

const char *http_request_header(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *http_request_query(const struct http_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

void http_answer_field(struct http_answer *answer, const char *name, const char *value)
{
	if (answer->field_count == HTTP_FIELDS_MAX)
		return;
	answer->fields[answer->field_count].name = name;
	snprintf(answer->fields[answer->field_count++].value, HTTP_VALUE_MAX, "%s", value);
}

static void add_stream(struct http_server *server, struct exchange *exchange)
{
	exchange->next = server->streams;
	if (exchange->next)
		exchange->next->previous = exchange;
	server->streams = exchange;
	server->stream_count++;
}

static void remove_stream(struct http_server *server, struct exchange *exchange)
{
	if (exchange->next)
		exchange->next->previous = exchange->previous;
	if (exchange->previous)
		exchange->previous->next = exchange->next;
	else
		server->streams = exchange->next;
	server->stream_count--;
	http_stream_free(exchange->stream);
}

/* The answer with its beginning goes on; NULL: out of memory. */
static struct MHD_Response *begin_stream(struct http_server *server, struct exchange *exchange,
					 struct MHD_Connection *connection,
					 struct http_answer *answer)
{
	exchange->stream = http_stream_new(connection);
	if (exchange->stream) {
		add_stream(server, exchange);
		http_stream_send(exchange->stream, answer->body, answer->length);
	}
	free(answer->body);
	return exchange->stream ? http_stream_response(exchange->stream) : NULL;
}

static struct MHD_Response *make_response(struct http_server *server, struct exchange *exchange,
					  struct MHD_Connection *connection,
					  struct http_answer *answer)
{
	if (answer->source.read)
		return http_source_response(&answer->source);
	if (!answer->streams)
		return MHD_create_response_from_buffer(answer->length, answer->body,
						       MHD_RESPMEM_MUST_FREE);
	if (server->stream_count < server->options.streams)
		return begin_stream(server, exchange, connection, answer);
	free(answer->body);
	answer->status = MHD_HTTP_SERVICE_UNAVAILABLE;
	return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_answer(struct http_server *server, struct exchange *exchange,
				   struct MHD_Connection *connection, struct http_answer *answer)
{
	struct MHD_Response *response = make_response(server, exchange, connection, answer);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	if (answer->type)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
	for (size_t i = 0; i < answer->field_count; i++)
		MHD_add_response_header(response, answer->fields[i].name, answer->fields[i].value);
	result = MHD_queue_response(connection, answer->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_request(struct http_server *server, struct exchange *exchange,
				      struct http_request *request)
{
	struct http_answer answer = {.status = 0};

	if (server->ends)
		return MHD_NO;
	if (!http_queue_enter(&server->queue, &exchange->place, request->connection,
			      exchange->body.unpacked.length))
		return MHD_YES;
	server->has_answered = true;
	http_body_end(&exchange->body);
	if (exchange->body.unpacked.text) {
		request->text = exchange->body.unpacked.text;
		request->length = exchange->body.unpacked.length;
	}
	server->ops->on_request(server->self, request, exchange->body.refused, &answer);
	http_body_drop(&exchange->body, &server->bodies);
	return send_answer(server, exchange, request->connection, &answer);
}

/* What is refused before the client sends it, or is not read to its end, is answered at once. */
static enum MHD_Result begin_body(struct http_server *server, struct exchange *exchange,
				  struct http_request *request)
{
	struct http_body *body = &exchange->body;
	const uint64_t length = http_head_length(request->connection);

	http_body_begin(body, &server->bodies, server->ops->on_head(server->self, request),
			http_request_header(request, MHD_HTTP_HEADER_CONTENT_ENCODING), length);
	if (body->refused != 0 && (http_head_waits(request->connection) ||
				   http_body_is_endless(body, &server->bodies, length)))
		return answer_request(server, exchange, request);
	return MHD_YES;
}

static enum MHD_Result begin_request(struct http_server *server, struct exchange *exchange,
				     struct http_request *request, const char *version)
{
	const struct http_head head = {request->connection, request->method, request->path, version,
				       server->options.once};

	exchange->begun = true;
	if (!exchange->fault)
		exchange->fault = http_head_fault(&head);
	if (exchange->fault)
		return http_head_refuse(head.connection, exchange->fault);
	return http_head_has_body(head.connection) ? begin_body(server, exchange, request)
						   : MHD_YES;
}

/* libmicrohttpd calls this for the head, for each piece of the body, and at its end. */
static enum MHD_Result on_access(void *arg, struct MHD_Connection *connection, const char *url,
				 const char *method, const char *version, const char *bytes,
				 size_t *length, void **state)
{
	struct http_server *server = arg;
	struct exchange *exchange = *state;
	struct http_request request = {method, url, .text = "", .connection = connection};

	if (!exchange->begun)
		return begin_request(server, exchange, &request, version);
	if (*length > 0) {
		const bool goes_on =
			http_body_add(&exchange->body, &server->bodies, bytes, *length);

		*length = 0;
		return goes_on ? MHD_YES : MHD_NO;
	}
	return answer_request(server, exchange, &request);
}

/* Called first of all for a request. NULL as state makes on_access fail, which closes it. */
static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange));

	(void)arg;
	(void)connection;
	if (exchange)
		exchange->fault = http_head_uri_fault(uri);
	return exchange;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct http_server *server = arg;
	struct exchange *exchange = *state;

	(void)connection;
	(void)code;
	if (!exchange)
		return;
	http_body_drop(&exchange->body, &server->bodies);
	if (exchange->stream)
		remove_stream(server, exchange);
	free(exchange);
	*state = NULL;
}

static void on_ready(void *arg, unsigned events)
{
	struct http_server *server = arg;

	(void)events;
	MHD_run(server->daemon);
	loop_wake(server->loop);
}

static void on_log(void *arg, const char *format, va_list values)
{
	(void)arg;
	(void)format;
	(void)values; /* what clients do wrong is not logged: they could fill the disk */
}

static int start(struct http_server *server, int fd, struct bw_err *err)
{
	const struct http_server_options *options = &server->options;
	const unsigned flags =
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (options->certificate ? MHD_USE_TLS : 0);
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
		{MHD_OPTION_END, 0, NULL},
	};
	const union MHD_DaemonInfo *info;

	server->daemon =
		MHD_start_daemon(flags, 0, NULL, NULL, on_access, server,
				 MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET,
				 fd, MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
				 MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connections / 4,
				 MHD_OPTION_CONNECTION_LIMIT, options->connections,
				 MHD_OPTION_CONNECTION_TIMEOUT, options->idle_s,
				 MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_ROOM, MHD_OPTION_ARRAY,
				 options->certificate ? tls : &tls[2], MHD_OPTION_END);
	if (!server->daemon) {
		close(fd);
		return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot serve HTTP on %s%s",
				  options->address,
				  options->certificate ? ": are certificate and key right?" : "");
	}
	info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	server->epoll = info->epoll_fd;
	return loop_watch(server->loop, server->epoll, LOOP_READABLE | LOOP_SHARED, on_ready,
			  server);
}

int http_server_new(const struct http_server_options *options, const struct http_server_ops *ops,
		    void *self, struct loop *loop, struct http_server **ret_server,
		    struct bw_err *err)
{
	struct http_server *server;
	int fd = listen_on(options->address, err);
	int result;

	if (fd < 0)
		return fd;
	server = calloc(1, sizeof(*server));
	if (!server) {
		close(fd);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	*server = (struct http_server){
		.loop = loop,
		.ops = ops,
		.self = self,
		.options = *options,
		.bodies = {.limits = options->limits, .most = options->bodies},
		.epoll = -1,
	};
	result = start(server, fd, err);
	if (result < 0) {
		http_server_free(server);
		return result;
	}
	*ret_server = server;
	return 0;
}

unsigned http_server_port(const struct http_server *server)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_LISTEN_FD);

	return listen_port(info->listen_fd);
}

struct bw_mono http_server_wake(struct http_server *server, struct bw_now now)
{
	MHD_UNSIGNED_LONG_LONG ms;

	server->has_answered = false;
	http_queue_turn(&server->queue);
	MHD_run(server->daemon);
	if (server->has_answered || server->queue.first)
		return now.mono; /* its owner has not seen what was answered here */
	if (MHD_get_timeout(server->daemon, &ms) != MHD_YES)
		return BW_NEVER;
	return bw_mono_add(now.mono, (int64_t)ms * BW_MS);
}

void http_server_send(struct http_server *server, const char *text)
{
	for (struct exchange *e = server->streams; e; e = e->next)
		http_stream_send(e->stream, text, strlen(text));
}

void http_server_free(struct http_server *server)
{
	if (!server)
		return;
	if (server->epoll >= 0)
		loop_unwatch(server->loop, server->epoll);
	if (server->daemon) {
		/* It cannot be stopped while a connection is suspended. */
		server->ends = true;
		http_queue_end(&server->queue);
		for (struct exchange *e = server->streams; e; e = e->next)
			http_stream_end(e->stream);
		MHD_run(server->daemon);
		MHD_stop_daemon(server->daemon);
	}
	free(server);
}

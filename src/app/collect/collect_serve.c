/* SPDX-License-Identifier: Apache-2.0 */
/* Joins the collector with the loop, the HTTP server and the database. */
#include "app/collect/collect_serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/collect/collect_check.h"
#include "app/common/log.h"
#include "collect/api/api.h"
#include "collect/api/api_events.h"
#include "sys/db/sqlite_store.h"
#include "sys/http/http_server.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"

#define MB ((size_t)1 << 20)
#define STREAMS_MAX 512 /* open streams of events */
#define IDLE_S 30       /* a client that says nothing for so long is cut off */

struct service {
	struct collector collector;
	struct loop *loop;
	struct http_server *server;
	struct http_stream *streams[STREAMS_MAX];
	size_t stream_count;
	bool stores;          /* as it was last told */
	struct bw_mono pulse; /* when the streams get their next comment */
	bool ends;
};

static const char *header_of(const void *arg, const char *name)
{
	return http_request_header(arg, name);
}

static const char *query_of(const void *arg, const char *name)
{
	return http_request_query(arg, name);
}

static struct api_request api_request_of(const struct http_request *request, unsigned refused)
{
	return (struct api_request){
		.method = request->method,
		.path = request->path,
		.text = request->text,
		.length = request->length,
		.refused = refused,
		.header = header_of,
		.query = query_of,
		.arg = request,
	};
}

static unsigned on_head(void *self, const struct http_request *request)
{
	const struct service *service = self;
	const struct api_request asked = api_request_of(request, 0);

	return api_check(&service->collector, &asked);
}

static void on_request(void *self, const struct http_request *request, unsigned refused,
		       struct http_answer *ret_answer)
{
	struct service *service = self;
	const struct api_request asked = api_request_of(request, refused);
	struct api_answer answer = {.status = 0};

	api_respond(&service->collector, &asked, clock_now().wall, &answer);
	*ret_answer = (struct http_answer){
		.status = answer.status,
		.type = answer.type,
		.body = answer.body,
		.length = answer.length,
		.streams = answer.streams,
	};
	for (size_t i = 0; i < answer.field_count; i++)
		http_answer_field(ret_answer, answer.fields[i].name, answer.fields[i].value);
}

static void on_stream(void *self, struct http_stream *stream)
{
	struct service *service = self;

	if (service->stream_count < STREAMS_MAX)
		service->streams[service->stream_count++] = stream;
}

static void on_stream_end(void *self, struct http_stream *stream)
{
	struct service *service = self;

	for (size_t n = 0; n < service->stream_count; n++)
		if (service->streams[n] == stream)
			service->streams[n] = service->streams[--service->stream_count];
}

static void send_all(struct service *service, const char *text)
{
	for (size_t n = 0; n < service->stream_count; n++)
		http_stream_send(service->streams[n], text, strlen(text));
}

static void hand_on_news(struct service *service)
{
	struct teller *teller = &service->collector.teller;

	for (uint32_t n = 0; n < teller->pending.count; n++) {
		const struct teller_event *event = array_at(&teller->pending, n);
		char *text = api_events_format(event->id, event->text);

		if (text)
			send_all(service, text);
		free(text);
	}
	teller_clear(teller);
}

static const struct http_server_ops server_ops = {
	.on_head = on_head,
	.on_request = on_request,
	.on_stream = on_stream,
	.on_stream_end = on_stream_end,
};

static void on_signal(void *self, int signal)
{
	struct service *service = self;

	service->ends = service->ends || signal == SIGTERM || signal == SIGINT;
}

static void tell_whether_it_stores(struct service *service)
{
	const bool stores = service->collector.stores;

	if (stores != service->stores && !stores)
		log_warn("records cannot be stored: their senders keep them and try again");
	else if (stores != service->stores)
		log_info("records are stored again");
	service->stores = stores;
}

static void on_wake(void *self, struct bw_now now)
{
	struct service *service = self;
	const struct bw_wall next = collector_tick(&service->collector, now.wall);
	struct bw_mono deadline;

	tell_whether_it_stores(service);
	hand_on_news(service);
	if (!bw_mono_before(now.mono, service->pulse)) {
		send_all(service, ":\n\n");
		service->pulse = bw_mono_add(now.mono, API_EVENTS_PULSE_NS);
	}
	deadline = bw_mono_min(http_server_wake(service->server, now), service->pulse);
	if (next.ns != INT64_MAX)
		deadline = bw_mono_min(deadline, bw_mono_add(now.mono, next.ns - now.wall.ns));
	if (service->ends)
		loop_stop(service->loop);
	else
		loop_set_deadline(service->loop, deadline);
}

static void fill_fleet(struct fleet *fleet, const struct collect_config *config)
{
	const struct conf_collect *conf = &config->conf;

	fleet->count = conf->vantages.count;
	fleet->stale_after = (unsigned)conf->stale_after;
	for (size_t i = 0; i < fleet->count; i++)
		fleet->list[i] = (struct fleet_member){
			.name = conf->vantages.list[i].name,
			.token = config->tokens[i],
			.asn = (uint32_t)conf->vantages.list[i].asn,
		};
}

static int open_collector(struct service *service, const struct collect_config *config,
			  struct bw_err *err)
{
	struct collector *collector = &service->collector;
	struct store store;
	int code;

	if (config->conf.vantages.count > FLEET_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "%zu vantages are too many: the limit is %d",
				  config->conf.vantages.count, FLEET_MAX);
	fill_fleet(&collector->fleet, config);
	collector->board.quorum = (unsigned)config->conf.quorum;
	collector->read_token = config->read_token;
	collector->keep_records_ns = config->conf.retention.records_ns;
	code = sqlite_store_open(collect_config_database(config), &store, err);
	return code < 0 ? code : collector_open(collector, store, err);
}

static int open_server(struct service *service, const struct collect_config *config,
		       struct bw_err *err)
{
	const struct http_server_options options = {
		.address = config->conf.listen,
		.certificate = config->certificate,
		.key = config->key,
		.limits = {.packed = 16 * MB, .unpacked = 64 * MB, .ratio = 200},
		.bodies = 256 * MB,
		.connections = 1000,
		.idle_s = IDLE_S,
	};
	const struct keys_place *place = &config->conf.places.listen;
	int code = http_server_new(&options, &server_ops, service, service->loop, &service->server,
				   err);

	if (code == BW_ERR_VALUE)
		bw_err_place(err, place->file, place->line, place->column, "listen");
	return code;
}

/* libmicrohttpd cannot stop while a connection is suspended. */
static void end_streams(struct service *service)
{
	for (size_t n = 0; n < service->stream_count; n++)
		http_stream_end(service->streams[n]);
	http_server_wake(service->server, clock_now());
}

static int serve(struct service *service, const struct collect_config *config, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	int code = loop_new(&callbacks, service, &service->loop, err);

	/* A port below 1024 may need root; nothing else does. */
	if (code == 0)
		code = open_server(service, config, err);
	if (code == 0)
		code = privilege_give_up(config->conf.user, err);
	if (code == 0)
		code = open_collector(service, config, err);
	if (code < 0)
		return code;
	log_info("collects from %zu vantage%s, listens on port %u", config->conf.vantages.count,
		 config->conf.vantages.count == 1 ? "" : "s", http_server_port(service->server));
	collect_check_warn(config);
	code = loop_run(service->loop);
	end_streams(service);
	return code;
}

int collect_serve(const struct collect_config *config, struct bw_err *err)
{
	struct service *service = calloc(1, sizeof(*service));
	int code;

	if (!service)
		return bw_err_set(err, -ENOMEM, "out of memory");
	service->stores = true;
	log_as_service();
	code = serve(service, config, err);
	http_server_free(service->server);
	loop_free(service->loop);
	collector_fini(&service->collector);
	free(service);
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Joins the collector with the loop, the HTTP server and the database. */
#include "app/collect/collect_serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/collect/collect_check.h"
#include "app/collect/collect_store.h"
#include "app/collect/collect_stream.h"
#include "app/collect/webhook_sender.h"
#include "app/common/log.h"
#include "collect/api/api.h"
#include "collect/api/api_access.h"
#include "collect/api/api_events.h"
#include "sys/http/http_server.h"
#include "sys/machine/clock.h"
#include "sys/machine/privilege.h"

#define MB ((size_t)1 << 20)
#define STREAMS_MAX 512        /* open streams of events */
#define PATIENCE_NS (1 * BW_S) /* at the end, for messages that are under way */
#define WHY_EVERY_NS (60 * BW_S)
#define IDLE_S 30 /* a client that says nothing for so long is cut off */

/* Without libnats a configuration with "nats" is refused before anything else is called. */
#ifdef BW_WITH_NATS
#define NATS(call) (call)
#else
#define NATS(call) ((void)0)
#endif

struct service {
	struct collector collector;
	struct loop *loop;
	struct http_server *server;
	struct webhook_senders *senders;
	struct collect_stream *stream; /* NULL: there is none */
	bool stores;                   /* as it was last told */
	char why[320];                 /* and why it does not */
	struct bw_mono told_why;       /* when that was told */
	bool doubled[FLEET_MAX];       /* likewise, of each vantage */
	struct bw_mono pulse;          /* when the streams get their next comment */
	bool ends;
	struct bw_mono patience; /* then it ends, whatever is under way; 0: it does not end yet */
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
		.source = {answer.source.read, answer.source.free, answer.source.self},
	};
	for (size_t i = 0; i < answer.field_count; i++)
		http_answer_field(ret_answer, answer.fields[i].name, answer.fields[i].value);
}

static void hand_on_news(struct service *service)
{
	struct teller *teller = &service->collector.teller;

	for (uint32_t n = 0; n < teller->pending.count; n++) {
		const struct teller_event *event = array_at(&teller->pending, n);
		char *text = api_events_format(event->id, event->text);

		if (text)
			http_server_send(service->server, text);
		free(text);
	}
	teller_clear(teller);
}

static const struct http_server_ops server_ops = {
	.on_head = on_head,
	.on_request = on_request,
};

static void on_signal(void *self, int signal)
{
	struct service *service = self;

	service->ends = service->ends || signal == SIGTERM || signal == SIGINT;
}

/* Another reason than the one that was told is told, too, but not all that change to and fro. */
static bool has_news_of_why(const struct service *service, struct bw_mono now)
{
	return service->stores ||
	       (strcmp(service->why, service->collector.store_watch.why.message) != 0 &&
		!bw_mono_before(now, bw_mono_add(service->told_why, WHY_EVERY_NS)));
}

static void tell_whether_it_stores(struct service *service, struct bw_mono now)
{
	const struct store_watch *watch = &service->collector.store_watch;

	if (!watch->stores && has_news_of_why(service, now)) {
		log_warn("records cannot be stored: %s%s%s; their senders keep them and try again",
			 watch->why.file, watch->why.file[0] ? ": " : "", watch->why.message);
		snprintf(service->why, sizeof(service->why), "%s", watch->why.message);
		service->told_why = now;
	} else if (watch->stores && !service->stores) {
		log_info("records are stored again");
	}
	service->stores = watch->stores;
}

/* Somebody has copied the configuration of a vantage, say. */
static void tell_of_two_sources(struct service *service, struct bw_wall now)
{
	const struct fleet *fleet = &service->collector.fleet;

	for (size_t n = 0; n < fleet->count; n++) {
		const struct fleet_member *member = &fleet->list[n];
		const bool doubled = fleet_is_doubled(fleet, member, now);

		if (doubled && !service->doubled[n])
			log_warn("two machines send under the name of vantage \"%s\": only "
				 "records of boot %s count; give each machine a name and a token "
				 "of its own",
				 member->name, member->boot);
		else if (service->doubled[n] && !doubled)
			log_info("one machine alone sends under the name of vantage \"%s\" again",
				 member->name);
		service->doubled[n] = doubled;
	}
}

/* A message that is under way to a webhook gets a moment to arrive. */
static bool may_end(struct service *service, struct bw_now now)
{
	if (service->patience.ns == 0)
		service->patience = bw_mono_add(now.mono, PATIENCE_NS);
	return !webhook_senders_end(service->senders) ||
	       !bw_mono_before(now.mono, service->patience);
}

static void on_wake(void *self, struct bw_now now)
{
	struct service *service = self;
	struct bw_mono deadline, of_stream = BW_NEVER;
	struct bw_wall next;

	if (service->stream)
		NATS(of_stream = collect_stream_wake(service->stream, now));
	next = collector_tick(&service->collector, now.wall);
	tell_whether_it_stores(service, now.mono);
	tell_of_two_sources(service, now.wall);
	hand_on_news(service);
	if (!bw_mono_before(now.mono, service->pulse)) {
		http_server_send(service->server, ":\n\n");
		service->pulse = bw_mono_add(now.mono, API_EVENTS_PULSE_NS);
	}
	deadline = bw_mono_min(http_server_wake(service->server, now), service->pulse);
	deadline = bw_mono_min(webhook_senders_wake(service->senders, now), deadline);
	deadline = bw_mono_min(deadline, of_stream);
	if (next.ns != INT64_MAX)
		deadline = bw_mono_min(deadline, bw_mono_add(now.mono, next.ns - now.wall.ns));
	if (service->ends && may_end(service, now))
		loop_stop(service->loop);
	else if (service->ends)
		loop_set_deadline(service->loop, bw_mono_min(deadline, service->patience));
	else
		loop_set_deadline(service->loop, deadline);
}

static int open_collector(struct service *service, const struct collect_config *config,
			  struct bw_err *err)
{
	struct collector *collector = &service->collector;
	struct store store;
	int code;

	collect_config_fleet(config, &collector->fleet);
	collect_config_webhooks(config, &collector->webhooks);
	collector->webhooks.started = clock_now().wall;
	collector->webhooks.rng = rng_of((uint64_t)clock_now().wall.ns);
	collector->board.quorum = (unsigned)config->conf.quorum;
	collector->read_token = config->read_token.bytes;
	collector->keep_records_ns = config->conf.retention.records_ns;
	collector->retention.keep_ns = config->conf.retention.intervals_ns;
	code = collect_store_open(config, &store, err);
	if (code == 0)
		code = collector_open(collector, store, clock_now().wall, err);
	if (code == BW_ERR_VALUE && err->file[0] == '\0')
		bw_err_place(err, config->path, 0, 0, NULL);
	if (code == 0 && store.ops->stop_waiting)
		store.ops->stop_waiting(store.self);
	return code;
}

static int open_server(struct service *service, const struct collect_config *config,
		       struct bw_err *err)
{
	static const char *const once[] = {"Authorization", API_VANTAGE_HEADER, NULL};
	const struct http_server_options options = {
		.address = config->conf.listen,
		.certificate = config->certificate.bytes,
		.key = config->key.bytes,
		.once = once,
		.limits = {.packed = 16 * MB, .unpacked = 64 * MB, .ratio = 200},
		.bodies = 256 * MB,
		.connections = 1000,
		.idle_s = IDLE_S,
		.streams = STREAMS_MAX,
	};

	return http_server_new(&options, &server_ops, service, service->loop, &service->server,
			       err);
}

static void tell_of_start(const struct service *service, const struct collect_config *config)
{
	const char *listen = config->conf.listen;
	const size_t count = config->conf.vantages.count;

	/* The port in the configuration may be 0: any. */
	log_info("collects from %zu vantage%s, listens on %.*s, port %u", count,
		 count == 1 ? "" : "s", (int)(strrchr(listen, ':') - listen), listen,
		 http_server_port(service->server));
}

static int serve(struct service *service, const struct collect_config *config, struct bw_err *err)
{
	static const struct loop_callbacks callbacks = {.on_wake = on_wake, .on_signal = on_signal};
	int code = collect_check(config, err);

	if (code == 0)
		code = loop_new(&callbacks, service, &service->loop, err);
	/* A port below 1024 may need root; nothing else does. */
	if (code == 0)
		code = open_server(service, config, err);
	if (code == 0)
		code = privilege_give_up(config->conf.user, err);
	if (code == 0)
		code = collect_store_check(config, err);
	if (code == 0)
		code = open_collector(service, config, err);
	if (code == 0)
		code = webhook_senders_new(config, &service->collector, service->loop,
					   &service->senders, err);
	if (code == 0 && config->conf.nats.url)
		NATS(code = collect_stream_new(service->loop, config, &service->collector,
					       &service->stream, err));
	if (code < 0)
		return code;
	tell_of_start(service, config);
	collect_check_warn(config);
	return loop_run(service->loop);
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
	NATS(collect_stream_free(service->stream));
	http_server_free(service->server);
	webhook_senders_free(service->senders);
	loop_free(service->loop);
	collector_fini(&service->collector);
	free(service);
	return code;
}

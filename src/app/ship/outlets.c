/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/outlets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/ship/http_carrier.h"
#include "app/ship/nats_carrier.h"
#include "sys/http/http_client.h"

struct outlet {
	const struct conf_run_sink *conf;
	struct http_sink *http; /* NULL: it is of the other type */
	struct nats_sink *nats; /* likewise; always in a program without libnats */
};

struct outlets {
	struct outlet *list;
	size_t count;
	struct http *http;
};

/* Without libnats no outlet is of this type: it is refused before anything else is called. */
#ifdef BW_WITH_NATS
#define NATS(call) (call)
#else
#define NATS(call) ((void)0)
#endif

static int read_nats(struct outlet *outlet, const char *vantage, const struct options_texts *passed,
		     struct bw_err *err)
{
#ifdef BW_WITH_NATS
	return nats_sink_new(outlet->conf, vantage, passed, OUTLETS_REPLAY_NS, &outlet->nats, err);
#else
	(void)vantage;
	(void)passed;
	return bw_err_set(err, BW_ERR_VALUE, "sink '%s': this program was built without libnats",
			  outlet->conf->name);
#endif
}

static int read_outlet(struct outlet *outlet, const char *vantage,
		       const struct options_texts *passed, struct bw_err *err)
{
	switch ((enum conf_run_sink_type)outlet->conf->type) {
	case CONF_RUN_HTTP:
		return http_sink_new(outlet->conf, vantage, passed, &outlet->http, err);
	case CONF_RUN_NATS:
		return read_nats(outlet, vantage, passed, err);
	case CONF_RUN_STDOUT:
	case CONF_RUN_FILE:
	case CONF_RUN_SINK_NONE:
		break;
	}
	return 0;
}

int outlets_new(const struct conf_run *conf, const struct options_texts *passed,
		struct outlets **ret_outlets, struct bw_err *err)
{
	struct outlets *outlets = calloc(1, sizeof(*outlets));
	int code = 0;

	if (outlets)
		outlets->list = calloc(conf->sinks.count + 1, sizeof(outlets->list[0]));
	if (!outlets || !outlets->list) {
		free(outlets);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < conf->sinks.count && code == 0; i++) {
		if (!conf_run_sink_is_network(&conf->sinks.list[i]))
			continue;
		outlets->list[outlets->count] = (struct outlet){.conf = &conf->sinks.list[i]};
		code = read_outlet(&outlets->list[outlets->count++], conf->vantage, passed, err);
	}
	if (code < 0) {
		outlets_free(outlets);
		return code;
	}
	*ret_outlets = outlets;
	return 0;
}

void outlets_free(struct outlets *outlets)
{
	if (!outlets)
		return;
	http_free(outlets->http);
	for (size_t i = 0; i < outlets->count; i++) {
		http_sink_free(outlets->list[i].http);
		NATS(nats_sink_free(outlets->list[i].nats));
	}
	free(outlets->list);
	free(outlets);
}

int outlets_start(struct outlets *outlets, struct loop *loop, struct bw_err *err)
{
	int code = http_new(loop, &outlets->http, err);

	for (size_t i = 0; i < outlets->count && code == 0; i++)
		if (outlets->list[i].nats)
			NATS(code = nats_sink_start(outlets->list[i].nats, loop, err));
	return code;
}

size_t outlets_count(const struct outlets *outlets)
{
	return outlets->count;
}

const struct conf_run_sink *outlets_conf(const struct outlets *outlets, size_t n)
{
	return outlets->list[n].conf;
}

int outlets_open(struct outlets *outlets, size_t n, carrier_done done, void *self,
		 struct carrier *ret_carrier, struct bw_err *err)
{
	struct outlet *outlet = &outlets->list[n];
	int code = BW_ERR_INTERNAL;

	if (outlet->http)
		return http_carrier_open(outlet->http, outlets->http, done, self, ret_carrier, err);
	NATS(code = nats_carrier_open(outlet->nats, done, self, ret_carrier, err));
	return code;
}

uint64_t outlets_peer(struct outlets *outlets, size_t n, char *peer, size_t size)
{
	uint64_t confirmed = 0;

	snprintf(peer, size, "%s", "");
	if (outlets->list[n].nats)
		NATS(confirmed = nats_sink_peer(outlets->list[n].nats, peer, size));
	return confirmed;
}

struct bw_mono outlets_deadline(const struct outlets *outlets)
{
	struct bw_mono next = http_deadline(outlets->http);

	for (size_t i = 0; i < outlets->count; i++)
		if (outlets->list[i].nats)
			NATS(next = bw_mono_min(next, nats_sink_deadline(outlets->list[i].nats)));
	return next;
}

void outlets_wake(struct outlets *outlets, struct bw_now now)
{
	http_wake(outlets->http, now);
	for (size_t i = 0; i < outlets->count; i++)
		if (outlets->list[i].nats)
			NATS(nats_sink_wake(outlets->list[i].nats, now));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/outlets.h"

#include <errno.h>
#include <stdlib.h>

#include "app/ship/http_carrier.h"
#include "sys/http/http_client.h"

struct outlet {
	const struct conf_run_sink *conf;
	struct http_sink *http; /* NULL: it is of another type */
};

struct outlets {
	struct outlet *list;
	size_t count;
	struct http *http;
};

static int read_outlet(struct outlet *outlet, const struct options_texts *passed,
		       struct bw_err *err)
{
	switch ((enum conf_run_sink_type)outlet->conf->type) {
	case CONF_RUN_HTTP:
		return http_sink_new(outlet->conf, passed, &outlet->http, err);
	case CONF_RUN_NATS:
		return bw_err_set(err, BW_ERR_VALUE,
				  "sink '%s': this program was built without NATS",
				  outlet->conf->name);
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
		outlets->list[outlets->count] = (struct outlet){&conf->sinks.list[i], NULL};
		code = read_outlet(&outlets->list[outlets->count++], passed, err);
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
	for (size_t i = 0; i < outlets->count; i++)
		http_sink_free(outlets->list[i].http);
	free(outlets->list);
	free(outlets);
}

int outlets_start(struct outlets *outlets, struct loop *loop, struct bw_err *err)
{
	return http_new(loop, &outlets->http, err);
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
	return http_carrier_open(outlets->list[n].http, outlets->http, done, self, ret_carrier,
				 err);
}

struct bw_mono outlets_deadline(const struct outlets *outlets)
{
	return http_deadline(outlets->http);
}

void outlets_wake(struct outlets *outlets, struct bw_now now)
{
	http_wake(outlets->http, now);
}

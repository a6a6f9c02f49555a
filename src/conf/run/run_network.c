/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/run/run_network.h"

#include <string.h>
#include <strings.h>

#include "conf/keys/nats_names.h"
#include "conf/keys/url.h"
#include "ship/spool/spool_type.h"

static int refuse(const struct keys_place *place, const char *field, struct bw_err *err)
{
	bw_err_place(err, place->file, place->line, place->column, field);
	return BW_ERR_VALUE;
}

static int check_url(const struct conf_run_sink *sink, struct bw_err *err)
{
	const int result =
		url_check(sink->url, sink->type == CONF_RUN_HTTP ? URL_HTTP : URL_NATS, err);

	return result < 0 ? refuse(&sink->place, "url", err) : 0;
}

static int check_nats(const struct conf_run_sink *sink, struct bw_err *err)
{
	if (sink->type != CONF_RUN_NATS)
		return 0;
	if (nats_names_check_name(sink->stream, err) < 0)
		return refuse(&sink->place, "stream", err);
	if (nats_names_check_subject(sink->subject, err) < 0)
		return refuse(&sink->place, "subject", err);
	return 0;
}

/* What `ship` writes itself. */
static bool is_own_header(const char *name)
{
	static const char *const own[] = {"Host",
					  "Content-Length",
					  "Content-Encoding",
					  "Transfer-Encoding",
					  "Idempotency-Key",
					  "X-Blockwatch-Vantage"};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcasecmp(name, own[i]) == 0)
			return true;
	return false;
}

static int check_headers(const struct conf_run_sink *sink, struct bw_err *err)
{
	for (size_t i = 0; i < sink->headers.count; i++) {
		const struct keys_pair *header = &sink->headers.list[i];
		bool token = sink->token_file && strcasecmp(header->name, "Authorization") == 0;

		if (!token && !is_own_header(header->name))
			continue;
		bw_err_set(err, BW_ERR_VALUE,
			   token ? "'%s' is made from \"token_file\": give one of the two"
				 : "'%s' is written by blockwatch: leave it out",
			   header->name);
		return refuse(&header->place, "headers", err);
	}
	return 0;
}

static int check_sink(const struct conf_run *conf, const struct conf_run_sink *sink,
		      struct bw_err *err)
{
	int result = check_url(sink, err);

	if (result == 0)
		result = check_headers(sink, err);
	if (result == 0)
		result = check_nats(sink, err);
	if (result < 0)
		return result;
	if (!conf->state_directory)
		bw_err_set(err, BW_ERR_VALUE,
			   "a sink of this type needs a \"state_directory\" for its spool");
	else if (!sink->client_certificate != !sink->client_key)
		bw_err_set(err, BW_ERR_VALUE,
			   "\"client_certificate\" and \"client_key\" need each other");
	else if (sink->client_key && !url_skip_scheme(sink->url, "https tls"))
		bw_err_set(err, BW_ERR_VALUE, "a client certificate needs a URL with %s",
			   sink->type == CONF_RUN_HTTP ? "https://" : "tls://");
	else
		return 0;
	return refuse(&sink->place, "sinks", err);
}

int run_network_check(const struct conf_run *conf, struct bw_err *err)
{
	int result = 0;

	if (conf->spool.place.line > 0 && !conf->state_directory) {
		bw_err_set(err, BW_ERR_VALUE, "a spool needs a \"state_directory\"");
		return refuse(&conf->spool.place, "spool", err);
	}
	for (size_t i = 0; i < conf->sinks.count && result == 0; i++)
		if (conf_run_sink_is_network(&conf->sinks.list[i]))
			result = check_sink(conf, &conf->sinks.list[i], err);
	return result;
}

bool conf_run_has_network_sink(const struct conf_run *conf)
{
	for (size_t i = 0; i < conf->sinks.count; i++)
		if (conf_run_sink_is_network(&conf->sinks.list[i]))
			return true;
	return false;
}

bool conf_run_has_spool(const struct conf_run *conf)
{
	return conf->state_directory &&
	       (conf->spool.place.line > 0 || conf_run_has_network_sink(conf));
}

/* "records" as types of the spool: the words are the same. */
static unsigned types_of_records(const struct conf_run *conf)
{
	static const char *const words[] = {
#define X(name, text) text,
		CONF_RUN_RECORD_LIST(X)
#undef X
	};
	unsigned types = 0;

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (unsigned type = 0; type < SPOOL_TYPES; type++)
			if ((conf->records & 1U << i) &&
			    strcmp(words[i], conf_run_spool_types[type]) == 0)
				types |= 1U << type;
	return types;
}

unsigned conf_run_spool_types_of(const struct conf_run *conf, const struct conf_run_sink *sink)
{
	unsigned types = 0;

	if (sink)
		return sink->types ? sink->types : types_of_records(conf);
	if (!conf_run_has_network_sink(conf))
		return types_of_records(conf);
	for (size_t i = 0; i < conf->sinks.count; i++)
		if (conf_run_sink_is_network(&conf->sinks.list[i]))
			types |= conf_run_spool_types_of(conf, &conf->sinks.list[i]);
	return types;
}

bool conf_run_tells_probes(const struct conf_run *conf)
{
	return (conf->records & CONF_RUN_PROBE) ||
	       (conf_run_has_network_sink(conf) &&
		(conf_run_spool_types_of(conf, NULL) & 1U << SPOOL_PROBE));
}

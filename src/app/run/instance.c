/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/instance.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/machine/clock.h"
#include "sys/net/route.h"
#include "version.h"

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct watching *watching = self;

	vantage_receive(watching->vantage, rx, watching->now);
}

static int copy_texts(const struct keys_texts *from, struct options_texts *to, const char *what,
		      struct bw_err *err)
{
	if (from->count > OPTIONS_TEXTS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "more than %d %s; put them into one file",
				  OPTIONS_TEXTS_MAX, what);
	for (size_t i = 0; i < from->count; i++)
		to->list[i] = from->list[i].text;
	to->count = from->count;
	return 0;
}

static int open_targets(struct watching *watching, const struct conf_run *conf, struct bw_err *err)
{
	struct conf_probing options = {
		.interface = conf->interface,
		.source = conf->source,
		.rate_pps = conf->rate_pps,
		.timeout_ns = conf->timeout_ns,
		.allow_reserved = conf->allow_reserved,
	};
	size_t count = conf->targets.count;
	struct probing_target *targets = calloc(count + 1, sizeof(*targets));
	int code = targets ? 0 : bw_err_set(err, -ENOMEM, "out of memory");

	if (code == 0)
		code = copy_texts(&conf->references, &options.references, "references", err);
	if (code == 0)
		code = copy_texts(&conf->blocklists, &options.blocklists, "block lists", err);
	for (size_t i = 0; i < count && code == 0; i++)
		targets[i] = (struct probing_target){conf->targets.list[i].target,
						     &conf->targets.list[i].methods};
	if (code == 0)
		code = probing_open(&watching->probing, &options, targets, count, err);
	free(targets);
	return code;
}

static int open_network(struct watching *watching, const struct watching_config *config,
			struct bw_err *err)
{
	struct network_config network = {
		.egress = watching->probing.egress,
		.egress_count = watching->probing.egress_count,
		.pinned = config->conf->interface != NULL,
		.rate_pps = config->conf->rate_pps,
		.permit = &watching->probing.permit,
		.loop = config->loop,
		.on_frame = on_frame,
		.self = watching,
	};
	int code = network_open(&network, &watching->network, err);

	if (code == 0)
		watching->transport = network_transport(watching->network);
	return code;
}

static int make_plans(struct watching *watching, const struct conf_run *conf, struct bw_err *err)
{
	watching->plans = calloc(conf->targets.count + 1, sizeof(*watching->plans));
	if (!watching->plans)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < conf->targets.count; i++)
		watching->plans[i] = (struct vantage_plan){
			.round_ns = conf->targets.list[i].round_ns,
			.confirm_ns = conf->targets.list[i].confirm_ns,
			.probes_per_hour = conf->targets.list[i].limits.probes_per_block_hour,
		};
	return 0;
}

static int open_vantage(struct watching *watching, const struct watching_config *config,
			struct bw_err *err)
{
	const struct conf_run *conf = config->conf;
	struct vantage_config vantage = {
		.name = conf->vantage,
		.boot = config->boot,
		.version = BW_VERSION,
		.contact = conf->contact,
		.roster = &watching->probing.roster,
		.transport = &watching->transport,
		.egress = watching->probing.egress,
		.egress_count = watching->probing.egress_count,
		.params = infer_params_rounds(conf->false_dark_per_year),
		.plans = watching->plans,
		.rate_pps = conf->rate_pps,
		.seed = watching->probing.roster.seed,
		.sink = config->sink,
		.tells_probes = conf->records & CONF_RUN_PROBE,
		.first_seq = config->first_seq,
	};

	vantage.params.confirm_ns = conf->confirm_ns;
	vantage.params.timeout_ns = conf->timeout_ns;
	vantage.params.flap_enter = (float)conf->flapping.enter;
	vantage.params.flap_leave = (float)conf->flapping.leave;
	vantage.params.flap_half_life_ns = conf->flapping.half_life_ns;
	watching->now = clock_now();
	return vantage_new(&vantage, watching->now, &watching->vantage, err);
}

int watching_new(const struct watching_config *config, struct watching **ret_watching,
		 struct bw_err *err)
{
	struct watching *watching = calloc(1, sizeof(*watching));
	int code;

	if (!watching)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = open_targets(watching, config->conf, err);
	if (code == 0)
		code = open_network(watching, config, err);
	if (code == 0)
		code = make_plans(watching, config->conf, err);
	if (code == 0)
		code = open_vantage(watching, config, err);
	if (code < 0) {
		watching_free(watching);
		return code;
	}
	*ret_watching = watching;
	return 0;
}

void watching_free(struct watching *watching)
{
	if (!watching)
		return;
	vantage_free(watching->vantage);
	network_close(watching->network);
	free(watching->plans);
	probing_close(&watching->probing);
	free(watching);
}

int watching_wake(struct watching *watching, struct bw_now now, struct bw_err *err)
{
	int code;

	watching->now = now;
	code = network_dispatch(watching->network, now, err);
	vantage_tick(watching->vantage, now);
	return code < 0 ? code : 0;
}

/* The first network that is reached by this way, or none. */
static const struct roster_network *network_by(const struct roster *roster, uint8_t egress)
{
	for (uint32_t n = 0; n < roster->network_count; n++)
		if (roster->networks[n].egress == egress)
			return &roster->networks[n];
	return NULL;
}

/* 1 and the route, 0 when there is none, -errno. */
static int look_up(const struct conf_run *conf, struct route_socket *socket,
		   const struct bw_addr *sample, struct route *ret_route, struct bw_err *err)
{
	const struct bw_addr *source = sample->family == 4 ? &conf->source.v4 : &conf->source.v6;
	struct interface_wish wish;
	int code = interface_wish(conf->interface, source->family ? source : NULL, &wish, err);

	if (code < 0)
		return code;
	code = route_lookup(socket, &wish, sample, 1, ret_route);
	if (code < 0)
		bw_err_set(err, code, "cannot ask the kernel for routes: %s", bw_error_text(code));
	return code;
}

static int look_at_way(const struct watching *watching, const struct conf_run *conf,
		       struct route_socket *socket, uint8_t egress, struct bw_err *err)
{
	const struct roster *roster = &watching->probing.roster;
	const struct roster_network *network = network_by(roster, egress);
	const struct bw_egress *way;
	char text[BW_PREFIX_TEXT];
	struct bw_addr sample;
	struct route route;
	int found;

	if (!network)
		return 1;
	sample = roster_network_sample(roster, (uint32_t)(network - roster->networks));
	found = look_up(conf, socket, &sample, &route, err);
	if (egress == ROSTER_NO_EGRESS || found < 0)
		return found < 0 ? found : !found;
	if (found == 0)
		return bw_err_set(err, BW_ERR_NO_ROUTE, "no route to %s any more",
				  bw_prefix_format(&network->network->prefix, text));
	way = &watching->probing.egress[egress];
	return route.interface_index == way->interface_index &&
	       bw_addr_equal(&route.source, &way->source);
}

int watching_ways(const struct watching *watching, const struct conf_run *conf,
		  struct bw_err *err)
{
	struct route_socket *socket;
	int code = route_open(&socket, err), ways;

	if (code < 0)
		return code;
	ways = code = look_at_way(watching, conf, socket, ROSTER_NO_EGRESS, err);
	for (uint8_t i = 0; i < watching->probing.egress_count && code >= 0; i++) {
		code = look_at_way(watching, conf, socket, i, err);
		ways = code == 0 ? 0 : ways;
	}
	route_close(socket);
	return code < 0 ? code : ways;
}

int watching_inherit(struct watching *watching, const struct watching *before, struct bw_err *err)
{
	struct persist_restore restore = {.vantage = watching->vantage, .now = watching->now};
	struct state_handlers handlers = persist_handlers(&restore);
	char *bytes = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&bytes, &length);
	int code;

	if (!memory)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = persist_save(before->vantage, memory, 1, err);
	if (fclose(memory) != 0 && code == 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = state_read(bytes, length, "memory", &handlers, err);
	if (code == 0)
		vantage_inherit(watching->vantage, before->vantage);
	free(bytes);
	return code;
}

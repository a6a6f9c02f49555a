/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/instance.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/machine/clock.h"
#include "sys/net/route.h"
#include "version.h"

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct instance *instance = self;

	vantage_receive(instance->vantage, rx, instance->now);
}

static int open_targets(struct instance *instance, const struct run_config *config,
			struct bw_err *err)
{
	static const struct session_caller caller = {
		.allow = "set \"allow_reserved\": true",
		.waits = true,
	};
	const struct conf_run *conf = &config->conf;
	struct conf_probing options = {
		.interface = conf->interface,
		.source = conf->source,
		.rate_pps = conf->rate_pps,
		.timeout_ns = conf->timeout_ns,
		.allow_reserved = conf->allow_reserved,
	};

	return session_open_with(&instance->session, &config->inputs, &options, &caller, err);
}

static int open_network(struct instance *instance, const struct instance_config *config,
			struct bw_err *err)
{
	struct netio_config netio = {
		.egress = instance->session.egress.list,
		.egress_count = instance->session.egress.count,
		.pinned = config->config->conf.interface != NULL,
		.rate_pps = config->config->conf.rate_pps,
		.permit = &instance->session.permit,
		.loop = config->loop,
		.on_frame = on_frame,
		.self = instance,
	};
	int code = netio_open(&netio, &instance->netio, err);

	if (code == 0)
		instance->transport = netio_transport(instance->netio);
	return code;
}

static int make_plans(struct instance *instance, const struct conf_run *conf, struct bw_err *err)
{
	instance->plans = calloc(conf->targets.count + 1, sizeof(*instance->plans));
	if (!instance->plans)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < conf->targets.count; i++)
		instance->plans[i] = (struct vantage_plan){
			.round_ns = conf->targets.list[i].round_ns,
			.confirm_ns = conf->targets.list[i].confirm_ns,
			.probes_per_hour = conf->targets.list[i].limits.probes_per_block_hour,
		};
	return 0;
}

static int open_vantage(struct instance *instance, const struct instance_config *config,
			struct bw_err *err)
{
	const struct conf_run *conf = &config->config->conf;
	struct vantage_config vantage = {
		.name = conf->vantage,
		.boot = config->boot,
		.version = BW_VERSION,
		.contact = conf->contact,
		.roster = &instance->session.roster,
		.transport = &instance->transport,
		.egress = instance->session.egress.list,
		.egress_count = instance->session.egress.count,
		.params = infer_params_rounds(conf->false_dark_per_year),
		.plans = instance->plans,
		.rate_pps = conf->rate_pps,
		.seed = instance->session.roster.seed,
		.sink = config->sink,
		.tells_probes = conf->records & CONF_RUN_PROBE,
		.first_seq = config->first_seq,
	};

	vantage.params.confirm_ns = conf->confirm_ns;
	vantage.params.timeout_ns = conf->timeout_ns;
	vantage.params.flap_enter = (float)conf->flapping.enter;
	vantage.params.flap_leave = (float)conf->flapping.leave;
	vantage.params.flap_half_life_ns = conf->flapping.half_life_ns;
	instance->now = clock_now();
	return vantage_new(&vantage, instance->now, &instance->vantage, err);
}

int instance_new(const struct instance_config *config, struct instance **ret_instance,
		 struct bw_err *err)
{
	struct instance *instance = calloc(1, sizeof(*instance));
	int code;

	if (!instance)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = open_targets(instance, config->config, err);
	if (code == 0)
		code = open_network(instance, config, err);
	if (code == 0)
		code = make_plans(instance, &config->config->conf, err);
	if (code == 0)
		code = open_vantage(instance, config, err);
	if (code < 0) {
		instance_free(instance);
		return code;
	}
	*ret_instance = instance;
	return 0;
}

void instance_free(struct instance *instance)
{
	if (!instance)
		return;
	vantage_free(instance->vantage);
	netio_close(instance->netio);
	free(instance->plans);
	session_close(&instance->session);
	free(instance);
}

int instance_wake(struct instance *instance, struct bw_now now, struct bw_err *err)
{
	int code;

	instance->now = now;
	code = netio_dispatch(instance->netio, now, err);
	vantage_tick(instance->vantage, now);
	return code < 0 ? code : 0;
}

/* Returns the first network whose probes leave by this egress, or NULL. */
static const struct roster_network *network_by(const struct roster *roster, uint8_t egress)
{
	for (uint32_t n = 0; n < roster->network_count; n++)
		if (roster->networks[n].egress == egress)
			return &roster->networks[n];
	return NULL;
}

/* Returns 1 and the route, 0 if there is none, or -errno. */
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

/* Compares one egress with the route of today; as instance_check_egress(). */
static int check_one(const struct instance *instance, const struct conf_run *conf,
		     struct route_socket *socket, uint8_t number, struct bw_err *err)
{
	const struct roster *roster = &instance->session.roster;
	const struct roster_network *network = network_by(roster, number);
	const struct bw_egress *egress;
	char text[BW_PREFIX_TEXT];
	struct bw_addr sample;
	struct route route;
	int found;

	if (!network)
		return 1;
	sample = roster_network_sample(roster, (uint32_t)(network - roster->networks));
	found = look_up(conf, socket, &sample, &route, err);
	if (number == ROSTER_NO_EGRESS || found < 0)
		return found < 0 ? found : !found;
	if (found == 0)
		return bw_err_set(err, BW_ERR_NO_ROUTE, "no route to %s any more",
				  bw_prefix_format(&network->network->prefix, text));
	egress = &instance->session.egress.list[number];
	return route.interface_index == egress->interface_index &&
	       bw_addr_equal(&route.source, &egress->source);
}

int instance_check_egress(const struct instance *instance, const struct conf_run *conf,
			  struct bw_err *err)
{
	struct route_socket *socket;
	int code = route_open(&socket, err), same;

	if (code < 0)
		return code;
	same = code = check_one(instance, conf, socket, ROSTER_NO_EGRESS, err);
	for (uint8_t i = 0; i < instance->session.egress.count && code >= 0; i++) {
		code = check_one(instance, conf, socket, i, err);
		same = code == 0 ? 0 : same;
	}
	route_close(socket);
	if (code >= 0 && same > 0 && instance->session.egress.count == 0)
		return bw_err_set(err, BW_ERR_NO_ROUTE, "there is no route to any network; see "
							"'ip route'");
	return code < 0 ? code : same;
}

int instance_inherit(struct instance *instance, const struct instance *before, struct bw_err *err)
{
	struct persist_restore restore = {
		.ledger = vantage_ledger(instance->vantage),
		.now = instance->now,
	};
	struct state_handlers handlers = persist_handlers(&restore);
	char *bytes = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&bytes, &length);
	int code;

	if (!memory)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = persist_save(vantage_ledger(before->vantage), memory, 1, err);
	if (fclose(memory) != 0 && code == 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = state_read(bytes, length, "memory", &handlers, err);
	if (code == 0)
		vantage_inherit(instance->vantage, before->vantage);
	free(bytes);
	return code;
}

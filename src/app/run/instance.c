/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run/instance.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/machine/clock.h"
#include "sys/net/interface.h"
#include "version.h"

static void on_frame(void *self, const struct bw_rx *rx)
{
	struct instance *instance = self;

	vantage_receive(instance->vantage, rx, instance->now);
}

static struct conf_probing probing_of(const struct conf_run *conf)
{
	return (struct conf_probing){
		.interface = conf->interface,
		.source = conf->source,
		.rate_pps = conf->rate_pps,
		.timeout_ns = conf->timeout_ns,
		.allow_reserved = conf->allow_reserved,
	};
}

static int open_targets(struct instance *instance, const struct run_config *config,
			struct bw_err *err)
{
	static const struct session_caller caller = {
		.allow = RUN_CONFIG_ALLOW,
		.waits = true,
	};
	const struct conf_probing options = probing_of(&config->conf);

	return session_open_with(&instance->session, &config->inputs, &options, &caller, err);
}

static int open_network(struct instance *instance, const struct instance_config *config,
			struct bw_err *err)
{
	struct netio_config netio = {
		.egress = instance->session.egress.list,
		.egress_count = instance->session.egress.count,
		.pinned = config->config->conf.interface != NULL,
		.everywhere = true,
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

static struct path_plan path_plan_of(const struct run_config *config)
{
	return (struct path_plan){
		.every_ns = config->conf.trace.every_ns,
		.privacy_ttl = (uint8_t)config->conf.privacy_ttl,
		.label = address_origins_label,
		.label_self = &config->origins,
	};
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
		.paths = conf->trace.off ? NULL : &instance->paths,
		.rate_pps = conf->rate_pps,
		.seed = instance->session.roster.seed,
		.sink = config->sink,
		.tells_probes = conf_run_tells_probes(conf),
		.tells_changes = conf->block_records == CONF_RUN_CHANGES,
		.first_seq = config->first_seq,
		.privacy_ttl = (uint8_t)conf->privacy_ttl,
	};

	vantage.params.confirm_ns = conf->confirm_ns;
	vantage.params.timeout_ns = conf->timeout_ns;
	vantage.params.flap_enter = (float)conf->flapping.enter;
	vantage.params.flap_leave = (float)conf->flapping.leave;
	vantage.params.flap_half_life_ns = conf->flapping.half_life_ns;
	instance->paths = path_plan_of(config->config);
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

int instance_look(const struct instance *instance, const struct run_config *config,
		  struct egress_routes *ret_routes, struct bw_err *err)
{
	const struct conf_probing options = probing_of(&config->conf);
	const struct egress_wish wish = {
		.roster = &instance->session.roster,
		.permit = &instance->session.permit,
		.options = &options,
		.references = &config->inputs.references,
	};

	return egress_look(ret_routes, &wish, &instance->session.egress, err);
}

/* Where SENTINEL stands in the roster, by address and way, or a reference by address alone. */
static const struct roster_sentinel *find_sentinel(const struct roster *roster,
						   const struct roster_sentinel *sentinel)
{
	for (uint32_t i = 0; i < roster->sentinel_count; i++) {
		const struct roster_sentinel *there = &roster->sentinels[i];

		if (there->source == sentinel->source &&
		    bw_addr_equal(&there->addr, &sentinel->addr) &&
		    (there->source == HEALTH_REFERENCE || there->way == sentinel->way))
			return there;
	}
	return NULL;
}

bool instance_can_follow(const struct instance *instance, const struct egress_routes *routes)
{
	if (routes->set.count > instance->session.egress.count)
		return false;
	for (uint32_t i = 0; i < routes->sentinels.sentinel_count; i++)
		if (!find_sentinel(&instance->session.roster, &routes->sentinels.sentinels[i]))
			return false;
	return true;
}

/* A sentinel without a route is not probed, and shows no way. */
static void follow_sentinels(struct instance *instance, const struct egress_routes *routes)
{
	struct roster *roster = &instance->session.roster;

	for (uint32_t i = 0; i < roster->sentinel_count; i++) {
		struct roster_sentinel *sentinel = &roster->sentinels[i];
		const struct roster_sentinel *now = find_sentinel(&routes->sentinels, sentinel);

		sentinel->egress = now ? now->egress : ROSTER_NO_EGRESS;
		sentinel->is_shared = now && now->is_shared;
		if (sentinel->source == HEALTH_REFERENCE && now &&
		    now->way < instance->session.egress.count)
			sentinel->way = now->way;
		if (sentinel->egress >= instance->session.egress.count)
			sentinel->egress = ROSTER_NO_EGRESS;
	}
}

uint32_t instance_follow(struct instance *instance, const struct egress_routes *routes, bool tells,
			 struct bw_now now)
{
	struct roster *roster = &instance->session.roster;
	uint8_t *before = routes->blocks;
	uint32_t moved = 0;

	follow_sentinels(instance, routes);
	for (uint32_t i = 0; i < roster->block_count; i++) {
		uint8_t was = roster->blocks[i].egress, is = routes->blocks[i];

		if (is >= instance->session.egress.count)
			is = ROSTER_NO_EGRESS;
		roster->blocks[i].egress = is;
		before[i] = was;
		moved += is != was;
	}
	if (moved > 0 || tells)
		vantage_rerouted(instance->vantage, before, now);
	return moved;
}

uint32_t instance_unrouted(const struct instance *instance, uint32_t *ret_first)
{
	const struct roster *roster = &instance->session.roster;
	uint32_t count = 0;

	for (uint32_t i = 0; i < roster->block_count; i++)
		if (roster_lacks_route(roster, i) && count++ == 0)
			*ret_first = i;
	return count;
}

static void tell_faults(struct instance *instance, struct bw_now now)
{
	for (uint8_t i = 0; i < instance->session.egress.count; i++)
		vantage_blind(instance->vantage, i, instance->faults | instance->down[i], now);
}

void instance_set_faults(struct instance *instance, unsigned faults, struct bw_now now)
{
	instance->faults = faults;
	tell_faults(instance, now);
}

unsigned instance_look_at_interfaces(struct instance *instance, struct bw_now now)
{
	const struct egress_set *set = &instance->session.egress;
	unsigned down = 0;

	for (uint8_t i = 0; i < set->count; i++) {
		bool is_down = interface_state(set->list[i].interface_index) < 0;

		instance->down[i] = is_down ? BW_WHY_INTERFACE_DOWN : 0;
		down += is_down;
	}
	tell_faults(instance, now);
	netio_follow(instance->netio);
	return down;
}

int instance_inherit(struct instance *instance, const struct instance *before, struct bw_err *err)
{
	struct persist_restore restore = vantage_restore(instance->vantage, instance->now);
	struct state_handlers handlers = persist_handlers(&restore);
	char *bytes = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&bytes, &length);
	int code;

	if (!memory)
		return bw_err_set(err, -ENOMEM, "out of memory");
	instance->faults = before->faults;
	code = vantage_save(before->vantage, memory, 1, err);
	if (fclose(memory) != 0 && code == 0)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	if (code == 0)
		code = state_read(bytes, length, "memory", &handlers, err);
	if (code == 0)
		vantage_inherit(instance->vantage, before->vantage);
	free(bytes);
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/scenario/build_hosts.h"

#include <math.h>
#include <string.h>

#include "wire/method/method_ops.h"

#define KINDS_CACHED 256

struct sim_link build_hosts_link(const struct scenario_link *from)
{
	return (struct sim_link){
		.steady = {.out = from->loss},
		.bad = {.out = from->burst_loss},
		.good_ns = from->good_ns,
		.bad_ns = from->bad_ns,
		.scheduled = {.out = from->scheduled_loss},
		.first_ns = from->first_ns,
		.period_ns = from->period_ns,
		.length_ns = from->length_ns,
	};
}

static struct sim_impairment impairment_of(const struct scenario_impairment *from)
{
	return (struct sim_impairment){
		.duplicate = from->duplicate,
		.copies_max = (unsigned)from->copies,
		.late = from->late,
		.late_min_ns = from->late_min_ns,
		.late_max_ns = from->late_max_ns,
		.replayed = from->replayed,
		.replay_min_ns = from->replay_min_ns,
		.replay_max_ns = from->replay_max_ns,
		.alias = from->alias,
		.corrupt = from->corrupt,
	};
}

static struct sim_profile profile_of(const struct scenario_profile *from)
{
	return (struct sim_profile){
		.delay = {from->rtt_ns, from->spread_ns, from->tail_ns, from->sigma,
			  from->host_sigma},
		.link = build_hosts_link(&from->link),
		.impairment = impairment_of(&from->impairment),
		.limit_pps = from->limit_pps,
		.limit_burst = from->limit_burst,
		.border = from->border,
		.proxy = from->proxy,
		.unreachables = from->unreachables,
		.renumber_ns = from->renumber_ns,
	};
}

/* Sets which methods a kind answers. Returns 0 or BW_ERR_LIMIT. */
static int put_methods(struct sim_host_kind *kind, const struct bw_methods *methods,
		       struct bw_err *err)
{
	for (unsigned i = 0; i < methods->count; i++) {
		if (method_is_echo(methods->list[i].protocol)) {
			kind->icmp = true;
			continue;
		}
		if (kind->port_count == SIM_PORTS_MAX)
			return bw_err_set(err, BW_ERR_LIMIT, "at most %d ports", SIM_PORTS_MAX);
		kind->ports[kind->port_count++] = methods->list[i];
	}
	return 0;
}

static int add_kind(struct builder *builder, const struct scenario_hosts *from)
{
	struct sim_host_kind kind = {
		.availability = from->availability,
		.tau_ns = from->tau_ns,
		.miss = from->miss,
		.rest = {.share = from->rest.share,
			 .from_hour = from->rest.from_hour,
			 .to_hour = from->rest.to_hour,
			 .jitter_hours = from->rest.jitter_hours,
			 .days = (uint8_t)from->rest.days,
			 .utc_offset_s = (int32_t)lround(from->rest.utc_offset_hours * 3600)},
		.closed = (enum sim_closed)(from->closed - 1),
	};
	int rc;

	if (from->tau_ns && from->session_ns)
		return bw_err_set(builder->err, BW_ERR_OVERLAP, "tau or session: not both");
	if (from->session_ns)
		kind.tau_ns = sim_tau_of_on_time(from->session_ns, from->availability);
	rc = put_methods(&kind, &from->methods, builder->err);
	return rc < 0 ? rc
		      : sim_world_add_host_kind(builder->simulation->world, &kind, builder->err);
}

static const struct scenario_profile *find_profile(const struct builder *builder, const char *name)
{
	const struct scenario *s = builder->scenario;

	if (!name)
		return &s->world;
	for (size_t i = 0; i < s->profile_count; i++)
		if (strcmp(s->profiles[i].name, name) == 0)
			return &s->profiles[i];
	return NULL;
}

int build_hosts_profile(struct builder *builder, const struct build_hosts_spec *spec)
{
	const struct scenario_profile *from = find_profile(builder, spec->profile);
	const char *field = spec->field->text;
	struct sim_profile profile;
	int rc = 0;

	if (!from) {
		bw_err_set(builder->err, BW_ERR_VALUE,
			   "no profile is called '%s': list it in profiles", spec->profile);
		return scenario_blame(builder->scenario, builder->err, "%s.profile", field);
	}
	profile = profile_of(from);
	if (spec->host_count > SIM_GROUPS_MAX) {
		bw_err_set(builder->err, BW_ERR_LIMIT, "at most %d groups of hosts",
			   SIM_GROUPS_MAX);
		return scenario_blame(builder->scenario, builder->err, "%s.hosts", field);
	}
	for (size_t i = 0; i < spec->host_count; i++) {
		rc = add_kind(builder, &spec->hosts[i]);
		if (rc < 0)
			return scenario_blame(builder->scenario, builder->err, "%s.hosts[%zu]",
					      field, i);
		profile.groups[profile.group_count++] =
			(struct sim_group){(uint32_t)spec->hosts[i].count, (uint16_t)rc};
	}
	rc = sim_world_add_profile(builder->simulation->world, &profile, builder->err);
	if (rc >= 0)
		return rc;
	if (!spec->profile)
		return scenario_blame(builder->scenario, builder->err, "world");
	return scenario_blame(builder->scenario, builder->err, "profiles[%zu]",
			      (size_t)(from - builder->scenario->profiles));
}

/* The kinds of listed hosts so far. Most hosts are of a kind that exists already. */
struct kinds {
	struct {
		float availability;
		struct bw_methods methods;
		uint16_t number;
	} list[KINDS_CACHED];
	size_t count;
};

static bool same_methods(const struct bw_methods *a, const struct bw_methods *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!bw_method_equal(a->list[i], b->list[i]))
			return false;
	return true;
}

static int find_kind(struct builder *builder, struct kinds *kinds, const struct bw_host *host,
		     const struct bw_methods *methods, int64_t tau_ns)
{
	struct scenario_hosts from = {.availability = host->availability,
				      .tau_ns = tau_ns,
				      .methods = *methods,
				      .closed = SCENARIO_RST};
	int number;

	for (size_t i = 0; i < kinds->count; i++)
		if (kinds->list[i].availability == host->availability &&
		    same_methods(&kinds->list[i].methods, methods))
			return kinds->list[i].number;
	number = add_kind(builder, &from);
	if (number < 0 || kinds->count == KINDS_CACHED)
		return number;
	kinds->list[kinds->count].availability = host->availability;
	kinds->list[kinds->count].methods = *methods;
	kinds->list[kinds->count++].number = (uint16_t)number;
	return number;
}

static int add_network_hosts(struct builder *builder, const struct bw_target *target,
			     const struct bw_network *network, struct kinds *kinds, int64_t tau_ns)
{
	for (size_t h = 0; h < network->host_count; h++) {
		const struct bw_host *from = &network->hosts[h];
		const struct bw_methods *methods =
			from->methods.count ? &from->methods : &target->methods;
		int kind = find_kind(builder, kinds, from, methods, tau_ns);
		struct sim_host host = {.addr = from->addr, .kind = (uint16_t)kind};
		int rc = kind < 0 ? kind
				  : sim_world_add_host(builder->simulation->world, &host,
						       builder->err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

int build_hosts_add_listed(struct builder *builder, const struct scenario_target *from,
			   const struct bw_target *target, const struct build_field *field)
{
	struct kinds kinds = {.count = 0};
	int rc = 0;

	for (size_t n = 0; n < target->network_count && rc == 0; n++)
		rc = add_network_hosts(builder, target, &target->networks[n], &kinds, from->tau_ns);
	return rc < 0 ? scenario_blame(builder->scenario, builder->err, "%s.file", field->text) : 0;
}

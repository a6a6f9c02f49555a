/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulated Internet. Three things are kept apart:
 *
 * - the truth: which hosts are on, which faults are in effect. It is a function
 *   of seed and time (truth.c, fault.c) and has no memory;
 * - luck: what happens to one packet (loss, delay, mischief). Each vantage and
 *   each spoofer has a generator of its own, drawn in the order of its packets,
 *   so that what one vantage sends does not change what another sees;
 * - what is under way: frames in order of arrival (arrivals.c), and the token
 *   buckets of blocks and routers. This is all that probing changes.
 *
 * The life of a probe: a vantage's transport (vantage.c) hands the bytes to
 * exchange.c, which reads them as a kernel would (request.c), finds the block
 * (lpm.c), the way (path.c), the troubles on it (fault.c, line.c) and the
 * host (truth.c), writes the answer (answer.c) and gives it to mischief.c,
 * which queues it. sim_world_take() hands out what is due.
 *
 * Memory: none a block, some 50 to 100 bytes blocks that are added together; 8 a block
 * whose answers are limited; 32 a fault; hosts of groups take none.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "sim/topology/check.h"
#include "sim/world/inside.h"
#include "sim/truth/chance.h"

#define FRAMES_DEFAULT (UINT32_C(1) << 20)
#define VANTAGE_FAULTS_MAX 4096
#define LINKTYPE_RAW 12 /* DLT_RAW */

static struct bw_prefix prefix_of_block(const void *self, uint32_t block)
{
	return sim_world_prefix((const struct sim_world *)self, block);
}

struct sim_world *sim_world_new(const struct sim_world_config *config)
{
	struct fault_detail usual = {.router = SIM_LAST_ROUTER};
	struct sim_world *world = calloc(1, sizeof(*world));

	if (!world)
		return NULL;
	world->config = *config;
	world->seed = rng_mix(config->seed);
	world->kinds = array_of(sizeof(struct sim_host_kind));
	world->profiles = array_of(sizeof(struct sim_profile));
	world->routers = array_of(sizeof(struct router));
	world->paths = array_of(sizeof(struct sim_path));
	world->networks = array_of(sizeof(struct network));
	world->tracts = array_of(sizeof(struct tract));
	world->buckets = array_of(sizeof(struct bucket));
	world->hosts = array_of(sizeof(struct own_host));
	world->faults = array_of(sizeof(struct fault));
	world->details = array_of(sizeof(struct fault_detail));
	world->moves = array_of(sizeof(struct sim_move));
	world->lpm = (struct lpm){.prefix_of = prefix_of_block, .self = world};
	world->spoof_next_ns = INT64_MAX;
	arrivals_init(&world->arrivals, config->frames_max ? config->frames_max : FRAMES_DEFAULT);
	if (array_add(&world->details, &usual) < 0) {
		sim_world_free(world);
		return NULL;
	}
	return world;
}

void sim_world_free(struct sim_world *world)
{
	if (!world)
		return;
	for (unsigned i = 0; i < world->vantage_count; i++) {
		array_fini(&world->vantages[i]->faults);
		free(world->vantages[i]);
	}
	array_fini(&world->kinds);
	array_fini(&world->profiles);
	array_fini(&world->routers);
	array_fini(&world->paths);
	array_fini(&world->networks);
	array_fini(&world->tracts);
	array_fini(&world->buckets);
	array_fini(&world->hosts);
	array_fini(&world->faults);
	array_fini(&world->details);
	array_fini(&world->moves);
	lpm_fini(&world->lpm);
	arrivals_fini(&world->arrivals);
	free(world);
}

int sim_world_add_vantage(struct sim_world *world, const struct sim_vantage *config,
			  struct bw_err *err)
{
	struct vantage *vantage;
	int rc = check_line(&config->line, err);

	if (rc < 0)
		return rc;
	if (world->vantage_count == VANTAGES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d vantages", VANTAGES_MAX);
	if (config->path >= (int)world->paths.count)
		return bw_err_set(err, BW_ERR_MISSING, "no path %d", config->path);
	if ((config->v4.family && config->v4.family != 4) ||
	    (config->v6.family && config->v6.family != 6) ||
	    (!config->v4.family && !config->v6.family))
		return bw_err_set(err, BW_ERR_VALUE, "a vantage has an IPv4 or IPv6 address");
	vantage = calloc(1, sizeof(*vantage));
	if (!vantage)
		return bw_err_set(err, -ENOMEM, "out of memory");
	vantage->world = world;
	vantage->number = world->vantage_count;
	vantage->config = *config;
	vantage->luck = rng_of(chance_key(world->seed, ~(uint64_t)vantage->number));
	vantage->faults = array_of(sizeof(struct sim_vantage_fault));
	vantage->calm_to_ns = INT64_MIN;
	world->vantages[world->vantage_count] = vantage;
	return (int)world->vantage_count++;
}

int sim_world_add_vantage_fault(struct sim_world *world, unsigned vantage,
				const struct sim_vantage_fault *fault, struct bw_err *err)
{
	struct array *faults;
	int rc;

	if (vantage >= world->vantage_count)
		return bw_err_set(err, BW_ERR_MISSING, "no vantage %u", vantage);
	faults = &world->vantages[vantage]->faults;
	rc = fault->kind == SIM_CLOCK_STEP ? 0 : check_interval(fault->start, fault->end, err);
	if (rc < 0)
		return rc;
	if (!check_chance(fault->share))
		return bw_err_set(err, BW_ERR_VALUE, "a share is from 0 to 1");
	if (fault->kind == SIM_SEND_ERROR && fault->status >= 0)
		return bw_err_set(err, BW_ERR_VALUE, "the status of a send error is below 0");
	if (faults->count == VANTAGE_FAULTS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d faults of a vantage",
				  VANTAGE_FAULTS_MAX);
	rc = array_add(faults, fault);
	return rc < 0 ? bw_err_set(err, rc, "out of memory") : 0;
}

int sim_world_add_spoofer(struct sim_world *world, const struct sim_spoofer *config,
			  struct bw_err *err)
{
	struct spoofer *spoofer = &world->spoofers[world->spoofer_count];
	int rc = check_interval(config->start, config->end, err);
	const struct sim_vantage *vantage;
	uint8_t family;

	if (rc < 0)
		return rc;
	if (config->vantage >= world->vantage_count || config->block >= world->block_count)
		return bw_err_set(err, BW_ERR_MISSING, "a spoofer needs a vantage and a block");
	vantage = &world->vantages[config->vantage]->config;
	family = sim_world_prefix(world, config->block).addr.family;
	if (!(config->rate_pps > 0) || !(family == 4 ? vantage->v4.family : vantage->v6.family))
		return bw_err_set(err, BW_ERR_VALUE,
				  "a spoofer needs a rate and a vantage of its family");
	if (world->spoofer_count == SPOOFERS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d spoofers", SPOOFERS_MAX);
	spoofer->config = *config;
	spoofer->luck = rng_of(chance_key(~world->seed, ~(uint64_t)world->spoofer_count));
	spoofer->next_ns = config->start.ns;
	world->spoofer_count++;
	return 0;
}

static int compare_hosts(const void *a, const void *b)
{
	const struct own_host *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return bw_addr_compare(&x->host.addr, &y->host.addr);
}

static int seal_hosts(struct sim_world *world, struct bw_err *err)
{
	char text[BW_ADDR_TEXT];

	if (world->hosts.count == 0)
		return 0;
	qsort(world_own_host(world, 0), world->hosts.count, sizeof(struct own_host), compare_hosts);
	for (uint32_t i = 1; i < world->hosts.count; i++) {
		const struct own_host *own = world_own_host(world, i);

		if (compare_hosts(own - 1, own) == 0)
			return bw_err_set(err, BW_ERR_OVERLAP, "host %s is there twice",
					  bw_addr_format(&own->host.addr, text));
	}
	return 0;
}

int sim_world_seal(struct sim_world *world, struct bw_err *err)
{
	int rc = seal_hosts(world, err);

	if (rc < 0)
		return rc;
	fault_seal(world);
	for (unsigned i = 0; i < world->spoofer_count; i++) {
		if (world->spoofers[i].next_ns < world->spoof_next_ns)
			world->spoof_next_ns = world->spoofers[i].next_ns;
	}
	world->sealed = true;
	return 0;
}

struct bw_transport sim_world_transport(struct sim_world *world, unsigned vantage)
{
	return (struct bw_transport){&vantage_transport_ops, world->vantages[vantage]};
}

void sim_world_set_now(struct sim_world *world, struct bw_mono now)
{
	assert(world->sealed && now.ns >= world->now.ns);
	world->now = now;
}

struct bw_mono sim_world_next(const struct sim_world *world)
{
	return bw_mono_min(arrivals_next(&world->arrivals), (struct bw_mono){world->spoof_next_ns});
}

bool sim_world_take(struct sim_world *world, unsigned *ret_vantage, struct bw_rx *ret_rx)
{
	if (world->spoof_next_ns <= world->now.ns)
		mischief_forge(world);
	while (arrivals_next(&world->arrivals).ns <= world->now.ns) {
		const struct arrival *arrival = arrivals_take(&world->arrivals);

		if (!vantage_admits(world->vantages[arrival->vantage], arrival))
			continue;
		if (ret_vantage)
			*ret_vantage = arrival->vantage;
		*ret_rx = (struct bw_rx){.at = arrival->at,
					 .linktype = LINKTYPE_RAW,
					 .length = arrival->length,
					 .wire_length = arrival->length,
					 .bytes = arrival->bytes};
		return true;
	}
	return false;
}

int sim_world_find(const struct sim_world *world, const struct bw_addr *addr, uint32_t *ret_block)
{
	return lpm_find(&world->lpm, addr, ret_block) ? 0 : BW_ERR_MISSING;
}

uint32_t sim_world_block_count(const struct sim_world *world)
{
	return world->block_count;
}

struct bw_prefix sim_world_prefix(const struct sim_world *world, uint32_t block)
{
	return site_of(world, block).prefix;
}

uint32_t sim_world_network(const struct sim_world *world, uint32_t block)
{
	return site_of(world, block).tract->network;
}

void sim_world_fates(const struct sim_world *world, unsigned vantage,
		     uint64_t ret_counts[SIM_FATES])
{
	for (unsigned i = 0; i < SIM_FATES; i++)
		ret_counts[i] = world->vantages[vantage]->fates[i];
}

const char *sim_truth_name(enum sim_truth truth)
{
	static const char *const names[] = {
#define X(name, text) text,
		SIM_TRUTH_LIST(X)
#undef X
	};

	return names[truth];
}

const char *sim_fate_name(enum sim_fate fate)
{
	static const char *const names[] = {
#define X(name, text) text,
		SIM_FATE_LIST(X)
#undef X
	};

	return fate < SIM_FATES ? names[fate] : "";
}

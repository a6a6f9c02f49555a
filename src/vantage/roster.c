/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/roster.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge_array.h"
#include "base/permutation.h"
#include "base/rng.h"
#include "base/spread.h"
#include "target/network.h"

#define METHOD_SETS_MAX 255
#define SIBLINGS_AROUND 128     /* what is far away in a large target has little in common */
#define OPEN_AVAILABILITY 0.05F /* of an address of which nothing is known */

static uint8_t quantise(float availability)
{
	int q = (int)(availability * ROSTER_AVAILABILITY_STEPS + 0.5F);

	return (uint8_t)(q < 1 ? 1 : q > ROSTER_AVAILABILITY_STEPS ? ROSTER_AVAILABILITY_STEPS : q);
}

static int count_all(struct roster *roster, const struct bw_target *const *targets, size_t count,
		     struct bw_err *err)
{
	uint64_t blocks = 0, networks = 0, hosts = 0;

	for (size_t t = 0; t < count; t++) {
		networks += targets[t]->network_count;
		for (size_t n = 0; n < targets[t]->network_count; n++) {
			uint64_t more = network_count_blocks(&targets[t]->networks[n]);

			hosts += targets[t]->networks[n].host_count;
			blocks = more > ROSTER_BLOCKS_MAX ? more : blocks + more;
			if (blocks > ROSTER_BLOCKS_MAX)
				return bw_err_set(err, BW_ERR_LIMIT,
						  "%s has more than %u blocks; give a part of it",
						  targets[t]->name, ROSTER_BLOCKS_MAX);
		}
	}
	roster->blocks = huge_array_new(blocks, sizeof(*roster->blocks));
	roster->listed = huge_array_new(blocks, sizeof(*roster->listed));
	roster->networks = calloc(networks + 1, sizeof(*roster->networks));
	roster->targets = calloc(count + 1, sizeof(*roster->targets));
	roster->host_addr = calloc(hosts + 1, sizeof(*roster->host_addr));
	roster->host_availability = calloc(hosts + 1, 1);
	roster->host_methods = calloc(hosts + 1, 1);
	roster->method_sets = calloc(METHOD_SETS_MAX, sizeof(*roster->method_sets));
	if (!roster->blocks || !roster->listed || !roster->networks || !roster->targets ||
	    !roster->host_addr || !roster->host_availability || !roster->host_methods ||
	    !roster->method_sets)
		return bw_err_set(err, -ENOMEM, "out of memory for %llu blocks",
				  (unsigned long long)blocks);
	return 0;
}

static bool is_same_set(const struct bw_methods *a, const struct bw_methods *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!bw_method_equal(a->list[i], b->list[i]))
			return false;
	return true;
}

static int method_set(struct roster *roster, const struct bw_methods *methods, struct bw_err *err)
{
	for (uint32_t i = 0; i < roster->method_set_count; i++)
		if (is_same_set(&roster->method_sets[i], methods))
			return (int)i;
	if (roster->method_set_count == METHOD_SETS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "more than %d different lists of methods; use fewer",
				  METHOD_SETS_MAX);
	roster->method_sets[roster->method_set_count] = *methods;
	return (int)roster->method_set_count++;
}

/* Keeps the block's hosts in descending order of availability; equal ones as they come. */
static void sink_host(struct roster *roster, uint32_t first, uint32_t at)
{
	struct bw_addr addr = roster->host_addr[at];
	uint8_t availability = roster->host_availability[at];
	uint8_t methods = roster->host_methods[at];

	for (; at > first && roster->host_availability[at - 1] < availability; at--) {
		roster->host_addr[at] = roster->host_addr[at - 1];
		roster->host_availability[at] = roster->host_availability[at - 1];
		roster->host_methods[at] = roster->host_methods[at - 1];
	}
	roster->host_addr[at] = addr;
	roster->host_availability[at] = availability;
	roster->host_methods[at] = methods;
}

static uint8_t refusal_of(int refused)
{
	return refused == BW_ERR_BLOCKLISTED ? ROSTER_BLOCKLISTED
	       : refused < 0                 ? ROSTER_SPECIAL_PURPOSE
					     : ROSTER_ALLOWED;
}

static int add_host(struct roster *roster, struct roster_block *block, const struct bw_host *host,
		    const struct bw_methods *methods, const struct roster_options *options,
		    struct bw_err *err)
{
	int refused = options->permit ? permit_check(options->permit, &host->addr) : 0;
	uint32_t at = roster->host_count;
	int set;

	if (refused < 0) {
		block->refused = refusal_of(refused);
		return 0;
	}
	if (block->host_count == UINT16_MAX)
		return 0;
	set = method_set(roster, methods, err);
	if (set < 0)
		return set;
	roster->host_addr[at] = host->addr;
	roster->host_availability[at] = quantise(host->availability);
	roster->host_methods[at] = (uint8_t)set;
	roster->host_count++;
	block->host_count++;
	sink_host(roster, roster->host_count - block->host_count, at);
	return 0;
}

static struct roster_block *new_block(struct roster *roster)
{
	struct roster_block *block = &roster->blocks[roster->block_count++];

	*block = (struct roster_block){
		.network = roster->network_count,
		.egress = ROSTER_NO_EGRESS,
	};
	return block;
}

static int add_listed(struct roster *roster, const struct bw_target *target,
		      const struct bw_network *network, const struct network_block *part,
		      const struct roster_options *options, struct bw_err *err)
{
	struct roster_block *block = new_block(roster);
	struct spread places = spread_over(part->host_count);
	size_t place;
	int code = 0;

	roster->listed[roster->block_count - 1] = roster->host_count + 1;
	roster->host_addr[roster->host_count] = network->hosts[part->first_host].addr;
	/* They are listed by address: the first that are asked are spread over the block. */
	while (code == 0 && spread_next(&places, &place)) {
		const struct bw_host *host = &network->hosts[part->first_host + place];

		code = add_host(roster, block, host,
				host->methods.count ? &host->methods : &target->methods, options,
				err);
	}
	/* Where no host may be probed, the first one's address stays: the block is there. */
	if (block->host_count == 0)
		roster->host_count++;
	else
		block->refused = ROSTER_ALLOWED;
	return code;
}

static uint16_t candidates_of(const struct bw_prefix *prefix)
{
	uint64_t size = bw_prefix_size(prefix);

	if (prefix->addr.family == 4 && prefix->length < 31)
		size -= 2; /* the network's own and the broadcast address */
	return (uint16_t)(size > ROSTER_CANDIDATES_MAX ? ROSTER_CANDIDATES_MAX : size);
}

/* Of an IPv6 network as a whole there are too many candidates to try any. */
static void add_open(struct roster *roster, const struct bw_network *network,
		     const struct bw_prefix *prefix, const struct roster_options *options)
{
	struct roster_block *block = new_block(roster);

	block->refused =
		refusal_of(options->permit ? permit_check_block(options->permit, prefix) : 0);
	if (!block->refused && !network_is_sparse(network))
		block->host_count = candidates_of(prefix);
}

static int add_blocks(struct roster *roster, const struct bw_target *target,
		      const struct bw_network *network, const struct roster_options *options,
		      struct bw_err *err)
{
	struct network_block part = {0};
	int code = 0;

	while (code == 0 && network_next_block(network, &part))
		if (part.host_count == 0)
			add_open(roster, network, &part.prefix, options);
		else
			code = add_listed(roster, target, network, &part, options, err);
	return code;
}

static int add_network(struct roster *roster, const struct bw_target *target,
		       const struct bw_network *network, const struct roster_options *options,
		       struct bw_err *err)
{
	uint32_t first = roster->block_count;
	int set = method_set(roster, &target->methods, err);
	int code = set < 0 ? set : add_blocks(roster, target, network, options, err);

	roster->networks[roster->network_count++] = (struct roster_network){
		.network = network,
		.target = roster->target_count,
		.first_block = first,
		.block_count = roster->block_count - first,
		.methods = (uint8_t)set,
		.known = network->host_count > 0 && network->known,
	};
	return code;
}

int roster_init(struct roster *roster, const struct bw_target *const *targets, size_t count,
		const struct roster_options *options, struct bw_err *err)
{
	int code;

	*roster = (struct roster){.seed = options->seed};
	code = count_all(roster, targets, count, err);
	for (size_t t = 0; t < count && code == 0; t++) {
		uint32_t first = roster->network_count;

		for (size_t n = 0; n < targets[t]->network_count && code == 0; n++)
			code = add_network(roster, targets[t], &targets[t]->networks[n], options,
					   err);
		roster->targets[roster->target_count++] = (struct roster_target){
			.target = targets[t],
			.first_network = first,
			.network_count = roster->network_count - first,
		};
	}
	if (code < 0)
		roster_fini(roster);
	return code;
}

void roster_fini(struct roster *roster)
{
	huge_array_free(roster->blocks);
	huge_array_free(roster->listed);
	free(roster->networks);
	free(roster->targets);
	free(roster->sentinels);
	free(roster->host_addr);
	free(roster->host_availability);
	free(roster->host_methods);
	free(roster->host_gone);
	free(roster->method_sets);
	*roster = (struct roster){0};
}

int roster_add_sentinel(struct roster *roster, const struct roster_sentinel *sentinel,
			const struct permit *permit)
{
	struct roster_sentinel *more;

	if (permit && permit_check(permit, &sentinel->addr) < 0)
		return 0;
	for (uint32_t i = 0; i < roster->sentinel_count; i++)
		if (roster->sentinels[i].way == sentinel->way &&
		    bw_addr_equal(&roster->sentinels[i].addr, &sentinel->addr)) {
			roster->sentinels[i].is_shared |= sentinel->is_shared;
			return 0;
		}
	if (roster->sentinel_count == roster->sentinel_room) {
		uint32_t room = roster->sentinel_room ? 2 * roster->sentinel_room : 8;

		more = realloc(roster->sentinels, room * sizeof(*more));
		if (!more)
			return -ENOMEM;
		roster->sentinels = more;
		roster->sentinel_room = room;
	}
	roster->sentinels[roster->sentinel_count++] = *sentinel;
	return 0;
}

/*
 * The candidates of an open block. IPv4: .1 first, the likeliest to answer,
 * then all others in an order of their own. IPv6: the low addresses.
 */
static struct bw_addr open_addr(const struct roster *roster, const struct bw_prefix *prefix,
				uint16_t host)
{
	uint64_t offset = host;
	uint64_t size = bw_prefix_size(prefix);

	if (prefix->addr.family == 4 && size > 2 && host > 0) {
		struct permutation permute =
			permutation_of(size - 3,
				       rng_mix(roster->seed ^ bw_addr_to_v4(&prefix->addr)));

		offset = 1 + permutation_at(&permute, (uint64_t)host - 1);
	}
	return bw_addr_add(&prefix->addr, size > 2 ? offset + 1 : offset);
}

struct bw_prefix roster_prefix(const struct roster *roster, uint32_t block)
{
	const struct roster_network *network = roster_network_of(roster, block);
	const struct bw_addr *host;

	if (roster_is_open(roster, block) || !network_is_sparse(network->network))
		return network_block(network->network, block - network->first_block);
	host = &roster->host_addr[roster_first_host(roster, block)];
	return bw_prefix_of(host, bw_network_block_length(network->network));
}

struct bw_addr roster_host_addr(const struct roster *roster, uint32_t block, uint16_t host)
{
	struct bw_prefix prefix;

	if (!roster_is_open(roster, block))
		return roster->host_addr[roster_first_host(roster, block) + host];
	prefix = roster_prefix(roster, block);
	return open_addr(roster, &prefix, host);
}

float roster_availability(const struct roster *roster, uint32_t block, uint16_t host)
{
	if (roster_is_open(roster, block))
		return OPEN_AVAILABILITY;
	return (float)roster->host_availability[roster_first_host(roster, block) + host] /
	       ROSTER_AVAILABILITY_STEPS;
}

static const struct bw_methods *methods_of(const struct roster *roster, uint32_t block,
					   uint16_t host)
{
	if (roster_is_open(roster, block))
		return &roster->method_sets[roster_network_of(roster, block)->methods];
	return &roster->method_sets[roster->host_methods[roster_first_host(roster, block) + host]];
}

unsigned roster_method_count(const struct roster *roster, uint32_t block, uint16_t host)
{
	return methods_of(roster, block, host)->count;
}

struct bw_method roster_method(const struct roster *roster, uint32_t block, uint16_t host,
			       unsigned index)
{
	const struct bw_methods *methods = methods_of(roster, block, host);

	return methods->list[index % methods->count];
}

struct roster_range roster_target_blocks(const struct roster *roster, uint32_t target)
{
	const struct roster_target *t = &roster->targets[target];
	const struct roster_network *first = &roster->networks[t->first_network];
	const struct roster_network *last = &first[t->network_count - 1];

	if (t->network_count == 0)
		return (struct roster_range){0};
	return (struct roster_range){first->first_block, last->first_block + last->block_count};
}

struct roster_range roster_siblings(const struct roster *roster, uint32_t block)
{
	struct roster_range range = roster_target_blocks(roster, roster_target_of(roster, block));

	if (block - range.first > SIBLINGS_AROUND)
		range.first = block - SIBLINGS_AROUND;
	if (range.end - block > SIBLINGS_AROUND)
		range.end = block + SIBLINGS_AROUND;
	return range;
}

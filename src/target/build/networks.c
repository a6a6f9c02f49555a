/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything here is arithmetic with sets of ranges. A search for the nearest delegation would
 * be wrong: delegations overlap, so that the one that begins last before an address need not be
 * one that has it.
 *
 *     space     what belongs to the country, disjoint; each range is one delegation
 *     asked     prefixes that the user adds; they are taken as they are
 *     cutter    announced prefixes (value: number of a route) or ranges of ASes (value: the AS),
 *               flat: each address has the most specific one
 *     pieces    space and cutter in common: the networks
 *     left out  space without cutter
 */
#include "target/build/networks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/network.h"
#include "target/origin.h"

#define NO_ROUTE UINT32_MAX

struct making {
	const struct networks_inputs *inputs;
	struct array networks; /* struct bw_network */
	struct bw_origin *origin;
};

/* Adds to SET what of MORE it does not have yet. MORE is disjoint. */
static int add_new(struct range_set *set, const struct range_set *more)
{
	struct range_set rest = {0};
	int result = range_set_without(more, set, &rest);

	if (result == 0)
		result = range_set_add_all(set, &rest);
	range_set_fini(&rest);
	range_set_sort(set);
	return result;
}

static int add_ranges_of_ases(const struct networks_inputs *inputs, struct range_set *space)
{
	const struct range_set *ases = &inputs->ranges.ases;
	struct range_set wanted = {0};
	int result = 0;

	for (uint32_t i = 0; i < range_set_count(ases) && result == 0; i++)
		for (size_t n = 0; n < inputs->as_count && result == 0; n++)
			if (range_set_at(ases, i)->value == inputs->ases[n])
				result = range_set_add(&wanted, range_set_at(ases, i));
	range_set_merge(&wanted, true);
	if (result == 0)
		result = add_new(space, &wanted);
	range_set_fini(&wanted);
	return result;
}

int networks_space(struct networks_inputs *inputs, struct range_set *ret_space)
{
	struct ranges *ranges = &inputs->ranges;
	int result = ranges_seal(ranges);

	range_set_merge(&inputs->asked, false);
	range_set_merge(&inputs->excluded, true);
	range_set_merge(&inputs->delegated, false);
	if (result == 0)
		result = range_set_add_all(ret_space, &inputs->delegated);
	if (result == 0)
		result = add_new(ret_space, &ranges->countries);
	if (result == 0 && range_set_count(ret_space) == 0)
		result = range_set_add_all(ret_space, &ranges->both);
	if (result == 0 && inputs->as_count > 0)
		result = add_ranges_of_ases(inputs, ret_space);
	return result;
}

static int add_routes_of_ases(const struct networks_inputs *inputs, struct range_set *space)
{
	const struct announced *announced = &inputs->announced;
	struct range_set wanted = {0};
	int result = 0;

	for (uint32_t i = 0; i < announced->routes.count && result == 0; i++)
		for (size_t n = 0; n < inputs->as_count && result == 0; n++)
			if (announced_at(announced, i)->asn == inputs->ases[n])
				result = range_set_add_prefix(&wanted,
							      &announced_at(announced, i)->prefix,
							      0);
	range_set_merge(&wanted, true);
	if (result == 0)
		result = add_new(space, &wanted);
	range_set_fini(&wanted);
	return result;
}

static int add_upstreams(struct bw_network *network, const struct announced *announced,
			 uint32_t route)
{
	uint32_t end = announced_next(announced, route);

	for (uint32_t i = route; i < end; i++) {
		uint32_t upstream = announced_at(announced, i)->upstream;
		uint32_t *list;

		if (announced_at(announced, i)->asn != network->asn || upstream == 0 ||
		    network->upstream_count == TARGET_UPSTREAMS_MAX)
			continue;
		list = (uint32_t *)realloc(network->upstreams,
					   (network->upstream_count + 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		network->upstreams = list;
		network->upstreams[network->upstream_count++] = upstream;
	}
	return 0;
}

/* The AS that the databases have for both ends of a network; 0: none, or they differ. */
static uint32_t find_asn(const struct address_origins *labels, const struct bw_prefix *prefix)
{
	struct addr_key end = addr_key_last(addr_key_of(&prefix->addr), prefix->length);
	struct bw_addr last = addr_key_addr(end, prefix->addr.family);
	uint32_t first_asn = 0, last_asn = 0;
	char country[3];

	if (last.family == 4)
		last = bw_addr_from_v4(bw_addr_to_v4(&last));
	address_origins_find(labels, &prefix->addr, &first_asn, country);
	address_origins_find(labels, &last, &last_asn, country);
	return first_asn == last_asn ? first_asn : 0;
}

static int label(struct bw_network *network, const struct networks_inputs *inputs, uint32_t route)
{
	const struct range *range = range_set_find(&inputs->ranges.ases, &network->prefix.addr);
	const char *name;

	if (route != NO_ROUTE)
		network->asn = announced_origin(&inputs->announced, route);
	if (network->asn == 0 && range)
		network->asn = range->value;
	if (network->asn == 0)
		network->asn = find_asn(&inputs->labels, &network->prefix);
	name = network->asn ? ranges_name(&inputs->ranges, network->asn) : NULL;
	if (name && *name && !(network->name = strdup(name)))
		return -ENOMEM;
	if (!network->name && address_origins_name(&inputs->labels, &network->prefix.addr,
						   network->asn, &network->name) < 0)
		return -ENOMEM;
	return route == NO_ROUTE ? 0 : add_upstreams(network, &inputs->announced, route);
}

/* Adds the prefixes of a range as networks. ROUTE: the announced one, or NO_ROUTE. */
static int add_networks(struct making *making, struct range range, uint32_t route)
{
	struct bw_network network = {0};
	int result = 0;

	while (result == 0 && range_take(&range, &network.prefix)) {
		result = array_add(&making->networks, &network);
		if (result < 0)
			break;
		result = label((struct bw_network *)array_at(&making->networks, (uint32_t)result),
			       making->inputs, route);
	}
	return result;
}

static void count_left_out(struct making *making, struct range range)
{
	struct bw_left_out *out =
		range.family == 4 ? &making->origin->left_out_v4 : &making->origin->left_out_v6;
	struct bw_prefix prefix;

	if (range.family == 4)
		out->addresses += range_size(&range);
	while (range_take(&range, &prefix)) {
		out->networks++;
		out->blocks +=
			bw_prefix_parts(&prefix, prefix.addr.family == 4 ? BW_BLOCK_LENGTH_V4
									 : BW_BLOCK_LENGTH_V6);
	}
}

/* SPACE of one family, cut by CUTTER. ARE_ROUTES: the values of the cutter are routes. */
static int add_cut(struct making *making, const struct range_set *space,
		   const struct range_set *cutter, bool are_routes)
{
	struct range_set pieces = {0}, rest = {0};
	int result = range_set_common(space, cutter, &pieces);

	if (result == 0)
		result = range_set_without(space, cutter, &rest);
	for (uint32_t i = 0; i < range_set_count(&pieces) && result == 0; i++) {
		const struct range *piece = range_set_at(&pieces, i);

		result = add_networks(making, *piece, are_routes ? piece->value : NO_ROUTE);
	}
	for (uint32_t i = 0; i < range_set_count(&rest); i++)
		count_left_out(making, *range_set_at(&rest, i));
	range_set_fini(&pieces);
	range_set_fini(&rest);
	return result;
}

static int flatten_routes(const struct announced *announced, struct range_set *ret_flat)
{
	struct range_set routes = {0};
	int result = 0;

	for (uint32_t i = 0; i < announced->routes.count && result == 0;
	     i = announced_next(announced, i))
		result = range_set_add_prefix(&routes, &announced_at(announced, i)->prefix, i);
	if (result == 0)
		result = range_set_flatten(&routes, ret_flat);
	range_set_fini(&routes);
	return result;
}

static int copy_family(const struct range_set *from, uint8_t family, struct range_set *ret_to)
{
	int result = 0;

	for (uint32_t i = 0; i < range_set_count(from) && result == 0; i++)
		if (range_set_at(from, i)->family == family)
			result = range_set_add(ret_to, range_set_at(from, i));
	return result;
}

/* The networks of one family. ROUTES and the table of ASes have both families. */
static int add_family(struct making *making, const struct range_set *space,
		      const struct range_set *routes, uint8_t family)
{
	const struct networks_inputs *inputs = making->inputs;
	bool are_routes = family == 4 ? inputs->announced.has_v4 : inputs->announced.has_v6;
	struct range_set mine = {0}, ases = {0};
	int result = copy_family(space, family, &mine);

	if (result == 0)
		result = copy_family(&inputs->ranges.ases, family, &ases);
	if (are_routes)
		range_set_merge(&mine, true);
	if (result == 0 && (are_routes || range_set_count(&ases) > 0))
		result = add_cut(making, &mine, are_routes ? routes : &ases, are_routes);
	else
		for (uint32_t i = 0; i < range_set_count(&mine) && result == 0; i++)
			result = add_networks(making, *range_set_at(&mine, i), NO_ROUTE);
	range_set_fini(&mine);
	range_set_fini(&ases);
	return result;
}

static int add_all(struct making *making, const struct range_set *space)
{
	const struct networks_inputs *inputs = making->inputs;
	struct range_set rest = {0}, routes = {0}, asked = {0};
	int result = range_set_without(space, &inputs->asked, &rest);
	struct range_set allowed = {0};

	if (result == 0)
		result = range_set_without(&rest, &inputs->excluded, &allowed);
	if (result == 0)
		result = range_set_without(&inputs->asked, &inputs->excluded, &asked);
	if (result == 0)
		result = flatten_routes(&inputs->announced, &routes);
	if (result == 0)
		result = add_family(making, &allowed, &routes, 4);
	if (result == 0)
		result = add_family(making, &allowed, &routes, 6);
	for (uint32_t i = 0; i < range_set_count(&asked) && result == 0; i++)
		result = add_networks(making, *range_set_at(&asked, i), NO_ROUTE);
	range_set_fini(&rest);
	range_set_fini(&allowed);
	range_set_fini(&asked);
	range_set_fini(&routes);
	return result;
}

static int compare_networks(const void *a, const void *b)
{
	return bw_prefix_compare(&((const struct bw_network *)a)->prefix,
				 &((const struct bw_network *)b)->prefix);
}

int networks_make(struct networks_inputs *inputs, struct range_set *space, struct bw_target *target)
{
	struct making making = {
		.inputs = inputs,
		.networks = array_of(sizeof(struct bw_network)),
		.origin = origin_of(target),
	};
	int result = making.origin ? 0 : -ENOMEM;

	announced_seal(&inputs->announced);
	if (result == 0)
		result = add_routes_of_ases(inputs, space);
	if (result == 0)
		result = add_all(&making, space);
	target->networks = (void *)making.networks.items;
	target->network_count = making.networks.count;
	if (target->network_count > 1)
		qsort(target->networks, target->network_count, sizeof(*target->networks),
		      compare_networks);
	return result;
}

int networks_prefixes(const struct range_set *set, struct bw_prefixes *ret_prefixes)
{
	struct array list = array_of(sizeof(struct bw_prefix));
	struct range_set touching = {0};
	int result = range_set_add_all(&touching, set);
	struct bw_prefix prefix;

	range_set_merge(&touching, true);
	for (uint32_t i = 0; i < range_set_count(&touching); i++) {
		struct range range = *range_set_at(&touching, i);

		while (result >= 0 && range_take(&range, &prefix))
			result = array_add(&list, &prefix);
	}
	range_set_fini(&touching);
	if (result < 0) {
		array_fini(&list);
		return result;
	}
	*ret_prefixes = (struct bw_prefixes){(struct bw_prefix *)list.items, list.count};
	return 0;
}

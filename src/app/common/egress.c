/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/egress.h"

#include <errno.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "sys/net/route.h"
#include "vantage/roster_egress.h"

#define LOOKUPS_MAX 65536U /* of blocks: 0.2 s */

/* The lookups of one egress_look(). */
struct finder {
	struct egress_routes *routes;
	const struct egress_wish *wish;
	struct route_socket *socket;
	struct interface_wish wish_v4, wish_v6; /* what --interface and --source ask for */
	bool shares; /* the gateways that are added now are next hops of one route */
};

static const struct interface_wish *wish_for(const struct finder *finder, int family)
{
	return family == 4 ? &finder->wish_v4 : &finder->wish_v6;
}

static int add_egress(struct finder *finder, const struct route *route, uint8_t *ret_egress,
		      struct bw_err *err)
{
	struct egress_set *set = &finder->routes->set;
	int egress = route_egress(route, set->list, &set->count, err);

	if (egress < 0)
		return egress;
	*ret_egress = (uint8_t)egress;
	return 0;
}

static int family_of(const struct roster *roster, uint32_t block)
{
	return roster_network_of(roster, block)->network->prefix.addr.family;
}

/* The block whose route a block has. */
static uint32_t sampled(const struct roster *roster, uint32_t block)
{
	return roster->block_count <= LOOKUPS_MAX ? block
						  : roster_network_of(roster, block)->first_block;
}

/*
 * Whether the kernel is asked for the route of a block. Where none of its hosts may be probed it
 * has no way out, and no gateway is probed for its sake.
 */
static bool is_looked_up(const struct roster *roster, uint32_t block)
{
	return sampled(roster, block) == block &&
	       (roster->block_count > LOOKUPS_MAX || roster_refused(roster, block) == 0);
}

/* Looks up the blocks of one family in one exchange with the kernel. */
static int route_blocks(struct finder *finder, int family, struct bw_addr *samples,
			struct route *routes, struct bw_err *err)
{
	const struct roster *roster = finder->wish->roster;
	uint8_t *blocks = finder->routes->blocks;
	size_t count = 0, next = 0;
	int code;

	for (uint32_t i = 0; i < roster->block_count; i++)
		if (family_of(roster, i) == family && is_looked_up(roster, i))
			samples[count++] = roster_egress_sample(roster, i);
	code = route_lookup(finder->socket, wish_for(finder, family), samples, count, routes);
	if (code < 0)
		return bw_err_set(err, code, "cannot ask the kernel for routes: %s",
				  bw_error_text(code));
	code = 0;
	for (uint32_t i = 0; i < roster->block_count && code == 0; i++) {
		if (family_of(roster, i) != family)
			continue;
		if (sampled(roster, i) != i)
			blocks[i] = blocks[sampled(roster, i)];
		else if (is_looked_up(roster, i) && routes[next++].status == 0)
			code = add_egress(finder, &routes[next - 1], &blocks[i], err);
	}
	return code;
}

static int route_all(struct finder *finder, struct bw_err *err)
{
	const struct roster *roster = finder->wish->roster;
	struct bw_addr *samples = calloc(roster->block_count + 1, sizeof(*samples));
	struct route *routes = calloc(roster->block_count + 1, sizeof(*routes));
	int code = samples && routes ? 0 : bw_err_set(err, -ENOMEM, "out of memory");

	for (int family = 4; family <= 6 && code == 0; family += 2)
		code = route_blocks(finder, family, samples, routes, err);
	free(samples);
	free(routes);
	return code;
}

static int add_sentinel(struct finder *finder, struct roster_sentinel *sentinel, struct bw_err *err)
{
	sentinel->method = (struct bw_method){.protocol = BW_PROTOCOL_ICMP};
	if (permit_check(finder->wish->permit, &sentinel->addr) == BW_ERR_BLOCKLISTED)
		return 0;
	if (roster_add_sentinel(&finder->routes->sentinels, sentinel, NULL) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int add_reference(struct finder *finder, const struct bw_addr *addr, struct bw_err *err)
{
	struct roster_sentinel sentinel = {.addr = *addr, .source = HEALTH_REFERENCE};
	struct route route;
	int code;

	if (permit_check(finder->wish->permit, addr) < 0 ||
	    route_lookup(finder->socket, wish_for(finder, addr->family), addr, 1, &route) != 1)
		return 0;
	code = add_egress(finder, &route, &sentinel.egress, err);
	sentinel.way = sentinel.egress;
	return code < 0 ? code : add_sentinel(finder, &sentinel, err);
}

/* Adds a gateway, to which ROUTE leads, for the way out of a number. */
static int add_gateway(struct finder *finder, const struct bw_addr *addr, const struct route *route,
		       int way, struct bw_err *err)
{
	struct roster_sentinel sentinel = {
		.addr = *addr,
		.source = HEALTH_GATEWAY,
		.is_shared = finder->shares,
	};
	int code;

	if (route->source.family != addr->family)
		return 0;
	code = add_egress(finder, route, &sentinel.egress, err);
	sentinel.way = way < 0 ? sentinel.egress : (uint8_t)way;
	return code < 0 ? code : add_sentinel(finder, &sentinel, err);
}

/* Adds GATEWAY for an egress. An IPv6 one is probed from a link-local address. */
static int add_gateway_to(struct finder *finder, uint8_t egress, const struct bw_addr *gateway,
			  struct bw_err *err)
{
	const struct bw_egress *e = &finder->routes->set.list[egress];
	struct interface_wish through = {.index = e->interface_index};
	const struct bw_addr addr = *gateway;
	struct route route;

	if (addr.family != e->source.family ||
	    route_lookup(finder->socket, &through, &addr, 1, &route) != 1)
		return 0;
	return add_gateway(finder, &addr, &route, egress, err);
}

/* Adds the gateways that share a route to each egress through their interface. */
static int add_shared(struct finder *finder, const struct route_shared *shared, struct bw_err *err)
{
	const struct egress_set *set = &finder->routes->set;
	uint8_t count = set->count;
	int code = 0;

	finder->shares = true;
	for (unsigned n = 0; n < shared->count; n++)
		for (uint8_t i = 0; i < count && code == 0; i++)
			if (set->list[i].interface_index == shared->hops[n].interface_index)
				code = add_gateway_to(finder, i, &shared->hops[n].gateway, err);
	finder->shares = false;
	return code;
}

/* Adds the default gateway of a family for each egress through its interface. */
static int add_default_gateway(struct finder *finder, int family, struct bw_err *err)
{
	const struct egress_set *set = &finder->routes->set;
	uint8_t count = set->count;
	bool used = false, found = false;
	struct route_shared shared;
	struct route route;
	int code, missing;

	for (uint8_t i = 0; i < count; i++)
		used = used || set->list[i].source.family == family;
	if (!used)
		return 0;
	missing = route_default_gateway(finder->socket, wish_for(finder, family), family, &route,
					&shared);
	code = add_shared(finder, &shared, err);
	if (code < 0 || missing < 0 || route.gateway.family != family)
		return code;
	for (uint8_t i = 0; i < count && code == 0; i++) {
		if (set->list[i].source.family != family ||
		    set->list[i].interface_index != route.interface_index)
			continue;
		code = add_gateway(finder, &route.gateway, &route, i, err);
		found = true;
	}
	if (!found && code == 0)
		code = add_gateway(finder, &route.gateway, &route, -1, err);
	return code;
}

static int find_all(struct finder *finder, struct bw_err *err)
{
	const struct catalog_references *references = finder->wish->references;
	int code = route_all(finder, err);
	uint8_t count = finder->routes->set.count;

	for (uint8_t i = 0; i < count && code == 0; i++)
		code = add_gateway_to(finder, i, &finder->routes->set.list[i].gateway, err);
	for (int family = 4; family <= 6 && code == 0; family += 2)
		code = add_default_gateway(finder, family, err);
	for (size_t i = 0; i < references->count && code == 0; i++)
		code = add_reference(finder, &references->list[i], err);
	return code;
}

static int make_wish(const char *interface, const struct bw_addr *source,
		     struct interface_wish *ret_wish, struct bw_err *err)
{
	return interface_wish(interface, source->family ? source : NULL, ret_wish, err);
}

int egress_look(struct egress_routes *routes, const struct egress_wish *wish,
		const struct egress_set *before, struct bw_err *err)
{
	struct finder finder = {.routes = routes, .wish = wish};
	const struct conf_probing *options = wish->options;
	int code;

	*routes = (struct egress_routes){.blocks = malloc(wish->roster->block_count + 1)};
	if (!routes->blocks)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (uint32_t i = 0; i < wish->roster->block_count; i++)
		routes->blocks[i] = ROSTER_NO_EGRESS;
	if (before)
		routes->set = *before;
	code = make_wish(options->interface, &options->source.v4, &finder.wish_v4, err);
	if (code == 0)
		code = make_wish(options->interface, &options->source.v6, &finder.wish_v6, err);
	if (code == 0)
		code = route_open(&finder.socket, err);
	if (code == 0)
		code = find_all(&finder, err);
	route_close(finder.socket);
	return code;
}

void egress_routes_fini(struct egress_routes *routes)
{
	free(routes->blocks);
	roster_fini(&routes->sentinels);
	routes->blocks = NULL;
}

static void warn_of_unrouted(const struct roster *roster)
{
	char text[BW_PREFIX_TEXT];
	uint32_t unrouted = 0, first = 0;

	for (uint32_t i = 0; i < roster->block_count; i++)
		if (roster_lacks_route(roster, i) && unrouted++ == 0)
			first = roster->blocks[i].network;
	if (unrouted > 0)
		log_warn("no route to %s%s; see 'ip route'",
			 bw_prefix_format(&roster->networks[first].network->prefix, text),
			 unrouted > roster->networks[first].block_count ? " and to more networks"
									: "");
}

static void warn_of_reference(const struct egress_routes *routes, const struct permit *permit,
			      const struct bw_addr *addr)
{
	const struct roster *sentinels = &routes->sentinels;
	int refused = permit_check(permit, addr);
	char text[BW_ADDR_TEXT];

	if (refused < 0) {
		log_warn("the reference %s will not be asked: %s", bw_addr_format(addr, text),
			 permit_refusal(refused, addr));
		return;
	}
	for (uint32_t i = 0; i < sentinels->sentinel_count; i++)
		if (bw_addr_equal(&sentinels->sentinels[i].addr, addr))
			return;
	log_warn("no route to the reference %s", bw_addr_format(addr, text));
}

/* The gateways are exempt from the list of special-purpose addresses, not from the block list. */
static int take_sentinels(struct roster *roster, struct permit *permit,
			  const struct egress_routes *routes, struct bw_err *err)
{
	for (uint32_t i = 0; i < routes->sentinels.sentinel_count; i++) {
		const struct roster_sentinel *sentinel = &routes->sentinels.sentinels[i];

		if (sentinel->source == HEALTH_GATEWAY &&
		    permit_exempt(permit, &sentinel->addr) < 0)
			return bw_err_set(err, BW_ERR_LIMIT, "too many gateways");
		if (roster_add_sentinel(roster, sentinel, permit) < 0)
			return bw_err_set(err, -ENOMEM, "out of memory");
	}
	return 0;
}

int egress_find(struct egress_set *set, struct roster *roster, struct permit *permit,
		const struct conf_probing *options, const struct catalog_references *references,
		struct bw_err *err)
{
	const struct egress_wish wish = {roster, permit, options, references};
	struct egress_routes routes;
	int code = egress_look(&routes, &wish, NULL, err);

	if (code == 0) {
		*set = routes.set;
		for (uint32_t i = 0; i < roster->block_count; i++)
			roster->blocks[i].egress = routes.blocks[i];
		warn_of_unrouted(roster);
		for (size_t i = 0; i < references->count; i++)
			warn_of_reference(&routes, permit, &references->list[i]);
		code = take_sentinels(roster, permit, &routes, err);
	}
	egress_routes_fini(&routes);
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/egress.h"

#include <errno.h>
#include <stdlib.h>

#include "app/common/log.h"
#include "sys/net/route.h"

/* The lookups of one egress_find(). */
struct finder {
	struct egress_set *set;
	struct roster *roster;
	struct permit *permit;
	struct route_socket *socket;
	struct interface_wish wish_v4, wish_v6; /* what --interface and --source ask for */
	size_t unrouted;                        /* networks without a route */
	uint32_t first_unrouted;                /* the first of them */
};

static const struct interface_wish *wish_for(const struct finder *finder, int family)
{
	return family == 4 ? &finder->wish_v4 : &finder->wish_v6;
}

static int add_egress(struct egress_set *set, const struct route *route, uint8_t *ret_egress,
		      struct bw_err *err)
{
	int egress = route_egress(route, set->list, &set->count, err);

	if (egress < 0)
		return egress;
	*ret_egress = (uint8_t)egress;
	return 0;
}

static int take_route(struct finder *finder, uint32_t network, const struct route *route,
		      struct bw_err *err)
{
	if (route->status == 0)
		return add_egress(finder->set, route, &finder->roster->networks[network].egress,
				  err);
	if (finder->unrouted++ == 0)
		finder->first_unrouted = network;
	return 0;
}

/* Looks up the networks of one family in one exchange with the kernel. */
static int route_networks(struct finder *finder, int family, struct bw_addr *samples,
			  struct route *routes, struct bw_err *err)
{
	const struct roster *roster = finder->roster;
	size_t count = 0, next = 0;
	int code;

	for (uint32_t i = 0; i < roster->network_count; i++)
		if (roster->networks[i].network->prefix.addr.family == family)
			samples[count++] = roster_network_sample(roster, i);
	code = route_lookup(finder->socket, wish_for(finder, family), samples, count, routes);
	if (code < 0)
		return bw_err_set(err, code, "cannot ask the kernel for routes: %s",
				  bw_error_text(code));
	code = 0;
	for (uint32_t i = 0; i < roster->network_count && code == 0; i++)
		if (roster->networks[i].network->prefix.addr.family == family)
			code = take_route(finder, i, &routes[next++], err);
	return code;
}

static int route_all(struct finder *finder, struct bw_err *err)
{
	const struct roster *roster = finder->roster;
	struct bw_addr *samples = calloc(roster->network_count + 1, sizeof(*samples));
	struct route *routes = calloc(roster->network_count + 1, sizeof(*routes));
	char text[BW_PREFIX_TEXT];
	int code = samples && routes ? 0 : bw_err_set(err, -ENOMEM, "out of memory");

	for (int family = 4; family <= 6 && code == 0; family += 2)
		code = route_networks(finder, family, samples, routes, err);
	if (code == 0 && finder->unrouted > 0)
		log_warn("no route to %s%s; see 'ip route'",
			 bw_prefix_format(&roster->networks[finder->first_unrouted].network->prefix,
					  text),
			 finder->unrouted > 1 ? " and to more networks" : "");
	free(samples);
	free(routes);
	return code;
}

static int add_sentinel(struct finder *finder, const struct bw_addr *addr,
			const struct route *route, enum health_source source, struct bw_err *err)
{
	struct roster_sentinel sentinel = {
		.addr = *addr,
		.method = {.protocol = BW_PROTOCOL_ICMP},
		.source = source,
	};
	int code = add_egress(finder->set, route, &sentinel.egress, err);

	if (code < 0)
		return code;
	if (roster_add_sentinel(finder->roster, &sentinel, finder->permit) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int add_reference(struct finder *finder, const struct bw_addr *addr, struct bw_err *err)
{
	int refused = permit_check(finder->permit, addr);
	char text[BW_ADDR_TEXT];
	struct route route;

	if (refused < 0) {
		log_warn("the reference %s will not be asked: %s", bw_addr_format(addr, text),
			 permit_refusal(refused, addr));
		return 0;
	}
	if (route_lookup(finder->socket, wish_for(finder, addr->family), addr, 1, &route) == 1)
		return add_sentinel(finder, addr, &route, HEALTH_REFERENCE, err);
	log_warn("no route to the reference %s", bw_addr_format(addr, text));
	return 0;
}

static bool uses_family(const struct egress_set *set, int family)
{
	for (uint8_t i = 0; i < set->count; i++)
		if (set->list[i].source.family == family)
			return true;
	return false;
}

/* Adds the gateway of a family that is probed. It may be a special-purpose address. */
static int add_gateway(struct finder *finder, int family, struct bw_err *err)
{
	struct route route;
	int code;

	if (!uses_family(finder->set, family) ||
	    route_default_gateway(finder->socket, wish_for(finder, family), family, &route) < 0 ||
	    route.gateway.family != family || route.source.family != family)
		return 0;
	code = permit_exempt(finder->permit, &route.gateway);
	if (code < 0)
		return bw_err_set(err, code, "too many default gateways");
	return add_sentinel(finder, &route.gateway, &route, HEALTH_GATEWAY, err);
}

static int find_all(struct finder *finder, const struct catalog_references *references,
		    struct bw_err *err)
{
	int code = route_all(finder, err);

	for (int family = 4; family <= 6 && code == 0; family += 2)
		code = add_gateway(finder, family, err);
	for (size_t i = 0; i < references->count && code == 0; i++)
		code = add_reference(finder, &references->list[i], err);
	return code;
}

static int make_wish(const char *interface, const struct bw_addr *source,
		     struct interface_wish *ret_wish, struct bw_err *err)
{
	return interface_wish(interface, source->family ? source : NULL, ret_wish, err);
}

int egress_find(struct egress_set *set, struct roster *roster, struct permit *permit,
		const struct conf_probing *options, const struct catalog_references *references,
		struct bw_err *err)
{
	struct finder finder = {.set = set, .roster = roster, .permit = permit};
	int code = make_wish(options->interface, &options->source.v4, &finder.wish_v4, err);

	if (code == 0)
		code = make_wish(options->interface, &options->source.v6, &finder.wish_v6, err);
	if (code == 0)
		code = route_open(&finder.socket, err);
	if (code == 0)
		code = find_all(&finder, references, err);
	route_close(finder.socket);
	return code;
}

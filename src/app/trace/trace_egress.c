/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_egress.h"

#include <errno.h>
#include <stdlib.h>

#include "sys/net/route.h"

/* The destinations of one family, and the routes to them. */
struct lookup {
	struct bw_addr *addrs;
	struct route *routes;
	size_t count;
};

static int take_routes(struct trace_destinations *destinations, int family,
		       const struct lookup *lookup, struct bw_err *err)
{
	struct egress_set *set = &destinations->egress;
	size_t next = 0;

	for (uint32_t n = 0; n < destinations->count; n++) {
		struct trace_destination *destination = &destinations->list[n];
		const struct route *route;
		int egress;

		if (destination->addr.family != family)
			continue;
		route = &lookup->routes[next++];
		if (route->status < 0)
			continue;
		egress = route_egress(route, set->list, &set->count, err);
		if (egress < 0)
			return egress;
		destination->egress = (uint8_t)egress;
	}
	return 0;
}

static int find_family(struct trace_destinations *destinations, const struct conf_probing *options,
		       int family, struct route_socket *socket, struct lookup *lookup,
		       struct bw_err *err)
{
	const struct bw_addr *source = family == 4 ? &options->source.v4 : &options->source.v6;
	struct interface_wish wish;
	int code;

	lookup->count = 0;
	for (uint32_t n = 0; n < destinations->count; n++)
		if (destinations->list[n].addr.family == family)
			lookup->addrs[lookup->count++] = destinations->list[n].addr;
	if (lookup->count == 0)
		return 0;
	code = interface_wish(options->interface, source->family ? source : NULL, &wish, err);
	if (code < 0)
		return code;
	code = route_lookup(socket, &wish, lookup->addrs, lookup->count, lookup->routes);
	if (code < 0)
		return bw_err_set(err, code, "cannot ask the kernel for routes: %s",
				  bw_error_text(code));
	return take_routes(destinations, family, lookup, err);
}

int trace_egress_find(struct trace_destinations *destinations, const struct conf_probing *options,
		      struct bw_err *err)
{
	struct lookup lookup = {
		.addrs = calloc(destinations->count + 1, sizeof(*lookup.addrs)),
		.routes = calloc(destinations->count + 1, sizeof(*lookup.routes)),
	};
	struct route_socket *socket = NULL;
	int code = lookup.addrs && lookup.routes ? route_open(&socket, err)
						 : bw_err_set(err, -ENOMEM, "out of memory");

	for (int family = 4; family <= 6 && code == 0; family += 2)
		code = find_family(destinations, options, family, socket, &lookup, err);
	route_close(socket);
	free(lookup.addrs);
	free(lookup.routes);
	return code;
}

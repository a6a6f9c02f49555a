/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_egress.h"

#include <string.h>

#include "app/common/log.h"

#define SAMPLES ((uint64_t)4096) /* addresses whose route is looked up */

static bool is_same(const struct bw_egress *egress, const struct route *route)
{
	return route->interface_index == egress->interface_index &&
	       bw_addr_equal(&route->source, &egress->source);
}

int survey_egress_add(struct survey_egress *family, const struct bw_addr *addr,
		      const struct route *route, struct bw_err *err)
{
	struct bw_egress table[BW_EGRESS_MAX];
	uint8_t count = 0;
	int code;

	if (route->status < 0) {
		if (family->unrouted++ == 0)
			family->first_unrouted = *addr;
		return 0;
	}
	if (family->found && is_same(&family->egress, route)) {
		/* With several gateways only the kernel knows which one an address needs. */
		if (!bw_addr_equal(&route->gateway, &family->egress.gateway))
			family->egress.gateway.family = 0;
		return 0;
	}
	code = route_egress(route, table, &count, err);
	if (code < 0)
		return code;
	if (strcmp(table[0].interface, "lo") == 0) {
		family->loopback = table[0];
		family->loopback.gateway.family = 0;
		family->loopback_found = true;
		return 0;
	}
	if (family->found)
		return bw_err_set(err, BW_ERR_VALUE,
				  "the addresses lie behind several ways out (%s, %s); survey them "
				  "one after the other, with --interface and --source",
				  family->egress.interface, table[0].interface);
	family->egress = table[0];
	family->found = true;
	return 0;
}

static int finish_family(const struct survey_egress *family, struct egress_set *set,
			 struct bw_err *err)
{
	bool found = family->found || family->loopback_found;
	char text[BW_ADDR_TEXT];

	if (family->unrouted > 0 && !found)
		return bw_err_set(err, BW_ERR_NO_ROUTE, "no route to %s; see 'ip route'",
				  bw_addr_format(&family->first_unrouted, text));
	if (family->unrouted > 0)
		log_warn("no route to some addresses (%s); see 'ip route'",
			 bw_addr_format(&family->first_unrouted, text));
	if (found)
		set->list[set->count++] = family->found ? family->egress : family->loopback;
	return 0;
}

/* Returns address I of COUNT that are spread evenly over the input, the last one included. */
static struct bw_addr sample_at(const struct survey_input *input, uint64_t i, uint64_t count)
{
	uint64_t last = input->sum.count - 1;

	return sweep_space_at(input->space, i + 1 == count ? last : last / (count - 1) * i);
}

static int route_family(const struct survey_input *input, int number, struct route_socket *socket,
			const struct interface_wish *wish, struct egress_set *set,
			struct bw_err *err)
{
	uint64_t count = input->sum.count < SAMPLES ? input->sum.count : SAMPLES;
	struct survey_egress family = {.found = false};
	int code = 0;

	for (uint64_t i = 0; i < count && code == 0; i++) {
		struct bw_addr addr = sample_at(input, i, count);
		struct route route;

		if (addr.family != number)
			continue;
		code = route_lookup(socket, wish, &addr, 1, &route);
		if (code < 0)
			return bw_err_set(err, code, "cannot ask the kernel for routes: %s",
					  bw_error_text(code));
		code = survey_egress_add(&family, &addr, &route, err);
	}
	return code < 0 ? code : finish_family(&family, set, err);
}

static int find_family(const struct survey_input *input, const struct survey_options *options,
		       int number, struct route_socket *socket, struct egress_set *set,
		       struct bw_err *err)
{
	const struct bw_addr *source = number == 4 ? &options->source.v4 : &options->source.v6;
	struct interface_wish wish;
	int code;

	if ((number == 4 ? input->sum.count_v4 : input->sum.count_v6) == 0)
		return 0;
	code = interface_wish(options->interface, source->family ? source : NULL, &wish, err);
	return code < 0 ? code : route_family(input, number, socket, &wish, set, err);
}

int survey_egress_find(const struct survey_input *input, const struct survey_options *options,
		       struct egress_set *set, struct bw_err *err)
{
	struct route_socket *socket = NULL;
	int code = route_open(&socket, err);

	for (int number = 4; number <= 6 && code == 0; number += 2)
		code = find_family(input, options, number, socket, set, err);
	route_close(socket);
	if (code == 0 && set->count == 0)
		code = bw_err_set(err, BW_ERR_NO_ROUTE, "no route to any address; see 'ip route'");
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_destinations.h"

#include <errno.h>
#include <stdlib.h>

#define TRACES_MAX (1U << 24)

/* Whether the hosts of a network were given as addresses: each is a destination. */
static bool is_given_by_host(const struct roster_network *network)
{
	return network->network->host_count > 0 && !network->known;
}

/* The first host of a block that may be probed; of a block without such, the first address. */
static struct trace_destination choose_host(const struct session *session, uint32_t block)
{
	const struct roster *roster = &session->roster;
	uint16_t count = roster->blocks[block].host_count;
	const struct bw_target *target = roster->targets[roster_target_of(roster, block)].target;
	struct trace_destination chosen = {
		.addr = roster_is_open(roster, block) ? roster_prefix(roster, block).addr
						      : roster_host_addr(roster, block, 0),
		.method = target->methods.list[0],
		.block = block,
		.egress = ROSTER_NO_EGRESS,
	};

	for (uint16_t host = 0; host < count; host++) {
		struct bw_addr addr = roster_host_addr(roster, block, host);

		if (permit_check(&session->permit, &addr) < 0)
			continue;
		chosen.addr = addr;
		chosen.method = roster_method(roster, block, host, 0);
		break;
	}
	return chosen;
}

static bool has_addr(const struct roster *roster, uint32_t block, const struct bw_addr *addr)
{
	struct bw_prefix prefix = roster_prefix(roster, block);

	return bw_prefix_contains(&prefix, addr);
}

/* Adds every address of a network. Hosts and blocks are in ascending order. */
static void add_hosts(struct trace_destinations *destinations, uint32_t number)
{
	const struct roster *roster = &destinations->session->roster;
	const struct bw_network *network = roster->networks[number].network;
	struct roster_range blocks = roster_network_blocks(roster, number);
	const struct bw_target *target = roster->targets[roster->networks[number].target].target;

	for (size_t n = 0; n < network->host_count; n++) {
		const struct bw_host *host = &network->hosts[n];

		while (blocks.first + 1 < blocks.end &&
		       !has_addr(roster, blocks.first, &host->addr))
			blocks.first++;
		destinations->list[destinations->count++] = (struct trace_destination){
			.addr = host->addr,
			.method = host->methods.count ? host->methods.list[0]
						      : target->methods.list[0],
			.block = blocks.first,
			.egress = ROSTER_NO_EGRESS,
		};
	}
}

static void add_network(struct trace_destinations *destinations, uint32_t number)
{
	const struct roster *roster = &destinations->session->roster;
	struct roster_range blocks = roster_network_blocks(roster, number);

	if (is_given_by_host(&roster->networks[number])) {
		add_hosts(destinations, number);
		return;
	}
	for (; blocks.first < blocks.end; blocks.first++)
		if (roster_is_unprobed(roster, blocks.first))
			destinations->left_out++;
		else
			destinations->list[destinations->count++] =
				choose_host(destinations->session, blocks.first);
}

static uint64_t count_destinations(const struct roster *roster)
{
	uint64_t count = 0;

	for (uint32_t n = 0; n < roster->network_count; n++)
		count += is_given_by_host(&roster->networks[n])
				 ? roster->networks[n].network->host_count
				 : roster->networks[n].block_count;
	return count;
}

int trace_destinations_init(struct trace_destinations *destinations, const struct session *session,
			    const struct bw_methods *methods, uint8_t flows, struct bw_err *err)
{
	const struct roster *roster = &session->roster;
	uint64_t count = count_destinations(roster), traces;

	*destinations = (struct trace_destinations){
		.session = session,
		.methods = methods,
		.flows = flows,
		.method_count = methods->count ? methods->count : 1,
	};
	traces = count * flows * destinations->method_count;
	if (traces > TRACES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "that would be more than %u traces; give fewer destinations",
				  TRACES_MAX);
	destinations->list = calloc(count + 1, sizeof(*destinations->list));
	if (!destinations->list)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (uint32_t n = 0; n < roster->network_count; n++)
		add_network(destinations, n);
	destinations->trace_count = destinations->count * flows * destinations->method_count;
	if (destinations->count == 0 && destinations->left_out > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "no host is listed in these IPv6 networks; give an address");
	return 0;
}

void trace_destinations_fini(struct trace_destinations *destinations)
{
	free(destinations->list);
	*destinations = (struct trace_destinations){0};
}

static const struct trace_destination *destination_of(const struct trace_destinations *destinations,
						      uint32_t trace)
{
	return &destinations->list[trace_destinations_of(destinations, trace)];
}

static struct bw_method method_of(const struct trace_destinations *destinations, uint32_t trace)
{
	if (destinations->methods->count == 0)
		return destination_of(destinations, trace)->method;
	return destinations->methods
		->list[trace / destinations->flows % destinations->method_count];
}

int trace_destinations_wish(const struct trace_destinations *destinations, uint32_t trace,
			    struct trace_wish *ret_wish, bool *ret_local)
{
	const struct session *session = destinations->session;
	const struct trace_destination *destination = destination_of(destinations, trace);
	int refused;

	*ret_wish = (struct trace_wish){
		.dst = destination->addr,
		.method = method_of(destinations, trace),
		.subject = trace,
		.flow = (uint8_t)(trace % destinations->flows + 1),
		.egress = destination->egress,
	};
	*ret_local = false;
	refused = permit_check(&session->permit, &ret_wish->dst);
	if (refused < 0)
		return refused;
	if (destination->egress == ROSTER_NO_EGRESS)
		return BW_ERR_NO_ROUTE;
	*ret_local = bw_addr_equal(&destinations->egress.list[destination->egress].source,
				   &ret_wish->dst);
	return 0;
}

void trace_destinations_methods(const struct trace_destinations *destinations,
				struct bw_methods *methods)
{
	uint32_t step = destinations->methods->count ? 1 : destinations->flows;
	uint32_t end = destinations->methods->count
			       ? (uint32_t)destinations->flows * destinations->method_count
			       : destinations->trace_count;

	for (uint32_t trace = 0; trace < end; trace += step)
		(void)bw_methods_add(methods, method_of(destinations, trace), NULL);
}

const char *trace_destinations_target(const struct trace_destinations *destinations, uint32_t trace)
{
	const struct roster *roster = &destinations->session->roster;
	uint32_t block = destination_of(destinations, trace)->block;

	return roster->targets[roster_target_of(roster, block)].target->name;
}

struct bw_prefix trace_destinations_block(const struct trace_destinations *destinations,
					  uint32_t trace)
{
	return roster_prefix(&destinations->session->roster,
			     destination_of(destinations, trace)->block);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/network.h"

static int compare_networks(const void *a, const void *b)
{
	return bw_prefix_compare(&((const struct bw_network *)a)->prefix,
				 &((const struct bw_network *)b)->prefix);
}

static bool overlaps_any(const struct bw_target *target, const struct bw_prefix *prefix)
{
	for (size_t i = 0; i < target->network_count; i++)
		if (bw_prefix_overlaps(&target->networks[i].prefix, prefix))
			return true;
	return false;
}

static int add_network(struct bw_target *target, const struct bw_addr *addr)
{
	unsigned bits = bw_addr_bits(addr);
	struct bw_prefix prefix =
		bw_prefix_of(addr, bits == 32 ? BW_BLOCK_LENGTH_V4 : BW_BLOCK_LENGTH_V6);
	struct bw_network *list =
		(struct bw_network *)realloc(target->networks,
					     (target->network_count + 1) * sizeof(*list));

	if (!list)
		return -ENOMEM;
	target->networks = list;
	if (overlaps_any(target, &prefix))
		prefix = bw_prefix_of(addr, bits);
	list[target->network_count++] = (struct bw_network){.prefix = prefix, .known = true};
	return 0;
}

/* Makes networks of addresses that have none. Their blocks follow each other. */
static int add_networks(struct bw_target *target, const struct bw_host *hosts, size_t count)
{
	size_t before = target->network_count;
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		const struct bw_network *last = &target->networks[target->network_count - 1];

		if (target_find_network(target, before, &hosts[i].addr) < before ||
		    (target->network_count > before &&
		     bw_prefix_contains(&last->prefix, &hosts[i].addr)))
			continue;
		result = add_network(target, &hosts[i].addr);
	}
	qsort(target->networks, target->network_count, sizeof(*target->networks), compare_networks);
	return result;
}

/* By what the hosts of a target are probed, and were asked. */
struct merging {
	const struct bw_methods *probed; /* of hosts that name none: those of the target */
	const struct bw_methods *asked;
};

/* Whether a host is probed by each of the methods that the survey asked by. */
static bool is_probed_so(const struct merging *merging, const struct bw_host *host)
{
	const struct bw_methods *probed = host->methods.count ? &host->methods : merging->probed;

	for (unsigned i = 0; i < merging->asked->count; i++)
		if (!bw_methods_has(probed, merging->asked->list[i]))
			return false;
	return true;
}

static void renew(const struct merging *merging, struct bw_host *host, const struct bw_host *seen)
{
	if (!is_probed_so(merging, host))
		return;
	host->availability = seen->availability;
	host->seen_day = seen->seen_day;
}

/* Whether the network watches the block of the host: a sample leaves others out. */
static bool is_watched(const struct bw_network *network, const struct bw_addr *addr)
{
	for (size_t i = 0; i < network->blocks.count; i++)
		if (bw_prefix_contains(&network->blocks.list[i], addr))
			return true;
	return network->blocks.count == 0;
}

static int merge_network(const struct merging *merging, struct bw_network *network,
			 const struct bw_host *hosts, size_t count)
{
	size_t room = network->host_count + count, kept = 0, old = 0;
	struct bw_host *list = (struct bw_host *)calloc(room, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		while (old < network->host_count &&
		       bw_addr_compare(&network->hosts[old].addr, &hosts[i].addr) < 0)
			list[kept++] = network->hosts[old++];
		if (old < network->host_count &&
		    bw_addr_equal(&network->hosts[old].addr, &hosts[i].addr)) {
			list[kept] = network->hosts[old++];
			renew(merging, &list[kept++], &hosts[i]);
		} else if (is_watched(network, &hosts[i].addr)) {
			list[kept++] = hosts[i];
		}
	}
	while (old < network->host_count)
		list[kept++] = network->hosts[old++];
	free(network->hosts);
	network->hosts = list;
	network->host_count = kept;
	network->known = kept > 0;
	return 0;
}

int merge_hosts(struct bw_target *target, const struct bw_host *hosts, size_t count,
		const struct bw_methods *asked)
{
	const struct merging merging = {&target->methods, asked};
	int result = add_networks(target, hosts, count);

	for (size_t i = 0, end; i < count && result == 0; i = end) {
		struct bw_network *network =
			&target->networks[target_find_network(target, target->network_count,
							      &hosts[i].addr)];

		end = i + 1;
		while (end < count && bw_prefix_contains(&network->prefix, &hosts[end].addr))
			end++;
		result = merge_network(&merging, network, &hosts[i], end - i);
	}
	return result;
}

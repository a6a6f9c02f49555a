/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/hits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/network.h"

struct hits hits_of(const struct bw_target *target)
{
	return (struct hits){.target = target, .hosts = array_of(sizeof(struct bw_host))};
}

void hits_fini(struct hits *hits)
{
	array_fini(&hits->hosts);
}

static struct bw_host *host_at(const struct hits *hits, uint32_t n)
{
	return (struct bw_host *)array_at(&hits->hosts, n);
}

int hits_add(struct hits *hits, const struct bw_host *host)
{
	if (target_find_network(hits->target, hits->target->network_count, &host->addr) ==
	    hits->target->network_count) {
		hits->outside++;
		return 0;
	}
	return array_add(&hits->hosts, host) < 0 ? -ENOMEM : 0;
}

static int compare(const void *a, const void *b)
{
	return bw_addr_compare(&((const struct bw_host *)a)->addr,
			       &((const struct bw_host *)b)->addr);
}

static void merge_into(struct bw_host *host, const struct bw_host *more)
{
	if (host->availability < more->availability)
		host->availability = more->availability;
	if (host->seen_day < more->seen_day)
		host->seen_day = more->seen_day;
	for (unsigned i = 0; i < more->methods.count; i++)
		(void)bw_methods_add(&host->methods, more->methods.list[i], NULL);
}

static void merge(struct hits *hits)
{
	uint32_t kept = 0;

	if (hits->hosts.count > 1)
		qsort(hits->hosts.items, hits->hosts.count, hits->hosts.size, compare);
	for (uint32_t i = 0; i < hits->hosts.count; i++)
		if (kept > 0 && compare(host_at(hits, kept - 1), host_at(hits, i)) == 0)
			merge_into(host_at(hits, kept - 1), host_at(hits, i));
		else
			*host_at(hits, kept++) = *host_at(hits, i);
	hits->hosts.count = kept;
}

static int give(struct bw_network *network, const struct bw_host *hosts, size_t count)
{
	network->hosts = (struct bw_host *)calloc(count, sizeof(*hosts));
	if (!network->hosts)
		return -ENOMEM;
	memcpy(network->hosts, hosts, count * sizeof(*hosts));
	network->host_count = count;
	network->known = true;
	return 0;
}

int hits_assign(struct hits *hits, struct bw_target *target)
{
	int result = 0;

	merge(hits);
	for (uint32_t i = 0, end; i < hits->hosts.count && result == 0; i = end) {
		size_t number =
			target_find_network(target, target->network_count, &host_at(hits, i)->addr);
		struct bw_network *network = &target->networks[number];

		end = i + 1;
		while (end < hits->hosts.count &&
		       bw_prefix_contains(&network->prefix, &host_at(hits, end)->addr))
			end++;
		result = give(network, host_at(hits, i), end - i);
	}
	return result;
}

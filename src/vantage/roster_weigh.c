/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/roster_weigh.h"

#include <errno.h>
#include <stdlib.h>

#include "infer/evidence/fading.h"

#define DAY_NS (86400 * BW_S)

struct weighed {
	struct bw_addr addr;
	uint8_t availability, methods, gone;
	uint16_t order; /* in the roster before */
};

/* The host of NETWORK with this address, which is listed there. */
static const struct bw_host *find_host(const struct bw_network *network, const struct bw_addr *addr)
{
	size_t low = 0, high = network->host_count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (bw_addr_compare(&network->hosts[middle].addr, addr) <= 0)
			low = middle;
		else
			high = middle;
	}
	return &network->hosts[low];
}

static int64_t age_of(const struct bw_host *host, struct bw_wall now)
{
	return now.ns - (int64_t)host->seen_day * DAY_NS;
}

static bool is_seen(const struct bw_host *host, struct bw_wall now)
{
	return host->seen_day > 0 && age_of(host, now) < (FADING_MAX_DAYS + 1) * DAY_NS;
}

static void weigh(struct weighed *host, const struct bw_host *listed, struct bw_wall now)
{
	uint8_t guess = (uint8_t)(ROSTER_GUESS * ROSTER_AVAILABILITY_STEPS + 0.5F);
	/* The date says the day only: an answer of that day was not before its end. */
	int64_t age_ns = age_of(listed, now) - DAY_NS;

	if (is_seen(listed, now)) {
		host->gone = (uint8_t)(fading_gone(age_ns) * (ROSTER_GUESSED - 1) + 0.5F);
		return;
	}
	host->gone = ROSTER_GUESSED;
	if (host->availability > guess)
		host->availability = guess;
}

static float weight_of(const struct weighed *host)
{
	float gone = (float)host->gone / ROSTER_GUESSED;

	return host->availability * (host->gone == ROSTER_GUESSED ? 1 : 1 - gone);
}

/* Those that are likeliest to answer first; equal ones as they were (spread over the block). */
static int compare_weighed(const void *left, const void *right)
{
	const struct weighed *a = left, *b = right;
	float wa = weight_of(a), wb = weight_of(b);

	return wa != wb ? (wa < wb) - (wa > wb) : (a->order > b->order) - (a->order < b->order);
}

static void weigh_block(struct roster *roster, uint32_t number, struct weighed *hosts,
			struct bw_wall now)
{
	const struct bw_network *network = roster_network_of(roster, number)->network;
	const struct roster_block *block = &roster->blocks[number];
	const uint32_t first = roster_first_host(roster, number);

	for (uint16_t i = 0; i < block->host_count; i++) {
		uint32_t at = first + i;

		hosts[i] = (struct weighed){
			.addr = roster->host_addr[at],
			.availability = roster->host_availability[at],
			.methods = roster->host_methods[at],
			.order = i,
		};
		weigh(&hosts[i], find_host(network, &hosts[i].addr), now);
	}
	qsort(hosts, block->host_count, sizeof(*hosts), compare_weighed);
	for (uint16_t i = 0; i < block->host_count; i++) {
		uint32_t at = first + i;

		roster->host_addr[at] = hosts[i].addr;
		roster->host_availability[at] = hosts[i].availability;
		roster->host_methods[at] = hosts[i].methods;
		roster->host_gone[at] = hosts[i].gone;
	}
}

int roster_weigh(struct roster *roster, struct bw_wall now)
{
	struct weighed *hosts = calloc(UINT16_MAX, sizeof(*hosts));

	roster->host_gone = calloc(roster->host_count + 1, sizeof(*roster->host_gone));
	if (!hosts || !roster->host_gone) {
		free(hosts);
		free(roster->host_gone);
		roster->host_gone = NULL;
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < roster->block_count; i++)
		if (!roster_is_open(roster, i))
			weigh_block(roster, i, hosts, now);
	free(hosts);
	return 0;
}

float roster_gone(const struct roster *roster, uint32_t block, uint16_t host)
{
	uint8_t gone;

	if (!roster->host_gone || roster_is_open(roster, block))
		return 0;
	gone = roster->host_gone[roster_first_host(roster, block) + host];
	return gone == ROSTER_GUESSED ? 0 : (float)gone / (ROSTER_GUESSED - 1);
}

/* Whether the list says of the block that its hosts answer. */
static bool is_listed(const struct roster *roster, uint32_t block)
{
	return roster_network_of(roster, block)->known && !roster_is_open(roster, block);
}

bool roster_is_seen(const struct roster *roster, uint32_t block, uint16_t host)
{
	bool is_known = is_listed(roster, block);

	if (!roster->host_gone || !is_known)
		return is_known;
	return roster->host_gone[roster_first_host(roster, block) + host] != ROSTER_GUESSED;
}

bool roster_is_known(const struct roster *roster, uint32_t block)
{
	const struct roster_block *b = &roster->blocks[block];

	if (!roster->host_gone || !is_listed(roster, block))
		return is_listed(roster, block);
	for (uint16_t i = 0; i < b->host_count; i++)
		if (roster_is_seen(roster, block, i))
			return true;
	return false;
}

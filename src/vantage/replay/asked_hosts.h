/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_ASKED_HOSTS_H
#define VANTAGE_REPLAY_ASKED_HOSTS_H

#include "vantage/replay/capture_index.h"
#include "vantage/roster.h"

/*
 * The hosts that the vantage sent requests to, and the block that each is in. Within a
 * block the hosts are numbered from 0 in the order of their addresses.
 */
struct asked_host {
	struct bw_addr addr;
	uint32_t block; /* the roster's block_count: in none */
	uint16_t number;
	bool is_reference;
};

struct asked_hosts {
	struct asked_host *list; /* sorted by address */
	size_t count;
};

/* The hosts of INDEX, which is chosen. Returns 0 or -ENOMEM. */
int asked_hosts_init(struct asked_hosts *hosts, const struct capture_index *index,
		     const struct roster *roster);
void asked_hosts_fini(struct asked_hosts *hosts);

/* NULL when the vantage never asked ADDR. */
struct asked_host *asked_hosts_find(const struct asked_hosts *hosts, const struct bw_addr *addr);

#endif

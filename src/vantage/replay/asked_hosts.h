/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_ASKED_HOSTS_H
#define VANTAGE_REPLAY_ASKED_HOSTS_H

#include "probe/outcome.h"
#include "vantage/replay/capture_index.h"
#include "vantage/roster.h"

/*
 * The hosts that the vantage sent requests to, the block that each is in, and which probes it
 * has answered. Within a block the hosts are numbered from 0 in the order of their addresses.
 *
 * A host that answers on tcp:22 need not answer on tcp:80 nor echo requests, and a probe whose
 * TTL is used up on the way never reaches it. So silence says something only of a method that
 * the host has answered before, with a TTL that takes a probe there.
 */
#define ASKED_HOST_METHODS 3 /* those that it answered last; others count as never answered */
#define ASKED_HOST_HOPS 32   /* hardly a path is as long: a probe with this TTL gets there */

struct asked_host {
	struct bw_method methods[ASKED_HOST_METHODS]; /* the last answered one first */
	uint32_t block;                               /* the roster's block_count: in none */
	uint16_t number;
	uint8_t method_count;
	uint8_t reach; /* it has answered a probe with this TTL; 0: none yet */
	bool is_reference;
};

struct asked_hosts {
	const struct bw_addr *addrs; /* sorted; those of the index */
	struct asked_host *list;     /* parallel */
	size_t count;
};

/* The hosts of INDEX, which is chosen and borrowed. Returns 0 or -ENOMEM. */
int asked_hosts_init(struct asked_hosts *hosts, const struct capture_index *index,
		     const struct roster *roster);
void asked_hosts_fini(struct asked_hosts *hosts);

/* NULL when the vantage never asked ADDR. */
struct asked_host *asked_hosts_find(const struct asked_hosts *hosts, const struct bw_addr *addr);

/* The host answers this method: it did so, or a target says so. */
void asked_host_note_method(struct asked_host *host, const struct bw_method *method);

/* The host answered a probe with this TTL. */
void asked_host_note_reach(struct asked_host *host, uint8_t ttl);

/* A router on the way had to drop a probe with this TTL, which was used up there. */
void asked_host_note_hop(struct asked_host *host, uint8_t ttl);

/* True when a probe with this TTL gets to the host, as far as is known. */
bool asked_host_is_reached(const struct asked_host *host, uint8_t ttl);

/* True when the silence of such a probe says something: the host would have answered it. */
bool asked_host_would_answer(const struct asked_host *host, const struct probe *probe);

#endif

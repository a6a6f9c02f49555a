/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_ROSTER_H
#define VANTAGE_ROSTER_H

#include <blockwatch/target.h>

#include "infer/health.h"
#include "probe/permit.h"

/*
 * Who is probed: targets flattened into arrays that the packet path can walk.
 * Blocks, networks and targets are numbers into them; a host is the number of
 * a candidate within its block. Targets are borrowed and must outlive it.
 */
#define ROSTER_BLOCKS_MAX (1U << 24)
#define ROSTER_CANDIDATES_MAX 256 /* tried in a block whose hosts are not known */
#define ROSTER_NO_EGRESS 255
#define ROSTER_AVAILABILITY_STEPS 200 /* half a percent: what people write stays as it is */
#define ROSTER_GUESSED 255            /* of host_gone */
#define ROSTER_OPEN_FIRST 0 /* of the candidates of an open block: .1, where most borders are */

struct roster_block {
	uint32_t network;
	uint16_t host_count;
	uint8_t egress;  /* number in the egress table of the vantage; ROSTER_NO_EGRESS: no route */
	uint8_t refused; /* enum roster_refusal */
};

/* Why no host of a block may be probed. */
enum roster_refusal {
	ROSTER_ALLOWED,
	ROSTER_BLOCKLISTED,
	ROSTER_SPECIAL_PURPOSE,
};

_Static_assert(sizeof(struct roster_block) <= 8, "the roster takes more than 8 bytes a block");

struct roster_network {
	const struct bw_network *network;
	uint32_t target;
	uint32_t first_block, block_count;
	uint8_t methods; /* of open blocks: index of method_sets */
	bool known;      /* its hosts are known to answer */
};

struct roster_target {
	const struct bw_target *target;
	uint32_t first_network, network_count;
};

/* A host that shows whether a way out of the vantage is online. */
struct roster_sentinel {
	struct bw_addr addr;
	struct bw_method method;
	enum health_source source;
	uint8_t egress; /* by which it is probed */
	uint8_t way;    /* the egress whose way out it shows: the same, except for some gateways */
	bool is_shared; /* one of several next hops of a route: a gateway like others */
};

struct roster {
	struct roster_block *blocks;
	/*
	 * By number of the block: 1 + the place of its first host in the host arrays; 0: none of
	 * its hosts is listed. Costs no memory where no block has listed hosts.
	 */
	uint32_t *listed;
	struct roster_network *networks;
	struct roster_target *targets;
	struct roster_sentinel *sentinels;
	uint32_t block_count, network_count, target_count, sentinel_count;
	uint32_t sentinel_room;
	/*
	 * The listed hosts, parallel arrays. A block all of whose hosts are refused has one
	 * there too, of which no more is known than where it is.
	 */
	struct bw_addr *host_addr;
	uint8_t *host_availability; /* in 1/200 */
	uint8_t *host_methods;      /* index of method_sets */
	/*
	 * Of roster_weigh() (roster_weigh.h), else NULL: the chance that the host is gone, in
	 * 1/254; ROSTER_GUESSED: nobody has seen it.
	 */
	uint8_t *host_gone;
	uint32_t host_count;
	struct bw_methods *method_sets;
	uint32_t method_set_count;
	uint64_t seed;
};

struct roster_options {
	const struct permit *permit;
	uint64_t seed; /* orders the candidates of open blocks */
};

/*
 * Hosts that may not be probed are left out. Within a block, hosts that answer
 * more often come first; equal ones are in an order in which the first few are
 * spread over the block, whatever their number. Returns 0, -ENOMEM, or BW_ERR_LIMIT for more than
 * ROSTER_BLOCKS_MAX blocks or 255 different lists of methods.
 */
int roster_init(struct roster *roster, const struct bw_target *const *targets, size_t count,
		const struct roster_options *options, struct bw_err *err);
void roster_fini(struct roster *roster);

/*
 * Adds a reference or a gateway, unless it is there already for the same way out or may not be
 * probed (returns 0 all the same). 0 or -ENOMEM.
 */
int roster_add_sentinel(struct roster *roster, const struct roster_sentinel *sentinel,
			const struct permit *permit);

static inline const struct roster_network *roster_network_of(const struct roster *roster,
							     uint32_t block)
{
	return &roster->networks[roster->blocks[block].network];
}

/* Whether no host of the block is listed: every address is a candidate. */
static inline bool roster_is_open(const struct roster *roster, uint32_t block)
{
	return roster->listed[block] == 0;
}

/* Where the listed hosts of a block that is not open begin in the host arrays. */
static inline uint32_t roster_first_host(const struct roster *roster, uint32_t block)
{
	return roster->listed[block] - 1;
}

/* The number of the target that a block belongs to. */
static inline uint32_t roster_target_of(const struct roster *roster, uint32_t block)
{
	return roster_network_of(roster, block)->target;
}

/* Whether no host of the block is probed: none is listed (IPv6), or none may be probed. */
static inline bool roster_is_never_asked(const struct roster *roster, uint32_t block)
{
	return roster->blocks[block].host_count == 0;
}

/* Whether nobody probes the block by itself: an IPv6 network without a listed host. */
static inline bool roster_is_unprobed(const struct roster *roster, uint32_t block)
{
	const struct roster_block *b = &roster->blocks[block];

	return b->host_count == 0 && b->refused == ROSTER_ALLOWED;
}

/* Whether a block that is to be probed has no route. */
static inline bool roster_lacks_route(const struct roster *roster, uint32_t block)
{
	return roster->blocks[block].egress == ROSTER_NO_EGRESS &&
	       !roster_is_never_asked(roster, block);
}

struct bw_prefix roster_prefix(const struct roster *roster, uint32_t block);

struct bw_addr roster_host_addr(const struct roster *roster, uint32_t block, uint16_t host);

/* 0..1; of an open block's candidates a low guess. */
float roster_availability(const struct roster *roster, uint32_t block, uint16_t host);

unsigned roster_method_count(const struct roster *roster, uint32_t block, uint16_t host);

/* The host's method with this index, from 0; an index beyond their number starts over. */
struct bw_method roster_method(const struct roster *roster, uint32_t block, uint16_t host,
			       unsigned index);

/* Numbers FIRST up to but not END. */
struct roster_range {
	uint32_t first, end;
};

/* The blocks of a target, which are numbered one after the other. */
struct roster_range roster_target_blocks(const struct roster *roster, uint32_t target);

/* The blocks of a network; the same holds for them. */
static inline struct roster_range roster_network_blocks(const struct roster *roster,
							uint32_t network)
{
	const struct roster_network *n = &roster->networks[network];

	return (struct roster_range){n->first_block, n->first_block + n->block_count};
}

/*
 * The siblings of a block, and itself: all blocks of its target, or of a large target the
 * 128 on either side.
 */
struct roster_range roster_siblings(const struct roster *roster, uint32_t block);

/* 0, or BW_ERR_BLOCKLISTED or BW_ERR_SPECIAL_PURPOSE when no host of the block may be probed. */
static inline int roster_refused(const struct roster *roster, uint32_t block)
{
	static const int codes[] = {0, BW_ERR_BLOCKLISTED, BW_ERR_SPECIAL_PURPOSE};

	return codes[roster->blocks[block].refused];
}

#endif

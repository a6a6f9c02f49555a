/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_NETWORK_H
#define TARGET_NETWORK_H

#include <blockwatch/target.h>

/* What the parsers of targets share: limits and sums. */

#define TARGET_NETWORK_BLOCKS_MAX 65536 /* blocks of one network */
#define TARGET_BLOCKS_MAX 16777216      /* blocks of one target: IPv4 has no more */
#define TARGET_NAME_MAX 64              /* bytes of a target's name */
#define TARGET_REFERENCES_MAX 1024      /* references of one target */
#define TARGET_UPSTREAMS_MAX 1024       /* upstreams of one network */

/* A name: 1 to TARGET_NAME_MAX of [a-z0-9._-], the first a letter or a digit. */
bool target_name_is_valid(const char *name);

/* The last part of a path without ".json" or ".txt", as valid UTF-8; NULL: out of memory. */
char *target_name_of_file(const char *path);

/*
 * Returns 0, or BW_ERR_VALUE for a block length (not 0) outside of the prefix length to 32 or
 * 128.
 */
int network_check_block_length(const struct bw_network *network, struct bw_err *err);

/* The same; also BW_ERR_LIMIT for more than TARGET_NETWORK_BLOCKS_MAX blocks, sampled or not. */
int network_check(const struct bw_network *network, struct bw_err *err);

/*
 * Adds a line to the notes of the target, which commands print as warnings. Returns 0 or
 * -ENOMEM.
 */
int target_note(struct bw_target *target, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Samples networks without hosts that have more than TARGET_NETWORK_BLOCKS_MAX blocks, and all
 * large ones when the target has more than TARGET_BLOCKS_MAX in all: a part of the blocks,
 * spread evenly over the network, is watched. The same prefix always gives the same sample.
 * One note says how many of how many. Returns 0 or one of: -ENOMEM; BW_ERR_LIMIT when there are
 * too many networks to have a sample of each.
 */
int target_sample(struct bw_target *target, struct bw_err *err);

/*
 * The blocks of a network. Of an IPv4 network all are, with or without hosts; of an IPv6 network
 * of more than NETWORK_SPARSE_BLOCKS those with hosts, or where there are none the network as a
 * whole, which nobody probes. A list of blocks, or a sample, says which of them are watched.
 */
#define NETWORK_SPARSE_BLOCKS 256

struct network_block {
	struct bw_prefix prefix;
	size_t first_host, host_count; /* of the hosts of the network */
	uint64_t number;               /* from 0 */
};

/*
 * Goes through the blocks, ascending by address: BLOCK starts as {0}. Returns false at the end.
 */
bool network_next_block(const struct bw_network *network, struct network_block *block);

/* Whether it is an IPv6 network of which only blocks with hosts are watched. */
bool network_is_sparse(const struct bw_network *network);

/* The I-th block, below network_count_blocks(), of a network that is not sparse or has no hosts. */
struct bw_prefix network_block(const struct bw_network *network, uint64_t i);

/* How many blocks of a network, or of a target, are watched. */
uint64_t network_count_blocks(const struct bw_network *network);
uint64_t target_count_blocks(const struct bw_target *target);
uint64_t target_count_hosts(const struct bw_target *target);

/*
 * Drops the networks that are not of FAMILY (4 or 6). Returns 0, or BW_ERR_VALUE with a message
 * when none is left; the target is as before then.
 */
int target_keep_family(struct bw_target *target, int family, struct bw_err *err);

/* The note of the host with this address, or NULL. */
const struct bw_host_note *target_host_note(const struct bw_target *target,
					    const struct bw_addr *addr);

/* Which of the first COUNT networks, which are ascending, has ADDR: its number, or COUNT. */
size_t target_find_network(const struct bw_target *target, size_t count,
			   const struct bw_addr *addr);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/mmdb_walk.h"

#include <stdbool.h>
#include <string.h>

#define V4_DEPTH 96 /* where IPv4 begins in an IPv6 database: ::/96 */

struct walk {
	const MMDB_s *mmdb;
	mmdb_visit visit;
	void *self;
	uint8_t bytes[16]; /* the way from the root, a bit each */
	uint64_t steps;    /* that are left; a sound database needs one a node */
};

/* What a record of a node leads to. */
struct record {
	uint8_t type;
	uint64_t value;
	MMDB_entry_s entry;
};

static bool is_v6(const struct walk *walk)
{
	return walk->mmdb->metadata.ip_version == 6;
}

static bool is_zero(const struct walk *walk)
{
	static const uint8_t zero[16];

	return memcmp(walk->bytes, zero, sizeof(zero)) == 0;
}

/* The network of the way so far, of LENGTH bits. */
static struct bw_prefix make_prefix(const struct walk *walk, unsigned length)
{
	static const uint8_t zero[V4_DEPTH / 8];
	struct bw_prefix prefix = {.length = (uint8_t)length};

	if (!is_v6(walk)) {
		prefix.addr.family = 4;
		memcpy(prefix.addr.bytes, walk->bytes, 4);
	} else if (length >= V4_DEPTH && memcmp(walk->bytes, zero, sizeof(zero)) == 0) {
		prefix.addr.family = 4;
		prefix.length = (uint8_t)(length - V4_DEPTH);
		memcpy(prefix.addr.bytes, walk->bytes + sizeof(zero), 4);
	} else {
		prefix.addr.family = 6;
		memcpy(prefix.addr.bytes, walk->bytes, 16);
	}
	return prefix;
}

static int walk_node(struct walk *walk, uint32_t number, unsigned depth);

static int take_record(struct walk *walk, struct record *record, unsigned depth)
{
	struct bw_prefix prefix;

	if (record->type == MMDB_RECORD_TYPE_EMPTY)
		return 0;
	if (record->type == MMDB_RECORD_TYPE_SEARCH_NODE)
		return walk_node(walk, (uint32_t)record->value, depth);
	if (record->type != MMDB_RECORD_TYPE_DATA)
		return BW_ERR_SYNTAX;
	prefix = make_prefix(walk, depth);
	return walk->visit(walk->self, &prefix, &record->entry);
}

/* Whether the way leads to the IPv4 networks by another place than ::/96. */
static bool is_alias(const struct walk *walk, uint32_t number, unsigned depth)
{
	return is_v6(walk) && walk->mmdb->ipv4_start_node.netmask == V4_DEPTH &&
	       number == walk->mmdb->ipv4_start_node.node_value &&
	       !(depth == V4_DEPTH && is_zero(walk));
}

static int walk_node(struct walk *walk, uint32_t number, unsigned depth)
{
	uint8_t bit = (uint8_t)(0x80 >> depth % 8);
	struct record left, right;
	MMDB_search_node_s node;
	int result;

	if (is_alias(walk, number, depth))
		return 0;
	if (depth >= walk->mmdb->depth || walk->steps-- == 0 ||
	    MMDB_read_node(walk->mmdb, number, &node) != MMDB_SUCCESS)
		return BW_ERR_SYNTAX;
	left = (struct record){node.left_record_type, node.left_record, node.left_record_entry};
	right = (struct record){node.right_record_type, node.right_record, node.right_record_entry};
	result = take_record(walk, &left, depth + 1);
	if (result != 0)
		return result;
	walk->bytes[depth / 8] |= bit;
	result = take_record(walk, &right, depth + 1);
	walk->bytes[depth / 8] &= (uint8_t)~bit;
	return result;
}

int mmdb_walk(const MMDB_s *mmdb, mmdb_visit visit, void *self)
{
	struct walk walk = {
		.mmdb = mmdb,
		.visit = visit,
		.self = self,
		.steps = mmdb->metadata.node_count,
	};

	return mmdb->metadata.node_count > 0 ? walk_node(&walk, 0, 0) : 0;
}

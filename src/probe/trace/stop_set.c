/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree in an array: each hop has the number of the hop before it. A hash table with open
 * addressing finds a hop by flow, TTL and address, or, if it is silent, by flow, TTL and the
 * hop before it, so that a silent hop that many traces share is one hop.
 *
 * Invariant: every hop of the set has a complete chain of hops down to TTL 1.
 *
 * If a later trace meets an answering hop where the chain of a hop has a silent one, the
 * chain is changed to go through the answering hop.
 */
#include "probe/trace/stop_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/array.h"
#include "base/rng.h"

#define NONE UINT32_MAX
#define SLOTS_LEAST 1024

struct stop_hop {
	struct bw_addr from; /* family 0: silent */
	uint8_t flow, ttl;
	uint8_t reply, icmp_type, code, reply_ttl, quoted_ttl, label_count;
	uint32_t before; /* the hop with the TTL below; NONE: TTL 1 */
	int64_t rtt_ns;
	struct mpls_label labels[TRACE_LABELS_MAX];
};

_Static_assert(sizeof(struct stop_hop) <= 56, "a hop of the stop set takes more than 56 bytes");

struct stop_set {
	struct array hops; /* struct stop_hop */
	uint32_t *slots;   /* number of a hop plus 1; 0: free */
	uint32_t slot_mask, max;
};

struct stop_set *stop_set_new(uint32_t max)
{
	struct stop_set *set = calloc(1, sizeof(*set));

	if (!set)
		return NULL;
	set->hops = array_of(sizeof(struct stop_hop));
	set->slots = calloc(SLOTS_LEAST, sizeof(*set->slots));
	set->slot_mask = SLOTS_LEAST - 1;
	set->max = max;
	if (!set->slots) {
		stop_set_free(set);
		return NULL;
	}
	return set;
}

void stop_set_free(struct stop_set *set)
{
	if (!set)
		return;
	array_fini(&set->hops);
	free(set->slots);
	free(set);
}

void stop_set_clear(struct stop_set *set)
{
	array_fini(&set->hops);
	memset(set->slots, 0, (set->slot_mask + 1U) * sizeof(*set->slots));
}

uint32_t stop_set_count(const struct stop_set *set)
{
	return set->hops.count;
}

static struct stop_hop *hop_at(const struct stop_set *set, uint32_t number)
{
	return array_at(&set->hops, number);
}

/* What identifies a hop. */
struct key {
	const struct bw_addr *from; /* family 0: silent */
	uint8_t flow, ttl;
	uint32_t before; /* of a silent hop */
};

static uint64_t hash(const struct key *key)
{
	struct addr_key addr = addr_key_of(key->from);
	uint64_t mixed =
		rng_mix((uint64_t)key->flow << 16 | (uint64_t)key->ttl << 8 | key->from->family);

	if (key->from->family == 0)
		return rng_mix(mixed ^ key->before);
	return rng_mix(rng_mix(mixed ^ addr.hi) ^ addr.lo);
}

static bool is_hop(const struct stop_hop *hop, const struct key *key)
{
	return hop->ttl == key->ttl && hop->flow == key->flow &&
	       bw_addr_equal(&hop->from, key->from) &&
	       (key->from->family != 0 || hop->before == key->before);
}

/* The slot of a hop, or the free one where it belongs. */
static uint32_t find_slot(const struct stop_set *set, const struct key *key)
{
	uint32_t slot = (uint32_t)hash(key) & set->slot_mask;

	while (set->slots[slot] && !is_hop(hop_at(set, set->slots[slot] - 1), key))
		slot = (slot + 1) & set->slot_mask;
	return slot;
}

static struct key key_of(const struct stop_hop *hop)
{
	return (struct key){&hop->from, hop->flow, hop->ttl, hop->before};
}

/* Doubles the table when it is half full. False: out of memory. */
static bool make_room(struct stop_set *set)
{
	uint32_t *former = set->slots;
	uint32_t count = set->slot_mask + 1;

	if (set->hops.count < count / 2)
		return true;
	set->slots = calloc((size_t)count * 2, sizeof(*set->slots));
	if (!set->slots) {
		set->slots = former;
		return false;
	}
	set->slot_mask = count * 2 - 1;
	for (uint32_t number = 0; number < set->hops.count; number++) {
		struct key key = key_of(hop_at(set, number));

		set->slots[find_slot(set, &key)] = number + 1;
	}
	free(former);
	return true;
}

static struct stop_hop make_hop(const struct trace *trace, uint8_t ttl, uint32_t before)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	struct stop_hop made = {
		.from = hop->from,
		.flow = trace->flow,
		.ttl = ttl,
		.reply = hop->reply,
		.icmp_type = hop->icmp_type,
		.code = hop->code,
		.reply_ttl = hop->reply_ttl,
		.quoted_ttl = hop->quoted_ttl,
		.label_count = hop->label_count,
		.before = before,
		.rtt_ns = hop->rtt_ns,
	};

	for (unsigned n = 0; n < hop->label_count; n++)
		made.labels[n] = hop->labels[n];
	return made;
}

/* The number of a hop, which is added if it is new; NONE: it cannot be. */
static uint32_t put_hop(struct stop_set *set, const struct trace *trace, uint8_t ttl,
			uint32_t before)
{
	struct stop_hop hop = make_hop(trace, ttl, before);
	struct key key = key_of(&hop);
	uint32_t slot = find_slot(set, &key);
	int number;

	if (set->slots[slot]) {
		struct stop_hop *there = hop_at(set, set->slots[slot] - 1);

		if (there->from.family != 0 && before != NONE && there->before != NONE &&
		    hop_at(set, there->before)->from.family == 0)
			there->before = before;
		return set->slots[slot] - 1;
	}
	if (set->hops.count >= set->max || !make_room(set))
		return NONE;
	number = array_add(&set->hops, &hop);
	if (number < 0)
		return NONE;
	set->slots[find_slot(set, &key)] = (uint32_t)number + 1;
	return (uint32_t)number;
}

void stop_set_add(struct stop_set *set, const struct trace *trace)
{
	uint32_t before = NONE;

	for (uint8_t ttl = 1; ttl <= trace->last; ttl++) {
		const struct trace_hop *hop = &trace->hops[ttl];

		if (hop->state == TRACE_HOP_KNOWN && hop->kind != TRACE_TIME_EXCEEDED)
			return;
		before = put_hop(set, trace, ttl, before);
		if (before == NONE)
			return;
	}
}

static void fill_hop(struct trace_hop *hop, const struct stop_hop *stop)
{
	if (hop->state == TRACE_HOP_KNOWN)
		return;
	hop->state = stop->from.family ? TRACE_HOP_KNOWN : TRACE_HOP_QUIET;
	hop->kind = stop->from.family ? TRACE_TIME_EXCEEDED : TRACE_SILENT;
	hop->from = stop->from;
	hop->from_stop_set = true;
	hop->reply = stop->reply;
	hop->icmp_type = stop->icmp_type;
	hop->code = stop->code;
	hop->reply_ttl = stop->reply_ttl;
	hop->quoted_ttl = stop->quoted_ttl;
	hop->rtt_ns = stop->rtt_ns;
	hop->label_count = stop->label_count;
	for (unsigned n = 0; n < stop->label_count; n++)
		hop->labels[n] = stop->labels[n];
}

bool stop_set_fill(const struct stop_set *set, struct trace *trace, uint8_t ttl)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	struct key key = {&hop->from, trace->flow, ttl, NONE};
	uint32_t number;

	if (hop->state != TRACE_HOP_KNOWN || hop->kind != TRACE_TIME_EXCEEDED)
		return false;
	number = set->slots[find_slot(set, &key)];
	if (number == 0)
		return false;
	for (number = hop_at(set, number - 1)->before; number != NONE;) {
		const struct stop_hop *stop = hop_at(set, number);

		fill_hop(&trace->hops[stop->ttl], stop);
		number = stop->before;
	}
	return true;
}

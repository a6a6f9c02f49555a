/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairing. A probe stays here from its sending until listening ends (60 s),
 * far longer than until it is given up (about 3 s): a late reply must be known
 * as late, and a second copy as a copy, or both would be taken for forgeries.
 *
 * An entry is found by `brief`, the 32 bits of its token that even an ICMP
 * error quotes. These are bits of a keyed MAC, so they spread over the chains
 * by themselves and nobody outside can aim at one chain. What else must agree
 * (address, port, full token) is the engine's to judge, as it wants to tell a
 * forgery from an alias.
 *
 * One wheel serves both deadlines of an entry: patience first, then the end of
 * listening. Invariants: an entry that is not FREE and was sent is in exactly
 * one chain and armed in the wheel; the wheel's number is the entry's index.
 *
 * Entries that were given back are taken again in that order. As all are listened for
 * equally long, probes that were sent one after the other lie one behind the other in
 * memory, and so do their places in the wheel: what is due together is met together.
 *
 * Called by the engine only. Memory: 44 bytes for each of max probes, 12 more for those by IPv6,
 * touched when first used, and 2 to 4 bytes for the heads of chains.
 */
#include "probe/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/huge_array.h"
#include "base/wheel.h"

#define TICK_NS BW_MS
#define NONE UINT32_MAX

/* The bytes of an IPv6 address behind those that its entry has. */
struct v6_end {
	uint8_t bytes[12];
};

struct pending {
	struct pending_entry *entries;
	struct v6_end *v6_ends; /* by index of the entry */
	uint32_t *chains;       /* index of the first entry, NONE when empty */
	uint32_t chain_mask;
	uint32_t max, used;       /* entries[used..) were never touched */
	uint32_t free, free_last; /* list of entries given back; NONE: empty */
	int64_t listen_ns;
	struct wheel *wheel;
};

static uint32_t chain_count_for(uint32_t max)
{
	uint32_t count = 64;

	while (count < max / 2)
		count *= 2;
	return count;
}

struct pending *pending_new(uint32_t max, int64_t listen_ns, struct bw_mono now)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	uint32_t count = chain_count_for(max);

	if (!pending)
		return NULL;
	pending->entries = huge_array_new(max, sizeof(*pending->entries));
	pending->v6_ends = huge_array_new(max, sizeof(*pending->v6_ends));
	pending->chains = huge_array_new(count, sizeof(*pending->chains));
	pending->wheel = wheel_new(max, TICK_NS, now);
	if (!pending->entries || !pending->v6_ends || !pending->chains || !pending->wheel) {
		pending_free(pending);
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++)
		pending->chains[i] = NONE;
	pending->chain_mask = count - 1;
	pending->max = max;
	pending->free = NONE;
	pending->listen_ns = listen_ns;
	return pending;
}

void pending_free(struct pending *pending)
{
	if (!pending)
		return;
	wheel_free(pending->wheel);
	huge_array_free(pending->chains);
	huge_array_free(pending->v6_ends);
	huge_array_free(pending->entries);
	free(pending);
}

static uint32_t index_of(const struct pending *pending, const struct pending_entry *entry)
{
	return (uint32_t)(entry - pending->entries);
}

static void fill(struct pending *pending, struct pending_entry *entry, const struct probe *probe,
		 const struct token *token)
{
	const struct bw_addr *dst = &probe->dst;

	*entry = (struct pending_entry){
		.subject = probe->subject,
		.brief = token->brief,
		.next = NONE,
		.host = probe->host,
		.port = probe->method.port,
		.source_port = (token->source_port - TOKEN_PORT_FIRST) & 0xfff,
		.protocol = probe->method.protocol & 0x7,
		.is_v6 = dst->family == 6,
		.tag = probe->tag,
		.egress = probe->egress & 0xf,
		.client = probe->client & 1,
	};
	memcpy(entry->dst, dst->bytes, sizeof(entry->dst));
	if (entry->is_v6)
		memcpy(pending->v6_ends[index_of(pending, entry)].bytes,
		       dst->bytes + sizeof(entry->dst), sizeof(struct v6_end));
}

struct pending_entry *pending_add(struct pending *pending, const struct probe *probe,
				  const struct token *token)
{
	struct pending_entry *entry;

	/* By the time that it is sent, the head of its chain has arrived. */
	__builtin_prefetch(&pending->chains[token->brief & pending->chain_mask], 1);
	if (pending->free != NONE) {
		entry = &pending->entries[pending->free];
		pending->free = entry->next;
	} else if (pending->used < pending->max) {
		entry = &pending->entries[pending->used++];
	} else {
		return NULL;
	}
	fill(pending, entry, probe, token);
	return entry;
}

struct probe pending_probe(const struct pending *pending, const struct pending_entry *entry)
{
	struct probe probe = {
		.subject = entry->subject,
		.host = entry->host,
		.method = {entry->protocol, entry->port},
		.client = entry->client,
		.tag = entry->tag,
		.egress = entry->egress,
		.dst.family = entry->is_v6 ? 6 : 4,
	};

	memcpy(probe.dst.bytes, entry->dst, sizeof(entry->dst));
	if (entry->is_v6)
		memcpy(probe.dst.bytes + sizeof(entry->dst),
		       pending->v6_ends[index_of(pending, entry)].bytes, sizeof(struct v6_end));
	return probe;
}

uint16_t pending_source_port(const struct pending_entry *entry)
{
	return bw_protocol_has_port(entry->protocol)
		       ? (uint16_t)(TOKEN_PORT_FIRST + entry->source_port)
		       : 0;
}

void pending_sent(struct pending *pending, struct pending_entry *entry, struct bw_mono sent,
		  uint32_t patience_us)
{
	uint32_t *chain = &pending->chains[entry->brief & pending->chain_mask];

	entry->sent = sent;
	entry->state = PENDING_WAITING;
	entry->next = *chain;
	*chain = index_of(pending, entry);
	wheel_arm(pending->wheel, index_of(pending, entry), bw_mono_add(sent, patience_us * BW_US));
}

void pending_drop(struct pending *pending, struct pending_entry *entry)
{
	uint32_t i = index_of(pending, entry);

	entry->state = PENDING_FREE;
	entry->next = NONE;
	if (pending->free == NONE)
		pending->free = i;
	else
		pending->entries[pending->free_last].next = i;
	pending->free_last = i;
}

static void unchain(struct pending *pending, struct pending_entry *entry)
{
	uint32_t *link = &pending->chains[entry->brief & pending->chain_mask];

	while (*link != index_of(pending, entry))
		link = &pending->entries[*link].next;
	*link = entry->next;
}

struct pending_entry *pending_find(struct pending *pending, uint32_t brief,
				   const struct pending_entry *start)
{
	uint32_t i = start ? start->next : pending->chains[brief & pending->chain_mask];

	while (i != NONE && pending->entries[i].brief != brief)
		i = pending->entries[i].next;
	return i == NONE ? NULL : &pending->entries[i];
}

void pending_settle(struct pending *pending, struct pending_entry *entry, enum pending_state state)
{
	if (entry->state == PENDING_WAITING) {
		wheel_arm(pending->wheel, index_of(pending, entry),
			  bw_mono_add(entry->sent, pending->listen_ns));
	}
	entry->state = state & 0x7;
}

struct pending_entry *pending_expire(struct pending *pending, struct bw_mono now)
{
	uint32_t i;

	while (wheel_expire(pending->wheel, now, &i)) {
		struct pending_entry *entry = &pending->entries[i];

		if (wheel_coming(pending->wheel, &i))
			__builtin_prefetch(&pending->entries[i], 1);
		if (entry->state == PENDING_WAITING) {
			pending_settle(pending, entry, PENDING_OVERDUE);
			return entry;
		}
		unchain(pending, entry);
		pending_drop(pending, entry);
	}
	return NULL;
}

struct bw_mono pending_next(const struct pending *pending)
{
	return wheel_next(pending->wheel);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs requests with answers that any tool has caused, in a capture.
 *
 * The engine knows its probes by a token; foreign ones have none. What makes a
 * pair here is what the protocols say: for an echo both addresses, id and
 * sequence number, and the payload that must come back; for TCP both addresses,
 * both ports and the sequence number that is acknowledged; for an ICMP error
 * what it quotes of these. So this is no proof against somebody who forges
 * packets and sees the requests; against one who does not, tools have as many
 * bits as they put into id, sequence number and payload.
 *
 * A request lives through
 *
 *   WAITING  -- answer --> ANSWERED       -- error --> ERRORED
 *            -- patience is over --> OVERDUE, and an answer is late then
 *
 * until listen_ns after it was seen; so long further copies of the answer are
 * known as duplicates and dropped. The rules are those of the engine: the
 * first answer counts, at the time when its request was sent; an error settles
 * a request but a true answer behind it still counts.
 *
 * Tools repeat themselves. The same request while the first is waited for (a
 * retransmitted SYN, zmap -P, an interface captured twice) is not another
 * probe: it may be answered by the same packet. Patience runs from the first;
 * the round-trip time is that from the last (Karn: either may be meant, and
 * the smaller is not a boast when both are). After an answer or the end of
 * patience the same bits are a new request and take the place of the old one.
 *
 * Memory grows with what is waited for, up to pending_max; what comes beyond
 * is counted and left alone. The table is keyed (SipHash, random), since what
 * lies in a capture was chosen by strangers.
 */
#include "probe/passive/passive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/siphash.h"
#include "base/wheel.h"
#include "probe/passive/passive_packet.h"

#define ROOM_MIN 1024U
#define TICK_NS BW_MS
#define NONE UINT32_MAX
#define PAYLOAD_MAX 64 /* bytes of an echo's payload that must come back */

enum state {
	WAITING,
	OVERDUE,
	ANSWERED,
	ERRORED,
};

/* Without padding, so that it can be hashed and compared as bytes. */
struct key {
	struct bw_addr prober, probed;
	uint8_t protocol, zero;
	uint16_t source_port, port;
	uint32_t brief;
};
_Static_assert(sizeof(struct key) == 44, "a key has holes");

struct entry {
	struct key key;
	uint32_t next; /* in its chain, or of the free ones */
	struct probe probe;
	struct bw_mono sent, latest; /* the first and the last of the same request */
	uint64_t payload;            /* hash of the first payload_length bytes */
	uint8_t payload_length;
	uint8_t state; /* enum state */
};

struct passive {
	struct passive_config config;
	struct siphash_key hash;
	struct entry *entries;
	uint32_t *chains; /* as many as there is room for entries: a power of two */
	uint32_t room, free;
	struct wheel *wheel;
	struct passive_stats stats;
};

static void link_free(struct passive *passive, uint32_t from, uint32_t to)
{
	for (uint32_t i = to; i-- > from;) {
		passive->entries[i].next = passive->free;
		passive->free = i;
	}
}

int passive_new(const struct passive_config *config, struct bw_mono start,
		struct passive **ret_passive)
{
	struct passive *passive = calloc(1, sizeof(*passive));

	if (!passive)
		return -ENOMEM;
	passive->config = *config;
	passive->hash = siphash_key_random();
	passive->room = ROOM_MIN;
	passive->free = NONE;
	passive->entries = calloc(passive->room, sizeof(*passive->entries));
	passive->chains = malloc(passive->room * sizeof(*passive->chains));
	passive->wheel = wheel_new(passive->room, TICK_NS, start);
	if (!passive->entries || !passive->chains || !passive->wheel) {
		passive_free(passive);
		return -ENOMEM;
	}
	memset(passive->chains, 0xff, passive->room * sizeof(*passive->chains));
	link_free(passive, 0, passive->room);
	*ret_passive = passive;
	return 0;
}

void passive_free(struct passive *passive)
{
	if (!passive)
		return;
	wheel_free(passive->wheel);
	free(passive->chains);
	free(passive->entries);
	free(passive);
}

static struct key key_of(const struct passive_packet *packet, uint32_t brief)
{
	return (struct key){
		.prober = packet->prober,
		.probed = packet->probed,
		.protocol = packet->method.protocol,
		.source_port = packet->source_port,
		.port = packet->method.port,
		.brief = brief,
	};
}

static uint32_t *chain_of(struct passive *passive, const struct key *key)
{
	uint64_t hash = siphash(&passive->hash, key, sizeof(*key));

	return &passive->chains[hash & (passive->room - 1)];
}

static uint32_t find(struct passive *passive, const struct key *key)
{
	uint32_t i = *chain_of(passive, key);

	while (i != NONE && memcmp(&passive->entries[i].key, key, sizeof(*key)) != 0)
		i = passive->entries[i].next;
	return i;
}

static void add_to_chain(struct passive *passive, uint32_t i)
{
	uint32_t *chain = chain_of(passive, &passive->entries[i].key);

	passive->entries[i].next = *chain;
	*chain = i;
}

static void drop(struct passive *passive, uint32_t i)
{
	uint32_t *at = chain_of(passive, &passive->entries[i].key);

	while (*at != i)
		at = &passive->entries[*at].next;
	*at = passive->entries[i].next;
	wheel_cancel(passive->wheel, i);
	link_free(passive, i, i + 1);
}

/* Doubles the room, when there is none left. Every entry is in use then. */
static bool make_room(struct passive *passive)
{
	uint32_t old = passive->room, room = 2 * old;
	struct entry *entries;
	uint32_t *chains;

	if (passive->free != NONE)
		return true;
	if (room > passive->config.pending_max || wheel_grow(passive->wheel, room) < 0)
		return false;
	entries = realloc(passive->entries, room * sizeof(*entries));
	if (!entries)
		return false;
	passive->entries = entries;
	chains = realloc(passive->chains, room * sizeof(*chains));
	if (!chains)
		return false;
	passive->chains = chains;
	passive->room = room;
	memset(chains, 0xff, room * sizeof(*chains));
	for (uint32_t i = 0; i < old; i++)
		add_to_chain(passive, i);
	link_free(passive, old, room);
	return true;
}

static void set_payload(struct passive *passive, struct entry *entry,
			const struct passive_packet *packet)
{
	size_t length = cursor_left(&packet->payload);

	entry->payload_length = (uint8_t)(length < PAYLOAD_MAX ? length : PAYLOAD_MAX);
	entry->payload = siphash(&passive->hash, packet->payload.at, entry->payload_length);
}

/* True also where the capture does not have enough of it to tell. */
static bool is_payload_back(const struct passive *passive, const struct entry *entry,
			    const struct passive_packet *packet)
{
	if (entry->payload_length == 0 || packet->method.protocol != BW_PROTOCOL_ICMP)
		return true;
	if (cursor_left(&packet->payload) < entry->payload_length)
		return !packet->whole;
	return siphash(&passive->hash, packet->payload.at, entry->payload_length) ==
	       entry->payload;
}

/* The same request again: no probe of its own, unless the first is settled. */
static bool repeat(struct passive *passive, uint32_t i, const struct passive_packet *packet,
		   struct bw_mono at)
{
	struct entry *entry = &passive->entries[i];

	if (entry->state != WAITING) {
		drop(passive, i);
		return false;
	}
	if (!is_payload_back(passive, entry, packet))
		entry->payload_length = 0;
	entry->latest = at;
	passive->stats.repeated++;
	return true;
}

static void take_request(struct passive *passive, const struct passive_packet *packet,
			 struct bw_mono at)
{
	struct key key = key_of(packet, packet->brief);
	struct probe probe = {
		.dst = packet->probed,
		.method = packet->method,
		.ttl = packet->ttl,
	};
	uint32_t i;

	if (!passive->config.on_request(passive->config.self, &packet->prober, &probe, at))
		return;
	passive->stats.requests++;
	i = find(passive, &key);
	if (i != NONE && repeat(passive, i, packet, at))
		return;
	if (!make_room(passive)) {
		passive->stats.untracked++;
		return;
	}
	i = passive->free;
	passive->free = passive->entries[i].next;
	passive->entries[i] = (struct entry){
		.key = key, .probe = probe, .sent = at, .latest = at, .state = WAITING};
	set_payload(passive, &passive->entries[i], packet);
	add_to_chain(passive, i);
	wheel_arm(passive->wheel, i, bw_mono_add(at, passive->config.patience_ns));
}

static bool is_answer(const struct passive_packet *packet)
{
	return packet->role == PASSIVE_ANSWER ||
	       reply_kind_is_answer(packet->kind,
				    bw_addr_equal(&packet->from, &packet->probed));
}

static void report(struct passive *passive, const struct entry *entry, struct outcome *outcome)
{
	outcome->probe = entry->probe;
	passive->config.on_outcome(passive->config.self, outcome);
}

static void settle(struct passive *passive, uint32_t i, const struct passive_packet *packet,
		   struct bw_mono at)
{
	struct entry *entry = &passive->entries[i];
	bool answer = is_answer(packet);
	struct outcome outcome = {
		.kind = answer ? OUTCOME_REPLY : OUTCOME_ERROR,
		.sent = entry->sent,
		.at = at,
		.late = entry->state == OVERDUE,
		.rtt_ns = bw_mono_since(at, entry->latest),
		.reply = packet->kind,
		.from = packet->from,
		.ttl = packet->ttl,
	};

	if (!answer && entry->state == OVERDUE) {
		entry->state = ERRORED;
		return;
	}
	passive->stats.replies += answer;
	passive->stats.errors += !answer;
	passive->stats.late += outcome.late;
	entry->state = answer ? ANSWERED : ERRORED;
	wheel_arm(passive->wheel, i, bw_mono_add(entry->latest, passive->config.listen_ns));
	report(passive, entry, &outcome);
}

static void take_answer(struct passive *passive, const struct passive_packet *packet,
			struct bw_mono at)
{
	struct key key = key_of(packet, packet->brief);
	const struct entry *entry;
	uint32_t i = find(passive, &key);

	if (i == NONE && packet->alternate_brief != packet->brief) {
		key.brief = packet->alternate_brief;
		i = find(passive, &key);
	}
	if (i == NONE) {
		passive->stats.unpaired++;
		return;
	}
	passive->stats.received++;
	entry = &passive->entries[i];
	if (packet->role == PASSIVE_ANSWER && !is_payload_back(passive, entry, packet))
		passive->stats.rejected[REJECT_SPOOFED]++;
	else if (entry->state == ANSWERED || (entry->state == ERRORED && !is_answer(packet)))
		passive->stats.rejected[REJECT_DUPLICATE]++;
	else
		settle(passive, i, packet, at);
}

void passive_receive(struct passive *passive, const struct bw_rx *rx)
{
	struct passive_packet packet;
	enum reject reject =
		passive_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &packet);

	if (reject != REJECT_NONE)
		passive->stats.rejected[reject]++;
	else if (packet.role == PASSIVE_REQUEST)
		take_request(passive, &packet, rx->at);
	else
		take_answer(passive, &packet, rx->at);
}

void passive_advance(struct passive *passive, struct bw_mono now)
{
	uint32_t i;

	while (wheel_expire(passive->wheel, now, &i)) {
		struct entry *entry = &passive->entries[i];
		struct outcome outcome = {
			.kind = OUTCOME_TIMEOUT,
			.sent = entry->sent,
			.at = now,
		};

		if (entry->state != WAITING) {
			drop(passive, i);
			continue;
		}
		entry->state = OVERDUE;
		passive->stats.timeouts++;
		wheel_arm(passive->wheel, i,
			  bw_mono_add(entry->latest, passive->config.listen_ns));
		report(passive, entry, &outcome);
	}
}

struct bw_mono passive_deadline(const struct passive *passive)
{
	return wheel_next(passive->wheel);
}

void passive_forget(struct passive *passive)
{
	memset(passive->chains, 0xff, passive->room * sizeof(*passive->chains));
	for (uint32_t i = 0; i < passive->room; i++)
		wheel_cancel(passive->wheel, i);
	passive->free = NONE;
	link_free(passive, 0, passive->room);
}

void passive_stats(const struct passive *passive, struct passive_stats *ret_stats)
{
	*ret_stats = passive->stats;
}

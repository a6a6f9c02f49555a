/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pairs requests with answers in a capture, whatever tool sent the requests.
 *
 * The engine recognises its probes by a token; other tools have none. Here a pair is
 * what the protocols say: for an echo both addresses, id and sequence number, and the
 * payload, which must come back; for TCP both addresses, both ports and the sequence
 * number, which is acknowledged; for an ICMP error what it quotes of these. This proves
 * nothing against somebody who forges packets and sees the requests. Against one who does
 * not see them, a tool has as many bits as it puts into id, sequence number and payload.
 *
 * The states of a request are
 *
 *   WAITING  -- answer --> ANSWERED       -- error --> ERRORED
 *            -- patience ends --> OVERDUE; an answer is late from then on
 *
 * until listen_ns after the request; until then further copies of an answer are counted
 * as duplicates and dropped. The rules are those of the engine: the first answer counts,
 * at the time at which its request was sent; an error settles a request, and a true
 * answer after it still counts.
 *
 * Tools repeat requests. A copy of a request that is still waited for (a retransmitted
 * SYN, zmap -P, an interface captured twice) is not another probe, since one packet may
 * answer both. Patience runs from the first copy. The round-trip time is that from the
 * last copy: which one is meant is unknown (Karn), and the smaller time is reported.
 * The TTL is the largest, since some traceroutes repeat a SYN with nothing else changed.
 * After an answer or the end of patience the same bits are a new request, which replaces
 * the old one.
 *
 * Memory grows with the number of requests that are waited for, up to pending_max.
 * Requests beyond that are counted and ignored.
 */
#include "probe/passive/passive.h"

#include <errno.h>
#include <stdlib.h>

#include "base/wheel.h"
#include "probe/passive/passive_table.h"
#include "wire/packet.h"

#define PAYLOAD_MAX 64 /* bytes of an echo's payload that must come back */

struct passive {
	struct passive_config config;
	struct passive_table table;
	struct passive_stats stats;
};

int passive_new(const struct passive_config *config, struct bw_mono start,
		struct passive **ret_passive)
{
	struct passive *passive = calloc(1, sizeof(*passive));

	if (!passive)
		return -ENOMEM;
	passive->config = *config;
	if (passive_table_init(&passive->table, config->pending_max, start) < 0) {
		free(passive);
		return -ENOMEM;
	}
	*ret_passive = passive;
	return 0;
}

void passive_free(struct passive *passive)
{
	if (!passive)
		return;
	passive_table_fini(&passive->table);
	free(passive);
}

static struct passive_key key_of(const struct packet *packet, uint32_t brief)
{
	return (struct passive_key){
		.prober = packet->prober,
		.probed = packet->probed,
		.protocol = packet->method.protocol,
		.source_port = packet->source_port,
		.port = packet->method.port,
		.brief = brief,
	};
}

static void set_payload(struct passive *passive, struct passive_entry *entry,
			const struct packet *packet)
{
	size_t length = cursor_left(&packet->payload);

	entry->payload_length = (uint8_t)(length < PAYLOAD_MAX ? length : PAYLOAD_MAX);
	entry->payload = siphash(&passive->table.hash, packet->payload.at, entry->payload_length);
}

/* True also where the capture does not have enough of it to tell. */
static bool is_payload_back(const struct passive *passive, const struct passive_entry *entry,
			    const struct packet *packet)
{
	if (entry->payload_length == 0)
		return true;
	if (cursor_left(&packet->payload) < entry->payload_length)
		return !packet->ip.whole;
	return siphash(&passive->table.hash, packet->payload.at, entry->payload_length) ==
	       entry->payload;
}

/* The same request again: no probe of its own, unless the first is settled. */
static bool repeat(struct passive *passive, uint32_t i, const struct packet *packet,
		   struct bw_mono at)
{
	struct passive_entry *entry = &passive->table.entries[i];

	if (entry->state != PASSIVE_WAITING) {
		passive_table_drop(&passive->table, i);
		return false;
	}
	if (!is_payload_back(passive, entry, packet))
		entry->payload_length = 0;
	if (entry->probe.ttl < packet->ip.ttl)
		entry->probe.ttl = packet->ip.ttl;
	entry->latest = at;
	passive->stats.repeated++;
	return true;
}

static void take_request(struct passive *passive, const struct packet *packet, struct bw_mono at)
{
	struct passive_key key = key_of(packet, packet->brief);
	struct probe probe = {
		.dst = packet->probed,
		.method = packet->method,
		.ttl = packet->ip.ttl,
	};
	struct passive_entry *entry;
	uint32_t i;

	if (!passive->config.on_request(passive->config.self, &packet->prober, &probe, at))
		return;
	passive->stats.requests++;
	i = passive_table_find(&passive->table, &key);
	if (i != PASSIVE_NONE && repeat(passive, i, packet, at))
		return;
	i = passive_table_add(&passive->table, &key);
	if (i == PASSIVE_NONE) {
		passive->stats.untracked++;
		return;
	}
	entry = &passive->table.entries[i];
	entry->probe = probe;
	entry->sent = entry->latest = at;
	entry->state = PASSIVE_WAITING;
	set_payload(passive, entry, packet);
	wheel_arm(passive->table.wheel, i, bw_mono_add(at, passive->config.patience_ns));
}

static bool is_answer(const struct packet *packet)
{
	return packet->role == PACKET_ANSWER ||
	       reply_kind_is_answer(packet->kind, bw_addr_equal(&packet->ip.src, &packet->probed));
}

static void report(struct passive *passive, const struct passive_entry *entry,
		   struct outcome *outcome)
{
	outcome->probe = entry->probe;
	passive->config.on_outcome(passive->config.self, outcome);
}

/* A reply after an error counts in its place. */
static void count(struct passive *passive, const struct passive_entry *entry,
		  const struct outcome *outcome)
{
	struct passive_stats *stats = &passive->stats;
	const bool answer = outcome->kind == OUTCOME_REPLY;

	stats->replies += answer;
	stats->errors += !answer;
	stats->expired += !answer && outcome->reply == REPLY_TIME_EXCEEDED;
	stats->late += outcome->late;
	if (entry->state == PASSIVE_ERRORED) {
		stats->errors--;
		stats->expired -= entry->expired;
	}
}

static void settle(struct passive *passive, uint32_t i, const struct packet *packet,
		   struct bw_mono at)
{
	struct passive_entry *entry = &passive->table.entries[i];
	bool answer = is_answer(packet);
	struct outcome outcome = {
		.kind = answer ? OUTCOME_REPLY : OUTCOME_ERROR,
		.sent = entry->sent,
		.at = at,
		.late = entry->state == PASSIVE_OVERDUE,
		.rtt_ns = bw_mono_since(at, entry->latest),
		.reply = packet->kind,
		.from = packet->ip.src,
		.ttl = packet->ip.ttl,
	};

	if (!answer && entry->state == PASSIVE_OVERDUE)
		return; /* the silence says more, and a late reply still takes it back */
	count(passive, entry, &outcome);
	entry->expired = !answer && packet->kind == REPLY_TIME_EXCEEDED;
	entry->state = answer ? PASSIVE_ANSWERED : PASSIVE_ERRORED;
	wheel_arm(passive->table.wheel, i, bw_mono_add(entry->latest, passive->config.listen_ns));
	report(passive, entry, &outcome);
}

static void take_answer(struct passive *passive, const struct packet *packet, struct bw_mono at)
{
	struct passive_key key = key_of(packet, packet->brief);
	const struct passive_entry *entry;
	uint32_t i = passive_table_find(&passive->table, &key);

	if (i == PASSIVE_NONE && packet->alternate_brief != packet->brief) {
		key.brief = packet->alternate_brief;
		i = passive_table_find(&passive->table, &key);
	}
	if (i == PASSIVE_NONE) {
		passive->stats.unpaired++;
		return;
	}
	passive->stats.received++;
	entry = &passive->table.entries[i];
	if (packet->role == PACKET_ANSWER && !is_payload_back(passive, entry, packet))
		passive->stats.rejected[REJECT_SPOOFED]++;
	else if (entry->state == PASSIVE_ANSWERED ||
		 (entry->state == PASSIVE_ERRORED && !is_answer(packet)))
		passive->stats.rejected[REJECT_DUPLICATE]++;
	else
		settle(passive, i, packet, at);
}

/*
 * Checksums of requests are not verified, because network cards fill them in after the
 * capture. An error goes to the sender of the packet that it quotes; any other is forged.
 */
static enum reject decode(const struct bw_rx *rx, struct packet *packet)
{
	enum reject reject = packet_decode_recorded(rx->linktype, rx->bytes, rx->length,
						    rx->wire_length, packet);

	if (reject || packet->role == PACKET_REQUEST)
		return reject;
	if (!packet_is_intact(packet))
		return REJECT_CHECKSUM;
	if (packet->role == PACKET_ANSWER)
		return REJECT_NONE;
	reject = packet_decode_quote(packet);
	if (!reject && !bw_addr_equal(&packet->prober, &packet->ip.dst))
		return REJECT_UNRELATED;
	return reject;
}

void passive_receive(struct passive *passive, const struct bw_rx *rx)
{
	struct packet packet;
	enum reject reject = decode(rx, &packet);

	if (reject != REJECT_NONE)
		passive->stats.rejected[reject]++;
	else if (packet.role == PACKET_REQUEST)
		take_request(passive, &packet, rx->at);
	else
		take_answer(passive, &packet, rx->at);
}

void passive_advance(struct passive *passive, struct bw_mono now)
{
	uint32_t i;

	while (wheel_expire(passive->table.wheel, now, &i)) {
		struct passive_entry *entry = &passive->table.entries[i];
		struct outcome outcome = {
			.kind = OUTCOME_TIMEOUT,
			.sent = entry->sent,
			.at = now,
		};

		if (entry->state != PASSIVE_WAITING) {
			passive_table_drop(&passive->table, i);
			continue;
		}
		entry->state = PASSIVE_OVERDUE;
		passive->stats.timeouts++;
		wheel_arm(passive->table.wheel, i,
			  bw_mono_add(entry->latest, passive->config.listen_ns));
		report(passive, entry, &outcome);
	}
}

struct bw_mono passive_deadline(const struct passive *passive)
{
	return wheel_next(passive->table.wheel);
}

void passive_forget(struct passive *passive)
{
	passive->stats.open += passive_table_clear(&passive->table);
}

void passive_stats(const struct passive *passive, struct passive_stats *ret_stats)
{
	*ret_stats = passive->stats;
}

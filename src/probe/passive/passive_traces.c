/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traceroutes of other tools have no token. A probe is found again by what an ICMP error quotes of
 * it, from the most to the least certain:
 *
 *   1. ports, the identification of IPv4, and the brief token (an echo's id and sequence number, a
 *      TCP sequence number, a UDP checksum). Some tools change only the identification from one
 *      TTL to the next.
 *   2. ports and brief token. The destination's own answer has no identification to compare.
 *   3. of UDP, the ports: where a network card fills in checksums after the capture, the quoted
 *      checksum is not the captured one.
 *
 * Each probe is in the table once for each of these; of two that are alike the later one counts.
 * What is quoted as the prober is not compared, since NAT changes it.
 */
#include "probe/passive/passive_traces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/wheel.h"
#include "probe/passive/passive_table.h"
#include "probe/passive/traced.h"
#include "probe/trace/trace_plan.h"
#include "probe/trace/trace_reply.h"
#include "wire/method/method_ops.h"

#define PROBES_MAX (1U << 20)
#define ID_SPREAD UINT32_C(0x9e3779b1)

/* The ways to find a probe, as above. They are part of its keys. */
enum certainty {
	BY_IDENTIFICATION = 1,
	BY_BRIEF,
	BY_PORTS,
};

struct passive_traces {
	struct passive_traces_config config;
	struct passive_table table; /* of probes */
	struct traced_table traced;
	uint64_t untracked;
};

int passive_traces_new(const struct passive_traces_config *config, struct bw_mono start,
		       struct passive_traces **ret_traces)
{
	struct passive_traces *traces = calloc(1, sizeof(*traces));
	int rc;

	if (!traces)
		return -ENOMEM;
	traces->config = *config;
	rc = passive_table_init(&traces->table, PROBES_MAX, start);
	if (rc == 0)
		rc = traced_table_init(&traces->traced, PASSIVE_TRACES_MAX, start);
	if (rc < 0) {
		passive_traces_free(traces);
		return rc;
	}
	*ret_traces = traces;
	return 0;
}

void passive_traces_free(struct passive_traces *traces)
{
	if (!traces)
		return;
	traced_table_fini(&traces->traced);
	passive_table_fini(&traces->table);
	free(traces);
}

static struct passive_key key_of(const struct packet *packet, uint32_t brief, uint16_t id,
				 enum certainty certainty)
{
	struct passive_key key = {
		.probed = packet->probed,
		.protocol = packet->method.protocol,
		.zero = (uint8_t)certainty,
		.source_port = packet->source_port,
		.port = packet->method.port,
	};

	switch (certainty) {
	case BY_IDENTIFICATION:
		key.brief = brief ^ id * ID_SPREAD;
		break;
	case BY_BRIEF:
		key.brief = brief;
		break;
	case BY_PORTS:
		break;
	}
	return key;
}

static void remember(struct passive_traces *traces, const struct passive_key *key, uint32_t number,
		     uint8_t ttl, struct bw_mono at)
{
	uint32_t i = passive_table_find(&traces->table, key);
	struct passive_entry *entry;

	if (i != PASSIVE_NONE)
		passive_table_drop(&traces->table, i);
	i = passive_table_add(&traces->table, key);
	if (i == PASSIVE_NONE) {
		traces->untracked++;
		return;
	}
	entry = &traces->table.entries[i];
	entry->probe = (struct probe){.subject = number, .ttl = ttl};
	entry->sent = at;
	wheel_arm(traces->table.wheel, i, bw_mono_add(at, PASSIVE_TRACES_QUIET_NS));
}

static enum certainty last_certainty(const struct packet *packet)
{
	return packet->method.protocol == BW_PROTOCOL_UDP ? BY_PORTS : BY_BRIEF;
}

/* The trace that a probe belongs to, which may be a new one. TRACED_NONE: there is no room. */
static uint32_t trace_of(struct passive_traces *traces, const struct packet *packet,
			 struct bw_mono at)
{
	uint32_t number = traced_table_find(&traces->traced, &packet->probed, packet->method);

	if (number != TRACED_NONE &&
	    bw_mono_since(at, traces->traced.list[number].begun) > PASSIVE_TRACES_LENGTH_NS) {
		traced_table_hide(&traces->traced, number);
		number = TRACED_NONE;
	}
	if (number == TRACED_NONE)
		number = traced_table_add(&traces->traced, &packet->probed, packet->method, at);
	return number;
}

static void take_request(struct passive_traces *traces, const struct packet *packet,
			 struct bw_mono at)
{
	uint8_t ttl = packet->ip.ttl;
	uint32_t number;

	if (ttl == 0 || ttl >= TRACE_TTL_MAX ||
	    !traces->config.is_prober(traces->config.self, &packet->prober))
		return;
	number = trace_of(traces, packet, at);
	if (number == TRACED_NONE || traced_note_probe(&traces->traced.list[number], ttl) < 0) {
		traces->untracked++;
		return;
	}
	wheel_arm(traces->traced.wheel, number, bw_mono_add(at, PASSIVE_TRACES_QUIET_NS));
	for (enum certainty c = BY_IDENTIFICATION; c <= last_certainty(packet); c++) {
		struct passive_key key = key_of(packet, packet->brief, packet->ip.id, c);

		remember(traces, &key, number, ttl, at);
	}
}

/* The probe that a packet answers; NULL: the capture has none. */
static struct passive_entry *find_probe(const struct passive_traces *traces,
					const struct packet *packet)
{
	enum certainty c = packet->role == PACKET_ERROR ? BY_IDENTIFICATION : BY_BRIEF;

	for (; c <= last_certainty(packet); c++) {
		uint32_t briefs[] = {packet->brief, packet->alternate_brief};

		for (unsigned n = 0; n < 2; n++) {
			struct passive_key key = key_of(packet, briefs[n], packet->quoted_id, c);
			uint32_t i = passive_table_find(&traces->table, &key);

			if (i != PASSIVE_NONE)
				return &traces->table.entries[i];
		}
	}
	return NULL;
}

static void take_answer(struct passive_traces *traces, struct packet *packet, struct bw_mono at)
{
	struct trace_reply reply;
	struct passive_entry *entry;
	struct traced *traced;
	struct trace_hop *hop;

	if (!traces->config.is_prober(traces->config.self, &packet->ip.dst) ||
	    !packet_is_intact(packet) || trace_reply_read(packet, &reply) != REJECT_NONE)
		return;
	entry = find_probe(traces, packet);
	if (!entry || entry->state == PASSIVE_ANSWERED)
		return;
	entry->state = PASSIVE_ANSWERED;
	traced = &traces->traced.list[entry->probe.subject];
	hop = &traced->trace.hops[entry->probe.ttl];
	if (traced->answered[entry->probe.ttl] < UINT8_MAX)
		traced->answered[entry->probe.ttl]++;
	if (hop->state != TRACE_HOP_KNOWN)
		trace_reply_apply(&reply, &traced->trace, hop,
				  &(struct trace_try){.sent = entry->sent}, at);
}

void passive_traces_receive(struct passive_traces *traces, const struct bw_rx *rx)
{
	struct packet packet;

	if (packet_decode_recorded_trace(rx->linktype, rx->bytes, rx->length, rx->wire_length,
					 &packet) != REJECT_NONE)
		return;
	if (packet.role == PACKET_REQUEST)
		take_request(traces, &packet, rx->at);
	else if (traces->traced.count > 0)
		take_answer(traces, &packet, rx->at);
}

/* The lowest TTL with this kind of answer; 0: none. */
static uint8_t lowest(const struct trace *trace, enum trace_kind kind)
{
	for (uint8_t ttl = 1; ttl <= trace->high; ttl++)
		if (trace->hops[ttl].state == TRACE_HOP_KNOWN && trace->hops[ttl].kind == kind)
			return ttl;
	return 0;
}

static bool is_trace(const struct trace *trace)
{
	unsigned ttls = 0, expired = lowest(trace, TRACE_TIME_EXCEEDED);

	for (uint8_t ttl = 1; ttl <= trace->high; ttl++)
		ttls += trace->hops[ttl].tries > 0;
	if (ttls >= 3 && trace->hops[1].tries > 0)
		return true;
	return ttls >= 2 && expired > 0 && expired <= PASSIVE_TRACES_NEAR;
}

static void end_at(struct trace *trace, uint8_t ttl, enum trace_stop stop)
{
	trace->phase = TRACE_DONE;
	trace->last = ttl;
	trace->stop = (uint8_t)stop;
	trace->reached = stop == TRACE_REACHED;
}

/*
 * A router that refuses a probe quotes the TTL that was left, which shows where the router is, even
 * if no probe with this TTL was answered. Returns the TTL at which the hop stands now.
 */
static uint8_t place_refusal(struct trace *trace, uint8_t ttl)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	uint8_t at;

	if (hop->quoted_ttl <= 1 || hop->quoted_ttl > ttl)
		return ttl;
	at = (uint8_t)(ttl - hop->quoted_ttl + 1);
	if (trace->hops[at].state == TRACE_HOP_KNOWN)
		return ttl;
	trace->hops[at] = *hop;
	return at;
}

/* Says how the trace ended, as far as it shows. */
static void conclude(struct traced *traced)
{
	struct trace *trace = &traced->trace;
	uint8_t reply = lowest(trace, TRACE_REPLY), refusal = lowest(trace, TRACE_UNREACHABLE);
	uint8_t loop;

	trace->first = 1;
	for (uint8_t ttl = 1; ttl <= trace->high; ttl++) {
		struct trace_hop *hop = &trace->hops[ttl];

		if (hop->state == TRACE_HOP_KNOWN)
			hop->tries = (uint8_t)(hop->tries > traced->answered[ttl]
						       ? hop->tries - traced->answered[ttl] + 1
						       : 1);
		else if (hop->tries > 0)
			hop->state = TRACE_HOP_QUIET;
	}
	loop = trace_find_loop(trace);
	if (reply)
		end_at(trace, reply, TRACE_REACHED);
	else if (refusal)
		end_at(trace, place_refusal(trace, refusal), TRACE_STOP_UNREACHABLE);
	else if (loop)
		end_at(trace, loop, TRACE_LOOP);
	else if (trace->hops[trace->high].state == TRACE_HOP_KNOWN)
		end_at(trace, trace->high, TRACE_MAX_TTL);
	else
		end_at(trace, trace->high, TRACE_GAP);
}

static void close_trace(struct passive_traces *traces, uint32_t number)
{
	struct traced *traced = &traces->traced.list[number];

	if (is_trace(&traced->trace)) {
		conclude(traced);
		traces->config.on_trace(traces->config.self, &traced->trace);
	}
	traced_table_drop(&traces->traced, number);
}

void passive_traces_advance(struct passive_traces *traces, struct bw_mono now)
{
	uint32_t i;

	while (wheel_expire(traces->table.wheel, now, &i))
		passive_table_drop(&traces->table, i);
	while (wheel_expire(traces->traced.wheel, now, &i))
		close_trace(traces, i);
}

struct bw_mono passive_traces_deadline(const struct passive_traces *traces)
{
	return wheel_next(traces->traced.wheel);
}

void passive_traces_finish(struct passive_traces *traces)
{
	passive_table_clear(&traces->table);
	for (uint32_t i = 0; i < PASSIVE_TRACES_MAX; i++)
		if (wheel_is_armed(traces->traced.wheel, i))
			close_trace(traces, i);
}

uint64_t passive_traces_untracked(const struct passive_traces *traces)
{
	return traces->untracked;
}

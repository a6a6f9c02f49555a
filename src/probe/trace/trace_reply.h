/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TRACE_REPLY_H
#define PROBE_TRACE_REPLY_H

#include <blockwatch/transport.h>

#include "probe/trace/trace.h"
#include "wire/reject.h"
#include "wire/token.h"
#include "wire/token_payload.h"

#define TRACE_REPLY_BRIEFS 3

/*
 * A packet that may answer a probe of a trace, by its form. A NAT between the vantage and the
 * router may have changed the quoted source, ports, ICMP id and checksums, and may not have
 * put them back. So a probe is recognised by what NAT leaves alone: the quoted destination,
 * the TCP sequence number, the ICMP sequence number, the IP identification, the payload.
 */
struct trace_reply {
	enum trace_kind kind;
	enum reply_kind reply;
	struct bw_addr from, to;
	struct bw_addr probed;   /* the destination of the probe */
	struct bw_method method; /* of the probe */
	uint16_t source_port;    /* of an answer of the destination itself; else 0 */
	uint8_t icmp_type, code; /* 0 where the packet is not ICMP */
	uint8_t ttl, quoted_ttl; /* as in struct reply */
	uint8_t brief_count;
	uint8_t label_count;
	bool must_prove; /* the destination's own answer: the payload must be ours */
	bool has_payload;
	uint32_t briefs[TRACE_REPLY_BRIEFS]; /* readings of the token's brief form */
	struct token_payload payload;
	struct mpls_label labels[TRACE_LABELS_MAX];
};

struct packet;

/*
 * Reads what an answer or error that has been decoded, and is intact, says; an error's quote with
 * it. Returns as trace_reply_decode() does.
 */
enum reject trace_reply_read(struct packet *packet, struct trace_reply *ret_reply);

/*
 * Decodes one captured frame. Returns REJECT_NONE, or one of the first five reasons. Errors
 * that are neither time exceeded nor unreachable are REJECT_UNRELATED: of them, time
 * exceeded of a reassembly (code 1) says nothing of a TTL. So are packets that have the
 * vantage's own address as sender, which is no hop of the way.
 */
enum reject trace_reply_decode(const struct bw_rx *rx, struct trace_reply *ret_reply);

/*
 * Finds the hop (TTL 1 to MAX_TTL) of TRACE whose probe this answers, by a token made with
 * KEY; *RET_TRY is the probe. The destination, the method and, where it is trustworthy, the
 * flow must be those of the trace. NULL: it answers none.
 */
struct trace_hop *trace_reply_find(const struct trace_reply *reply, const struct trace *trace,
				   uint8_t max_ttl, const struct siphash_key *key,
				   const struct trace_try **ret_try);

/* Writes into HOP of TRACE what the reply to TRY, received at AT, says. */
void trace_reply_apply(const struct trace_reply *reply, struct trace *trace, struct trace_hop *hop,
		       const struct trace_try *try, struct bw_mono at);

#endif

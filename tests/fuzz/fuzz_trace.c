/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames from the network into trace_reply_decode(). The first byte chooses how many bytes of
 * the frame were not captured, the others are the frame, without a link layer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "probe/trace/trace_reply.h"

#define DLT_RAW_NUMBER 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

/* What the tracer relies on in every reply. */
static void check(const struct trace_reply *reply)
{
	require(reply->from.family == 4 || reply->from.family == 6);
	require(reply->probed.family == reply->from.family);
	require(!bw_addr_equal(&reply->from, &reply->to));
	require(reply->kind > TRACE_SILENT && (unsigned)reply->kind < TRACE_KINDS);
	require(reply->method.protocol >= 1 && reply->method.protocol <= BW_PROTOCOL_ALL);
	require(reply->brief_count >= 1 && reply->brief_count <= TRACE_REPLY_BRIEFS);
	require(reply->label_count <= TRACE_LABELS_MAX);
	require(reply->kind != TRACE_TIME_EXCEEDED || reply->code == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_hop hops[2] = {{.tries = 1}, {.tries = TRACE_TRIES}};
	struct siphash_key key = siphash_key_of(1);
	const struct trace_try *try;
	struct trace_reply reply;
	struct bw_rx rx = {.linktype = DLT_RAW_NUMBER};

	if (!size)
		return 0;
	rx.bytes = data + 1;
	rx.length = (uint32_t)size - 1;
	rx.wire_length = rx.length + data[0];
	if (trace_reply_decode(&rx, &reply) == REJECT_NONE) {
		struct trace trace = {.dst = reply.probed,
				      .method = reply.method,
				      .flow = 1,
				      .hops = hops};

		check(&reply);
		(void)trace_reply_find(&reply, &trace, 1, &key, &try);
	}
	return 0;
}

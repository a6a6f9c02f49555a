/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames from the network into reply_decode(). The first byte chooses the link
 * type (its low three bits) and how many bytes of the frame were not captured
 * (the rest), the others are the frame.
 */
#include <stdint.h>
#include <stdlib.h>

#include "wire/method/method_ops.h"
#include "wire/reply.h"
#include "wire/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

/* What the engine relies on in every reply. */
static void check(const struct reply *reply)
{
	require(reply->from.family == 4 || reply->from.family == 6);
	require(reply->to.family == reply->from.family);
	require(reply->probed.family == reply->from.family);
	require(reply->kind < REPLY_KINDS);
	bool has_port = bw_protocol_has_port(reply->method.protocol);
	const struct method_ops *ops = method_ops(reply->method.protocol);

	require(ops != NULL);
	require(has_port || reply->method.port == 0);
	require(!has_port || reply->source_port >= TOKEN_PORT_FIRST);
	require(!reply->has_payload || ops->has_token_payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int linktypes[8] = {12, 1, 113, 276, 0, 108, 12, 105};
	uint32_t length = size ? (uint32_t)size - 1 : 0;
	struct reply reply;
	enum reject reject;

	if (!size)
		return 0;
	reject = reply_decode(linktypes[data[0] & 7], data + 1, length,
			      length + (data[0] >> 3) * 8u, &reply);
	if (!reject)
		check(&reply);
	else
		require(reject <= REJECT_UNRELATED);
	return 0;
}

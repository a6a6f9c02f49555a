/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/host_answer.h"

#include "wire/method/method_ops.h"

#define HOST_TTL 64

static bool port_is_open(const struct sim_host_kind *kind, struct bw_method method)
{
	for (unsigned i = 0; i < kind->port_count; i++) {
		if (bw_method_equal(kind->ports[i], method))
			return true;
	}
	return false;
}

/* Writes the answer of a host to a probe at a closed port; 0: none. */
static uint16_t refuse(const struct request *request, enum sim_closed closed,
		       const struct bw_addr *from, uint8_t ttl, uint8_t *bytes)
{
	struct answer_quote quote = {request->ttl, true, false};

	switch (closed) {
	case SIM_CLOSED_SILENT:
		break;
	case SIM_CLOSED_RST:
		return answer_closed(request, from, ttl, bytes);
	case SIM_CLOSED_UNREACHABLE:
		return answer_icmp_error(request, from, ttl, ANSWER_PORT_UNREACHABLE, quote, bytes);
	case SIM_CLOSED_PROHIBITED:
		return answer_icmp_error(request, from, ttl, ANSWER_PROHIBITED, quote, bytes);
	}
	return 0;
}

uint16_t host_answer_write(const struct request *request, const struct sim_host_kind *kind,
			   const struct bw_addr *from, unsigned hops, struct rng *rng,
			   uint8_t bytes[ARRIVAL_MAX])
{
	uint8_t ttl = (uint8_t)((kind->ttl ? kind->ttl : HOST_TTL) - hops);

	if (method_is_echo(request->protocol))
		return kind->icmp ? answer_open(request, from, ttl, 0, bytes) : 0;
	if (port_is_open(kind, (struct bw_method){request->protocol, request->dst_port}))
		return answer_open(request, from, ttl, (uint32_t)rng_u64(rng), bytes);
	return refuse(request, kind->closed, from, ttl, bytes);
}

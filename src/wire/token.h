/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_TOKEN_H
#define WIRE_TOKEN_H

#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>

#include "base/siphash.h"

/*
 * What proves that a packet answers a probe of ours. A token is a keyed MAC of the
 * probe's destination, its method and a nonce that is different for each probe of a run
 * (the engines put a time slot in its upper bits). The key is new at each start, so that
 * neither a guess nor a replay from another run validates.
 */
struct token {
	uint64_t nonce;
	uint32_t brief;       /* in the bits that the method has for it; ICMP errors quote it */
	uint64_t full;        /* echo: in the payload, over the transmit time too */
	uint16_t source_port; /* in TOKEN_PORT_FIRST..TOKEN_PORT_LAST; 0: a method without ports */
	uint8_t flow;         /* as given to token_make() */
};

/* Outside the usual ip_local_port_range, so that no socket of the host has them. */
#define TOKEN_PORT_FIRST 61440
#define TOKEN_PORT_LAST 65535

/*
 * The token of a probe to DST. SENT_US is the transmit time in the echo payload.
 *
 * FLOW 0 is for probes that need not follow each other's path. Probes to one address by
 * one method with the same FLOW from 1 on differ in no field that load balancers hash
 * (wire/build.h), and those of two flows differ in one. The source port of a flow is no
 * part of the proof: its probes are recognised by brief and full token alone.
 */
struct token token_make(const struct siphash_key *key, const struct bw_addr *dst,
			struct bw_method method, uint64_t nonce, int64_t sent_us, uint8_t flow);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_HOST_ANSWER_H
#define SIM_PACKET_HOST_ANSWER_H

#include "base/rng.h"
#include "sim/packet/answer.h"
#include "sim/topology/profile.h"

/*
 * Writes the answer of a host of a KIND, which is on and hears the probe. It comes from FROM, by
 * way of HOPS routers. Returns its length, or 0: the host does not answer this.
 */
uint16_t host_answer_write(const struct request *request, const struct sim_host_kind *kind,
			   const struct bw_addr *from, unsigned hops, struct rng *rng,
			   uint8_t bytes[ARRIVAL_MAX]);

#endif

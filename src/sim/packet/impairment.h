/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_IMPAIRMENT_H
#define SIM_PACKET_IMPAIRMENT_H

#include "sim/packet/arrivals.h"
#include "sim/packet/vantage_point.h"
#include "sim/topology/profile.h"

/* Answers that are delayed, corrupted, duplicated or replayed on their way back. */

/* Queues a frame for a vantage. Counts it as overflow when ARRIVALS are full. */
void impairment_queue_plain(struct vantage_point *point, struct arrivals *arrivals,
			    const struct arrival *arrival);

/*
 * Queues an answer for a vantage after what may happen to it, and its copies. Changes
 * ARRIVAL. Draws from the vantage's generator.
 */
void impairment_queue(struct vantage_point *point, struct arrivals *arrivals,
		      const struct sim_impairment *impairment, struct arrival *arrival);

#endif

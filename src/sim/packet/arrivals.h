/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_ARRIVALS_H
#define SIM_PACKET_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/* Frames on their way to vantages, by time of arrival. Equal times keep the order of addition. */

/* The longest answer: an ICMPv6 error that quotes a whole probe. */
#define ARRIVAL_MAX 240

struct arrival {
	struct bw_mono at;
	uint16_t length;
	uint8_t vantage;
	bool lan; /* from the LAN of the vantage, not over its uplink */
	uint8_t bytes[ARRIVAL_MAX];
};

struct arrivals_entry {
	int64_t at_ns;
	uint32_t order, slot;
};

struct arrivals {
	struct arrival *slots;
	struct arrivals_entry *heap; /* each node has four children */
	uint32_t *spare;             /* the free slots */
	uint32_t count, spare_count, slot_count, max, order;
};

/* For at most MAX frames. Memory grows with the number on their way; this allocates none. */
void arrivals_init(struct arrivals *arrivals, uint32_t max);
void arrivals_fini(struct arrivals *arrivals);

/* Copies a frame in. Returns 0, BW_ERR_LIMIT or -ENOMEM. */
int arrivals_add(struct arrivals *arrivals, const struct arrival *arrival);

/* When the first frame arrives; BW_NEVER: there is none. */
struct bw_mono arrivals_next(const struct arrivals *arrivals);

/* Removes the first frame and returns it, borrowed until the next arrivals_add(). NULL: none. */
const struct arrival *arrivals_take(struct arrivals *arrivals);

#endif

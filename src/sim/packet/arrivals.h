/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_ARRIVALS_H
#define SIM_PACKET_ARRIVALS_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/* Frames under way, by time of arrival; those of one moment in the order of their adding. */

/* The longest answer: an ICMPv6 error that quotes a whole probe. */
#define ARRIVAL_MAX 240

struct arrival {
	struct bw_mono at;
	uint16_t length;
	uint8_t vantage;
	bool lan; /* came from beside the vantage, not over its uplink */
	uint8_t bytes[ARRIVAL_MAX];
};

struct arrivals_entry {
	int64_t at_ns;
	uint32_t order, slot;
};

struct arrivals {
	struct arrival *slots;
	struct arrivals_entry *heap; /* four children each */
	uint32_t *spare;             /* slots not in use */
	uint32_t count, spare_count, slot_count, max, order;
};

/* At most MAX of them; memory grows with what is under way. Nothing is allocated yet. */
void arrivals_init(struct arrivals *arrivals, uint32_t max);
void arrivals_fini(struct arrivals *arrivals);

/* Copies one in. 0, BW_ERR_LIMIT or -ENOMEM. */
int arrivals_add(struct arrivals *arrivals, const struct arrival *arrival);

/* When the first one arrives; BW_NEVER: none is under way. */
struct bw_mono arrivals_next(const struct arrivals *arrivals);

/* Takes out the first one; borrowed until the next arrivals_add(). NULL: none. */
const struct arrival *arrivals_take(struct arrivals *arrivals);

#endif

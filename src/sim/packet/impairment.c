/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/impairment.h"

#include "base/chance.h"

#define IP_HEADER_MAX 40

void impairment_queue_plain(struct vantage_point *point, struct arrivals *arrivals,
			    const struct arrival *arrival)
{
	if (arrivals_add(arrivals, arrival) < 0)
		point->fates[SIM_FATE_OVERFLOW]++;
}

/* Flips one bit behind the IP header and leaves the checksums. */
static void corrupt(struct vantage_point *point, struct arrival *arrival)
{
	unsigned header = arrival->bytes[0] >> 4 == 4 ? 20 : IP_HEADER_MAX;
	uint64_t bit = rng_below(&point->rng, (uint64_t)(arrival->length - header) * 8);

	arrival->bytes[header + bit / 8] ^= (uint8_t)(1 << bit % 8);
	point->fates[SIM_FATE_CORRUPTED]++;
}

static void queue_copies(struct vantage_point *point, struct arrivals *arrivals,
			 const struct sim_impairment *impairment, const struct arrival *arrival)
{
	unsigned most = impairment->copies_max > 2 ? impairment->copies_max : 2;
	struct arrival copy = *arrival;

	for (uint64_t extra = 1 + rng_below(&point->rng, most - 1); extra > 0; extra--) {
		copy.at = bw_mono_add(copy.at, chance_between(&point->rng, 1, 2 * BW_MS));
		point->fates[SIM_FATE_COPIES]++;
		impairment_queue_plain(point, arrivals, &copy);
	}
}

static void queue_replay(struct vantage_point *point, struct arrivals *arrivals,
			 const struct sim_impairment *impairment, const struct arrival *arrival)
{
	struct arrival copy = *arrival;

	copy.at = bw_mono_add(copy.at, chance_between(&point->rng, impairment->replay_min_ns,
						      impairment->replay_max_ns));
	point->fates[SIM_FATE_REPLAYED]++;
	impairment_queue_plain(point, arrivals, &copy);
}

void impairment_queue(struct vantage_point *point, struct arrivals *arrivals,
		      const struct sim_impairment *impairment, struct arrival *arrival)
{
	struct rng *rng = &point->rng;

	if (chance_hit(rng, impairment->late)) {
		arrival->at = bw_mono_add(arrival->at, chance_between(rng, impairment->late_min_ns,
								      impairment->late_max_ns));
		point->fates[SIM_FATE_LATE]++;
	}
	if (chance_hit(rng, impairment->corrupt))
		corrupt(point, arrival);
	impairment_queue_plain(point, arrivals, arrival);
	if (chance_hit(rng, impairment->duplicate))
		queue_copies(point, arrivals, impairment, arrival);
	if (chance_hit(rng, impairment->replayed))
		queue_replay(point, arrivals, impairment, arrival);
}

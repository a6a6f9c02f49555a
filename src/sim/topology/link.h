/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_LINK_H
#define SIM_TOPOLOGY_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>

#include "base/rng.h"

/*
 * Links: which packets they lose and how long a round trip takes. All zeros is a
 * link without loss and without delay. Times are in nanoseconds on the world's clock.
 */

/* The probability of losing a packet on the way out and on the way back. */
struct sim_loss {
	double out, back;
};

/* Three kinds of loss, which add up: constant, in random bursts, and on a schedule. */
struct sim_link {
	struct sim_loss steady;
	/*
	 * Gilbert-Elliott: a good and a bad state of exponential length. `bad` is the
	 * loss in the bad state. bad_ns 0: no bursts.
	 */
	struct sim_loss bad;
	int64_t good_ns, bad_ns; /* mean lengths of the states */
	/* Loss in [first + k period, first + k period + length). period_ns 0: none. */
	struct sim_loss scheduled;
	int64_t first_ns, period_ns, length_ns;
};

/*
 * Round-trip time: the sum of a base, a part that is constant for a block (uniform in
 * [0, spread)), and a log-normal part. The median of the log-normal part differs from
 * host to host by a log-normal factor of sigma host_sigma. median_ns 0: no such part.
 */
struct sim_delay {
	int64_t base_ns, spread_ns, median_ns;
	double sigma, host_sigma;
};

/* Each check returns 0, or BW_ERR_VALUE with a message. */
int sim_link_check_loss(const struct sim_loss *loss, struct bw_err *err);
int sim_link_check(const struct sim_link *link, struct bw_err *err);
int sim_link_check_delay(const struct sim_delay *delay, struct bw_err *err);

/*
 * Whether a packet that is on the link at AT_NS is lost. KEY identifies the link: its
 * bursts are a function of key and time. The rest is drawn from RNG.
 */
bool sim_link_loses_out(const struct sim_link *link, uint64_t key, int64_t at_ns, struct rng *rng);
bool sim_link_loses_back(const struct sim_link *link, uint64_t key, int64_t at_ns, struct rng *rng);

/* The round-trip time of one probe to a host, given the keys of its block and its own. */
int64_t sim_link_round_trip(const struct sim_delay *delay, uint64_t block_key, uint64_t host_key,
			    struct rng *rng);

#endif

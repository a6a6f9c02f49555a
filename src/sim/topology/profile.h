/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_PROFILE_H
#define SIM_TOPOLOGY_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/err.h>
#include <blockwatch/method.h>

#include "base/array.h"
#include "sim/topology/link.h"

/*
 * Profiles: what many blocks have in common, and the kinds of hosts that live in them.
 * Shares and chances are from 0 to 1, times in nanoseconds. All zeros is the plainest
 * thing of its kind: no loss, no delay, no impairment.
 */

/* The times at which a share of the hosts is off: at night, at the weekend. */
struct sim_rest {
	double share;              /* of the hosts that rest at all */
	double from_hour, to_hour; /* of the local day; from > to: over midnight; equal: never */
	double jitter_hours;       /* each host's hours are shifted by at most this */
	uint8_t days;              /* off all day: bit 0 Monday .. bit 6 Sunday */
	int32_t utc_offset_s;      /* of the local time */
};

/* What a host answers to a probe at a port that is not open. */
enum sim_closed {
	SIM_CLOSED_SILENT,
	SIM_CLOSED_RST,
	SIM_CLOSED_UNREACHABLE, /* ICMP port unreachable */
	SIM_CLOSED_PROHIBITED,  /* ICMP administratively prohibited, from the host */
};

#define SIM_PORTS_MAX 4

/*
 * A kind of host. It is on for a share `availability` of the time, as a two-state Markov
 * chain whose autocorrelation falls to 1/e in tau_ns: the mean time on is
 * tau / (1 - availability), the mean time off tau / availability. With tau_ns 0 the state
 * is drawn anew for each probe. A host that is on misses a probe with probability `miss`.
 */
struct sim_host_kind {
	double availability; /* (0, 1] */
	int64_t tau_ns;
	double miss;
	struct sim_rest rest;
	bool icmp; /* answers echo requests */
	uint8_t port_count;
	struct bw_method ports[SIM_PORTS_MAX]; /* other methods that it answers */
	enum sim_closed closed;
	uint8_t ttl; /* of the packets that it sends; 0: 64 */
};

/* The tau_ns that gives a mean time on of ON_NS; 0 for an availability of 1. */
int64_t sim_tau_of_on_time(int64_t on_ns, double availability);

/* What happens to answers on their way, apart from loss. Each chance is for one answer. */
struct sim_impairment {
	double duplicate;    /* the chance to arrive more than once: ... */
	unsigned copies_max; /* ... from 2 to this many times; 0: 2 */
	double late;         /* the chance to be delayed by ... */
	int64_t late_min_ns, late_max_ns;
	double replayed; /* the chance to be sent again by somebody, after ... */
	int64_t replay_min_ns, replay_max_ns;
	double alias;   /* the chance to come from a neighbouring address */
	double corrupt; /* the chance of one wrong bit, which no checksum covers */
};

#define SIM_GROUPS_MAX 4

/* COUNT hosts of one kind (a number from sim_world_add_host_kind). */
struct sim_group {
	uint32_t count;
	uint16_t kind;
};

/*
 * The hosts of a group are those whose addresses come first in a permutation of the
 * block's addresses (see sim_world_add_blocks). The first group's come before the second's.
 */
struct sim_profile {
	struct sim_group groups[SIM_GROUPS_MAX];
	unsigned group_count;
	struct sim_delay delay;
	struct sim_link link;
	struct sim_impairment impairment;
	double limit_pps, limit_burst; /* token bucket for a block's answers; 0: no limit */
	bool border;         /* the router at the block's first address answers echo requests */
	bool proxy;          /* that router answers for all addresses, from these addresses */
	bool unreachables;   /* it sends host unreachable for hosts that are off or not there */
	bool lan;            /* beside the vantage: no path, no uplink (a default gateway) */
	int64_t renumber_ns; /* the hosts of groups get new addresses this often; 0: never */
};

/* The kinds and profiles of a world, by number. */
struct profiles {
	struct array kinds; /* struct sim_host_kind */
	struct array list;  /* struct sim_profile */
};

void profiles_init(struct profiles *profiles);
void profiles_fini(struct profiles *profiles);

/*
 * Add a kind or a profile, of at most UINT16_MAX. Return its number, or -ENOMEM,
 * BW_ERR_VALUE, BW_ERR_LIMIT or BW_ERR_MISSING (a kind that is not there).
 */
int profiles_add_kind(struct profiles *profiles, const struct sim_host_kind *kind,
		      struct bw_err *err);
int profiles_add(struct profiles *profiles, const struct sim_profile *profile, struct bw_err *err);

/* Kind or profile N, which exists. */
static inline const struct sim_host_kind *profiles_kind(const struct profiles *profiles, uint32_t n)
{
	return (const struct sim_host_kind *)array_at(&profiles->kinds, n);
}
static inline const struct sim_profile *profiles_at(const struct profiles *profiles, uint32_t n)
{
	return (const struct sim_profile *)array_at(&profiles->list, n);
}

#endif

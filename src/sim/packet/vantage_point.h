/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_VANTAGE_POINT_H
#define SIM_PACKET_VANTAGE_POINT_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/transport.h>

#include "base/array.h"
#include "base/rng.h"
#include "sim/packet/arrivals.h"
#include "sim/topology/link.h"

/*
 * Where a vantage is in a world: its addresses and uplink, the faults of its machine, and
 * counts of what became of its packets.
 */

struct sim_vantage {
	struct bw_addr v4, v6; /* its addresses; family 0: none */
	/* What routers behind the first see in place of them, by a NAT; family 0: the same. */
	struct bw_addr outside_v4, outside_v6;
	int path;              /* number of the path that all its routes begin with; -1: none */
	struct sim_link link;  /* its uplink: what is lost here is lost for all blocks */
};

enum sim_vantage_fault_kind {
	SIM_UPLINK_CUT,   /* sending works; only the LAN answers */
	SIM_LAN_CUT,      /* sending works; nothing answers */
	SIM_SEND_ERROR,   /* sending fails with `status` */
	SIM_SEND_BUSY,    /* the socket buffer is full: nothing is taken */
	SIM_CAPTURE_DROP, /* a share of the arriving frames is dropped and counted */
	SIM_SUSPENDED,    /* the machine sleeps: no calls; frames are lost and not counted */
	SIM_CLOCK_STEP,   /* from `start` on the wall clock is off by step_ns more; no end */
};

struct sim_vantage_fault {
	enum sim_vantage_fault_kind kind;
	struct bw_mono start, end;
	int status;      /* SEND_ERROR: -ENETUNREACH, -ENOBUFS, -EPERM ... */
	double share;    /* CAPTURE_DROP */
	int64_t step_ns; /* CLOCK_STEP */
	int family;      /* 4 or 6: only packets of it; 0: both. Not for SUSPENDED, CLOCK_STEP */
};

/* What became of packets. Each probe counts once, up to SIM_FATE_ANSWERED. */
#define SIM_FATE_LIST(X)                                                             \
	X(SIM_FATE_MALFORMED, "malformed") /* no probe that a kernel would accept */ \
	X(SIM_FATE_STRAY, "stray")         /* not from an address of the vantage */  \
	X(SIM_FATE_CUT, "cut")             /* the vantage's own network was down */  \
	X(SIM_FATE_LOST_OUT, "lost-out")                                             \
	X(SIM_FATE_EXPIRED, "expired")   /* its TTL expired on the path */           \
	X(SIM_FATE_UNROUTED, "unrouted") /* no block has the address */              \
	X(SIM_FATE_FAULT, "fault")       /* it met a fault that ends the path */     \
	X(SIM_FATE_NO_HOST, "no-host")                                               \
	X(SIM_FATE_OFF, "off")           /* the host was off, or missed it */        \
	X(SIM_FATE_FILTERED, "filtered") /* the host does not answer this */         \
	X(SIM_FATE_LIMITED, "limited")   /* the block's answers were rate limited */ \
	X(SIM_FATE_LOST_BACK, "lost-back")                                           \
	X(SIM_FATE_ANSWERED, "answered")                                             \
	X(SIM_FATE_COPIES, "copies") /* from here on answers, not probes */          \
	X(SIM_FATE_LATE, "late")                                                     \
	X(SIM_FATE_REPLAYED, "replayed")                                             \
	X(SIM_FATE_ALIASED, "aliased")                                               \
	X(SIM_FATE_CORRUPTED, "corrupted")                                           \
	X(SIM_FATE_FORGED, "forged")                                                 \
	X(SIM_FATE_OVERFLOW, "overflow") /* frames_max was reached */

enum sim_fate {
#define X(name, text) name,
	SIM_FATE_LIST(X)
#undef X
		SIM_FATES
};

/* "" for what is no fate. */
const char *sim_fate_name(enum sim_fate fate);

struct vantage_point {
	unsigned number;
	struct sim_vantage config;
	struct rng rng;      /* for the packets of this vantage, drawn in their order */
	struct array faults; /* struct sim_vantage_fault, in order of addition */
	int64_t quiet_from_ns, quiet_to_ns; /* no fault is in effect in this interval */
	struct bw_transport_stats stats;
	uint64_t fates[SIM_FATES];
};

/*
 * Checks a configuration and initialises a point with it; SEED is that of the world.
 * Returns 0 or BW_ERR_VALUE; after a failure there is nothing to free.
 */
int vantage_point_init(struct vantage_point *point, unsigned number, uint64_t seed,
		       const struct sim_vantage *config, struct bw_err *err);
void vantage_point_fini(struct vantage_point *point);

/* Returns 0, -ENOMEM, BW_ERR_VALUE or BW_ERR_LIMIT. */
int vantage_point_add_fault(struct vantage_point *point, const struct sim_vantage_fault *fault,
			    struct bw_err *err);

/*
 * The fault of a kind that is in effect at a time for packets of FAMILY (0: for all), or NULL. Not
 * for SIM_CLOCK_STEP.
 */
const struct sim_vantage_fault *vantage_point_fault(struct vantage_point *point,
						    enum sim_vantage_fault_kind kind,
						    int family, int64_t at_ns);

/* Whether an arriving frame gets through to the capture. Counts it. */
bool vantage_point_admits(struct vantage_point *point, const struct arrival *arrival);

/* The sum of the clock steps until a time. */
int64_t vantage_point_clock_offset(const struct vantage_point *point, int64_t at_ns);

/* The first time from AT on at which the machine is not suspended. */
struct bw_mono vantage_point_awake(struct vantage_point *point, struct bw_mono at);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TOPOLOGY_MODEL_H
#define SIM_TOPOLOGY_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/err.h>
#include <blockwatch/time.h>

/*
 * What a simulated Internet is made of: plain structs that are copied into a
 * world (sim/world.h). All zeros is the plainest thing of its kind: no loss,
 * no delay, no mischief. Shares and chances are in [0, 1], times in
 * nanoseconds, `at`, `start` and `end` on the world's clock, intervals half
 * open: [start, end).
 */

/* The chance to be lost on the way out and on the way back. */
struct sim_loss {
	double out, back;
};

/* How a line loses packets: always, in random bursts, and on a schedule. */
struct sim_line {
	struct sim_loss steady;
	/*
	 * Gilbert-Elliott: good and bad states of exponential length; `bad` is
	 * lost in the bad one, beside `steady`. bad_ns 0: no such bursts.
	 */
	struct sim_loss bad;
	int64_t good_ns, bad_ns; /* mean lengths */
	/* Lost in [first + k period, first + k period + length). period_ns 0: none. */
	struct sim_loss scheduled;
	int64_t first_ns, period_ns, length_ns;
};

/*
 * Round-trip time: base, a part that differs from block to block (uniform in
 * [0, spread)), and a log-normal part, whose median differs from host to host
 * by a log-normal factor of sigma host_sigma. median_ns 0: no such part.
 */
struct sim_delay {
	int64_t base_ns, spread_ns, median_ns;
	double sigma, host_sigma;
};

/* When a share of the hosts is off: at night, at the weekend. */
struct sim_rest {
	double share;              /* of the hosts that rest at all */
	double from_hour, to_hour; /* of the local day; from > to: over midnight; equal: never */
	double jitter_hours;       /* each host's hours are moved by up to so much */
	uint8_t days;              /* off all day: bit 0 Monday .. bit 6 Sunday */
	int32_t utc_offset_s;      /* of the local time */
};

/* What a host answers at a TCP port that is not open. */
enum sim_closed {
	SIM_CLOSED_SILENT,
	SIM_CLOSED_RST,
	SIM_CLOSED_UNREACHABLE, /* ICMP port unreachable */
	SIM_CLOSED_PROHIBITED,  /* ICMP administratively prohibited, from the host */
};

#define SIM_PORTS_MAX 4

/*
 * A kind of host. It is on for a share `availability` of the time, as a
 * two-state Markov chain whose memory falls to 1/e in tau_ns: mean on time
 * tau / (1 - availability), mean off time tau / availability. With tau_ns 0
 * each probe finds it on or off by itself. While on it misses a probe with
 * chance `miss`.
 */
struct sim_host_kind {
	double availability; /* (0, 1] */
	int64_t tau_ns;
	double miss;
	struct sim_rest rest;
	bool icmp; /* answers echo requests */
	uint8_t port_count;
	uint16_t ports[SIM_PORTS_MAX]; /* answer with SYN-ACK */
	enum sim_closed closed;
	uint8_t ttl; /* that it sends with; 0: 64 */
};

/* tau_ns for a mean on time; 0 for an availability of 1. */
int64_t sim_tau_of_on_time(int64_t on_ns, double availability);

/* What happens to answers. */
struct sim_mischief {
	double duplicate;    /* the chance to come more than once ... */
	unsigned copies_max; /* ... 2 to so many times; 0: 2 */
	double late;         /* the chance to be delayed by ... */
	int64_t late_min_ns, late_max_ns;
	double replayed; /* the chance that somebody sends it again, after ... */
	int64_t replay_min_ns, replay_max_ns;
	double alias;   /* the chance to come from a neighbouring address */
	double corrupt; /* the chance that one bit is wrong, checksums left */
};

#define SIM_GROUPS_MAX 4

/* So many hosts of one kind (a number from sim_world_add_host_kind). */
struct sim_group {
	uint32_t count;
	uint16_t kind;
};

/*
 * What many blocks have in common. The hosts of a group are those whose
 * addresses come first in a permutation of the block's (see
 * sim_world_add_blocks); the first group's come before the second's.
 */
struct sim_profile {
	struct sim_group groups[SIM_GROUPS_MAX];
	unsigned group_count;
	struct sim_delay delay;
	struct sim_line line;
	struct sim_mischief mischief;
	double limit_pps, limit_burst; /* answers of one block: a token bucket; 0: no limit */
	bool border;         /* the router at the block's first address answers echo requests */
	bool proxy;          /* that router answers for all addresses, with their addresses */
	bool unreachables;   /* it says host unreachable for hosts that are off or not there */
	bool lan;            /* beside the vantage: no path, no uplink (a default gateway) */
	int64_t renumber_ns; /* the hosts of groups get new addresses so often; 0: never */
};

/* A router on the way. */
struct sim_router {
	struct bw_addr v4, v6; /* family 0: silent for that family */
	double silent;         /* the chance not to answer; 1: never does */
	double errors_pps;     /* ICMP errors that it sends at most (burst 6); 0: no limit */
	bool long_quote;       /* quotes the whole probe, not only 8 bytes behind the IP header */
};

#define SIM_HOPS_MAX 30
#define SIM_PARALLEL_MAX 4

/* The routers at one distance; a flow keeps to one of them. */
struct sim_hop {
	uint8_t count; /* from 1 */
	uint16_t routers[SIM_PARALLEL_MAX];
};

/* A way, from the vantage outward. */
struct sim_path {
	uint8_t hop_count;
	struct sim_hop hops[SIM_HOPS_MAX];
};

/* Whom a fault concerns. */
enum sim_scope {
	SIM_WORLD, /* all networks; with a router: those whose path has it */
	SIM_NETWORK,
	SIM_BLOCK,
};

enum sim_fault_kind {
	SIM_SILENT,      /* packets vanish behind the router */
	SIM_UNREACHABLE, /* the router says net (the last one: host) unreachable */
	SIM_LOOP,        /* the router and the one before it play ping-pong */
	SIM_PROHIBITED,  /* the router says administratively prohibited */
	SIM_DEGRADED,    /* the way works, but loses and delays */
};

#define SIM_LAST_ROUTER (-1)

/*
 * A fault on the way to blocks, in effect for probes that reach the fault in
 * [start, end). SILENT, UNREACHABLE and LOOP make blocks dark when they
 * concern the whole block and all vantages. They end the way at the router of
 * that number, which still answers itself, or at the last one before the block
 * (SIM_LAST_ROUTER: the block's border still answers). Of several faults the
 * one nearest to the vantage counts. Routers at the same hop fail together.
 * Where a network has no path nobody is there to say unreachable. Blocks of a
 * LAN profile have only faults of their own.
 */
struct sim_fault {
	enum sim_scope scope;
	uint32_t subject; /* number of the network or block */
	enum sim_fault_kind kind;
	struct bw_mono start, end;
	int router;
	uint16_t vantages;     /* bit n: seen by vantage n; 0: by all */
	struct bw_prefix part; /* only these addresses; family 0: all */
	struct sim_loss loss;  /* DEGRADED */
	int64_t delay_ns;      /* DEGRADED: added to the round trip */
};

/* A fault that comes and goes from start to end of `fault`: down first. */
struct sim_flap {
	struct sim_fault fault;
	int64_t down_ns, up_ns; /* mean lengths */
	double spread;          /* 0: always the mean, 1: exponential */
};

/*
 * Hosts that move to another block, as when a provider renumbers: a share of
 * the hosts of `from` is absent there in [start, end) and answers in `to` at
 * the same offset, unless a host is there already.
 */
struct sim_move {
	uint32_t from, to;
	struct bw_mono start, end;
	double share;
};

/* A host at a given address of a block (beside those of groups). */
struct sim_host {
	struct bw_addr addr;
	uint16_t kind;
};

struct sim_vantage {
	struct bw_addr v4, v6; /* its addresses; family 0: none */
	int path;              /* number of the path that all its ways begin with; -1: none */
	struct sim_line line;  /* its uplink: what is lost here is lost for all blocks */
};

enum sim_vantage_fault_kind {
	SIM_UPLINK_CUT,   /* sending works; only the LAN answers */
	SIM_LAN_CUT,      /* sending works; nothing answers */
	SIM_SEND_ERROR,   /* sending fails with `status` */
	SIM_SEND_BUSY,    /* the socket buffer is full: nothing is taken */
	SIM_CAPTURE_DROP, /* a share of what arrives is dropped and counted */
	SIM_SUSPENDED,    /* the machine sleeps: no calls; what arrives is lost uncounted */
	SIM_CLOCK_STEP,   /* from start on the wall clock is off by step_ns more; no end */
};

struct sim_vantage_fault {
	enum sim_vantage_fault_kind kind;
	struct bw_mono start, end;
	int status;      /* SEND_ERROR: -ENETUNREACH, -ENOBUFS, -EPERM ... */
	double share;    /* CAPTURE_DROP */
	int64_t step_ns; /* CLOCK_STEP */
};

/* Somebody who sends forged answers in the name of a block's addresses. */
struct sim_spoofer {
	unsigned vantage; /* to whom */
	uint32_t block;
	struct bw_mono start, end;
	double rate_pps;
};

#endif

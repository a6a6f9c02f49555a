/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_H
#define PROBE_SWEEP_H

#include <blockwatch/method.h>
#include <blockwatch/transport.h>

#include "base/siphash.h"
#include "probe/packet_source.h"
#include "probe/sweep/sweep_space.h"
#include "wire/reject.h"
#include "wire/reply_kind.h"

/*
 * The sweep: probes every address of a space once in each pass, as fast as is allowed,
 * with one bit of memory for each address and none for each probe. The other engine
 * (probe/engine.h) tracks each probe because a verdict needs its silence; a sweep only
 * finds out which addresses answer. They share tokens, templates, pacer, permit and
 * transport.
 *
 * Sans-IO. A sending and a reading side never wait for each other: the functions below
 * the word SENDER belong to one, those below READER to the other. Each side has a thread
 * of its own, or both share one.
 */
struct sweep;

#define SWEEP_LISTEN_NS (60 * BW_S) /* later answers are stale */
#define SWEEP_PASSES_MAX 64
#define SWEEP_RETRIES_MAX 8

/* An answer to a probe of ours, or an ICMP error about one. */
struct sweep_answer {
	struct bw_addr addr; /* the probed address */
	struct bw_addr from; /* the sender; for an error usually a router */
	struct bw_method method;
	enum reply_kind kind;
	struct bw_addr to; /* our address */
	uint8_t ttl, icmp_type, icmp_code;
	uint16_t local_port; /* TCP */
	uint32_t brief;      /* the token that came back */
	bool is_error;       /* no answer: an ICMP error */
	bool is_new;         /* the first answer of this address by this method in any pass */
	struct bw_mono sent, at;
	int64_t rtt_ns;
};

struct sweep_config {
	const struct sweep_space *space; /* borrowed, sealed, not empty */
	const struct bw_egress *egress;  /* needed by sweep_new() only: the first of each family */
	uint8_t egress_count;
	const struct bw_methods *methods; /* at least one; likewise */
	const char *contact;              /* in echo payloads, or NULL; likewise */
	double rate_pps;                  /* INFINITY: as fast as the machine can */
	uint32_t shard, shards;           /* shard: from 0 */
	uint32_t passes, retries;
	int64_t pause_ns;       /* between two passes */
	int64_t cooldown_ns;    /* how long to listen behind the last probe */
	int64_t late_ns;        /* answers that take longer are counted as late */
	uint64_t seed;          /* of the order */
	struct siphash_key key; /* of the tokens: new for each run */
	/* From sweep_receive(): answers that are no duplicates, and all errors. */
	void (*on_answer)(void *self, const struct sweep_answer *answer);
	void *self;
};

/* How far a sweep has come; what is needed to resume it. */
struct sweep_place {
	uint32_t pass;
	uint64_t asked; /* of share * methods of this pass */
	uint64_t until; /* up to here was asked, and is asked again where nobody answered */
};

struct sweep_stats {
	uint64_t sent, send_errors, refused;
	uint64_t answered; /* addresses */
	uint64_t replies;  /* probes with an answer */
	uint64_t duplicates, errors;
	uint64_t late;  /* of the replies: they took longer than late_ns */
	uint64_t again; /* probes sent again for the sake of losses */
	uint64_t holds; /* times the sender waited for the reader */
	uint64_t lost;  /* frames, as the ring says */
	uint64_t rejected[REJECTS];
};

/* Returns 0, -ENOMEM, BW_ERR_LIMIT or what build_template_init() says. */
int sweep_new(const struct sweep_config *config, struct bw_mono now, struct sweep **ret_sweep,
	      struct bw_err *err);
void sweep_free(struct sweep *sweep);

/*
 * Before the first probe, and after the words of an earlier run are set: goes on where that run
 * was. Addresses that answered it are not asked again in this pass. Returns 0, or BW_ERR_VALUE
 * when that cannot be.
 */
int sweep_resume(struct sweep *sweep, struct sweep_place place);

/* SENDER: one call at a time, except for sweep_build() */

/* Claims what may be asked now, at most MAX; 0: nothing before sweep_deadline(). */
size_t sweep_claim(struct sweep *sweep, struct bw_mono now, size_t max,
		   struct packet_claim *ret_claim);

/*
 * Builds the probes of a claim. Nothing is changed: several threads may build at
 * once. Returns how many; those are left out for whose family there is no way out.
 */
size_t sweep_build(const struct sweep *sweep, const struct packet_claim *claim,
		   struct bw_tx *batch);

/* Reports the probes of a claim after sending; the transport has set status and sent. */
void sweep_sent(struct sweep *sweep, const struct packet_claim *claim, const struct bw_tx *batch,
		size_t count);

/* When to call sweep_claim() again. */
struct bw_mono sweep_deadline(const struct sweep *sweep, struct bw_mono now);

/* Reports the state of the capture; called each PACKET_OBSERVE_NS. */
void sweep_observe(struct sweep *sweep, struct bw_mono now, const struct packet_ring *ring);

/* The functions above as a source of packets for sender threads. */
struct packet_source sweep_source(struct sweep *sweep);

/* READER */

/* One captured frame: an answer, or a count of why it is none. */
void sweep_receive(struct sweep *sweep, const struct bw_rx *rx);

/* True when all is asked and there is nothing to listen for any more. */
bool sweep_is_done(const struct sweep *sweep, struct bw_mono now);

/* Where it stands, less what was asked within the last BACK_NS: to be asked again. */
struct sweep_place sweep_place(const struct sweep *sweep, struct bw_mono now, int64_t back_ns);

/* How many probes it is in all (without retries), and how many are done with. */
uint64_t sweep_total(const struct sweep *sweep);
uint64_t sweep_progress(const struct sweep *sweep);

/* How many addresses are this shard's. */
uint64_t sweep_share(const struct sweep *sweep);

void sweep_stats(const struct sweep *sweep, struct sweep_stats *ret_stats);

/*
 * Who answered, in how many of the passes: calls TAKE for each, in ascending
 * order.
 */
void sweep_each_answered(const struct sweep *sweep,
			 void (*take)(void *self, const struct bw_addr *addr, uint32_t passes),
			 void *self);

/*
 * The memory of answers as words, to be kept for a resumed run. A word that is
 * set adds its answers; false when there is no such word.
 */
uint64_t sweep_word_count(const struct sweep *sweep);
uint64_t sweep_word(const struct sweep *sweep, uint64_t n);
bool sweep_set_word(struct sweep *sweep, uint64_t n, uint64_t word);

#endif

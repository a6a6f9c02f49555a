/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HOTLIST_H
#define INFER_HOTLIST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which candidates of a block are worth a probe: the few hosts that answered last time, learned
 * online instead of one average availability for all (Trinocular: Quan, Heidemann, Pradkin,
 * SIGCOMM 2013). A host on the list is hot, any other candidate is cold. Three rates are learned
 * with the list: how often a hot host answers, how often a cold one does, and how often a host
 * answers after one silence, which tells lost packets from hosts that are switched off.
 *
 * Each round probes the host that answered longest ago, so that all stay fresh. One silence may
 * be a lost packet: the host becomes doubted and is probed first next time. A second silence
 * makes it cold, unless most doubted hosts answered then. With each host the list keeps the
 * index of the method that it answers. 24 bytes, part of struct block.
 */
#define HOTLIST_MAX 7
#define HOTLIST_METHODS 4 /* method indexes from the last on are not told apart */
#define HOTLIST_LEARNED_MAX 63

struct hotlist {
	uint16_t hosts[HOTLIST_MAX]; /* the doubted ones, then the others, longest ago first */
	uint16_t methods;            /* method index of each host, two bits, the first lowest */
	uint16_t hot, cold;          /* rates of answering, in 1/65535 */
	uint16_t again;              /* the same for a host that was silent last time */
	uint16_t count : 3;
	uint16_t doubted : 3; /* number of doubted hosts, at the front */
	uint16_t
		start : 4; /* of a dark block: where the next round starts; count: at a cold host */
	uint16_t learned : 6; /* probes to hot hosts that the rate rests on; stops at its limit */
};

_Static_assert(HOTLIST_METHODS <= 4, "a method index has 2 bits in struct hotlist");
_Static_assert(2 * HOTLIST_MAX <= 16, "the method indexes of all hosts have 16 bits");
_Static_assert(HOTLIST_MAX <= 7, "counts of hosts have 3 bits, a start 4");
_Static_assert(HOTLIST_LEARNED_MAX < 64, "the number of learned probes has 6 bits");

/* Empty, with initial rates for hot and cold hosts (0..1). */
void hotlist_init(struct hotlist *list, float hot, float cold);

/* Empty, with rates that were learned before. AGAIN: of doubted hosts; negative: not known. */
void hotlist_restore(struct hotlist *list, float hot, float cold, float again);

/* Adds HOST as the last that answered. Returns false if it is on the list or the list is full. */
bool hotlist_add(struct hotlist *list, uint16_t host, unsigned method);

bool hotlist_has(const struct hotlist *list, uint16_t host);

/* Makes all hosts doubted, as if each had been silent once. */
void hotlist_doubt_all(struct hotlist *list);

/* Whether it is hot and not doubted: it answered last time. */
bool hotlist_is_responsive(const struct hotlist *list, uint16_t host);

/* Whether it is hot and was silent once. */
bool hotlist_is_doubted(const struct hotlist *list, uint16_t host);

/* How many hosts of the list answered later than this one. */
unsigned hotlist_fresher(const struct hotlist *list, uint16_t host);

/* The method index of a hot host; 0 for a cold one. */
unsigned hotlist_method(const struct hotlist *list, uint16_t host);

/* Whether it is responsive and asked by the method that it answered. */
bool hotlist_expects(const struct hotlist *list, uint16_t host, unsigned method);

/* The number of hosts that are hot and not doubted. */
unsigned hotlist_responsive(const struct hotlist *list);

/* The learned rates, 0..1: of hot hosts, of cold hosts, of hosts after one silence. */
float hotlist_hot_rate(const struct hotlist *list);
float hotlist_cold_rate(const struct hotlist *list);
float hotlist_retry_rate(const struct hotlist *list);

/*
 * The probability that HOST, one of HOSTS candidates, answers a probe while its block is up.
 * A hot host counts more if it answered recently.
 */
float hotlist_availability(const struct hotlist *list, uint16_t hosts, uint16_t host);

/*
 * The same after ELAPSED_NS in which nothing was learned. Hot hosts go off meanwhile, at the
 * rate that was seen between two probes to the same host in rounds ROUND_NS apart, and at
 * least at a rate of one a day.
 */
float hotlist_aged(const struct hotlist *list, uint16_t hosts, uint16_t host, int64_t elapsed_ns,
		   int64_t round_ns);

/*
 * The probability that a host of this AVAILABILITY answers after SILENCES in a row, while its
 * block is up: it may be off, or each packet may have been lost.
 */
float hotlist_after_silences(const struct hotlist *list, float availability, unsigned silences);

/*
 * The host to probe at PLACE (from 0) of a round, among HOSTS candidates (at least 1): the
 * first of the list, then the list from its end, where the surest hosts are, then cold hosts
 * from cold_from on. Each host comes once before any comes again.
 */
uint16_t hotlist_pick(const struct hotlist *list, uint16_t hosts, uint16_t cold_from,
		      unsigned place);

/* After a silent round of a dark block: the next round starts with another host. */
void hotlist_rotate(struct hotlist *list);

/* Learns from a probe to HOST by the method of this index, sent while its block was up. */
void hotlist_learn(struct hotlist *list, uint16_t host, unsigned method, bool answered);

/* A hot host was silent twice in one round: counts for the rate after one silence only. */
void hotlist_learn_retry(struct hotlist *list);

#endif

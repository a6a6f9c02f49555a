/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HOTLIST_H
#define INFER_HOTLIST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which candidates of a block are worth a probe: the few that answered last
 * time they were asked, learned online in place of one average availability (as
 * Trinocular has it: Quan, Heidemann, Pradkin, SIGCOMM 2013). Three numbers are
 * learned with them: how often a hot one answers, how often a cold one does, and how
 * often one that was silent answers the next time, which tells lost packets from
 * hosts that went off.
 *
 * Each round asks the one that answered longest ago, so that all stay fresh. One
 * silence may be a lost packet: the host is doubted, asked first next time, and a
 * second silence makes it cold, unless most that were doubted answered then. With
 * each host goes its way: which of its methods it answers. 24 bytes, part of the
 * block's state.
 */
#define HOTLIST_MAX 7
#define HOTLIST_METHODS 4 /* methods beyond count as the last */
#define HOTLIST_LEARNED_MAX 63

struct hotlist {
	uint16_t hosts[HOTLIST_MAX]; /* the doubted, then the others: longest ago first */
	uint16_t methods;            /* of each host, two bits, the first lowest */
	uint16_t hot, cold;    /* chances to answer, in 1/65535 */
	uint16_t again;        /* the same, of one that was silent when it was asked last */
	uint16_t count : 3;
	uint16_t doubted : 3;  /* so many of them, at the front */
	uint16_t start : 4;    /* of a dark block: where the next round begins; count: a cold one */
	uint16_t learned : 6;  /* probes to hot hosts that this rests on, at most so many */
};

/* Empty; with guesses for the two chances. */
void hotlist_init(struct hotlist *list, float hot, float cold);

/* As it was learned before: three chances, of which AGAIN may be negative: not known. */
void hotlist_restore(struct hotlist *list, float hot, float cold, float again);

/* Adds HOST as the one that answered last; false when it is there or the list is full. */
bool hotlist_add(struct hotlist *list, uint16_t host, unsigned method);

bool hotlist_has(const struct hotlist *list, uint16_t host);

/* None is sure to be there: they are in doubt as if each had been silent once. */
void hotlist_doubt_all(struct hotlist *list);

/* Hot and not in doubt: it answered when it was asked last. */
bool hotlist_is_responsive(const struct hotlist *list, uint16_t host);

/* The way of a hot host. */
unsigned hotlist_method(const struct hotlist *list, uint16_t host);

/* Whether it is responsive and asked by the method that it answered. */
bool hotlist_expects(const struct hotlist *list, uint16_t host, unsigned method);

/* How many are hot and not in doubt. */
unsigned hotlist_responsive(const struct hotlist *list);

/* The three chances as they are learned. */
float hotlist_hot_rate(const struct hotlist *list);
float hotlist_cold_rate(const struct hotlist *list);
float hotlist_retry_rate(const struct hotlist *list);

/*
 * The chance that HOST, among HOSTS candidates, answers one probe while its block is
 * up: of the hot, more for who has answered just now than for who has not been
 * asked for long.
 */
float hotlist_availability(const struct hotlist *list, uint16_t hosts, uint16_t host);

/*
 * The same after a time in which nothing could be learned: hot ones go off meanwhile, at
 * the rate that was seen between a host's turns, ROUND_NS apart, but not all stay for
 * longer than a day.
 */
float hotlist_aged(const struct hotlist *list, uint16_t hosts, uint16_t host, int64_t elapsed_ns,
		   int64_t round_ns);

/*
 * The chance that a host that answers with AVAILABILITY is heard after so many SILENCES
 * of it in a row, while its block is up: it may be off, or each time the packet was lost.
 */
float hotlist_after_silences(const struct hotlist *list, float availability, unsigned silences);

/*
 * The PLACE-th host (from 0) to ask in a round among HOSTS candidates: of the hot
 * ones the first, then from the last (who surely is there) on; then cold ones from
 * cold_from on; each once before any comes again. HOSTS is at least 1.
 */
uint16_t hotlist_pick(const struct hotlist *list, uint16_t hosts, uint16_t cold_from,
		      unsigned place);

/* After a silent round of a dark block: the next begins with another, also a cold one. */
void hotlist_rotate(struct hotlist *list);

/* Learns from a probe by this way to HOST while its block was up. */
void hotlist_learn(struct hotlist *list, uint16_t host, unsigned method, bool answered);

/* A host was silent a second time, at once: says nothing of the host, but of silences. */
void hotlist_learn_retry(struct hotlist *list);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_HOTLIST_H
#define INFER_HOTLIST_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which candidates of a block are worth a probe: the few that answered last
 * time they were asked, learned online in place of one average availability (as
 * Trinocular has it: Quan, Heidemann, Pradkin, SIGCOMM 2013). Two numbers are
 * learned with them: how often a hot one answers, and how often a cold one does.
 * 18 bytes, part of the block's state.
 */
#define HOTLIST_MAX 7

struct hotlist {
	uint16_t hosts[HOTLIST_MAX];
	uint8_t count : 4;
	uint8_t next : 4;  /* whose turn it is: of the hot ones, or (count) of a cold one */
	uint8_t hot, cold; /* chances to answer, in 1/255 */
	uint8_t learned;   /* probes to hot hosts that this rests on, at most 255 */
};

/* Empty; with guesses for the two chances. */
void hotlist_init(struct hotlist *list, float hot, float cold);

bool hotlist_has(const struct hotlist *list, uint16_t host);

/* The chance that HOST answers one probe while its block is up. */
float hotlist_availability(const struct hotlist *list, uint16_t host);

/*
 * The PLACE-th host (from 0) to ask in a round among HOSTS candidates: the hot
 * ones in turn, a cold one among them where the turn has come to it, then the
 * other cold ones from cold_from on; each once before any comes again. HOSTS is
 * at least 1.
 */
uint16_t hotlist_pick(const struct hotlist *list, uint16_t hosts, uint16_t cold_from,
		      unsigned place);

/* After a silent round of a dark block: the next begins with another, also a cold one. */
void hotlist_turn(struct hotlist *list);

/* Learns from a probe to HOST while its block was up. */
void hotlist_learn(struct hotlist *list, uint16_t host, bool answered);

#endif

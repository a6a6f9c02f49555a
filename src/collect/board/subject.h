/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_SUBJECT_H
#define COLLECT_BOARD_SUBJECT_H

#include "collect/board/board.h"

/* Whatever has a merged verdict: a target, a network or a block, by one number for all. */
#define SUBJECT_TEXT 256

struct subject {
	enum bw_scope scope;
	uint32_t number; /* among those of its scope; it stays while the board lives */
	uint32_t target;
	struct timeline *merged;
	const struct bw_prefix *prefix;  /* NULL: of a target */
	const struct board_block *block; /* NULL: of a sum */
};

/* The subject of this scope and number, which exists. */
struct subject subject_get(const struct board *board, enum bw_scope scope, uint32_t number);

/* Their order within a target: itself, networks, blocks, each by their prefixes. */
int subject_compare(const struct subject *a, const struct subject *b);

/*
 * The numbers of all targets by their names, on the heap, since numbers depend on what was said
 * first. NULL: out of memory.
 */
uint32_t *subject_targets(const struct board *board);

/* Calls LOOK for each: targets, then networks, then blocks. A negative result ends it. */
int subject_each(const struct board *board, int (*look)(void *arg, const struct subject *subject),
		 void *arg);

/* The same for the subjects of one target: networks and blocks each by their prefixes. */
int subject_each_of(const struct board *board, uint32_t target,
		    int (*look)(void *arg, const struct subject *subject), void *arg);

/* The timeline of what a scope, a target and the text of a subject name; NULL: there is none. */
struct timeline *subject_find(const struct board *board, enum bw_scope scope, const char *target,
			      const char *subject);

/* The name of a target, or the prefix. Returns TEXT. */
const char *subject_format(const struct board *board, const struct subject *subject,
			   char text[SUBJECT_TEXT]);

#endif

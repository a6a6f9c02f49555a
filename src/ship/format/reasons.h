/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_REASONS_H
#define SHIP_FORMAT_REASONS_H

#include <stddef.h>
#include <stdint.h>

#include "ship/delivery/batch.h"

/*
 * Why a receiver refuses the lines of a request, line by line. All zero is an empty one. The memory
 * grows and is kept for the next request.
 */
#define REASONS_TEXT 240 /* of one reason; what is longer is cut off */

struct reasons {
	char *text; /* the reasons, one behind the other, each with a NUL */
	size_t length, room;
	uint32_t *at; /* of each line: where its reason begins, plus 1; 0: it has none */
};

/* Forgets all of them. */
void reasons_clear(struct reasons *reasons);
void reasons_fini(struct reasons *reasons);

/*
 * Gives line N (from 0, below BATCH_LINES) a reason, if it has none yet. Without memory, or with a
 * REASON that is NULL or "", it stays without.
 */
void reasons_set(struct reasons *reasons, size_t n, const char *reason);

/* The reason of line N, borrowed until the next change; NULL: none. REASONS may be NULL. */
const char *reasons_of(const struct reasons *reasons, size_t n);

#endif

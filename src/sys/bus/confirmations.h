/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BUS_CONFIRMATIONS_H
#define SYS_BUS_CONFIRMATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "ship/line.h"
#include "ship/position.h"

/*
 * Private to sys/bus. What vantages are to be told of the messages that are stored: the last record
 * of each up to a place of the stream, once everything up to that place is acknowledged, by
 * this collector or another one. Nothing here has a thread or a descriptor.
 */
#define CONFIRMATIONS_VANTAGES 256
#define CONFIRMATIONS_MARKS 16 /* of a vantage; the last one moves on when they are used up */

struct confirmations_mark {
	char boot[POSITION_BOOT];
	uint64_t seq, sequence;
};

struct confirmations_vantage {
	char name[POSITION_NAME];
	struct confirmations_mark marks[CONFIRMATIONS_MARKS]; /* ascending by sequence */
	unsigned count;
	bool open; /* the last mark is of the batch that is being noted */
};

struct confirmations {
	struct confirmations_vantage list[CONFIRMATIONS_VANTAGES];
	unsigned count;
};

/* The record of a message that is stored and has this number in the stream. */
void confirmations_note(struct confirmations *confirmations, const struct ship_line *line,
			uint64_t sequence);

/* A batch has been noted. */
void confirmations_end_batch(struct confirmations *confirmations);

/* Whether something has not been told yet. */
bool confirmations_are_pending(const struct confirmations *confirmations);

/*
 * All messages up to FLOOR are acknowledged: calls TELL for each vantage with the last mark up to
 * there, once.
 */
void confirmations_pass(struct confirmations *confirmations, uint64_t floor,
			void (*tell)(void *arg, const char *vantage,
				     const struct confirmations_mark *mark),
			void *arg);

/* The stream is another one. */
void confirmations_clear(struct confirmations *confirmations);

#endif

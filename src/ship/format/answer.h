/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_ANSWER_H
#define SHIP_FORMAT_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ship/delivery/failure.h"
#include "ship/format/framing.h"
#include "ship/format/reasons.h"

/*
 * What a receiver's answer means for the lines of a request.
 *
 *   2xx                 stored (es_bulk with `errors`: item by item; our collector's `refused`:
 *                       these lines are set aside)
 *   413                 the batch in halves; set aside when it is a single line
 *   400, 415, 422       set aside
 *   429, 503            again, not before Retry-After
 *   everything else     again: the sink or the receiver is at fault, not the batch
 */
struct answer {
	int status;           /* of HTTP; 0: none came, or not all of it */
	enum failure failure; /* why there is no status */
	const char *text;     /* the same in words, or NULL */
	const char *body;     /* as much as was kept */
	size_t length;
	bool cut;               /* the body was longer than what was kept */
	int64_t retry_after_ns; /* 0: not said */
};

enum answer_item { ANSWER_ITEM_STORED, ANSWER_ITEM_AGAIN, ANSWER_ITEM_ASIDE };

enum answer_kind {
	ANSWER_STORED, /* all lines */
	ANSWER_ITEMS,  /* each line for itself */
	ANSWER_AGAIN,
	ANSWER_HALVE,
	ANSWER_ASIDE,
};

#define ANSWER_TEXT 240
#define ANSWER_BOOT 64

struct answer_verdict {
	enum answer_kind kind;
	enum failure failure;   /* unless all is stored */
	char text[ANSWER_TEXT]; /* the reason in one line; "" when all is stored */
	int64_t retry_after_ns;
	char stored_boot[ANSWER_BOOT]; /* our collector: stored up to there; "": not said */
	uint64_t stored_seq;
	uint64_t sequence; /* a stream: the largest number of those that it has stored; 0: none */
	uint8_t *items;    /* of the caller: room for enum answer_item of each line */
	size_t count;      /* lines of the request */
	struct reasons *reasons; /* of the caller: of lines that are not stored; NULL: no need */
};

/* Sets all of *VERDICT but `items`, `count` and `reasons`, which the caller has set. */
void answer_judge(const struct answer *answer, enum framing framing,
		  struct answer_verdict *verdict);

/* Whether lines are judged one by one, and one of them is judged so. */
bool answer_has_item(const struct answer_verdict *verdict, enum answer_item item);

#endif

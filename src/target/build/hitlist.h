/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_HITLIST_H
#define TARGET_BUILD_HITLIST_H

#include "target/tables/cells.h"
#include "target/build/hitlist_json.h"
#include "target/build/hits.h"

/*
 * Reads lists of hosts that answer. The first line tells the form:
 *
 *     198.18.0.1                                      plain, an address a line, # comments
 *     #fsdb -F t hex_ip history score                 ISI: hexadecimal addresses, score 0 to 99
 *     198.18.0.1 is alive (12.3 ms)                   fping
 *     198.18.0.1 : xmt/rcv/%loss = 3/2/33%, ...       fping -c; 198.18.0.1 : 12.3 - 11.9  fping -C
 *     saddr,success,classification ...                zmap, CSV with a header
 *     { or [                                          JSON (hitlist_json.h)
 *
 * Who did not answer is left out. Where a list says when a host answered, that is its day, else
 * the day of the input for forms that are the output of a scan.
 */
enum hitlist_form {
	HITLIST_UNKNOWN,
	HITLIST_PLAIN,
	HITLIST_ISI,
	HITLIST_FPING,
	HITLIST_ZMAP,
	HITLIST_JSON,
};

#define HITLIST_COLUMNS 8

struct hitlist {
	struct hits *hits;
	enum hitlist_form form;
	int columns[HITLIST_COLUMNS]; /* where they stand, -1: not there */
	struct hitlist_json json;
	uint32_t first; /* number of the first host of this file among the hits */
	uint64_t count; /* lines with a host, answering or not */
};

struct hitlist hitlist_of(struct hits *hits);

/* A text_reader; SELF is a struct hitlist. Also BW_ERR_SYNTAX, BW_ERR_VALUE, -ENOMEM. */
int hitlist_line(void *self, const struct text_line *line, struct bw_err *err);

/* Ends a file. Returns 0, or BW_ERR_VALUE or BW_ERR_SYNTAX for one that is empty or cut short. */
int hitlist_end(struct hitlist *hitlist, struct bw_err *err);

/* Gives DAY (days since 1970) to hosts of a scan whose list says no day. */
void hitlist_set_day(struct hitlist *hitlist, uint16_t day);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_POSITION_H
#define SHIP_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/err.h>
#include <blockwatch/time.h>

#include "ship/delivery/failure.h"

/*
 * How far one sink has come, as it stands in `spool/positions/NAME.json`. `ship` alone writes
 * this file; `run` reads it, for its `vantage` records and to know which segments it may delete.
 */
#define POSITION_SCHEMA "blockwatch/position/1"
#define POSITION_BOOT 64
#define POSITION_NAME 128
#define POSITION_TEXT 4096 /* room for an encoded position */

/*
 * Bytes in one segment that are no records and were set aside. Only the same bytes at the same
 * place are known: `run` may cut them off and write others there.
 */
struct position_damage {
	uint64_t segment, offset, length; /* length 0: none */
	uint32_t crc;                     /* CRC-32C of them */
};

/*
 * A place in the spool: behind the record (boot, seq). Segment and offset are a hint where that
 * is; a segment can have been rewritten since. `boot` "": before the first record.
 */
struct position_place {
	char boot[POSITION_BOOT];
	uint64_t seq;
	uint64_t segment;
	uint64_t offset;               /* of the byte behind the record's newline */
	struct position_damage damage; /* between this record and the next one, as far as known */
};

/* Adds bytes that were set aside to DAMAGE; those that do not follow it take its place. */
void position_damage_add(struct position_damage *damage, uint64_t segment, uint64_t offset,
			 const char *bytes, size_t length);

/* True if both are the same place, also in their damage. */
bool position_is_same(const struct position_place *a, const struct position_place *b);

struct position {
	char sink[POSITION_NAME];
	char spool[POSITION_NAME]; /* the id of the spool in which the places are */
	char peer[POSITION_NAME];  /* which stream of JetStream it is, or "" */
	/* Of all records but events; `stored` is the smaller one of both lanes. */
	struct position_place sent, stored;
	struct position_place main_stored; /* of all records but events */
	struct position_place events_sent, events_stored;
	struct {
		uint64_t records, bytes;
		double age_s; /* of the oldest record that has not been sent; 0: none */
	} backlog;
	uint64_t failures[FAILURES];
	struct bw_wall last_success; /* 0: none yet */
	struct bw_wall confirmed;    /* when a collector last said what of a stream is stored; 0 */
	bool has_offset;
	double clock_offset_s; /* receiver minus vantage */
	struct bw_wall updated;
};

/* Writes it as JSON with a newline. Returns the length, or BW_ERR_LIMIT. */
int position_encode(const struct position *position, char *text, size_t size);

/*
 * Reads it; members that are missing are zero. Returns 0; BW_ERR_SYNTAX, BW_ERR_VALUE or
 * BW_ERR_LIMIT for what is no position; -ENOMEM; with a message.
 */
int position_decode(const char *text, size_t length, struct position *ret_position,
		    struct bw_err *err);

/* True if A lies before B. */
bool position_is_before(const struct position_place *a, const struct position_place *b);

#endif

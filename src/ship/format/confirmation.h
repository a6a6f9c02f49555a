/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_CONFIRMATION_H
#define SHIP_FORMAT_CONFIRMATION_H

#include <stddef.h>
#include <stdint.h>

#include "ship/delivery/failure.h"
#include "ship/position.h"

/*
 * What a collector that consumes a stream says to `ship` on the subject blockwatch-stored.VANTAGE:
 *
 *	{"schema":"blockwatch/stored/1","vantage":"fra1","boot":"...","seq":N,
 *	 "stream":"BLOCKWATCH","created":"N","sequence":N}
 *
 * Every message of this stream up to `sequence` is in the database. (boot, seq) is the last record
 * of the vantage among them. `created` is when the stream was made, in nanoseconds since 1970:
 * a stream that is made anew counts its messages from 1 again.
 */
#define CONFIRMATION_TEXT 1024

struct confirmation {
	char vantage[POSITION_NAME], boot[POSITION_BOOT], stream[POSITION_NAME];
	uint64_t seq;
	int64_t created;
	uint64_t sequence;
};

/* Writes it, terminated. Returns the length, or BW_ERR_LIMIT. */
int confirmation_encode(const struct confirmation *confirmation, char *text, size_t size);

/* Returns 0, or BW_ERR_SYNTAX for what is none. */
int confirmation_decode(const char *text, size_t length, struct confirmation *ret_confirmation);

#endif

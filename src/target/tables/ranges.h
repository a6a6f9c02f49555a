/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_RANGES_H
#define TARGET_TABLES_RANGES_H

#include "base/addr/range_set.h"
#include "target/tables/cells.h"

/*
 * Reads tables of ranges of addresses with the country or the AS of each:
 *
 *     175.45.176.0,175.45.179.255,KP               ip-location-db, CSV; Tor's geoip6
 *     2939006976,2939008000,131279,"Star JV"       the same with numbers; Tor's geoip
 *     175.45.176.0<TAB>175.45.179.255<TAB>131279<TAB>KP<TAB>STAR-KP     iptoasn
 *     175.45.176.0/22,KP                           one prefix in place of the two ends
 *
 * A table of ASes merges neighbours: its ranges are no announcements.
 */

#define RANGES_NAME_MAX 100 /* bytes of the name of an AS; longer ones are cut */

/* An AS and what it is called: the part of `names` that begins at NAME. */
struct ranges_name {
	uint32_t asn, name;
};

struct ranges {
	const char *country;        /* of interest; borrowed; NULL: every country */
	struct range_set every;     /* if every country: value, two letters, the first one higher */
	struct range_set countries; /* of tables of countries alone */
	struct range_set both;      /* of tables that have the AS, too */
	struct range_set ases;      /* value: the AS; 0 is left out */
	struct array names;         /* struct ranges_name */
	struct array texts;         /* char, each name with a 0 behind it */
	char separator;             /* of the current file; 0: not known yet */
	uint64_t count;             /* ranges of the current file */
	uint64_t placed;            /* of these, those with a column for the country */
	char day[CELL_DAY];         /* of the current file's header; "": it has none */
};

/* Tables are read one after the other. Begin each with ranges_begin(). */
struct ranges ranges_of(const char *country);
void ranges_fini(struct ranges *ranges);
void ranges_begin(struct ranges *ranges);

/* A text_reader; SELF is a struct ranges. Also BW_ERR_SYNTAX, BW_ERR_VALUE, -ENOMEM. */
int ranges_line(void *self, const struct text_line *line, struct bw_err *err);

/* Ends a file. Returns 0, or BW_ERR_VALUE for one without ranges. */
int ranges_end(struct ranges *ranges, struct bw_err *err);

/* Makes the sets disjoint, once all is read. Returns 0 or -ENOMEM. */
int ranges_seal(struct ranges *ranges);

/* What an AS is called, or NULL; of sealed ranges, which own it. */
const char *ranges_name(const struct ranges *ranges, uint32_t asn);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_HITLIST_JSON_H
#define TARGET_BUILD_HITLIST_JSON_H

#include "target/tables/cells.h"
#include "target/build/hits.h"

/*
 * Reads hit lists in JSON line by line, in memory of one line: zmap, masscan (-oJ, -oD), scamper
 * (pings) and the probe lists of trinarkular. A host is an object with one of the members "saddr",
 * "ip", "dst" and "host_ip"; what objects inside of it say counts for it.
 */
struct hitlist_json {
	struct hits *hits;
	int depth;      /* objects and arrays that are open */
	int host_depth; /* of the object that has the address; 0: none */
	struct cell key;
	bool is_key_known; /* a name and its colon were read */
	/* What was read of the host: */
	struct bw_addr addr;
	bool failed;   /* it did not answer */
	bool is_other; /* a record of another kind, such as a trace */
	uint64_t port, sent, replies;
	bool has_sent, is_tcp;
	double rate;  /* below 0: not said */
	uint16_t day; /* 0: not said */
	uint64_t count;
};

struct hitlist_json hitlist_json_of(struct hits *hits);

/* Returns 0 or one of: BW_ERR_SYNTAX; -ENOMEM. */
int hitlist_json_line(struct hitlist_json *json, const struct text_line *line, struct bw_err *err);

/* Returns 0, or BW_ERR_SYNTAX for a text that ends too soon. */
int hitlist_json_end(struct hitlist_json *json, struct bw_err *err);

/* The days since 1970 of a cell (cell_day()), or 0. */
uint16_t hitlist_day(const struct cell *cell);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_ADMIT_H
#define COLLECT_ADMIT_H

#include "collect/fleet.h"
#include "collect/follow/follow.h"
#include "collect/hourly/hourly.h"
#include "collect/seen.h"
#include "json/json_out.h"

/*
 * Takes the records of one request: lines of JSON from one vantage, whose name its token has
 * proven. A line that is no record is refused with its reason, the rest is taken; a record that
 * was taken before is known and not taken twice; a record of another vantage refuses the whole
 * request. All of it is one transaction.
 */
struct admit {
	struct seen *seen;
	struct fleet *fleet;
	const struct store *store;
	struct follow *follow; /* who brings the records further */
	struct hourly *hourly; /* and who adds them up */
	struct bw_err why;     /* why the last request that failed did */
};

#define ADMIT_FUTURE_NS (3600 * BW_S) /* a record may be so far ahead of our clock */
#define ADMIT_REFUSED_MAX 10000       /* lines of a request; with more all of it is */

/*
 * An HTTP status: 200, 403 (another vantage's record), 413 (too much is refused), 503 (it cannot be
 * stored).
 */
struct admit_result {
	unsigned status;
	uint64_t taken, known, refused;
};

/*
 * TEXT has LENGTH bytes and is not changed; MEMBER is whose token came with it. Writes the
 * answer, one JSON object, into OUT.
 */
struct admit_result admit_request(struct admit *admit, const struct fleet_member *member,
				  const char *text, size_t length, struct bw_wall now,
				  struct json_out *out);

/* One message of a stream. */
struct admit_message {
	const struct fleet_member *member; /* whose subject it has; NULL: of nobody here */
	const char *text;                  /* one record, with or without its newline */
	size_t length;
	bool refused; /* set by admit_messages() */
};

#define ADMIT_REASON 200

/*
 * Takes messages of any vantages in one transaction; all that were not taken before are, but those
 * that are refused. A record of another vantage is refused alone. The status is 200 or 503; then
 * nothing has happened. REASON is why the first one was refused, or why nothing can be stored.
 */
struct admit_result admit_messages(struct admit *admit, struct admit_message *messages,
				   size_t count, struct bw_wall now, char reason[ADMIT_REASON]);

#endif

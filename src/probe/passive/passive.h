/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PASSIVE_H
#define PROBE_PASSIVE_H

#include <blockwatch/transport.h>

#include "probe/outcome.h"
#include "wire/reject.h"

/*
 * Pairs the probes of any tool with their answers: captured frames in, outcomes out.
 * Sans-IO; the time comes with the frames.
 */
struct passive;

struct passive_config {
	int64_t patience_ns;  /* silence so long is OUTCOME_TIMEOUT */
	int64_t listen_ns;    /* a later answer counts for so long after the request */
	uint32_t pending_max; /* requests that are listened for at once */
	/*
	 * A request was seen: dst, method and ttl are filled in; the callee adds subject,
	 * host and tag, or returns false when it is of no interest.
	 */
	bool (*on_request)(void *self, const struct bw_addr *prober, struct probe *probe,
			   struct bw_mono sent);
	void (*on_outcome)(void *self, const struct outcome *outcome);
	void *self;
};

/*
 * Of the requests each is, in the end, one of: repeated, untracked, open, a reply, an error, or a
 * timeout that is not late. Before passive_forget() some may still be waited for.
 */
struct passive_stats {
	uint64_t requests;  /* that were of interest */
	uint64_t repeated;  /* of those: the same packet again while the first was waited for */
	uint64_t untracked; /* of those: there was no room, nothing is said of them */
	uint64_t open;      /* of those: still waited for when all were dropped */
	uint64_t received;  /* packets that answer one of them, or claim to */
	uint64_t replies;
	uint64_t errors;   /* in place of a reply, in time */
	uint64_t timeouts; /* those that were answered later included */
	uint64_t late;     /* of the replies: after the timeout */
	uint64_t expired;  /* of the errors: the TTL was used up on the way */
	uint64_t unpaired; /* answers to nothing that the capture has */
	uint64_t rejected[REJECTS];
};

/* Returns 0 or -ENOMEM. No time is before START. */
int passive_new(const struct passive_config *config, struct bw_mono start,
		struct passive **ret_passive);
void passive_free(struct passive *passive);

/* One frame; its time is not before that of any call before. */
void passive_receive(struct passive *passive, const struct bw_rx *rx);

/* Reports what has timed out by NOW. */
void passive_advance(struct passive *passive, struct bw_mono now);

/* When passive_advance() has something to do; perhaps earlier. BW_NEVER: nothing waits. */
struct bw_mono passive_deadline(const struct passive *passive);

/* For a gap in the capture, and its end: drops all requests without an outcome. */
void passive_forget(struct passive *passive);

void passive_stats(const struct passive *passive, struct passive_stats *ret_stats);

#endif

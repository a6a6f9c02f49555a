/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_WEBHOOKS_H
#define COLLECT_TELL_WEBHOOKS_H

#include "collect/fleet.h"
#include "collect/tell/event_text.h"
#include "ship/delivery/backoff.h"

/*
 * Who is told of events: webhooks and commands. A message waits in the store from the transaction
 * of its event on until it was delivered (collect/tell/webhook_delivery.h), so that a restart loses
 * none. What each webhook was last told of each subject is kept in the same transaction: what
 * differs at a start, for a webhook that is new say, is told then.
 *
 * Told are events of targets and networks, and vantages that become silent or are back.
 */
#define WEBHOOKS_MAX 16

/*
 * With short rounds a vantage is told to be silent after this time at the earliest: `ship` lets
 * records wait for each other for some seconds.
 */
#define WEBHOOKS_SILENT_NS (10 * BW_S)

struct webhook {
	/* Set by the caller; borrowed. */
	const char *name;   /* its URL, or its command: its identity in the store */
	const char *secret; /* NULL: messages are not signed */
	const char *const *targets;
	size_t target_count; /* 0: all targets */

	bool silent[FLEET_MAX];       /* vantages that it was told to be silent */
	bool waits;                   /* a message may wait */
	uint64_t under_way;           /* number of the message that is being sent; 0: none */
	int64_t time_ns;              /* since when that one waits */
	struct backoff backoff;       /* failures in a row */
	struct bw_mono next;          /* nothing is sent before */
	uint64_t delivered, failures; /* since the start */
};

struct webhooks {
	struct webhook list[WEBHOOKS_MAX];
	size_t count;
	struct bw_wall started; /* what came before was not heard */
	struct rng rng;
};

/*
 * Reads what the webhooks were told, and puts the messages that are due since then: events of the
 * store that they were not told. The board is filled. Webhooks that are not configured any more are
 * forgotten, with the messages that wait for them.
 */
int webhooks_load(struct webhooks *webhooks, const struct fleet *fleet, const struct board *board,
		  const struct store *store, struct bw_err *err);

/* An event, within its transaction. TEXT is its JSON. */
int webhooks_tell(struct webhooks *webhooks, const struct event *event, const char *text,
		  const struct store *store, struct bw_err *err);

/*
 * Tells of vantages that are silent since the last call, or are back, in a transaction of its own.
 * Returns when to call again; after an error that is soon.
 */
int64_t webhooks_watch(struct webhooks *webhooks, const struct fleet *fleet, struct bw_wall now,
		       const struct store *store);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_CARRIER_H
#define APP_SHIP_CARRIER_H

#include "ship/delivery/batch.h"
#include "ship/format/answer.h"

/*
 * A carrier brings one request at a time to the receiver of a sink and says what became of it:
 * over HTTP (app/ship/http_carrier.h) or into JetStream (app/ship/nats_carrier.h). Each lane has
 * one.
 */

/* What the carrier tells its lane. VERDICT is borrowed for the call. */
struct carrier_news {
	struct answer_verdict *verdict;
	bool has_offset;
	double offset_s; /* the receiver's clock minus ours */
};
typedef void (*carrier_done)(void *self, const struct carrier_news *news);

struct carrier_ops {
	/* Sends it. DONE follows, not from within this call. Returns 0 or a negative error. */
	int (*send)(void *self, const struct batch_slice *slice, uint8_t *items);
	/* Gives up what is under way: DONE is not called for it. */
	void (*cancel)(void *self);
	void (*free)(void *self);
};

struct carrier {
	const struct carrier_ops *ops;
	void *self;
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_WEBHOOK_DELIVERY_H
#define COLLECT_TELL_WEBHOOK_DELIVERY_H

#include "collect/tell/webhooks.h"

/*
 * Delivers the messages of one webhook, the oldest first and one at a time. One that fails is sent
 * again with the same key, after a time that grows to five minutes (ship/delivery/backoff.h), for
 * at least WEBHOOK_PATIENCE_NS. After that a message is given up when a later one of the same
 * subject waits, or when the receiver refuses it. The last message of each subject waits until it
 * is delivered, so that a receiver that comes back learns how things stand.
 */
#define WEBHOOK_PATIENCE_NS (86400 * BW_S)
#define WEBHOOK_SIGNATURE_TEXT 72

struct webhook_message {
	char *text; /* JSON; owned, free() */
	size_t length;
	char key[512];
	char signature[WEBHOOK_SIGNATURE_TEXT]; /* "sha256=HEX" of the text; "": not signed */
};

enum webhook_outcome {
	WEBHOOK_DELIVERED,
	WEBHOOK_REFUSED, /* the receiver does not want this message: an HTTP status 4xx */
	WEBHOOK_FAILED,  /* it may want it later */
};

/*
 * The next message to be sent now. Returns true and sets *RET_MESSAGE; the caller then calls
 * webhook_end(). False: there is none, or one is under way.
 */
bool webhook_begin(struct webhook *webhook, const struct store *store, struct bw_now now,
		   struct webhook_message *ret_message, struct rng *rng);

/*
 * What became of it. AFTER_NS: not again before that (Retry-After); 0: not said. Returns false when
 * the message is given up.
 */
bool webhook_end(struct webhook *webhook, const struct store *store, enum webhook_outcome outcome,
		 int64_t after_ns, struct bw_now now, struct rng *rng);

/* When webhook_begin() wants to be called; BW_NEVER: not before something else happens. */
struct bw_mono webhook_deadline(const struct webhook *webhook);

/* What an HTTP status means; 0: there was no answer. */
enum webhook_outcome webhook_judge(int status);

/* Writes "sha256=HEX", the HMAC of TEXT. */
void webhook_sign(const char *secret, const char *text, size_t length,
		  char signature[WEBHOOK_SIGNATURE_TEXT]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_EVENT_RECORD_H
#define VANTAGE_LEDGER_EVENT_RECORD_H

#include "vantage/ledger/ledger.h"

/* What an event is about. */
struct event_subject {
	enum bw_scope scope;
	uint32_t number; /* of the block, network or target */
	uint32_t target;
};

/* False for what was unknown and is found up: there was no alarm that this could end. */
bool event_record_is_due(const struct verdict_change *change);

/*
 * Puts out CHANGE of SUBJECT. OUTAGE is that of the subject: on the way to dark it takes the
 * bounds of the start, on the way out its length goes into the history.
 */
void event_record_put(struct ledger *ledger, const struct event_subject *subject,
		      const struct verdict_change *change, struct outage *outage);

/* Puts out that the event with number SEQ, to dark, was wrong. Nothing when SEQ is 0. */
void event_record_withdraw(struct ledger *ledger, const struct event_subject *subject,
			   enum bw_verdict to, uint64_t seq);

#endif

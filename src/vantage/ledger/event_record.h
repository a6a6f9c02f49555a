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

/*
 * Whether CHANGE is an event of the subject of OUTAGE. Events form a chain from one verdict that
 * was said to the next: to become unknown is none, nor is what was unknown and is found as it
 * was said to be, or up without any event before.
 */
bool event_record_is_due(const struct verdict_change *change, const struct outage *outage);

/*
 * Puts out an event record of CHANGE. OUTAGE belongs to SUBJECT and is written: on the way to
 * dark the bounds of its start, on the way out of dark its history, always event_seq.
 */
void event_record_put(struct ledger *ledger, const struct event_subject *subject,
		      const struct verdict_change *change, struct outage *outage);

/*
 * Withdraws the event to dark whose record has the number SEQ: puts out an event from dark to TO
 * at the present time. Nothing when SEQ is 0, because that event is not known.
 */
void event_record_withdraw(struct ledger *ledger, const struct event_subject *subject,
			   enum bw_verdict to, uint64_t seq);

#endif

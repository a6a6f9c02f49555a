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
 * Puts the bounds of a change to TO, which is decided at NOW, in order: earliest <= latest <= NOW.
 * Of two that contradict each other the one that rests on an answer holds: the earliest moment of
 * a silence, the latest moment of a return.
 */
void event_record_order(enum bw_verdict to, struct bw_mono now, struct bw_mono *earliest,
			struct bw_mono *latest);

/*
 * Tells CHANGE of SUBJECT, of which the last event said TOLD, and returns what it is told to be
 * now. The event leads from TOLD to change->to. That the vantage cannot tell is no event, nor that
 * it can again, nor that something is found up of which no event has told anything else. OUTAGE
 * is that of the subject: on the way to dark it takes the bounds of the start, on the way out its
 * length goes into the history.
 */
enum bw_verdict event_record_tell(struct ledger *ledger, const struct event_subject *subject,
				  enum bw_verdict told, const struct verdict_change *change,
				  struct outage *outage);

/*
 * Withdraws the last event of SUBJECT, which said TOLD. OUTAGE is as above. Returns what the
 * subject was told to be before that event; TOLD if there is none that can be undone.
 */
enum bw_verdict event_record_withdraw(struct ledger *ledger, const struct event_subject *subject,
				      enum bw_verdict told, struct outage *outage);

#endif

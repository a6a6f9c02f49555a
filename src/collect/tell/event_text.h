/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_EVENT_TEXT_H
#define COLLECT_TELL_EVENT_TEXT_H

#include "collect/tell/outage_facts.h"

/* A merged event, ready to be written. */
struct event {
	uint64_t id;
	int64_t now_ns;
	const char *target, *title; /* title NULL: not told */
	enum bw_scope scope;
	const char *subject;
	enum bw_verdict from, to;
	const struct interval *interval; /* that has begun */
	const struct outage *outage;     /* on the way out of dark; NULL: none */
	enum bw_onset onset;             /* of the outage that begins or ends */
	const char *path;                /* likewise, JSON; NULL: no trace was made */
	const struct series *series;     /* that it belongs to; or NULL */
	bool withdrawn;                  /* the event before it never was */
	const char *const *vantages;     /* that say so */
	size_t vantage_count;
};

/* Writes the members of an outage: start, end, duration_s, uncertainty_s, returns. */
void event_text_outage(struct json_out *out, const struct outage *outage);

/* Writes the members that say how an outage began: onset and path. */
void event_text_onset(struct json_out *out, enum bw_onset onset, const char *path);

/* One JSON object, owned by the caller; NULL: out of memory. */
char *event_text(const struct event *event);

#endif

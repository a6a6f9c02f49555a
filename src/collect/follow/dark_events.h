/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_DARK_EVENTS_H
#define COLLECT_FOLLOW_DARK_EVENTS_H

#include "collect/fleet.h"

/*
 * What vantages tell of an outage beside the verdict: how it began, and where the path ends. The
 * last event of each vantage and subject that leads to dark is kept, for merged outages.
 */
#define DARK_EVENTS_MAX 200000 /* of what comes later only is told what the claims say */

struct dark_event {
	uint32_t vantage;
	char *target, *subject; /* as in the event */
	enum bw_scope scope;
	char boot[FLEET_BOOT_TEXT]; /* (boot, seq) is the event's */
	uint64_t seq;
	int64_t earliest_ns, latest_ns; /* it began between these */
	enum bw_onset onset;
	char *path;         /* JSON: the object of records; NULL: no trace was made */
	unsigned path_rank; /* how much the path tells; 0: there is none */
};

struct dark_events {
	void *tree;        /* tsearch, of struct dark_event, by subject and vantage */
	struct array list; /* pointers to the same */
	uint32_t vantages; /* numbers of vantages are below */
};

void dark_events_init(struct dark_events *events);
void dark_events_fini(struct dark_events *events);

/*
 * The event of a record; or that of before with the path that a trace adds. Returns 1 with
 * *RET_EVENT, whose memory is the caller's (dark_event_fini()); 0 for a record that says nothing of
 * the kind; -ENOMEM.
 */
int dark_event_of(const struct dark_events *events, uint32_t vantage, const struct record *record,
		  struct dark_event *ret_event);

/* Whether a record is a trace that tells the path of this event, which then has it; -ENOMEM. */
int dark_event_trace(struct dark_event *event, const struct record *record);
void dark_event_fini(struct dark_event *event);

/* Copies it in the place of the last one of its vantage and subject. Returns 0 or -ENOMEM. */
int dark_events_put(struct dark_events *events, const struct dark_event *event);

/*
 * The one of a vantage and subject that (BOOT, SEQ) names; NULL: it is not the last one, or not
 * known.
 */
const struct dark_event *dark_events_by_seq(const struct dark_events *events, uint32_t vantage,
					    const char *boot, uint64_t seq);

/* What all vantages together tell of an outage of a subject. */
struct dark_summary {
	enum bw_onset onset; /* unstable where one has seen that, else abrupt, else unknown */
	const char *path;    /* of the event that tells most; NULL: none */
};

/* From events whose bounds overlap with FROM to UNTIL. The result is borrowed. */
struct dark_summary dark_events_sum(const struct dark_events *events, enum bw_scope scope,
				    const char *target, const char *subject, int64_t from_ns,
				    int64_t until_ns);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_DARK_EVENTS_H
#define COLLECT_FOLLOW_DARK_EVENTS_H

#include "collect/fleet.h"

/*
 * What vantages tell of an outage beside the verdict: how it began, and where the path ends. The
 * last events of each vantage and subject that lead to dark are kept, for merged outages: a backlog
 * brings those of many outages at once. A store keeps the last one alone, because an outage keeps
 * what was told of it.
 */
#define DARK_EVENTS_OF_ONE 256 /* the last ones of a vantage and subject */
#define DARK_EVENTS_MAX 200000 /* of what comes later only is told what the claims say */

struct dark_event {
	uint32_t vantage;
	char *target, *subject; /* as in the event */
	enum bw_scope scope;
	char boot[FLEET_BOOT_TEXT]; /* (boot, seq) is the event's */
	uint64_t seq;
	int64_t earliest_ns, latest_ns; /* it began between these */
	enum bw_onset onset;
	char *path;              /* JSON: the object of records; NULL: no trace was made */
	unsigned path_rank;      /* how much the path tells; 0: there is none */
	struct dark_event *next; /* another one of the same vantage and subject, in any order */
};

struct dark_events {
	void *tree;        /* tsearch, of the first struct dark_event of each subject and vantage */
	struct array list; /* pointers to all */
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

/*
 * Copies it to those of its vantage and subject, or in the place of the same event, to which a
 * trace has added its path. Where there is no room, the oldest one goes. Returns 0 or -ENOMEM.
 */
int dark_events_put(struct dark_events *events, const struct dark_event *event);

/*
 * The one of a vantage that (BOOT, SEQ) names; NULL: it is not known, or no longer.
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

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_COLLECTOR_H
#define COLLECT_COLLECTOR_H

#include "collect/admit.h"
#include "collect/retention.h"
#include "collect/store_watch.h"
#include "collect/target_zones.h"
#include "collect/tell/teller.h"

/*
 * What is known of the stream that the collector consumes beside HTTP. Its owner keeps it up to
 * date; the collector serves it.
 */
struct collector_stream {
	bool used, ready;
	char text[240];    /* why it is not ready, "" */
	uint64_t taken;    /* messages that were taken or known */
	uint64_t refused;  /* and those that were thrown away, because they hold no record */
	uint64_t repeated; /* deliveries of a message that had come before */
	uint64_t waiting;  /* messages in the stream that have not come yet, as last seen */
};

/*
 * The collector without I/O: requests come in by collect/api.h, everything lasting goes out by
 * the operations of a store, time is an argument.
 *
 * Several collectors may share a store. Each of them takes records, and takes what the others have
 * taken (collect/catch_up.h), so that all have the same board and the same answers. One of them
 * leads: it makes outages and events, tells webhooks, and deletes what is old. The others read
 * what it has made.
 */
struct collector {
	struct fleet fleet;
	struct seen *seen;
	struct store store;
	struct admit admit;
	struct board board;
	struct dark_events dark_events;
	struct follow follow;
	struct hourly hourly;
	struct webhooks webhooks;
	struct teller teller;
	struct target_zones zones;
	const char *read_token; /* NULL: anybody may read */
	int64_t keep_records_ns;
	struct retention retention;     /* of what was merged */
	struct bw_wall forgotten;       /* when old records were last deleted */
	bool forgets;                   /* there were more than were deleted then */
	struct bw_wall settled;         /* when repeats were last brought into claims */
	bool settles;                   /* there were more than were brought then */
	uint64_t taken, known, refused; /* records since the start */
	bool has_news;                  /* something came that is not merged yet */
	int64_t merged_ns;              /* when it was last merged */
	bool merge_failed;              /* and that failed; it is tried again */
	bool leads; /* it tells what has changed; others over its store do not */
	bool lags;  /* others have written what did not come: all is read anew */
	struct store_watch store_watch; /* whether records can be stored */
	struct collector_stream stream;
};

/*
 * Takes the store over, also after an error, and reads from it what was known; NOW is the time.
 * The fleet, the quorum of the board, the webhooks, READ_TOKEN, KEEP_RECORDS_NS and what the
 * retention keeps are set by the caller before. Returns 0; BW_ERR_VALUE with a message that names
 * what other collectors over the store have in another way (collect/agreement.h);
 * BW_ERR_UNAVAILABLE; -ENOMEM.
 */
int collector_open(struct collector *collector, struct store store, struct bw_wall now,
		   struct bw_err *err);

/* Takes the records of one request (collect/admit.h) and counts them. OUT is on the heap. */
struct admit_result collector_take(struct collector *collector, const struct fleet_member *member,
				   const char *text, size_t length, struct bw_wall now,
				   struct json_out *out);

/* Takes messages of the stream (admit_messages()) and counts them. */
struct admit_result collector_take_messages(struct collector *collector,
					    struct admit_message *messages, size_t count,
					    struct bw_wall now, char reason[ADMIT_REASON]);

/*
 * Merges what has come, and does what time brings: vantages become silent, old records are
 * deleted, the store is looked after. What is to be told then is pending in the teller. Returns
 * when it wants to be called again.
 */
struct bw_wall collector_tick(struct collector *collector, struct bw_wall now);

/* Closes the store. Accepts {0}. */
void collector_fini(struct collector *collector);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PENDING_H
#define PROBE_PENDING_H

#include "probe/outcome.h"
#include "wire/token.h"

/*
 * The probes that replies may still come for. They are found by the token that a reply
 * carries, timed out by a timing wheel, and dropped when listening ends. All memory is
 * allocated at the start.
 */
enum pending_state {
	PENDING_FREE,
	PENDING_WAITING,  /* sent, patience not ended */
	PENDING_OVERDUE,  /* reported as timed out; a reply counts as late */
	PENDING_ERRORED,  /* an ICMP error came; a reply still counts */
	PENDING_ANSWERED, /* kept so that copies are seen as duplicates */
};

struct pending_entry {
	struct bw_mono sent;
	struct probe probe;
	uint32_t brief;
	uint32_t next; /* in its hash chain, or the free list */
	uint16_t source_port;
	uint8_t state;
};

_Static_assert(sizeof(struct pending_entry) <= 56, "a probe under way takes more than 56 bytes");

struct pending;

/* For at most MAX probes (below 2^31); a reply counts for LISTEN_NS. NULL: out of memory. */
struct pending *pending_new(uint32_t max, int64_t listen_ns, struct bw_mono now);
void pending_free(struct pending *pending);

/*
 * A new entry for PROBE, in no list until pending_sent() or pending_drop().
 * NULL when all are in use.
 */
struct pending_entry *pending_add(struct pending *pending, const struct probe *probe,
				  const struct token *token);
void pending_sent(struct pending *pending, struct pending_entry *entry, struct bw_mono sent);
void pending_drop(struct pending *pending, struct pending_entry *entry);

/*
 * The entries with this token's brief form, one after the other: START is NULL
 * or the entry found before. NULL when there is no further one.
 */
struct pending_entry *pending_find(struct pending *pending, uint32_t brief,
				   const struct pending_entry *start);

/* Says that an answer came: no timeout will be reported any more. */
void pending_settle(struct pending *pending, struct pending_entry *entry,
		    enum pending_state state);

/*
 * The next probe whose patience has ended by NOW, now OVERDUE; NULL when there
 * is none. Entries whose listening has ended are dropped on the way.
 */
struct pending_entry *pending_expire(struct pending *pending, struct bw_mono now);

/* Not after the next moment at which pending_expire() has work. */
struct bw_mono pending_next(const struct pending *pending);

#endif

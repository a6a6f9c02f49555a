/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PENDING_H
#define PROBE_PENDING_H

#include <blockwatch/transport.h>

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
	PENDING_STATES,
};

/* What is kept of a probe: pending_probe() gives it back. */
struct pending_entry {
	struct bw_mono sent;
	uint32_t subject, brief;
	uint32_t next;  /* in its hash chain, or the free list */
	uint8_t dst[4]; /* the first bytes of the address; of IPv6 the others lie apart */
	uint16_t host, port;
	uint16_t source_port : 12; /* above TOKEN_PORT_FIRST: see pending_source_port() */
	uint16_t protocol : 3, is_v6 : 1;
	uint8_t tag;
	uint8_t egress : 4, client : 1;
	uint8_t state : 3; /* enum pending_state */
};

_Static_assert(sizeof(struct pending_entry) <= 32, "a probe under way takes more than 32 bytes");
_Static_assert(TOKEN_PORT_LAST - TOKEN_PORT_FIRST < 1 << 12, "a source port has 12 bits");
_Static_assert(BW_PROTOCOL_ALL < 1 << 3, "a protocol has 3 bits");
_Static_assert(BW_EGRESS_MAX <= 1 << 4, "a way out has 4 bits");
_Static_assert(PROBE_CLIENTS <= 1 << 1, "a client has 1 bit");
_Static_assert(PENDING_STATES <= 1 << 3, "a state has 3 bits");

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
/* It was sent: patience with it begins, and listening. */
void pending_sent(struct pending *pending, struct pending_entry *entry, struct bw_mono sent,
		  uint32_t patience_us);
void pending_drop(struct pending *pending, struct pending_entry *entry);

/* The probe of the entry, without what matters before it is sent: its patience, TTL and flow. */
struct probe pending_probe(const struct pending *pending, const struct pending_entry *entry);

/* 0: of a method without ports. */
uint16_t pending_source_port(const struct pending_entry *entry);

/*
 * The entries with this token's brief form, one after the other: START is NULL
 * or the entry found before. NULL when there is no further one.
 */
struct pending_entry *pending_find(struct pending *pending, uint32_t brief,
				   const struct pending_entry *start);

/* Says that an answer came: no timeout will be reported any more. */
void pending_settle(struct pending *pending, struct pending_entry *entry, enum pending_state state);

/*
 * The next probe whose patience has ended by NOW, now OVERDUE; NULL when there
 * is none. Entries whose listening has ended are dropped on the way.
 */
struct pending_entry *pending_expire(struct pending *pending, struct bw_mono now);

/* Not after the next moment at which pending_expire() has work. */
struct bw_mono pending_next(const struct pending *pending);

#endif

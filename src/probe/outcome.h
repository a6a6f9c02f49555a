/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_OUTCOME_H
#define PROBE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/addr.h>
#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "wire/reply_kind.h"

/* What became of a probe. */
#define OUTCOME_LIST(X)                                                        \
	X(OUTCOME_REPLY, "reply")     /* the probed host answered */           \
	X(OUTCOME_ERROR, "error")     /* a router or the host sent an ICMP error */ \
	X(OUTCOME_TIMEOUT, "timeout") /* patience ended; a reply may still come */ \
	X(OUTCOME_VOID, "void")       /* no evidence: it was not sent */

enum outcome_kind {
#define X(name, text) name,
	OUTCOME_LIST(X)
#undef X
};

/* Who wants a probe, and takes its outcome. */
#define PROBE_CLIENT_LIST(X)                                    \
	X(PROBE_OF_ROUND, "round")       /* subject: a block */ \
	X(PROBE_OF_SENTINEL, "sentinel") /* subject: a sentinel */

enum probe_client {
#define X(name, text) name,
	PROBE_CLIENT_LIST(X)
#undef X
};

enum {
#define X(name, text) +1
	PROBE_CLIENTS = 0 PROBE_CLIENT_LIST(X),
#undef X
};

/*
 * A probe that somebody wants. `subject`, `host` and `tag` mean what the client wants. Outcomes of
 * the engine do not repeat patience_us, ttl and flow: they are 0 there.
 */
struct probe {
	uint32_t subject;     /* the number of what it is about */
	uint32_t patience_us; /* when to say OUTCOME_TIMEOUT */
	uint16_t host;        /* which candidate of it */
	struct bw_method method;
	uint8_t client; /* enum probe_client */
	uint8_t tag;    /* of a round: the index in its evidence log */
	uint8_t egress;
	uint8_t ttl;  /* 0: the default, 64 */
	uint8_t flow; /* probes of one flow take one path (wire/token.h); 0: of none */
	struct bw_addr dst;
};

struct outcome {
	enum outcome_kind kind;
	struct probe probe;
	struct bw_mono sent;
	struct bw_mono at;   /* when it was known: received, or timed out */
	bool late;           /* a reply after its OUTCOME_TIMEOUT: takes that back */
	/* REPLY and ERROR: */
	int64_t rtt_ns;
	enum reply_kind reply;
	struct bw_addr from;
	uint8_t ttl;
	/* VOID: */
	int status; /* -errno or BW_ERR_... */
};

const char *outcome_name(enum outcome_kind kind);

#endif

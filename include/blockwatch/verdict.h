/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BLOCKWATCH_VERDICT_H
#define BLOCKWATCH_VERDICT_H

#include <stdint.h>

/* The verdict of a block, a network or a target. Only a network or target is partly dark. */
#define BW_VERDICT_LIST(X)         \
	X(BW_UNKNOWN, "unknown")   \
	X(BW_UP, "up")             \
	X(BW_FLAPPING, "flapping") \
	X(BW_DARK, "dark")         \
	X(BW_PARTLY_DARK, "partly-dark")

/* Conditions of a block beside its verdict; bits of a set. */
#define BW_CONDITION_LIST(X)                                                   \
	X(BW_SUSPECT, "suspect", "a change shows but is not confirmed") \
	X(BW_DEGRADED, "degraded", "hosts answer less often than usual") \
	X(BW_PARTIAL, "partial", "a part of the block is silent") \
	X(BW_FILTERED, "filtered", "a router says: prohibited") \
	X(BW_ICMP_FILTERED, "icmp-filtered", "a service answers, ICMP does not") \
	X(BW_LONE, "lone", "one known host") \
	X(BW_PROXY, "proxy", "one router answers for all") \
	X(BW_BORDER_ONLY, "border-only", "only the border router answers") \
	X(BW_RATE_LIMITED, "rate-limited", "answers are rationed")

/* Why a verdict is unknown; bits of a set. */
#define BW_REASON_LIST(X)                                                      \
	X(BW_WHY_NEVER_SEEN, "never-seen", "silent, and nothing is known of it beforehand") \
	X(BW_WHY_FEW_EVIDENCE, "not-enough-evidence", "too few probes to be sure") \
	X(BW_WHY_VANTAGE_OFFLINE, "vantage-offline", "gateway and references are silent") \
	X(BW_WHY_NO_SIGN_OF_LIFE, "no-sign-of-life", "nothing at all has answered this vantage") \
	X(BW_WHY_NO_ROUTE, "no-route", "the vantage has no route to it") \
	X(BW_WHY_SEND_FAILED, "send-failed", "the probes could not be sent") \
	X(BW_WHY_CAPTURE_DROPPED, "capture-dropped", "the vantage lost packets that it captured") \
	X(BW_WHY_CONNTRACK_FULL, "conntrack-full", "the connection-tracking table is full") \
	X(BW_WHY_INTERFACE_DOWN, "interface-down", "the vantage's interface is gone") \
	X(BW_WHY_SPECIAL_PURPOSE, "special-purpose", "its addresses are special-purpose") \
	X(BW_WHY_BLOCKLISTED, "blocklisted", "on the block list, never probed") \
	X(BW_WHY_FILTERED, "filtered", "a router on the way says: prohibited") \
	X(BW_WHY_SUSPENDED, "suspended", "the vantage slept for a while") \
	X(BW_WHY_FEW_HOSTS, "few-hosts", "one or two hosts are silent, perhaps off") \
	X(BW_WHY_NEXT_HOP, "next-hop-lost", "one of several next hops is silent") \
	X(BW_WHY_INTERRUPTED, "interrupted", "stopped before it was known")

/* How a block looked before it went dark: a description of the evidence, not of the cause. */
#define BW_ONSET_LIST(X)                                                       \
	X(BW_ONSET_UNKNOWN, "unknown")   /* too little is known of the time before */   \
	X(BW_ONSET_ABRUPT, "abrupt")     /* from steady to nothing at once */  \
	X(BW_ONSET_UNSTABLE, "unstable") /* loss or flaps before */

/* What leaves its usual range, and the condition that this is. */
#define BW_RANGE_LIST(X)                                                       \
	X(BW_RANGE_LOSS, "degraded")                                           \
	X(BW_RANGE_DELAY, "slow")

/* What a verdict or an event is about. */
#define BW_SCOPE_LIST(X)                                                       \
	X(BW_SCOPE_BLOCK, "block")                                             \
	X(BW_SCOPE_NETWORK, "network")                                         \
	X(BW_SCOPE_TARGET, "target")

enum bw_verdict {
#define X(name, text) name,
	BW_VERDICT_LIST(X)
#undef X
};
#define BW_VERDICTS 5
#define BW_BLOCK_VERDICTS 4 /* the first ones, which a block can have */

_Static_assert(BW_PARTLY_DARK == BW_VERDICTS - 1, "BW_VERDICTS is the number of verdicts");
_Static_assert(BW_DARK == BW_BLOCK_VERDICTS - 1, "the verdicts of blocks come first");

enum bw_condition_index {
#define X(name, text, help) name##_INDEX,
	BW_CONDITION_LIST(X)
#undef X
	BW_CONDITIONS
};
enum bw_condition {
#define X(name, text, help) name = 1 << name##_INDEX,
	BW_CONDITION_LIST(X)
#undef X
};

enum bw_reason_index {
#define X(name, text, help) name##_INDEX,
	BW_REASON_LIST(X)
#undef X
	BW_REASONS
};
enum bw_reason {
#define X(name, text, help) name = 1 << name##_INDEX,
	BW_REASON_LIST(X)
#undef X
};

enum bw_onset {
#define X(name, text) name,
	BW_ONSET_LIST(X)
#undef X
};

enum bw_range {
#define X(name, text) name,
	BW_RANGE_LIST(X)
#undef X
	BW_RANGES
};

enum bw_scope {
#define X(name, text) name,
	BW_SCOPE_LIST(X)
#undef X
};

const char *bw_verdict_name(enum bw_verdict verdict);
const char *bw_onset_name(enum bw_onset onset);
const char *bw_scope_name(enum bw_scope scope);
const char *bw_range_name(enum bw_range range);

/* The name of one condition or reason by its index; "" behind the last. */
const char *bw_condition_name(unsigned index);
const char *bw_reason_name(unsigned index);
const char *bw_condition_help(unsigned index);
const char *bw_reason_help(unsigned index);

#endif

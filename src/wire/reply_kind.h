/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_REPLY_KIND_H
#define WIRE_REPLY_KIND_H

#include <stdbool.h>

/*
 * What a reply to a probe says: the answers of the methods, then ICMP errors. The names are
 * those of records. The last column says whether the reply shows that the probed host is
 * there:
 *   ANSWER  yes: only the probed host sends it
 *   HOST    yes, when the probed host itself sends it ("nothing listens here")
 *   ERROR   no
 */
#define REPLY_KIND_LIST(X)                                          \
	X(REPLY_ECHO, "echo-reply", ANSWER)                         \
	X(REPLY_SYN_ACK, "syn-ack", ANSWER)                         \
	X(REPLY_RST, "rst", ANSWER)                                 \
	X(REPLY_NET_UNREACHABLE, "net-unreachable", ERROR)          \
	X(REPLY_HOST_UNREACHABLE, "host-unreachable", ERROR)        \
	X(REPLY_PROTOCOL_UNREACHABLE, "protocol-unreachable", HOST) \
	X(REPLY_PORT_UNREACHABLE, "port-unreachable", HOST)         \
	X(REPLY_PROHIBITED, "prohibited", ERROR)                    \
	X(REPLY_TIME_EXCEEDED, "time-exceeded", ERROR)              \
	X(REPLY_OTHER_ERROR, "other-error", ERROR)

enum reply_kind {
#define X(name, text, shows) name,
	REPLY_KIND_LIST(X)
#undef X
		REPLY_KINDS
};

/* The name, "?" for a number that is no kind. */
const char *reply_kind_name(enum reply_kind kind);

/* Whether a reply shows that the probed host is there. FROM_PROBED: the host itself sent it. */
bool reply_kind_is_answer(enum reply_kind kind, bool from_probed);

/* Whether this kind is an answer in the protocol of the probe, not an ICMP error. */
bool reply_kind_is_direct(enum reply_kind kind);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_FAILURE_H
#define SHIP_DELIVERY_FAILURE_H

/*
 * Why a batch did not arrive. The words are the keys of `failures` in positions and in
 * `vantage` records.
 */
#define FAILURE_LIST(X)                                                               \
	X(FAILURE_RESOLVE, "dns")                                                     \
	X(FAILURE_CONNECT, "connect")                                                 \
	X(FAILURE_TLS, "tls")                                                         \
	X(FAILURE_TIMEOUT, "timeout")                                                 \
	X(FAILURE_CUT, "cut")         /* the connection ended in the middle */        \
	X(FAILURE_BUSY, "busy")       /* 429 or 503 */                                \
	X(FAILURE_SERVER, "server")   /* another 5xx, an error of JetStream */        \
	X(FAILURE_SINK, "sink")       /* 401, 403, 404, 409 ...: the sink is wrong */ \
	X(FAILURE_ANSWER, "answer")   /* cannot be understood */                      \
	X(FAILURE_SIZE, "size")       /* 413: sent again in halves */                 \
	X(FAILURE_ASIDE, "set-aside") /* batches that went to spool/refused */        \
	X(FAILURE_DAMAGED, "damaged") /* lines that are no records */                 \
	X(FAILURE_REMOVED, "removed") /* batches that spool/refused had no room for */

enum failure {
#define X(name, text) name,
	FAILURE_LIST(X)
#undef X
		FAILURES
};

const char *failure_name(enum failure failure);

#endif

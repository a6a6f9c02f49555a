/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_HTTP_QUEUE_H
#define SYS_HTTP_HTTP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Private to sys/http: the order in which requests with a body are answered. In each turn of the
 * loop one with a long body is, in the order in which they came, and all with a short one. So
 * events go out between the backlogs of many senders, and what was just seen waits for one of
 * them at most. Whoever waits is suspended.
 */
struct MHD_Connection;

#define HTTP_QUEUE_SHORT ((size_t)64 << 10) /* bytes of an unpacked body: 150 records */

/* A request, from zero bytes on. */
struct http_queue_place {
	struct MHD_Connection *connection; /* suspended; NULL: it does not wait */
	struct http_queue_place *next;
	bool is_first; /* its turn has come */
};

/* From zero bytes on. */
struct http_queue {
	struct http_queue_place *first, *last; /* that wait */
	bool is_used;                          /* a long one was answered in this turn */
};

/*
 * Whether a request with a body of LENGTH bytes is to be answered now. If not, its connection is
 * suspended, and this is asked again when it goes on.
 */
bool http_queue_enter(struct http_queue *queue, struct http_queue_place *place,
		      struct MHD_Connection *connection, size_t length);

/* A turn begins: the first one that waits goes on. */
void http_queue_turn(struct http_queue *queue);

/* All that wait go on, to be closed. */
void http_queue_end(struct http_queue *queue);

#endif

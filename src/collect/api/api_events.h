/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_EVENTS_H
#define COLLECT_API_API_EVENTS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

#define API_EVENTS_PULSE_NS (15 * BW_S) /* a comment in a stream, so that nobody hangs up */

/*
 * GET /v1/events?before=ID&limit=N: merged events, newest first; 100 without a limit. With
 * Accept: text/event-stream the beginning of a stream with the same ids, from Last-Event-ID on.
 */
void api_events(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer);

/* One event as it stands in a stream, owned by the caller; NULL: out of memory. */
char *api_events_format(uint64_t id, const char *text);

#endif

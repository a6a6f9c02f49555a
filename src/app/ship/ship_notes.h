/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_NOTES_H
#define APP_SHIP_SHIP_NOTES_H

#include "app/ship/ship_sink.h"

/*
 * What people hear of a sink: one line when a kind of failure begins, not one a retry; one when
 * the sink takes records again; one for the first records that are set aside for a reason.
 */
void ship_notes_answered(struct ship_sink *sink, struct ship_lane *lane,
			 const struct answer_verdict *verdict, struct bw_wall now);
void ship_notes_aside(struct ship_sink *sink, enum failure failure, size_t lines,
		      const char *reason);

/* BATCHES of spool/refused were removed to make room, and are counted in the position. */
void ship_notes_removed(struct ship_sink *sink, size_t batches);

/* Of `--until-empty`: all is acknowledged, and stored after WAIT_NS at the latest. Once. */
void ship_notes_waiting(struct ship_sink *sink, int64_t wait_ns);

/* CODE: -errno of the open(). */
void ship_notes_unreadable(const struct ship_sink *sink, uint64_t segment, int code);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship_notes.h"

#include <inttypes.h>
#include <string.h>

#include "app/common/log.h"

static bool is_told(const struct ship_sink *sink, enum failure failure)
{
	for (int i = 0; i < SHIP_SINK_LANES; i++)
		if (sink->lanes[i].told[failure])
			return true;
	return false;
}

static void tell_failure(struct ship_sink *sink, struct ship_lane *lane,
			 const struct answer_verdict *verdict, struct bw_wall now)
{
	if (!is_told(sink, verdict->failure))
		log_warn("ship: %s: %s; it is tried again, nothing is lost", sink->conf->name,
			 verdict->text);
	lane->told[verdict->failure] = true;
	if (!sink->failing)
		sink->failing_since = now;
	sink->failing = true;
}

/* All is well again when no lane has a failure left. */
static void tell_success(struct ship_sink *sink, struct ship_lane *lane, struct bw_wall now)
{
	char lasted[BW_DURATION_TEXT];

	memset(lane->told, 0, sizeof(lane->told));
	for (int i = 0; i < FAILURES; i++)
		if (is_told(sink, (enum failure)i))
			return;
	if (sink->failing)
		log_warn("ship: %s: takes records again, after %s", sink->conf->name,
			 bw_duration_format(now.ns > sink->failing_since.ns
						    ? now.ns - sink->failing_since.ns
						    : 0,
					    lasted));
	sink->failing = false;
}

void ship_notes_answered(struct ship_sink *sink, struct ship_lane *lane,
			 const struct answer_verdict *verdict, struct bw_wall now)
{
	switch (verdict->kind) {
	case ANSWER_STORED:
		tell_success(sink, lane, now);
		break;
	case ANSWER_AGAIN:
		tell_failure(sink, lane, verdict, now);
		break;
	case ANSWER_ITEMS:
		if (answer_has_item(verdict, ANSWER_ITEM_AGAIN))
			tell_failure(sink, lane, verdict, now);
		else if (answer_has_item(verdict, ANSWER_ITEM_STORED))
			tell_success(sink, lane, now);
		break;
	case ANSWER_ASIDE:
		/* It could not be written into spool/refused. */
		if (lane_is_failing(&lane->lane))
			tell_failure(sink, lane, verdict, now);
		break;
	case ANSWER_HALVE:
		break;
	}
}

/* A line for the first, the 2nd, the 4th and so on: a receiver can refuse every batch. */
void ship_notes_aside(struct ship_sink *sink, enum failure failure, size_t lines,
		      const char *reason)
{
	uint64_t count = sink->position.failures[failure];

	if ((count & (count - 1)) != 0)
		return;
	log_warn("ship: %s: %zu record%s set aside in spool/refused: %s", sink->conf->name, lines,
		 lines == 1 ? "" : "s", reason);
}

void ship_notes_removed(struct ship_sink *sink, size_t batches)
{
	uint64_t after = sink->position.failures[FAILURE_REMOVED], before = after - batches;

	/* A line for the first, and whenever the number has doubled. */
	if (before > 0 && __builtin_clzll(before) == __builtin_clzll(after))
		return;
	log_warn("ship: %s: spool/refused is full: the %zu oldest batch%s removed, %" PRIu64
		 " in all",
		 sink->conf->name, batches, batches == 1 ? " is" : "es are", after);
}

void ship_notes_waiting(struct ship_sink *sink, int64_t wait_ns)
{
	char wait[BW_DURATION_TEXT];

	if (!sink->waits)
		log_info("ship: %s: all is acknowledged; waits until the stream has it on the "
			 "disk, or a collector confirms it: at most %s",
			 sink->conf->name, bw_duration_format(wait_ns, wait));
	sink->waits = true;
}

void ship_notes_unreadable(const struct ship_sink *sink, uint64_t segment, int code)
{
	log_warn("ship: %s: cannot read spool/records-%" PRIu64 ".jsonl: %s; it and what is behind "
		 "it waits",
		 sink->conf->name, segment, bw_error_text(code));
}

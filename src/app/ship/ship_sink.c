/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship_sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/common/log.h"
#include "app/ship/outlets.h"
#include "app/ship/ship_notes.h"
#include "app/ship/ship_position.h"
#include "sys/machine/clock.h"
#include "sys/spool/position_file.h"

#define REPLAY_NS OUTLETS_REPLAY_NS  /* the replay window */
#define LINGER_NS (5 * BW_S)         /* records wait for others so long */
#define EVENTS_LINGER_NS (BW_S / 10) /* events: they are on their way within a second */
#define WRITE_EVERY_NS BW_S
#define HURRY_NS BW_S /* from a failure to the next request, when the other lane succeeds */

/* Returns 0 or -ENOMEM. */
static int copy_targets(struct ship_sink *sink)
{
	const struct keys_texts *targets = &sink->conf->targets;

	if (targets->count == 0)
		return 0;
	sink->targets = calloc(targets->count + 1, sizeof(sink->targets[0]));
	for (size_t i = 0; sink->targets && i < targets->count; i++)
		sink->targets[i] = targets->list[i].text;
	return sink->targets ? 0 : -ENOMEM;
}

static struct filter make_filter(struct ship_sink *sink, enum filter_lane lane)
{
	const struct conf_run_sink *conf = sink->conf;
	struct filter filter = {.lane = lane};
	size_t count = 0;

	for (int i = 0; i < SPOOL_TYPES; i++)
		if (conf->types & 1U << i)
			sink->types[count++] = spool_type_name((unsigned)i);
	filter.types = count > 0 ? sink->types : NULL;
	filter.targets = sink->targets;
	return filter;
}

/* Whether the receiver has stored a record of the request. */
static bool is_success(const struct answer_verdict *verdict)
{
	return verdict->kind == ANSWER_STORED || answer_has_item(verdict, ANSWER_ITEM_STORED);
}

static void hurry_other(struct ship_sink *sink, const struct ship_lane *lane)
{
	struct ship_lane *other = &sink->lanes[lane == &sink->lanes[SHIP_SINK_REST]];

	lane_hurry(&other->lane, bw_mono_add(other->answered_at, HURRY_NS));
}

static bool may_send(void *self, const struct ship_lane *lane, bool urge, struct bw_now now)
{
	struct ship_sink *sink = self;
	struct ship_lane *events = &sink->lanes[SHIP_SINK_EVENTS];

	if (lane == events || !lane_is_failing(&events->lane))
		return true;
	if (!sink->events_tried) {
		sink->events_tried = true;
		lane_hurry(&events->lane, now.mono);
		ship_lane_wake(events, urge, now);
	}
	return !events->lane.in_flight;
}

static void answered(void *self, struct ship_lane *lane, const struct carrier_news *news)
{
	struct ship_sink *sink = self;
	const struct answer_verdict *verdict = news->verdict;
	struct bw_wall now = clock_now().wall;

	sink->dirty = true;
	if (lane == &sink->lanes[SHIP_SINK_REST])
		sink->events_tried = false;
	if (is_success(verdict))
		hurry_other(sink, lane);
	if (news->has_offset) {
		sink->position.has_offset = true;
		sink->position.clock_offset_s = news->offset_s;
	}
	if (is_success(verdict))
		sink->position.last_success = now;
	/* What is set aside was counted when it was written (set_aside()). */
	if (verdict->kind != ANSWER_STORED && verdict->failure != FAILURE_ASIDE)
		sink->position.failures[verdict->failure]++;
	ship_notes_answered(sink, lane, verdict, now);
}

static void tell_removed(struct ship_sink *sink, size_t batches)
{
	sink->position.failures[FAILURE_REMOVED] += batches;
	ship_notes_removed(sink, batches);
}

static void set_aside(void *self, enum failure failure, size_t lines, const char *reason)
{
	struct ship_sink *sink = self;

	sink->dirty = true;
	if (failure == FAILURE_REMOVED) {
		tell_removed(sink, lines);
		return;
	}
	sink->position.failures[failure]++;
	ship_notes_aside(sink, failure, lines, reason);
}

static int init_lane(struct ship_sink *sink, enum ship_sink_lane which,
		     const struct position_place *sent, const struct position_place *stored,
		     struct bw_now now)
{
	bool events = which == SHIP_SINK_EVENTS;
	const struct lane_options options = {.linger_ns = events ? EVENTS_LINGER_NS : LINGER_NS,
					     .replay_ns = REPLAY_NS,
					     .lines_max = BATCH_LINES};
	const struct ship_lane_owner owner = {sink->refused, sink->conf->name, &sink->rng, answered,
					      may_send,      set_aside,        sink};
	const struct filter filter = make_filter(sink, events ? FILTER_EVENTS : FILTER_REST);
	int code = ship_lane_init(&sink->lanes[which], &owner, sink->folder, &filter, &options);

	if (code < 0)
		return code;
	lane_start(&sink->lanes[which].lane, sent, stored, now.mono);
	if (sink->position.confirmed.ns > 0 && sink->position.confirmed.ns <= now.wall.ns)
		lane_was_confirmed(&sink->lanes[which].lane,
				   now.wall.ns - sink->position.confirmed.ns, now.mono);
	return 0;
}

int ship_sink_init(struct ship_sink *sink, const struct conf_run_sink *conf,
		   const struct ship_sink_place *place, struct bw_now now)
{
	struct position *position = &sink->position;
	struct filter filter;
	int code;

	*sink = (struct ship_sink){.conf = conf,
				   .folder = place->folder,
				   .refused = place->refused,
				   .rng = rng_of((uint64_t)now.mono.ns ^ (uint64_t)getpid())};
	sink->dirty = ship_position_read(place->folder, conf->name, place->spool, position);
	code = copy_targets(sink);
	if (code == 0)
		code = init_lane(sink, SHIP_SINK_REST, &position->sent, &position->main_stored,
				 now);
	if (code == 0)
		code = init_lane(sink, SHIP_SINK_EVENTS, &position->events_sent,
				 &position->events_stored, now);
	filter = make_filter(sink, FILTER_ALL);
	if (code == 0)
		code = backlog_init(&sink->backlog, place->folder, &filter, &position->sent);
	return code;
}

static void fill_backlog(struct ship_sink *sink, struct bw_now now)
{
	const struct lane *rest = &sink->lanes[SHIP_SINK_REST].lane;
	const struct lane *events = &sink->lanes[SHIP_SINK_EVENTS].lane;
	struct bw_wall oldest = ship_lane_oldest(&sink->lanes[SHIP_SINK_REST]);
	struct bw_wall event = ship_lane_oldest(&sink->lanes[SHIP_SINK_EVENTS]);
	struct backlog *backlog = &sink->backlog;

	if (oldest.ns == 0 || (event.ns != 0 && event.ns < oldest.ns))
		oldest = event;
	backlog_set_done(backlog, rest->done.lines + events->done.lines,
			 rest->done.bytes + events->done.bytes);
	if (ship_sink_is_done(sink))
		backlog_reset(backlog);
	sink->position.backlog.records = backlog_records(backlog);
	sink->position.backlog.bytes = backlog_bytes(backlog);
	sink->position.backlog.age_s = 0;
	if (oldest.ns != 0 && now.wall.ns > oldest.ns)
		sink->position.backlog.age_s = (double)(now.wall.ns - oldest.ns) / (double)BW_S;
}

static void fill_position(struct ship_sink *sink, struct bw_now now)
{
	const struct lane *rest = &sink->lanes[SHIP_SINK_REST].lane;
	const struct lane *events = &sink->lanes[SHIP_SINK_EVENTS].lane;
	struct position *position = &sink->position;

	position->sent = rest->sent;
	position->main_stored = rest->stored;
	position->events_sent = events->sent;
	position->events_stored = events->stored;
	position->stored =
		position_is_before(&events->stored, &rest->stored) ? events->stored : rest->stored;
	position->updated = now.wall;
	fill_backlog(sink, now);
}

static void write_position(struct ship_sink *sink, struct bw_now now)
{
	struct bw_err err = {0};
	int code;

	fill_position(sink, now);
	code = position_file_write(sink->folder, &sink->position, &err);
	sink->written = now.mono;
	sink->dirty = code < 0;
	if (code < 0 && !sink->write_failed)
		log_error("ship", &err);
	sink->write_failed = code < 0;
}

void ship_sink_fini(struct ship_sink *sink)
{
	if (sink->conf && sink->dirty)
		write_position(sink, clock_now());
	for (int i = 0; i < SHIP_SINK_LANES; i++)
		ship_lane_fini(&sink->lanes[i]);
	backlog_fini(&sink->backlog);
	free(sink->targets);
	sink->targets = NULL;
}

static bool has_moved(const struct ship_sink *sink)
{
	const struct lane *rest = &sink->lanes[SHIP_SINK_REST].lane;
	const struct lane *events = &sink->lanes[SHIP_SINK_EVENTS].lane;
	const struct position *position = &sink->position;

	return position_is_before(&position->sent, &rest->sent) ||
	       position_is_before(&position->main_stored, &rest->stored) ||
	       position_is_before(&position->events_sent, &events->sent) ||
	       position_is_before(&position->events_stored, &events->stored);
}

/* What is sent again waits again. */
static void rewind_backlog(struct ship_sink *sink)
{
	const struct lane *rest = &sink->lanes[SHIP_SINK_REST].lane;
	const struct lane *events = &sink->lanes[SHIP_SINK_EVENTS].lane;

	backlog_set_done(&sink->backlog, rest->done.lines + events->done.lines,
			 rest->done.bytes + events->done.bytes);
	backlog_rewind(&sink->backlog, position_is_before(&events->stored, &rest->stored)
					       ? &events->stored
					       : &rest->stored);
}

void ship_sink_peer(struct ship_sink *sink, const char *peer, struct bw_mono now)
{
	struct position *position = &sink->position;

	if (!peer[0] || strcmp(peer, position->peer) == 0)
		return;
	if (position->peer[0])
		log_warn("ship: %s: the stream is new, or its server has restarted: what is not "
			 "known to be stored is sent again",
			 sink->conf->name);
	for (int i = 0; i < SHIP_SINK_LANES && position->peer[0]; i++) {
		sink->lanes[i].carrier.ops->cancel(sink->lanes[i].carrier.self);
		lane_rewind(&sink->lanes[i].lane, now);
	}
	if (position->peer[0])
		rewind_backlog(sink);
	snprintf(position->peer, sizeof(position->peer), "%s", peer);
	sink->confirmed = 0;
	sink->dirty = true;
}

void ship_sink_confirm(struct ship_sink *sink, uint64_t sequence, struct bw_now now)
{
	if (sequence <= sink->confirmed)
		return;
	sink->confirmed = sequence;
	sink->position.confirmed = now.wall;
	for (int i = 0; i < SHIP_SINK_LANES; i++)
		lane_confirm(&sink->lanes[i].lane, sequence, now.mono);
	sink->dirty = true;
}

int ship_sink_unreadable(const struct ship_sink *sink, uint64_t *ret_segment)
{
	int code = 0;

	for (int i = 0; i < SHIP_SINK_LANES && code == 0; i++)
		code = reader_error(sink->lanes[i].reader, ret_segment);
	return code;
}

static void tell_unreadable(struct ship_sink *sink)
{
	uint64_t segment;
	int code = ship_sink_unreadable(sink, &segment);

	if (code < 0 && !sink->unreadable)
		ship_notes_unreadable(sink, segment, code);
	sink->unreadable = code < 0;
}

void ship_sink_wake(struct ship_sink *sink, bool urge, struct bw_now now)
{
	int64_t found = sink->backlog.found_records;

	for (int i = SHIP_SINK_LANES - 1; i >= 0; i--)
		ship_lane_wake(&sink->lanes[i], urge, now);
	tell_unreadable(sink);
	sink->backlog.more = backlog_look(&sink->backlog);
	sink->dirty |= has_moved(sink) || sink->backlog.found_records != found;
	if (sink->dirty && bw_mono_since(now.mono, sink->written) >= WRITE_EVERY_NS)
		write_position(sink, now);
}

struct bw_mono ship_sink_deadline(const struct ship_sink *sink, struct bw_now now)
{
	const struct ship_lane *events = &sink->lanes[SHIP_SINK_EVENTS];
	struct bw_mono next = sink->backlog.more ? now.mono : BW_NEVER;

	if (sink->dirty)
		next = bw_mono_min(next, bw_mono_add(sink->written, WRITE_EVERY_NS));
	next = bw_mono_min(next, ship_lane_deadline(events, now.mono));
	/* The other lane waits for the answer to the events. */
	if (sink->events_tried && events->lane.in_flight)
		return next;
	return bw_mono_min(next, ship_lane_deadline(&sink->lanes[SHIP_SINK_REST], now.mono));
}

uint64_t ship_sink_aside(const struct ship_sink *sink)
{
	uint64_t lines = 0;

	for (int i = 0; i < SHIP_SINK_LANES; i++)
		lines += sink->lanes[i].lane.done.aside;
	return lines;
}

uint64_t ship_sink_delivered(const struct ship_sink *sink)
{
	uint64_t lines = 0;

	for (int i = 0; i < SHIP_SINK_LANES; i++)
		lines += sink->lanes[i].lane.done.lines;
	return lines - ship_sink_aside(sink);
}

bool ship_sink_is_done(const struct ship_sink *sink)
{
	for (int i = 0; i < SHIP_SINK_LANES; i++)
		if (!ship_lane_is_done(&sink->lanes[i]))
			return false;
	return true;
}

struct bw_mono ship_sink_stored_at(const struct ship_sink *sink)
{
	struct bw_mono at = {0};

	for (int i = 0; i < SHIP_SINK_LANES && sink->conf->type == CONF_RUN_NATS; i++)
		at = bw_mono_max(at, lane_stored_at(&sink->lanes[i].lane));
	return at;
}

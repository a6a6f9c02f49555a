/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship_lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ship/line.h"
#include "sys/machine/clock.h"

static int next(void *self, const char **ret_line, size_t *ret_length,
		struct position_place *ret_end)
{
	struct ship_lane *lane = self;

	return reader_next(lane->reader, ret_line, ret_length, ret_end);
}

static void seek(void *self, const struct position_place *place)
{
	struct ship_lane *lane = self;

	reader_seek(lane->reader, place);
}

static size_t count_lines(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\n';
	return count ? count : 1;
}

static int put_aside(struct ship_lane *lane, enum failure failure, struct refused_batch *batch)
{
	const struct ship_lane_owner *owner = &lane->owner;
	struct refused *refused = owner->refused;
	const uint64_t removed = refused->removed;
	int code;

	batch->sink = owner->sink;
	code = refused_put(refused, batch, clock_now());
	if (refused->removed > removed)
		owner->set_aside(owner->self, FAILURE_REMOVED, refused->removed - removed, "");
	if (code == 0)
		owner->set_aside(owner->self, failure, count_lines(batch->lines, batch->length),
				 batch->reason);
	return code;
}

/* The lines that are judged so, and their reasons, one behind the other. */
struct chosen {
	char *lines;
	const char **reasons;
	size_t length, count;
};

static void choose(struct chosen *chosen, const struct batch_slice *slice,
		   const struct answer_verdict *verdict)
{
	for (size_t i = 0; i < slice->count; i++) {
		size_t length;
		const char *line = batch_slice_line(slice, i, &length);

		if (verdict->items[i] != ANSWER_ITEM_ASIDE)
			continue;
		memcpy(chosen->lines + chosen->length, line, length);
		chosen->length += length;
		chosen->reasons[chosen->count++] = reasons_of(verdict->reasons, i);
	}
}

static int aside_items(struct ship_lane *lane, const struct batch_slice *slice,
		       const struct answer_verdict *verdict)
{
	struct refused_batch batch = {.reason = verdict->text};
	struct chosen chosen = {.length = 0};
	size_t length;
	int code = -ENOMEM;

	batch_slice_bytes(slice, &length);
	chosen.lines = malloc(length);
	chosen.reasons = calloc(slice->count, sizeof(chosen.reasons[0]));
	if (chosen.lines && chosen.reasons) {
		choose(&chosen, slice, verdict);
		if (chosen.reasons[0])
			batch.reason = chosen.reasons[0];
		batch.lines = chosen.lines;
		batch.length = chosen.length;
		batch.reasons = verdict->reasons ? chosen.reasons : NULL;
		batch.reason_count = chosen.count;
		code = put_aside(lane, FAILURE_ASIDE, &batch);
	}
	free(chosen.lines);
	free(chosen.reasons);
	return code;
}

static int aside(void *self, const struct batch_slice *slice, const struct answer_verdict *verdict)
{
	struct refused_batch batch = {.reason = verdict->text};

	if (verdict->kind == ANSWER_ITEMS)
		return aside_items(self, slice, verdict);
	batch.lines = batch_slice_bytes(slice, &batch.length);
	return put_aside(self, FAILURE_ASIDE, &batch);
}

/* Damaged bytes cannot be sent anywhere: if they cannot be kept either, they are counted. */
static void damaged(void *self, const char *bytes, size_t length)
{
	struct refused_batch batch = {.lines = bytes, .length = length, .reason = "damaged"};
	struct ship_lane *lane = self;

	if (put_aside(lane, FAILURE_DAMAGED, &batch) < 0)
		lane->owner.set_aside(lane->owner.self, FAILURE_DAMAGED, count_lines(bytes, length),
				      "damaged");
}

int ship_lane_init(struct ship_lane *lane, const struct ship_lane_owner *owner, int folder,
		   const struct filter *filter, const struct lane_options *options)
{
	static const struct lane_ops ops = {next, seek, aside};
	int code;

	*lane = (struct ship_lane){.owner = *owner, .filter = *filter};
	code = reader_new(folder, &lane->filter, damaged, lane, &lane->reader);
	if (code == 0)
		code = lane_init(&lane->lane, &ops, lane, options);
	lane->has_lane = code == 0;
	return code;
}

void ship_lane_fini(struct ship_lane *lane)
{
	if (lane->carrier.ops)
		lane->carrier.ops->free(lane->carrier.self);
	if (lane->has_lane)
		lane_fini(&lane->lane);
	reader_free(lane->reader);
	*lane = (struct ship_lane){0};
}

void ship_lane_answered(void *self, const struct carrier_news *news)
{
	struct ship_lane *lane = self;

	lane->answered_at = clock_now().mono;
	lane_answer(&lane->lane, news->verdict, lane->answered_at, lane->owner.rng);
	lane->owner.answered(lane->owner.self, lane, news);
}

/* A request that cannot even be made: as one that failed. */
static void fail(struct ship_lane *lane, int code)
{
	struct answer answer = {.failure = FAILURE_CONNECT, .text = bw_error_text(code)};
	struct answer_verdict verdict = {.items = lane->lane.items, .count = lane->lane.count};
	const struct carrier_news news = {&verdict, false, 0};

	answer_judge(&answer, FRAMING_NDJSON, &verdict);
	ship_lane_answered(lane, &news);
}

void ship_lane_wake(struct ship_lane *lane, bool urge, struct bw_now now)
{
	struct batch_slice slice;
	bool whole;
	int code;

	lane_fill(&lane->lane, now.mono);
	whole = urge && lane->lane.dry;
	if (lane_is_due(&lane->lane, whole, now.mono) &&
	    lane->owner.may_send(lane->owner.self, lane, urge, now) &&
	    lane_want(&lane->lane, whole, now.mono, &slice)) {
		code = lane->carrier.ops->send(lane->carrier.self, &slice, lane->lane.items);
		if (code < 0)
			fail(lane, code);
		else
			lane_fill(&lane->lane, now.mono);
	}
	lane_tick(&lane->lane, now.mono);
}

struct bw_mono ship_lane_deadline(const struct ship_lane *lane, struct bw_mono now)
{
	/* More of the spool is to be looked at, in another turn of the loop. */
	if (reader_is_behind(lane->reader) && lane->lane.dry)
		return now;
	return lane_deadline(&lane->lane);
}

bool ship_lane_is_done(const struct ship_lane *lane)
{
	return lane_is_empty(&lane->lane) && !reader_is_behind(lane->reader);
}

struct bw_wall ship_lane_oldest(const struct ship_lane *lane)
{
	const struct lane *pure = &lane->lane;
	const struct batch *batch = pure->has_sending ? &pure->sending : &pure->filling;
	struct ship_line line;

	if (batch->count == 0 || ship_line_scan(batch->bytes + batch->lines[0].offset,
						batch->lines[0].length, &line) < 0)
		return (struct bw_wall){0};
	return ship_line_time(&line);
}

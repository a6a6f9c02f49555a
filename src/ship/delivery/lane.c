/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/lane.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ship/line.h"

/*
 * The way of a line: the spool -> `filling` -> `sending` -> acknowledged. `sent` is the place up
 * to which everything is acknowledged (or set aside). `stored` follows it after the replay window,
 * or when the receiver confirms it.
 *
 * `sending` is sent in slices, normally in one. A receiver that finds it too large (413) gets half
 * of it, and after LIMIT_GROWS good requests twice as much again. When an answer judges each
 * line, the lines that are stored leave the batch and only the others are sent again.
 *
 * `sent` moves only when all of `sending` is done. A restart in the middle repeats at most one
 * batch, and the receiver knows the repeated records by (vantage, boot, seq).
 */

#define LIMIT_GROWS 16

int lane_init(struct lane *lane, const struct lane_ops *ops, void *self,
	      const struct lane_options *options)
{
	*lane = (struct lane){.ops = ops,
			      .self = self,
			      .options = *options,
			      .limit = options->lines_max,
			      .items = malloc(BATCH_LINES)};
	window_init(&lane->window, options->replay_ns);
	if (lane->items && batch_init(&lane->filling) == 0 && batch_init(&lane->sending) == 0)
		return 0;
	lane_fini(lane);
	return -ENOMEM;
}

void lane_fini(struct lane *lane)
{
	batch_fini(&lane->filling);
	batch_fini(&lane->sending);
	free(lane->items);
	lane->items = NULL;
}

static void drop_batches(struct lane *lane)
{
	batch_clear(&lane->filling);
	batch_clear(&lane->sending);
	lane->has_sending = lane->in_flight = false;
}

void lane_start(struct lane *lane, const struct position_place *sent,
		const struct position_place *stored, struct bw_mono now)
{
	lane->sent = lane->read = *sent;
	lane->stored = *stored;
	lane->sequence = lane->confirmed = 0;
	drop_batches(lane);
	window_clear(&lane->window);
	/* What an earlier run had acknowledged: when is not known, so it counts from now. */
	window_add(&lane->window,
		   &(struct window_mark){now, *sent, WINDOW_NO_SEQUENCE, lane->done});
	lane->ops->seek(lane->self, sent);
}

/* All up to MARK is stored. */
static void take_mark(struct lane *lane, const struct window_mark *mark)
{
	lane->stored = mark->place;
	lane->stored_done = mark->done;
}

static void confirm(struct lane *lane)
{
	struct window_mark mark;

	if (window_confirm(&lane->window, lane->confirmed, &mark))
		take_mark(lane, &mark);
}

/* All that is sent is stored. */
static void set_stored(struct lane *lane)
{
	lane->stored = lane->sent;
	lane->stored_done = lane->done;
	window_clear(&lane->window);
}

static void move_sent(struct lane *lane, const struct position_place *place, struct bw_mono now)
{
	if (position_is_same(&lane->sent, place))
		return;
	lane->sent = *place;
	window_add(&lane->window,
		   &(struct window_mark){now, *place,
					 lane->sequence ? lane->sequence : WINDOW_NO_SEQUENCE,
					 lane->done});
	confirm(lane);
}

/* Lines that are not for this lane need no acknowledgement. */
static void skip(struct lane *lane, struct bw_mono now)
{
	bool all_stored = position_is_same(&lane->stored, &lane->sent);

	move_sent(lane, &lane->read, now);
	if (all_stored)
		set_stored(lane);
}

void lane_fill(struct lane *lane, struct bw_mono now)
{
	const char *line;
	size_t length;

	lane->dry = false;
	while (batch_has_room(&lane->filling, BATCH_LINE_MAX)) {
		if (lane->ops->next(lane->self, &line, &length, &lane->read) == 0) {
			lane->dry = true;
			break;
		}
		if (lane->filling.count == 0)
			lane->since = now;
		batch_add(&lane->filling, line, length);
	}
	if (lane->filling.count == 0 && !lane->has_sending)
		skip(lane, now);
}

/* When the batch that is being filled may go. */
static struct bw_mono filled_at(const struct lane *lane)
{
	if (lane->filling.count == 0)
		return BW_NEVER;
	if (!batch_has_room(&lane->filling, BATCH_LINE_MAX))
		return lane->since;
	return bw_mono_add(lane->since, lane->options.linger_ns);
}

static void begin_slice(struct lane *lane)
{
	size_t left = lane->sending.count - lane->first;

	lane->count = left < lane->limit ? left : lane->limit;
}

static void close_filling(struct lane *lane)
{
	struct batch emptied = lane->sending;

	lane->sending = lane->filling;
	lane->filling = emptied;
	batch_clear(&lane->filling);
	lane->sending_end = lane->read;
	lane->has_sending = true;
	lane->first = 0;
}

bool lane_is_due(const struct lane *lane, bool urge, struct bw_mono now)
{
	if (lane->in_flight || bw_mono_before(now, lane->retry_at))
		return false;
	return lane->has_sending ||
	       (lane->filling.count > 0 && (urge || !bw_mono_before(now, filled_at(lane))));
}

bool lane_is_failing(const struct lane *lane)
{
	return lane->backoff.failures > 0;
}

void lane_hurry(struct lane *lane, struct bw_mono at)
{
	lane->retry_at = bw_mono_min(lane->retry_at, bw_mono_max(at, lane->not_before));
}

bool lane_want(struct lane *lane, bool urge, struct bw_mono now, struct batch_slice *ret_slice)
{
	if (!lane_is_due(lane, urge, now))
		return false;
	if (!lane->has_sending)
		close_filling(lane);
	begin_slice(lane);
	lane->in_flight = true;
	*ret_slice = (struct batch_slice){&lane->sending, lane->first, lane->count};
	return true;
}

static void wait(struct lane *lane, int64_t retry_after_ns, struct bw_mono now, struct rng *rng)
{
	lane->not_before = bw_mono_add(now, retry_after_ns);
	lane->retry_at = bw_mono_add(now, backoff_fail(&lane->backoff, retry_after_ns, rng));
}

static void grow_limit(struct lane *lane)
{
	if (lane->limit >= lane->options.lines_max || ++lane->good < LIMIT_GROWS)
		return;
	lane->good = 0;
	lane->limit = lane->limit * 2 < lane->options.lines_max ? lane->limit * 2
								: lane->options.lines_max;
}

static void finish_batch(struct lane *lane, struct bw_mono now)
{
	lane->has_sending = false;
	batch_clear(&lane->sending);
	move_sent(lane, lane->filling.count == 0 ? &lane->read : &lane->sending_end, now);
}

/* The slice is done: delivered, or set aside. */
static void pass_slice(struct lane *lane, struct bw_mono now)
{
	const struct batch_slice slice = {&lane->sending, lane->first, lane->count};
	size_t bytes;

	batch_slice_bytes(&slice, &bytes);
	lane->done.bytes += bytes;
	lane->done.lines += lane->count;
	backoff_reset(&lane->backoff);
	grow_limit(lane);
	lane->first += lane->count;
	if (lane->first >= lane->sending.count)
		finish_batch(lane, now);
}

/* Whether our collector's answer says that all up to the last line of the slice is stored. */
static bool confirms_slice(const struct lane *lane, const struct answer_verdict *verdict)
{
	const struct batch_slice slice = {&lane->sending, lane->first, lane->count};
	struct ship_line line;
	size_t length;
	const char *text = batch_slice_line(&slice, slice.count - 1, &length);

	return verdict->stored_boot[0] && ship_line_scan(text, length, &line) == 0 &&
	       ship_text_is(&line.boot, verdict->stored_boot) && line.seq == verdict->stored_seq;
}

static int set_slice_aside(struct lane *lane, const struct answer_verdict *verdict)
{
	const struct batch_slice slice = {&lane->sending, lane->first, lane->count};

	return lane->ops->aside(lane->self, &slice, verdict);
}

/* Sets the refused lines of the slice aside. Lines that cannot be are sent again. */
static void set_items_aside(struct lane *lane, const struct answer_verdict *verdict)
{
	if (!answer_has_item(verdict, ANSWER_ITEM_ASIDE) || set_slice_aside(lane, verdict) == 0)
		return;
	for (size_t i = 0; i < lane->count; i++)
		if (verdict->items[i] == ANSWER_ITEM_ASIDE)
			verdict->items[i] = ANSWER_ITEM_AGAIN;
}

/* Takes the lines that are done out of the batch. Returns how many of the slice are left. */
static size_t keep_unfinished(struct lane *lane, const uint8_t *items, size_t *ret_stored)
{
	bool keep[BATCH_LINES];
	size_t left = 0;

	*ret_stored = 0;
	for (size_t i = 0; i < lane->sending.count; i++) {
		bool inside = i >= lane->first && i < lane->first + lane->count;
		unsigned item = inside ? items[i - lane->first] : ANSWER_ITEM_AGAIN;

		keep[i] = i >= lane->first && item == ANSWER_ITEM_AGAIN;
		left += inside && keep[i];
		lane->done.lines += inside && !keep[i];
		lane->done.bytes += inside && !keep[i] ? lane->sending.lines[i].length : 0;
		lane->done.aside += inside && item == ANSWER_ITEM_ASIDE;
		*ret_stored += inside && item == ANSWER_ITEM_STORED;
	}
	batch_keep(&lane->sending, keep);
	lane->first = 0;
	return left;
}

static void take_items(struct lane *lane, const struct answer_verdict *verdict, struct bw_mono now,
		       struct rng *rng)
{
	size_t stored, left;

	set_items_aside(lane, verdict);
	left = keep_unfinished(lane, verdict->items, &stored);
	lane->count = left;
	if (stored > 0)
		backoff_reset(&lane->backoff);
	if (left > 0)
		wait(lane, verdict->retry_after_ns, now, rng);
	else
		pass_slice(lane, now);
}

void lane_answer(struct lane *lane, const struct answer_verdict *verdict, struct bw_mono now,
		 struct rng *rng)
{
	bool confirmed;

	assert(lane->in_flight);
	lane->in_flight = false;
	if (verdict->sequence > lane->sequence)
		lane->sequence = verdict->sequence;
	confirmed = confirms_slice(lane, verdict);
	switch (verdict->kind) {
	case ANSWER_STORED:
		pass_slice(lane, now);
		break;
	case ANSWER_ITEMS:
		take_items(lane, verdict, now, rng);
		break;
	case ANSWER_AGAIN:
		wait(lane, verdict->retry_after_ns, now, rng);
		break;
	case ANSWER_HALVE:
		lane->limit = lane->count > 1 ? lane->count / 2 : 1;
		lane->good = 0;
		break;
	case ANSWER_ASIDE:
		if (set_slice_aside(lane, verdict) < 0) {
			wait(lane, 0, now, rng);
			break;
		}
		lane->done.aside += lane->count;
		pass_slice(lane, now);
		break;
	}
	if (confirmed && !lane->has_sending)
		set_stored(lane);
}

/* Whether a collector confirms what is stored. */
static bool is_confirmed(const struct lane *lane, struct bw_mono now)
{
	return bw_mono_before(now, lane->confirms_until);
}

bool lane_tick(struct lane *lane, struct bw_mono now)
{
	struct window_mark mark;

	if (is_confirmed(lane, now) || !window_pass(&lane->window, now, &mark))
		return false;
	take_mark(lane, &mark);
	return true;
}

void lane_confirm(struct lane *lane, uint64_t sequence, struct bw_mono now)
{
	lane_was_confirmed(lane, 0, now);
	if (sequence <= lane->confirmed)
		return;
	lane->confirmed = sequence;
	confirm(lane);
}

void lane_was_confirmed(struct lane *lane, int64_t ns, struct bw_mono now)
{
	lane->confirms_until = bw_mono_add(now, LANE_CONFIRMS_NS - ns);
}

void lane_rewind(struct lane *lane, struct bw_mono now)
{
	const struct position_place stored = lane->stored;

	lane->done = lane->stored_done;
	lane_start(lane, &stored, &stored, now);
}

struct bw_mono lane_deadline(const struct lane *lane)
{
	struct bw_mono next = bw_mono_max(window_deadline(&lane->window), lane->confirms_until);

	if (lane->in_flight)
		return next;
	if (lane->has_sending)
		return bw_mono_min(next, lane->retry_at);
	return bw_mono_min(next, bw_mono_max(filled_at(lane), lane->retry_at));
}

struct bw_mono lane_stored_at(const struct lane *lane)
{
	if (position_is_same(&lane->stored, &lane->sent))
		return (struct bw_mono){0};
	return window_end(&lane->window);
}

bool lane_is_empty(const struct lane *lane)
{
	return lane->dry && lane->filling.count == 0 && !lane->has_sending;
}

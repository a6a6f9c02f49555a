/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_sender.h"

#define REACH_NS BW_S           /* an answer that was lost belongs to a probe no older than this */
#define REDO_WAIT_NS (2 * BW_S) /* from the last place of an attempt to the next attempt */
#define SCAN_MAX 16384          /* places examined in one claim when asking again */

/* A counter with one writer: no locked instruction. */
static void add(_Atomic uint64_t *counter, uint64_t count)
{
	atomic_store_explicit(counter, sweep_sender_load(counter) + count, memory_order_relaxed);
}

static bool is_repetition(const struct sweep_sender *sender)
{
	return sender->attempt % sender->layout->attempts > 0;
}

static void note_progress(struct sweep_sender *sender)
{
	atomic_store_explicit(&sender->progress,
			      sweep_layout_place(sender->layout, sender->attempt, sender->cursor),
			      memory_order_relaxed);
}

int sweep_sender_init(struct sweep_sender *sender, const struct sweep_layout *layout,
		      const struct sweep_marks *marks, double rate_pps, int64_t pause_ns,
		      struct bw_mono now)
{
	sender->layout = layout;
	sender->marks = marks;
	sender->pause_ns = pause_ns;
	sender->paced_pps = rate_pps;
	sender->pacer = pacer_of(rate_pps, now);
	sender->rate = sweep_rate_of(rate_pps, now);
	sender->last_fill = now;
	sender->phase = layout->span ? SWEEP_ASKING : SWEEP_OVER;
	sender->over_ns = layout->span ? SWEEP_NEVER_NS : now.ns;
	return sweep_log_init(&sender->log);
}

void sweep_sender_fini(struct sweep_sender *sender)
{
	sweep_log_fini(&sender->log);
}

int sweep_sender_resume(struct sweep_sender *sender, uint32_t pass, uint64_t cursor, uint64_t until)
{
	if (pass > sender->layout->passes || cursor > sender->layout->span ||
	    (pass == sender->layout->passes && cursor > 0))
		return BW_ERR_VALUE;
	if (pass == sender->layout->passes) {
		sender->phase = SWEEP_OVER;
		sender->over_ns = sender->last_fill.ns;
	}
	sender->attempt = pass * sender->layout->attempts;
	sender->cursor = cursor;
	sender->resumed_until = until;
	note_progress(sender);
	return 0;
}

static void start_attempt(struct sweep_sender *sender, uint32_t attempt)
{
	sender->redo = sender->coming;
	sender->coming.count = 0;
	sender->attempt = attempt;
	sender->cursor = 0;
	sender->resumed_until = 0;
	sender->phase = SWEEP_ASKING;
	note_progress(sender);
}

/* All places of a pass have been asked. */
static void end_pass(struct sweep_sender *sender, struct bw_mono now)
{
	sender->coming.count = 0;
	if (sweep_layout_pass(sender->layout, sender->attempt) + 1 < sender->layout->passes) {
		sender->phase = SWEEP_PAUSING;
		sender->until = bw_mono_add(now, sender->pause_ns);
		return;
	}
	sender->phase = SWEEP_OVER;
	/* After the counters: a reader that sees the end sees their final values. */
	atomic_store_explicit(&sender->over_ns, sender->last_fill.ns, memory_order_release);
}

static void end_attempt(struct sweep_sender *sender, struct bw_mono now)
{
	bool last = sender->attempt % sender->layout->attempts == sender->layout->attempts - 1;

	if (last) {
		end_pass(sender, now);
		return;
	}
	sender->phase = SWEEP_WAITING;
	sender->until = bw_mono_add(now, REDO_WAIT_NS);
}

static void advance(struct sweep_sender *sender, struct bw_mono now)
{
	if (sender->phase == SWEEP_WAITING && !bw_mono_before(now, sender->until)) {
		if (sender->coming.count > 0)
			start_attempt(sender, sender->attempt + 1);
		else
			end_pass(sender, now);
	}
	if (sender->phase == SWEEP_PAUSING && !bw_mono_before(now, sender->until))
		start_attempt(sender, (sweep_layout_pass(sender->layout, sender->attempt) + 1) *
					      sender->layout->attempts);
}

static bool is_answered(const struct sweep_sender *sender, uint64_t cursor)
{
	unsigned method;
	uint64_t number = sweep_layout_number(sender->layout, cursor, &method);
	uint32_t pass = sweep_layout_pass(sender->layout, sender->attempt);

	return sweep_marks_has(sender->marks, sweep_layout_layer(sender->layout, pass, method),
			       number);
}

/*
 * Moves the cursor to the next place to ask. Returns false at the end of the attempt, or
 * when *LOOKS, a limit for the places that need not be asked again, has come to 0.
 */
static bool seek(struct sweep_sender *sender, unsigned *looks)
{
	if (!is_repetition(sender)) {
		while (*looks > 0 && sender->cursor < sender->resumed_until &&
		       is_answered(sender, sender->cursor)) {
			sender->cursor++;
			(*looks)--;
		}
		return *looks > 0 && sender->cursor < sender->layout->span;
	}
	while (*looks > 0 && sweep_redo_next(&sender->redo, sender->cursor, &sender->cursor)) {
		if (!is_answered(sender, sender->cursor))
			return true;
		sender->cursor++;
		(*looks)--;
	}
	if (*looks > 0)
		sender->cursor = sender->layout->span;
	return false;
}

/* The log is a straight line between two points only where sending did not wait. */
static void log_attempt(struct sweep_sender *sender, struct bw_mono now)
{
	uint64_t place = sweep_layout_place(sender->layout, sender->attempt, sender->cursor);
	bool new_slot = now.ns / SWEEP_SLOT_NS != sender->last_fill.ns / SWEEP_SLOT_NS;
	bool gap = bw_mono_since(now, sender->last_fill) > 2 * SWEEP_LOG_STEP_NS;

	if (gap)
		sweep_log_add(&sender->log, place, sender->last_fill, true);
	sweep_log_add(&sender->log, place, now, gap || new_slot || sender->cursor == 0);
	sender->last_fill = now;
}

static void take_places(struct sweep_sender *sender, size_t max, struct packet_claim *claim)
{
	unsigned looks = SCAN_MAX;
	uint64_t again = 0;

	while (claim->count < max && seek(sender, &looks)) {
		again += is_repetition(sender) || sender->cursor < sender->resumed_until;
		claim->numbers[claim->count++] = sender->cursor++;
	}
	add(&sender->claimed, claim->count);
	add(&sender->again, again);
	note_progress(sender);
}

size_t sweep_sender_claim(struct sweep_sender *sender, struct bw_mono now, size_t max,
			  struct packet_claim *ret_claim)
{
	uint32_t allowed;

	advance(sender, now);
	if (sender->phase != SWEEP_ASKING || sender->rate.held)
		return 0;
	allowed =
		pacer_take(&sender->pacer, now, max < BW_BATCH_MAX ? (uint32_t)max : BW_BATCH_MAX);
	if (allowed == 0)
		return 0;
	log_attempt(sender, now);
	ret_claim->group = sender->attempt;
	ret_claim->at = now;
	ret_claim->count = 0;
	take_places(sender, allowed, ret_claim);
	pacer_give_back(&sender->pacer, allowed - ret_claim->count);
	if (sender->cursor >= sender->layout->span)
		end_attempt(sender, now);
	return ret_claim->count;
}

void sweep_sender_sent(struct sweep_sender *sender, const struct packet_claim *claim,
		       const struct bw_tx *batch, size_t count)
{
	uint64_t sent = 0, refused = 0, failed;

	for (size_t i = 0; i < count; i++) {
		sent += batch[i].status == 0;
		refused += batch[i].status == BW_ERR_BLOCKLISTED ||
			   batch[i].status == BW_ERR_SPECIAL_PURPOSE;
	}
	failed = claim->count - sent - refused;
	add(&sender->refused, refused);
	add(&sender->send_errors, failed);
	add(&sender->sent, sent);
	if (failed > 0 && claim->group == sender->attempt)
		sweep_redo_add(&sender->coming, claim->numbers[0],
			       claim->numbers[claim->count - 1] + 1);
}

struct bw_mono sweep_sender_deadline(const struct sweep_sender *sender, struct bw_mono now)
{
	switch (sender->phase) {
	case SWEEP_ASKING:
		if (sender->rate.held)
			return bw_mono_add(now, PACKET_OBSERVE_NS);
		return pacer_next(&sender->pacer);
	case SWEEP_WAITING:
	case SWEEP_PAUSING:
		return sender->until;
	case SWEEP_OVER:
		return BW_NEVER;
	}
	return BW_NEVER;
}

/* The places of this attempt that were asked just before an answer was lost. */
static void note_loss(struct sweep_sender *sender, struct bw_mono now)
{
	uint64_t begin = sweep_layout_place(sender->layout, sender->attempt, 0), first;

	if (sender->cursor == 0)
		return;
	first = sweep_log_place(&sender->log, (struct bw_mono){now.ns - REACH_NS});
	if (first == UINT64_MAX)
		return;
	first = first > begin ? first - begin : 0;
	if (first < sender->cursor)
		sweep_redo_add(&sender->coming, first, sender->cursor);
}

void sweep_sender_observe(struct sweep_sender *sender, struct bw_mono now,
			  const struct packet_ring *ring)
{
	uint64_t lost =
		sweep_rate_observe(&sender->rate, ring, sweep_sender_load(&sender->sent), now);

	atomic_store_explicit(&sender->holds, sender->rate.holds, memory_order_relaxed);
	atomic_store_explicit(&sender->lost, ring->lost, memory_order_relaxed);
	if (lost > 0)
		note_loss(sender, now);
	if (sender->rate.allowed_pps != sender->paced_pps) {
		sender->paced_pps = sender->rate.allowed_pps;
		sender->pacer = pacer_of(sender->paced_pps, now);
	}
}

uint32_t sweep_sender_attempt(const struct sweep_sender *sender)
{
	return (uint32_t)(sweep_sender_load(&sender->progress) / sender->layout->span);
}

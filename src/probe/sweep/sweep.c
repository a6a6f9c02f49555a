/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sweep engine: every address once, at the speed of the machine.
 *
 * A probe leaves nothing behind but its token. What the tracking engine keeps in
 * a table, the sweep computes again when an answer comes:
 *
 *   was it asked?   an echo reply brings nonce and time of its probe back, and the
 *                   full token proves them. SYN-ACK, RST and ICMP errors bring
 *                   only the brief one: the order works both ways and says as
 *                   which the address was asked, the log says when that place had
 *                   its turn, so there is one nonce that fits. The token must be
 *                   the one of that address, method and nonce.
 *   is it the first? one bit an address, method and pass.
 *   how long did it take? the time in the payload, or that of the log.
 *
 * The nonce is the time slot (16 s) above and the turn below, where a turn is a
 * pass or a repetition of it; so an answer that is replayed later, or belongs to an
 * earlier pass, is known for what it is.
 *
 * Turns: in the first turn of a pass all of share * methods places are asked, all
 * addresses by the first method, then all by the next, so that no host gets
 * its probes in one burst. When the rate has seen losses, the places that were asked in
 * the second before are noted, and with retries the next turn asks those of them
 * that are still silent, and nobody else. Then comes the next pass, or the end:
 * listening for the cooldown, or until all have answered.
 *
 * Sender and reader share three things, each with one writer: the log and the
 * counters of the sender, the marks of the reader. No locks.
 */
#include "probe/sweep/sweep_private.h"

#include <errno.h>
#include <stdlib.h>

#define TTL 64
#define REACH_NS BW_S           /* an answer that was lost is taken to be no older */
#define REDO_WAIT_NS (2 * BW_S) /* before silence of places that are asked again is believed */
#define SCAN_MAX 16384          /* places looked at in one fill when asking again */

static int make_templates(struct sweep *sweep, struct bw_err *err)
{
	const struct sweep_config *config = &sweep->config;

	sweep->egress_v4 = sweep->egress_v6 = -1;
	for (int e = config->egress_count - 1; e >= 0; e--) {
		bool v4 = config->egress[e].source.family == 4;

		*(v4 ? &sweep->egress_v4 : &sweep->egress_v6) = e;
		for (unsigned m = 0; m < sweep->methods.count; m++) {
			int code =
				build_template_init(&sweep->templates[v4 ? 0 : 1][m],
						    &config->egress[e].source,
						    sweep->methods.list[m], config->contact, err);
			if (code < 0)
				return code;
		}
	}
	return 0;
}

static void begin(struct sweep *sweep, struct bw_mono now)
{
	const struct sweep_config *config = &sweep->config;

	sweep->methods = *config->methods;
	sweep->order = sweep_order_of(sweep_space_count(config->space), config->seed, config->shard,
				      config->shards);
	sweep->span = sweep->order.share * sweep->methods.count;
	sweep->turns_a_pass = 1 + config->retries;
	sweep->paced_pps = config->rate_pps;
	sweep->pacer = pacer_of(config->rate_pps, now);
	sweep->rate = sweep_rate_of(config->rate_pps, now);
	sweep->last_fill = now;
	sweep->phase = sweep->span ? SWEEP_ASKING : SWEEP_OVER;
	sweep->over_ns = sweep->span ? SWEEP_NEVER_NS : now.ns;
}

int sweep_new(const struct sweep_config *config, struct bw_mono now, struct sweep **ret_sweep,
	      struct bw_err *err)
{
	struct sweep *sweep = calloc(1, sizeof(*sweep));
	int code;

	if (!sweep)
		return bw_err_set(err, -ENOMEM, "out of memory");
	sweep->config = *config;
	begin(sweep, now);
	code = sweep_log_init(&sweep->log);
	if (code == 0)
		code = sweep_marks_init(&sweep->marks, sweep_space_count(config->space),
					config->passes * sweep->methods.count);
	if (code < 0)
		bw_err_set(err, code, "out of memory");
	else
		code = make_templates(sweep, err);
	if (code < 0) {
		sweep_free(sweep);
		return code;
	}
	*ret_sweep = sweep;
	return 0;
}

void sweep_free(struct sweep *sweep)
{
	if (!sweep)
		return;
	sweep_log_fini(&sweep->log);
	sweep_marks_fini(&sweep->marks);
	free(sweep);
}

/* A counter with one writer: no locked instruction. */
static void add(_Atomic uint64_t *counter, uint64_t count)
{
	atomic_store_explicit(counter, sweep_load(counter) + count, memory_order_relaxed);
}

static bool is_repetition(const struct sweep *sweep)
{
	return sweep->turn % sweep->turns_a_pass > 0;
}

static void note_progress(struct sweep *sweep)
{
	atomic_store_explicit(&sweep->progress, sweep_place_of(sweep, sweep->turn, sweep->cursor),
			      memory_order_relaxed);
}

int sweep_resume(struct sweep *sweep, struct sweep_place place)
{
	if (place.pass > sweep->config.passes || place.asked > sweep->span ||
	    (place.pass == sweep->config.passes && place.asked > 0))
		return BW_ERR_VALUE;
	if (place.pass == sweep->config.passes) {
		sweep->phase = SWEEP_OVER;
		sweep->over_ns = sweep->last_fill.ns;
	}
	sweep->turn = place.pass * sweep->turns_a_pass;
	sweep->cursor = place.asked;
	note_progress(sweep);
	return 0;
}

static void start_turn(struct sweep *sweep, uint32_t turn)
{
	sweep->redo = sweep->coming;
	sweep->coming.count = 0;
	sweep->turn = turn;
	sweep->cursor = 0;
	sweep->phase = SWEEP_ASKING;
	note_progress(sweep);
}

/* All places of a pass are done with. */
static void end_pass(struct sweep *sweep, struct bw_mono now)
{
	sweep->coming.count = 0;
	if (sweep_pass_of(sweep, sweep->turn) + 1 < sweep->config.passes) {
		sweep->phase = SWEEP_PAUSING;
		sweep->until = bw_mono_add(now, sweep->config.pause_ns);
		return;
	}
	sweep->phase = SWEEP_OVER;
	sweep->over = sweep->last_fill;
	/* Behind the counters: who sees the end sees them as they stay. */
	atomic_store_explicit(&sweep->over_ns, sweep->over.ns, memory_order_release);
}

static void end_turn(struct sweep *sweep, struct bw_mono now)
{
	bool last = sweep->turn % sweep->turns_a_pass == sweep->turns_a_pass - 1;

	if (last) {
		end_pass(sweep, now);
		return;
	}
	sweep->phase = SWEEP_WAITING;
	sweep->until = bw_mono_add(now, REDO_WAIT_NS);
}

static void advance(struct sweep *sweep, struct bw_mono now)
{
	if (sweep->phase == SWEEP_WAITING && !bw_mono_before(now, sweep->until)) {
		if (sweep->coming.count > 0)
			start_turn(sweep, sweep->turn + 1);
		else
			end_pass(sweep, now);
	}
	if (sweep->phase == SWEEP_PAUSING && !bw_mono_before(now, sweep->until))
		start_turn(sweep, (sweep_pass_of(sweep, sweep->turn) + 1) * sweep->turns_a_pass);
}

/* Which address and by which method a place asks. */
static uint64_t number_at(const struct sweep *sweep, uint64_t cursor, unsigned *ret_method)
{
	unsigned method = 0;

	while (cursor >= sweep->order.share) {
		cursor -= sweep->order.share;
		method++;
	}
	*ret_method = method;
	return sweep_order_at(&sweep->order, cursor);
}

static bool is_answered(const struct sweep *sweep, uint64_t cursor)
{
	unsigned method;
	uint64_t number = number_at(sweep, cursor, &method);
	uint32_t pass = sweep_pass_of(sweep, sweep->turn);

	return sweep_marks_has(&sweep->marks, sweep_layer_of(sweep, pass, method), number);
}

/*
 * Moves the cursor to the next place that is to be asked; false when the turn is
 * at its end, or when LOOKS, the patience for places that need not be asked again,
 * is used up.
 */
static bool seek(struct sweep *sweep, unsigned *looks)
{
	if (!is_repetition(sweep))
		return sweep->cursor < sweep->span;
	while (*looks > 0 && sweep_redo_next(&sweep->redo, sweep->cursor, &sweep->cursor)) {
		if (!is_answered(sweep, sweep->cursor))
			return true;
		sweep->cursor++;
		(*looks)--;
	}
	if (*looks > 0)
		sweep->cursor = sweep->span;
	return false;
}

/* A straight line between two points of the log is true only where nothing was waited for. */
static void log_turn(struct sweep *sweep, struct bw_mono now)
{
	uint64_t place = sweep_place_of(sweep, sweep->turn, sweep->cursor);
	bool new_slot = now.ns / SWEEP_SLOT_NS != sweep->last_fill.ns / SWEEP_SLOT_NS;
	bool gap = bw_mono_since(now, sweep->last_fill) > 2 * SWEEP_LOG_STEP_NS;

	if (gap)
		sweep_log_add(&sweep->log, place, sweep->last_fill, true);
	sweep_log_add(&sweep->log, place, now, gap || new_slot || sweep->cursor == 0);
	sweep->last_fill = now;
}

static void take_places(struct sweep *sweep, size_t max, struct packet_claim *claim)
{
	unsigned looks = SCAN_MAX;

	while (claim->count < max && seek(sweep, &looks))
		claim->numbers[claim->count++] = sweep->cursor++;
	add(&sweep->claimed, claim->count);
	if (is_repetition(sweep))
		add(&sweep->again, claim->count);
	note_progress(sweep);
}

size_t sweep_claim(struct sweep *sweep, struct bw_mono now, size_t max,
		   struct packet_claim *ret_claim)
{
	uint32_t allowed;

	advance(sweep, now);
	if (sweep->phase != SWEEP_ASKING || sweep->rate.held)
		return 0;
	allowed = pacer_take(&sweep->pacer, now, max < BW_BATCH_MAX ? (uint32_t)max : BW_BATCH_MAX);
	if (allowed == 0)
		return 0;
	log_turn(sweep, now);
	ret_claim->group = sweep->turn;
	ret_claim->at = now;
	ret_claim->count = 0;
	take_places(sweep, allowed, ret_claim);
	pacer_give_back(&sweep->pacer, allowed - ret_claim->count);
	if (sweep->cursor >= sweep->span)
		end_turn(sweep, now);
	return ret_claim->count;
}

/* False when there is no way out for this family. */
static bool build(const struct sweep *sweep, const struct packet_claim *claim, uint64_t cursor,
		  struct bw_tx *tx)
{
	int64_t sent_us = claim->at.ns / BW_US;
	struct token token;
	unsigned method;
	int egress;

	tx->dst = sweep_space_at(sweep->config.space, number_at(sweep, cursor, &method));
	egress = tx->dst.family == 4 ? sweep->egress_v4 : sweep->egress_v6;
	if (egress < 0)
		return false;
	token = token_make(&sweep->config.key, &tx->dst, sweep->methods.list[method],
			   sweep_nonce_of(claim->group, claim->at), sent_us, 0);
	tx->egress = (uint8_t)egress;
	tx->status = 0;
	tx->sent = claim->at;
	tx->length = build_probe(&sweep->templates[tx->dst.family == 4 ? 0 : 1][method], &tx->dst,
				 &token, TTL, sent_us, tx->bytes);
	return true;
}

size_t sweep_build(const struct sweep *sweep, const struct packet_claim *claim, struct bw_tx *batch)
{
	size_t count = 0;

	for (uint32_t i = 0; i < claim->count; i++)
		count += build(sweep, claim, claim->numbers[i], &batch[count]);
	return count;
}

void sweep_sent(struct sweep *sweep, const struct packet_claim *claim, const struct bw_tx *batch,
		size_t count)
{
	uint64_t sent = 0, refused = 0, failed;

	for (size_t i = 0; i < count; i++) {
		sent += batch[i].status == 0;
		refused += batch[i].status == BW_ERR_BLOCKLISTED ||
			   batch[i].status == BW_ERR_SPECIAL_PURPOSE;
	}
	failed = claim->count - sent - refused;
	add(&sweep->refused, refused);
	add(&sweep->send_errors, failed);
	add(&sweep->sent, sent);
	if (failed > 0 && claim->group == sweep->turn)
		sweep_redo_add(&sweep->coming, claim->numbers[0],
			       claim->numbers[claim->count - 1] + 1);
}

struct bw_mono sweep_deadline(const struct sweep *sweep, struct bw_mono now)
{
	switch (sweep->phase) {
	case SWEEP_ASKING:
		if (sweep->rate.held)
			return bw_mono_add(now, PACKET_OBSERVE_NS);
		return pacer_next(&sweep->pacer);
	case SWEEP_WAITING:
	case SWEEP_PAUSING:
		return sweep->until;
	case SWEEP_OVER:
		return BW_NEVER;
	}
	return BW_NEVER;
}

/* The places of this turn that were asked just before an answer was lost. */
static void note_loss(struct sweep *sweep, struct bw_mono now)
{
	uint64_t begin = sweep_place_of(sweep, sweep->turn, 0), first;

	if (sweep->cursor == 0)
		return;
	first = sweep_log_place(&sweep->log, (struct bw_mono){now.ns - REACH_NS});
	if (first == UINT64_MAX)
		return;
	first = first > begin ? first - begin : 0;
	if (first < sweep->cursor)
		sweep_redo_add(&sweep->coming, first, sweep->cursor);
}

void sweep_observe(struct sweep *sweep, struct bw_mono now, const struct packet_ring *ring)
{
	uint64_t lost = sweep_rate_observe(&sweep->rate, ring, sweep_load(&sweep->sent), now);

	atomic_store_explicit(&sweep->holds, sweep->rate.holds, memory_order_relaxed);
	atomic_store_explicit(&sweep->lost, ring->lost, memory_order_relaxed);
	if (lost > 0)
		note_loss(sweep, now);
	if (sweep->rate.allowed_pps != sweep->paced_pps) {
		sweep->paced_pps = sweep->rate.allowed_pps;
		sweep->pacer = pacer_of(sweep->paced_pps, now);
	}
}

static size_t source_claim(void *self, struct bw_mono now, size_t max, struct packet_claim *claim)
{
	return sweep_claim((struct sweep *)self, now, max, claim);
}

static size_t source_build(const void *self, const struct packet_claim *claim, struct bw_tx *batch)
{
	return sweep_build((const struct sweep *)self, claim, batch);
}

static void source_sent(void *self, const struct packet_claim *claim, const struct bw_tx *batch,
			size_t count)
{
	sweep_sent((struct sweep *)self, claim, batch, count);
}

static struct bw_mono source_deadline(const void *self, struct bw_mono now)
{
	return sweep_deadline((const struct sweep *)self, now);
}

static void source_observe(void *self, struct bw_mono now, const struct packet_ring *ring)
{
	sweep_observe((struct sweep *)self, now, ring);
}

struct packet_source sweep_source(struct sweep *sweep)
{
	static const struct packet_source_ops ops = {
		.claim = source_claim,
		.build = source_build,
		.sent = source_sent,
		.deadline = source_deadline,
		.observe = source_observe,
	};

	return (struct packet_source){&ops, sweep};
}

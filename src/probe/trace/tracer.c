/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many traceroutes at once.
 *
 *   next() -> slot -> plan -> queue by TTL -> pacer -> token, template -> transport
 *   frame -> trace_reply -> slots of the quoted destination -> probe of a hop -> plan
 *   wheel -> no answer: the next try, or the hop is quiet -> plan
 *
 * Each trace keeps the tokens of its own probes. An answer is looked up by the destination
 * that it quotes, then by the token; no other table is needed, and the memory of a trace does
 * not depend on the rate. A token is a keyed MAC (wire/token.h), so that nobody can invent a
 * hop who did not see the probe.
 *
 * New traces start only while few probes wait to be sent: what is under way fills the stop set.
 *
 * A hop is in the queue, or under way (armed in the wheel), or neither; never both.
 */
#include "probe/trace/tracer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/wheel.h"
#include "probe/trace/stop_set.h"
#include "probe/trace/trace_builder.h"
#include "probe/trace/trace_hints.h"
#include "probe/trace/trace_pacer.h"
#include "probe/trace/trace_queue.h"
#include "probe/trace/trace_reply.h"
#include "probe/trace/trace_table.h"

#define TICK_NS BW_MS
#define RETRY_NS BW_MS  /* after the transport could not take a batch */
#define TICK_BATCHES 16 /* sent in one tick; then the caller reads what came in */
#define STOP_SET_MAX (1U << 20)

struct tracer {
	struct tracer_config config;
	struct trace_builder builder;
	struct trace_table table;
	struct trace_queue queue;
	struct wheel *wheel; /* probes under way, by number */
	struct stop_set *set;
	struct trace_pacer pacer;
	struct bw_mono retry_at; /* nothing is sent before */
	uint64_t counter;
	bool exhausted; /* next() had none */
	bool interrupted;
	struct trace_hints hints;
	struct tracer_stats stats;
	struct bw_tx batch[BW_BATCH_MAX];
	uint32_t numbers[BW_BATCH_MAX];
};

int tracer_new(const struct tracer_config *config, struct bw_mono now, struct tracer **ret_tracer,
	       struct bw_err *err)
{
	struct tracer *tracer = calloc(1, sizeof(*tracer));
	uint8_t max_ttl = config->limits.max_ttl;
	int code;

	if (!tracer)
		return bw_err_set(err, -ENOMEM, "out of memory");
	tracer->config = *config;
	tracer->pacer = trace_pacer_of(config->rate_pps, config->pacer, now);
	tracer->hints = trace_hints_of();
	tracer->set = stop_set_new(STOP_SET_MAX);
	tracer->wheel = wheel_new(config->active_max * (max_ttl + 1U), TICK_NS, now);
	code = trace_table_init(&tracer->table, config->active_max, max_ttl);
	if (code == 0)
		code = trace_queue_init(&tracer->queue, config->active_max, max_ttl);
	if (code < 0 || !tracer->set || !tracer->wheel)
		code = bw_err_set(err, -ENOMEM, "out of memory");
	else
		code = trace_builder_init(&tracer->builder, config->egress, config->egress_count,
					  config->methods, config->seed, err);
	tracer->builder.max_ttl = max_ttl;
	if (code < 0)
		tracer_free(tracer);
	else
		*ret_tracer = tracer;
	return code;
}

void tracer_free(struct tracer *tracer)
{
	if (!tracer)
		return;
	trace_builder_fini(&tracer->builder);
	wheel_free(tracer->wheel);
	stop_set_free(tracer->set);
	trace_queue_fini(&tracer->queue);
	trace_table_fini(&tracer->table);
	free(tracer);
}

static struct trace_slot *slot_of(const struct tracer *tracer, uint32_t number)
{
	return &tracer->table.slots[number / tracer->table.room];
}

static uint8_t ttl_of(const struct tracer *tracer, uint32_t number)
{
	return (uint8_t)(number % tracer->table.room);
}

/* Whether a probe was under way, which it is no longer. */
static bool take_down(struct tracer *tracer, struct trace_slot *slot, uint8_t ttl)
{
	uint32_t number = trace_table_number(&tracer->table, slot, ttl);

	if (!wheel_is_armed(tracer->wheel, number))
		return false;
	wheel_cancel(tracer->wheel, number);
	return true;
}

static void finish(struct tracer *tracer, struct trace_slot *slot)
{
	for (uint32_t ttl = 1; ttl < tracer->table.room; ttl++)
		if (take_down(tracer, slot, (uint8_t)ttl))
			trace_queue_landed(&tracer->queue, (uint8_t)ttl);
	if (slot->trace.stop != TRACE_INTERRUPTED) {
		trace_hints_note(&tracer->hints, &slot->trace);
		if (!tracer->config.limits.full && !slot->trace.until)
			stop_set_add(tracer->set, &slot->trace);
	}
	tracer->stats.traces++;
	tracer->config.on_trace(tracer->config.self, &slot->trace);
	trace_table_drop(&tracer->table, slot);
}

static void enqueue(struct tracer *tracer, struct trace_slot *slot, uint8_t ttl)
{
	if (slot->queued & TRACE_TTL_BIT(ttl))
		return;
	slot->queued |= TRACE_TTL_BIT(ttl);
	trace_queue_put(&tracer->queue, trace_table_number(&tracer->table, slot, ttl));
}

/* Asks the plan what comes next, after a hop was settled or a trace was begun. */
static void proceed(struct tracer *tracer, struct trace_slot *slot)
{
	uint8_t hint = trace_hints_silent(&tracer->hints, &slot->trace);
	uint64_t asked = trace_plan(&slot->trace, &tracer->config.limits, tracer->set, hint);

	for (; asked; asked &= asked - 1)
		enqueue(tracer, slot, (uint8_t)(__builtin_ctzll(asked) + 1));
	if (slot->trace.phase == TRACE_DONE)
		finish(tracer, slot);
}

static void settle_hop(struct tracer *tracer, struct trace_slot *slot)
{
	if (tracer->config.on_hop)
		tracer->config.on_hop(tracer->config.self, &slot->trace);
	proceed(tracer, slot);
}

/* No answer to the latest probe of a TTL: another try, or the hop is quiet. */
static void give_up(struct tracer *tracer, struct trace_slot *slot, uint8_t ttl)
{
	struct trace_hop *hop = &slot->trace.hops[ttl];

	if (hop->state != TRACE_HOP_ASKED)
		return;
	if (hop->tries < trace_tries(&slot->trace, &tracer->config.limits, ttl)) {
		enqueue(tracer, slot, ttl);
		return;
	}
	hop->state = TRACE_HOP_QUIET;
	hop->rtt_ns = -1;
	settle_hop(tracer, slot);
}

static void expire(struct tracer *tracer, struct bw_mono now)
{
	uint32_t number;

	while (wheel_expire(tracer->wheel, now, &number)) {
		struct trace_slot *slot = slot_of(tracer, number);
		uint8_t ttl = ttl_of(tracer, number);

		/* A guess says nothing of the routers at its TTL. */
		trace_queue_lost(&tracer->queue, ttl,
				 tracer->config.spread || slot->trace.phase == TRACE_GUESS, now);
		give_up(tracer, slot, ttl);
	}
}

static bool start_next(struct tracer *tracer)
{
	const struct trace_limits *limits = &tracer->config.limits;
	struct trace_wish wish;
	struct trace_slot *slot;

	if (tracer->interrupted || tracer->table.active == tracer->table.max)
		return false;
	if (!tracer->config.next(tracer->config.self, &wish)) {
		tracer->exhausted = true;
		return false;
	}
	tracer->exhausted = false;
	slot = trace_table_add(&tracer->table, &wish.dst);
	trace_begin(&slot->trace, &wish, limits->max_ttl,
		    limits->eager
			    ? 0
			    : trace_hints_guess(&tracer->hints, wish.dst.family, limits->max_ttl));
	proceed(tracer, slot);
	return true;
}

/* Takes probes from the queue and builds them. Returns how many. */
static uint32_t fill_batch(struct tracer *tracer, uint32_t allowed, struct bw_mono now)
{
	uint32_t filled = 0, number;

	while (filled < allowed && trace_queue_take(&tracer->queue, now, &number)) {
		struct trace_slot *slot = slot_of(tracer, number);
		uint8_t ttl = ttl_of(tracer, number);
		struct trace_hop *hop = &slot->trace.hops[ttl];

		slot->queued &= ~TRACE_TTL_BIT(ttl);
		if (!slot->used || hop->state != TRACE_HOP_ASKED || hop->tries >= TRACE_TRIES) {
			trace_queue_landed(&tracer->queue, ttl);
			continue;
		}
		hop->tried[hop->tries].brief = trace_builder_fill(&tracer->builder, &slot->trace,
								  ttl, now, &tracer->batch[filled]);
		tracer->numbers[filled++] = number;
	}
	return filled;
}

static void fail(struct tracer *tracer, struct trace_slot *slot, uint8_t ttl,
		 const struct bw_tx *tx)
{
	int stop = trace_stop_of(tx->status);
	struct trace_hop *hop = &slot->trace.hops[ttl];

	tracer->stats.send_errors++;
	slot->trace.status = tx->status;
	if (stop >= 0 && slot->trace.sent == 0) {
		trace_queue_landed(&tracer->queue, ttl);
		trace_end(&slot->trace, (enum trace_stop)stop);
		slot->trace.last = 0;
		finish(tracer, slot);
		return;
	}
	/* It counts as a try that was lost, so that a trace ends in any case. */
	hop->tries++;
	wheel_arm(tracer->wheel, trace_table_number(&tracer->table, slot, ttl),
		  bw_mono_add(tx->sent, TRACE_PATIENCE_LEAST_NS));
}

static void settle_sent(struct tracer *tracer, uint32_t slot_in_batch)
{
	const struct bw_tx *tx = &tracer->batch[slot_in_batch];
	uint32_t number = tracer->numbers[slot_in_batch];
	struct trace_slot *slot = slot_of(tracer, number);
	uint8_t ttl = ttl_of(tracer, number);
	struct trace_hop *hop = &slot->trace.hops[ttl];

	if (!slot->used || hop->state != TRACE_HOP_ASKED) {
		trace_queue_landed(&tracer->queue, ttl);
		return;
	}
	if (tx->status != 0) {
		fail(tracer, slot, ttl, tx);
		return;
	}
	hop->tried[hop->tries++].sent = tx->sent;
	slot->trace.sent++;
	tracer->stats.sent++;
	wheel_arm(tracer->wheel, number,
		  bw_mono_add(tx->sent,
			      trace_patience_ns(&slot->trace, &tracer->config.limits, ttl)));
}

static void put_back(struct tracer *tracer, uint32_t number)
{
	struct trace_slot *slot = slot_of(tracer, number);
	uint8_t ttl = ttl_of(tracer, number);

	slot->queued |= TRACE_TTL_BIT(ttl);
	trace_queue_landed(&tracer->queue, ttl);
	trace_queue_put_back(&tracer->queue, number);
}

/* False when nothing more can go now. */
static bool send_batch(struct tracer *tracer, struct bw_mono now)
{
	const struct bw_transport *transport = tracer->config.transport;
	uint32_t want, allowed, filled, dealt;

	while (tracer->queue.count < BW_BATCH_MAX && start_next(tracer))
		;
	want = tracer->queue.count < BW_BATCH_MAX ? tracer->queue.count : BW_BATCH_MAX;
	allowed = want ? trace_pacer_take(&tracer->pacer, now, want) : 0;
	filled = fill_batch(tracer, allowed, now);
	dealt = filled ? (uint32_t)transport->ops->send(transport->self, tracer->batch, filled) : 0;
	trace_pacer_give_back(&tracer->pacer, allowed - dealt);
	for (uint32_t n = filled; n > dealt; n--)
		put_back(tracer, tracer->numbers[n - 1]);
	for (uint32_t n = 0; n < dealt; n++)
		settle_sent(tracer, n);
	if (dealt == filled)
		return filled > 0;
	tracer->retry_at = bw_mono_add(now, RETRY_NS);
	return false;
}

void tracer_tick(struct tracer *tracer, struct bw_mono now)
{
	expire(tracer, now);
	if (bw_mono_before(now, tracer->retry_at))
		return;
	for (unsigned n = 0; n < TICK_BATCHES && send_batch(tracer, now); n++)
		;
}

struct bw_mono tracer_deadline(const struct tracer *tracer, struct bw_mono now)
{
	struct bw_mono send_at = trace_queue_due(&tracer->queue, now);

	send_at = bw_mono_max(send_at,
			      bw_mono_max(trace_pacer_next(&tracer->pacer), tracer->retry_at));
	return bw_mono_min(wheel_next(tracer->wheel), send_at);
}

static enum reject accept(struct tracer *tracer, const struct trace_reply *reply, struct bw_mono at)
{
	struct trace_slot *slot = NULL;

	while ((slot = trace_table_find(&tracer->table, &reply->probed, slot))) {
		const struct trace_try *try;
		struct trace_hop *hop =
			trace_reply_find(reply, &slot->trace, tracer->config.limits.max_ttl,
					 &tracer->builder.key, &try);
		uint8_t ttl;

		if (!hop)
			continue;
		if (hop->state == TRACE_HOP_KNOWN)
			return REJECT_DUPLICATE;
		ttl = (uint8_t)(hop - slot->trace.hops);
		trace_reply_apply(reply, &slot->trace, hop, try, at);
		if (take_down(tracer, slot, ttl))
			trace_queue_answered(&tracer->queue, ttl, &reply->from);
		settle_hop(tracer, slot);
		return REJECT_NONE;
	}
	return REJECT_SPOOFED;
}

bool tracer_receive(struct tracer *tracer, const struct bw_rx *rx)
{
	struct trace_reply reply;
	enum reject reject = trace_reply_decode(rx, &reply);

	if (!reject)
		reject = accept(tracer, &reply, rx->at);
	if (reject)
		tracer->stats.rejected[reject]++;
	else
		tracer->stats.answers++;
	return !reject;
}

void tracer_forget(struct tracer *tracer)
{
	stop_set_clear(tracer->set);
}

void tracer_interrupt(struct tracer *tracer)
{
	tracer->interrupted = true;
	for (uint32_t n = 0; n < tracer->table.touched; n++) {
		struct trace_slot *slot = &tracer->table.slots[n];

		if (!slot->used)
			continue;
		trace_end(&slot->trace, TRACE_INTERRUPTED);
		finish(tracer, slot);
	}
}

bool tracer_is_done(const struct tracer *tracer)
{
	return tracer->table.active == 0 && (tracer->exhausted || tracer->interrupted);
}

void tracer_stats(const struct tracer *tracer, struct tracer_stats *ret_stats)
{
	*ret_stats = tracer->stats;
	ret_stats->stop_set_hops = stop_set_count(tracer->set);
}

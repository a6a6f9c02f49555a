/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: the life of a probe from submission to outcome.
 *
 *   submit -> queue -> pacer -> token, template -> transport -> pending
 *   frame -> reply_decode -> pending_find -> token check -> outcome
 *   wheel -> patience has ended -> outcome "timeout"
 *
 * The engine decides nothing about blocks. It guarantees that each outcome is about the probe that
 * it names: a reply is evidence only when its token is that of the probe, its sender is the probed
 * host, and it is the first. Everything else is counted by reason.
 *
 * Invariants: each accepted probe gives exactly one of REPLY, ERROR, TIMEOUT or VOID first; after
 * TIMEOUT or ERROR at most one REPLY may follow, marked `late` after a TIMEOUT. The queue keeps the
 * order within each way. No memory is taken after engine_new(). Callbacks may submit, not free.
 *
 * One engine_tick() sends a limited number of batches (TICK_BATCHES). Where one thread sends and
 * reads, answers wait in the capture ring meanwhile, and a ring that overflows loses them.
 *
 * Nonces: the time slot (16 s) in the upper bits and a counter below, so that no two probes of a
 * run share a token; the key is new at each start.
 */
#include "probe/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "probe/alias.h"
#include "probe/pacer.h"
#include "probe/pending.h"
#include "probe/probe_queue.h"
#include "probe/templates.h"
#include "wire/reply.h"

#define TTL_DEFAULT 64
#define SLOT_NS (16 * BW_S)
#define SLOT_SHIFT 40
#define RETRY_NS BW_MS  /* after the table of pending probes was full */
#define TICK_BATCHES 16 /* sent in one tick; then the caller reads what came in */

struct engine {
	struct engine_config config;
	struct siphash_key key;
	struct templates templates;
	struct probe_queue queue;
	struct pacer pacer;
	struct pending *pending;
	struct bw_mono retry_at; /* nothing is sent before */
	uint64_t counter;
	struct engine_stats stats;
	struct bw_tx batch[BW_BATCH_MAX];
	struct pending_entry *batch_entries[BW_BATCH_MAX];
	uint32_t batch_patience_us[BW_BATCH_MAX];
};

int engine_new(const struct engine_config *config, struct bw_mono now, struct engine **ret_engine,
	       struct bw_err *err)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	int code = -ENOMEM;

	if (!engine)
		return bw_err_set(err, -ENOMEM, "out of memory");
	engine->config = *config;
	engine->key = config->seed ? siphash_key_of(config->seed) : siphash_key_random();
	engine->pacer = pacer_of(config->rate_pps, now);
	engine->pending = pending_new(config->pending_max, config->listen_ns, now);
	if (probe_queue_init(&engine->queue, config->queue_max) < 0 || !engine->pending) {
		bw_err_set(err, code, "out of memory");
		goto fail;
	}
	code = templates_init(&engine->templates,
			      &(struct templates_config){config->egress, config->egress_count,
							 config->methods, config->method_count,
							 config->contact},
			      err);
	if (code < 0)
		goto fail;
	*ret_engine = engine;
	return 0;
fail:
	engine_free(engine);
	return code;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	pending_free(engine->pending);
	templates_fini(&engine->templates);
	probe_queue_fini(&engine->queue);
	free(engine);
}

int engine_submit(struct engine *engine, const struct probe *probe)
{
	int code;

	if (!templates_find(&engine->templates, probe))
		return BW_ERR_VALUE;
	code = probe_queue_add(&engine->queue, probe);
	engine->stats.submitted += code == 0;
	return code;
}

static void report(struct engine *engine, const struct pending_entry *entry,
		   struct outcome *outcome)
{
	outcome->probe = pending_probe(engine->pending, entry);
	outcome->sent = entry->sent;
	engine->config.on_outcome(engine->config.self, outcome);
}

/* Builds PROBE as packet number SLOT of the batch; false when no more probes can be pending. */
static bool fill(struct engine *engine, uint32_t slot, const struct probe *probe,
		 struct bw_mono now)
{
	struct bw_tx *tx = &engine->batch[slot];
	uint64_t nonce = (uint64_t)(now.ns / SLOT_NS) << SLOT_SHIFT | engine->counter;
	int64_t sent_us = now.ns / BW_US;
	struct token token =
		token_make(&engine->key, &probe->dst, probe->method, nonce, sent_us, probe->flow);
	struct pending_entry *entry = pending_add(engine->pending, probe, &token);

	if (!entry)
		return false;
	engine->counter++;
	engine->batch_entries[slot] = entry;
	engine->batch_patience_us[slot] = probe->patience_us;
	tx->dst = probe->dst;
	tx->egress = probe->egress;
	tx->sent = now;
	tx->status = 0;
	tx->length = build_probe(templates_find(&engine->templates, probe), &probe->dst, &token,
				 probe->ttl ? probe->ttl : TTL_DEFAULT, sent_us, tx->bytes);
	return true;
}

static void settle_sent(struct engine *engine, uint32_t slot)
{
	struct pending_entry *entry = engine->batch_entries[slot];
	const struct bw_tx *tx = &engine->batch[slot];
	struct outcome outcome = {.kind = OUTCOME_VOID, .at = tx->sent, .status = tx->status};

	if (tx->status == 0) {
		const struct probe probe = pending_probe(engine->pending, entry);

		engine->stats.sent++;
		pending_sent(engine->pending, entry, tx->sent, engine->batch_patience_us[slot]);
		engine->config.on_sent(engine->config.self, &probe, tx->sent);
		return;
	}
	engine->stats.voids++;
	entry->sent = tx->sent;
	report(engine, entry, &outcome);
	pending_drop(engine->pending, entry);
}

/* Builds up to COUNT packets of the batch. Returns how many. */
static uint32_t fill_batch(struct engine *engine, uint32_t count, struct bw_mono now)
{
	uint32_t filled = 0;

	probe_queue_rewind(&engine->queue);
	while (filled < count && fill(engine, filled, probe_queue_next(&engine->queue, now), now))
		filled++;
	if (filled < count)
		engine->retry_at = bw_mono_add(now, RETRY_NS);
	return filled;
}

/* Sends one batch; false when nothing more can go now. What the transport does not take is held. */
static bool send_batch(struct engine *engine, struct bw_mono now)
{
	const struct bw_transport *transport = engine->config.transport;
	uint32_t ready = probe_queue_ready(&engine->queue, now);
	uint32_t want = ready < BW_BATCH_MAX ? ready : BW_BATCH_MAX;
	uint32_t allowed = pacer_take(&engine->pacer, now, want);
	uint32_t filled = fill_batch(engine, allowed, now), dealt = 0;

	if (filled)
		dealt = (uint32_t)transport->ops->send(transport->self, engine->batch, filled);
	pacer_give_back(&engine->pacer, allowed - dealt);
	for (uint32_t i = dealt; i < filled; i++)
		pending_drop(engine->pending, engine->batch_entries[i]);
	/* Before the callbacks: what they submit goes to the end of the queue. */
	for (uint32_t i = 0; i < dealt; i++)
		probe_queue_remove(&engine->queue, engine->batch[i].egress);
	if (dealt < filled)
		probe_queue_hold(&engine->queue, engine->batch[dealt].egress, now);
	for (uint32_t i = 0; i < dealt; i++)
		settle_sent(engine, i);
	return filled == allowed && (dealt < filled || allowed == BW_BATCH_MAX);
}

static void report_timeouts(struct engine *engine, struct bw_mono now)
{
	struct pending_entry *entry;

	while ((entry = pending_expire(engine->pending, now))) {
		struct outcome outcome = {.kind = OUTCOME_TIMEOUT, .at = now};

		engine->stats.timeouts++;
		report(engine, entry, &outcome);
	}
}

void engine_tick(struct engine *engine, struct bw_mono now)
{
	report_timeouts(engine, now);
	if (bw_mono_before(now, engine->retry_at))
		return;
	for (unsigned n = 0; n < TICK_BATCHES && probe_queue_count(&engine->queue) > 0; n++)
		if (!send_batch(engine, now))
			break;
}

struct bw_mono engine_deadline(const struct engine *engine, struct bw_mono now)
{
	struct bw_mono next = pending_next(engine->pending);
	struct bw_mono send_at;

	if (probe_queue_count(&engine->queue) == 0)
		return next;
	send_at = bw_mono_max(pacer_next(&engine->pacer), probe_queue_at(&engine->queue));
	if (bw_mono_before(send_at, engine->retry_at))
		send_at = engine->retry_at;
	if (bw_mono_before(send_at, now))
		send_at = now;
	return bw_mono_min(next, send_at);
}

/* Whether the payload of an answer brings back the full token of a probe to DST. */
static bool payload_proves(const struct engine *engine, const struct reply *reply,
			   const struct bw_addr *dst)
{
	struct token token = token_make(&engine->key, dst, reply->method, reply->payload.nonce,
					reply->payload.sent_us, 0);

	return token.full == reply->payload.full && token.brief == reply->brief;
}

/* The same of the probe that ENTRY is of. */
static bool payload_proves_entry(const struct engine *engine, const struct reply *reply,
				 const struct pending_entry *entry)
{
	const struct probe probe = pending_probe(engine->pending, entry);

	return payload_proves(engine, reply, &probe.dst);
}

static bool is_same_probe(const struct engine *engine, const struct pending_entry *entry,
			  const struct reply *reply)
{
	const struct probe probe = pending_probe(engine->pending, entry);

	return bw_addr_equal(&probe.dst, &reply->probed) &&
	       bw_method_equal(probe.method, reply->method) &&
	       pending_source_port(entry) == reply->source_port;
}

static struct pending_entry *find_probe(struct engine *engine, const struct reply *reply,
					uint32_t brief)
{
	struct pending_entry *entry = NULL;

	while ((entry = pending_find(engine->pending, brief, entry)))
		if (is_same_probe(engine, entry, reply))
			return entry;
	return NULL;
}

/*
 * A true token from an address that was not probed: the probed host has several. It is counted as
 * rejected and is no evidence that the block is up.
 */
static struct pending_entry *find_alias(struct engine *engine, const struct reply *reply)
{
	struct pending_entry *entry = NULL;

	if (!reply->proves_itself || !reply->has_payload)
		return NULL;
	while ((entry = pending_find(engine->pending, reply->brief, entry)))
		if (payload_proves_entry(engine, reply, entry))
			return entry;
	return NULL;
}

/* In time, from the same /24 or /48: no silence. The probed host may still answer. */
static void void_silence(struct engine *engine, struct pending_entry *entry,
			 const struct reply *reply, struct bw_mono at)
{
	const struct probe probe = pending_probe(engine->pending, entry);
	struct outcome outcome = {
		.kind = OUTCOME_ERROR,
		.at = at,
		.rtt_ns = bw_mono_since(at, entry->sent) > 0 ? bw_mono_since(at, entry->sent) : 0,
		.reply = reply->kind,
		.from = reply->from,
		.ttl = reply->ttl,
	};

	if (entry->state != PENDING_WAITING || !alias_is_nearby(&probe.dst, &reply->from))
		return;
	pending_settle(engine->pending, entry, PENDING_ERRORED);
	report(engine, entry, &outcome);
}

static enum reject why_unpaired(struct engine *engine, const struct reply *reply, struct bw_mono at)
{
	struct pending_entry *alias = find_alias(engine, reply);

	if (alias) {
		void_silence(engine, alias, reply, at);
		return REJECT_ALIAS;
	}
	if (reply->proves_itself && reply->has_payload &&
	    payload_proves(engine, reply, &reply->from))
		return REJECT_STALE;
	return REJECT_SPOOFED;
}

static bool is_answer(const struct reply *reply)
{
	return reply_kind_is_answer(reply->kind, bw_addr_equal(&reply->from, &reply->probed));
}

static void accept(struct engine *engine, struct pending_entry *entry, const struct reply *reply,
		   struct bw_mono at)
{
	bool answer = is_answer(reply);
	struct outcome outcome = {
		.kind = answer ? OUTCOME_REPLY : OUTCOME_ERROR,
		.at = at,
		.late = entry->state == PENDING_OVERDUE,
		.rtt_ns = bw_mono_since(at, entry->sent) > 0 ? bw_mono_since(at, entry->sent) : 0,
		.reply = reply->kind,
		.from = reply->from,
		.ttl = reply->ttl,
	};

	engine->stats.replies += answer;
	engine->stats.errors += !answer;
	engine->stats.late += outcome.late;
	pending_settle(engine->pending, entry, answer ? PENDING_ANSWERED : PENDING_ERRORED);
	report(engine, entry, &outcome);
}

void engine_receive(struct engine *engine, const struct bw_rx *rx)
{
	struct reply reply;
	struct pending_entry *entry;
	enum reject reject =
		reply_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &reply);

	if (reject != REJECT_NONE) {
		engine->stats.rejected[reject]++;
		return;
	}
	entry = find_probe(engine, &reply, reply.brief);
	if (!entry && reply.alternate_brief != reply.brief)
		entry = find_probe(engine, &reply, reply.alternate_brief);
	if (!entry)
		reject = why_unpaired(engine, &reply, rx->at);
	else if (reply.proves_itself &&
		 (!reply.has_payload || !payload_proves_entry(engine, &reply, entry)))
		reject = REJECT_SPOOFED;
	else if (entry->state == PENDING_ANSWERED ||
		 (entry->state == PENDING_ERRORED && !is_answer(&reply)))
		reject = REJECT_DUPLICATE;
	if (reject != REJECT_NONE)
		engine->stats.rejected[reject]++;
	else
		accept(engine, entry, &reply, rx->at);
}

struct pacer *engine_pacer(struct engine *engine)
{
	return &engine->pacer;
}

uint32_t engine_queued(const struct engine *engine)
{
	return probe_queue_count(&engine->queue);
}

struct bw_mono engine_held_until(const struct engine *engine, unsigned egress)
{
	return probe_queue_held_until(&engine->queue, egress);
}

void engine_stats(const struct engine *engine, struct engine_stats *ret_stats)
{
	*ret_stats = engine->stats;
}

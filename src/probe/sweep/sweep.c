/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sweep engine: every address once, at the speed of the machine.
 *
 * A sweep keeps nothing of a probe but what its token carries. What the tracking engine
 * keeps in a table, the sweep computes again when an answer comes:
 *
 *   Was it asked?    An echo reply brings back nonce and time of its probe, and the full
 *                    token proves them. SYN-ACK, RST and ICMP errors bring back the brief
 *                    token only. The order works both ways and gives the place of an
 *                    address, the log gives the time of that place, so that one nonce
 *                    fits. The token must be that of this address, method and nonce.
 *   Is it the first? One bit for each address, method and pass.
 *   How long did it take?  From the time in the payload, or that in the log.
 *
 * The nonce is the time slot (16 s) and the attempt. An answer that is replayed later,
 * or that belongs to an earlier pass, is therefore recognised.
 *
 * Attempts: the first attempt of a pass asks all share * methods places, all addresses by
 * the first method, then all by the next, so that no host gets its probes in one burst.
 * When rate control has seen losses, the places that were asked in the second before are
 * recorded, and with retries the next attempt asks those of them that are still silent.
 * Then comes the next pass, or the end: listening for the cooldown, or until all have
 * answered.
 *
 * Sender and reader share the log and the counters, which the sender writes, and the
 * marks, which the reader writes. There are no locks.
 */
#include "probe/sweep/sweep.h"

#include <errno.h>
#include <stdlib.h>

#include "probe/sweep/sweep_answered.h"
#include "probe/sweep/sweep_layout.h"
#include "probe/sweep/sweep_marks.h"
#include "probe/sweep/sweep_reader.h"
#include "probe/sweep/sweep_sender.h"
#include "wire/build.h"

#define TTL 64

struct sweep {
	struct sweep_config config;
	struct sweep_layout layout;
	struct sweep_marks marks;
	struct sweep_sender sender;
	struct sweep_reader reader;
	struct build_template templates[2][BW_METHODS_MAX]; /* IPv4, IPv6 */
	int egress_v4, egress_v6;                           /* -1: none */
};

static int make_templates(struct sweep *sweep, struct bw_err *err)
{
	const struct sweep_config *config = &sweep->config;

	sweep->egress_v4 = sweep->egress_v6 = -1;
	for (int e = config->egress_count - 1; e >= 0; e--) {
		bool v4 = config->egress[e].source.family == 4;

		*(v4 ? &sweep->egress_v4 : &sweep->egress_v6) = e;
		for (unsigned m = 0; m < sweep->layout.methods.count; m++) {
			int code = build_template_init(&sweep->templates[v4 ? 0 : 1][m],
						       &config->egress[e].source,
						       sweep->layout.methods.list[m],
						       config->contact, err);
			if (code < 0)
				return code;
		}
	}
	return 0;
}

static struct sweep_layout layout_of(const struct sweep_config *config)
{
	struct sweep_layout layout = {
		.space = config->space,
		.methods = *config->methods,
		.order = sweep_order_of(sweep_space_count(config->space), config->seed,
					config->shard, config->shards),
		.passes = config->passes,
		.attempts = 1 + config->retries,
	};

	layout.span = layout.order.share * layout.methods.count;
	return layout;
}

int sweep_new(const struct sweep_config *config, struct bw_mono now, struct sweep **ret_sweep,
	      struct bw_err *err)
{
	struct sweep *sweep = calloc(1, sizeof(*sweep));
	int code;

	if (!sweep)
		return bw_err_set(err, -ENOMEM, "out of memory");
	sweep->config = *config;
	sweep->layout = layout_of(config);
	sweep->reader = (struct sweep_reader){
		&sweep->config, &sweep->layout, &sweep->sender, &sweep->marks, {0}};
	code = sweep_sender_init(&sweep->sender, &sweep->layout, &sweep->marks, config->rate_pps,
				 config->pause_ns, now);
	if (code == 0)
		code = sweep_marks_init(&sweep->marks, sweep_space_count(config->space),
					config->passes * sweep->layout.methods.count);
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
	sweep_sender_fini(&sweep->sender);
	sweep_marks_fini(&sweep->marks);
	free(sweep);
}

int sweep_resume(struct sweep *sweep, struct sweep_place place)
{
	return sweep_sender_resume(&sweep->sender, place.pass, place.asked, place.until);
}

size_t sweep_claim(struct sweep *sweep, struct bw_mono now, size_t max,
		   struct packet_claim *ret_claim)
{
	return sweep_sender_claim(&sweep->sender, now, max, ret_claim);
}

/* False when there is no way out for this family. */
static bool build(const struct sweep *sweep, const struct packet_claim *claim, uint64_t cursor,
		  struct bw_tx *tx)
{
	int64_t sent_us = claim->at.ns / BW_US;
	struct token token;
	unsigned method;
	int egress;

	tx->dst = sweep_space_at(sweep->config.space,
				 sweep_layout_number(&sweep->layout, cursor, &method));
	egress = tx->dst.family == 4 ? sweep->egress_v4 : sweep->egress_v6;
	if (egress < 0)
		return false;
	token = token_make(&sweep->config.key, &tx->dst, sweep->layout.methods.list[method],
			   sweep_layout_nonce(claim->group, claim->at), sent_us, 0);
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
	sweep_sender_sent(&sweep->sender, claim, batch, count);
}

struct bw_mono sweep_deadline(const struct sweep *sweep, struct bw_mono now)
{
	return sweep_sender_deadline(&sweep->sender, now);
}

void sweep_observe(struct sweep *sweep, struct bw_mono now, const struct packet_ring *ring)
{
	sweep_sender_observe(&sweep->sender, now, ring);
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

void sweep_receive(struct sweep *sweep, const struct bw_rx *rx)
{
	sweep_reader_receive(&sweep->reader, rx);
}

/* Whether no answer is missing of the probes that have left. */
static bool all_answered(const struct sweep *sweep)
{
	uint64_t sent = sweep_sender_load(&sweep->sender.sent);

	return sent + sweep_sender_load(&sweep->sender.send_errors) +
			       sweep_sender_load(&sweep->sender.refused) >=
		       sweep_sender_load(&sweep->sender.claimed) &&
	       sweep->reader.stats.replies + sweep_sender_load(&sweep->sender.again) >= sent;
}

bool sweep_is_done(const struct sweep *sweep, struct bw_mono now)
{
	int64_t over_ns = atomic_load_explicit(&sweep->sender.over_ns, memory_order_acquire);

	if (over_ns == SWEEP_NEVER_NS)
		return false;
	return now.ns - over_ns >= sweep->config.cooldown_ns || all_answered(sweep);
}

struct sweep_place sweep_place(const struct sweep *sweep, struct bw_mono now, int64_t back_ns)
{
	uint64_t place = sweep_sender_load(&sweep->sender.progress);
	uint64_t back = sweep_log_place(&sweep->sender.log, (struct bw_mono){now.ns - back_ns});
	uint64_t span = sweep->layout.span, begin;
	uint32_t attempt;

	if (span == 0)
		return (struct sweep_place){0};
	attempt = (uint32_t)((back < place ? back : place) / span);
	begin = attempt * span;
	/* An attempt that repeats is not resumed; the first of its pass is complete. */
	return (struct sweep_place){
		.pass = sweep_layout_pass(&sweep->layout, attempt),
		.asked = attempt % sweep->layout.attempts ? span
							  : (back < place ? back : place) - begin,
		.until = place - begin < span ? place - begin : span,
	};
}

uint64_t sweep_total(const struct sweep *sweep)
{
	return sweep->layout.span * sweep->config.passes;
}

uint64_t sweep_progress(const struct sweep *sweep)
{
	uint64_t place = sweep_sender_load(&sweep->sender.progress);
	uint64_t attempt = sweep->layout.span ? place / sweep->layout.span : 0;
	uint64_t within = attempt % sweep->layout.attempts ? sweep->layout.span
							   : place - attempt * sweep->layout.span;

	return attempt / sweep->layout.attempts * sweep->layout.span + within;
}

uint64_t sweep_share(const struct sweep *sweep)
{
	return sweep->layout.order.share;
}

void sweep_stats(const struct sweep *sweep, struct sweep_stats *ret_stats)
{
	*ret_stats = sweep->reader.stats;
	ret_stats->sent = sweep_sender_load(&sweep->sender.sent);
	ret_stats->send_errors = sweep_sender_load(&sweep->sender.send_errors);
	ret_stats->refused = sweep_sender_load(&sweep->sender.refused);
	ret_stats->again = sweep_sender_load(&sweep->sender.again);
	ret_stats->holds = sweep_sender_load(&sweep->sender.holds);
	ret_stats->lost = sweep_sender_load(&sweep->sender.lost);
}

void sweep_each_answered(const struct sweep *sweep,
			 void (*take)(void *self, const struct bw_addr *addr, uint32_t passes),
			 void *self)
{
	sweep_answered_each(&sweep->layout, &sweep->marks, take, self);
}

uint64_t sweep_word_count(const struct sweep *sweep)
{
	return sweep->marks.words_a_layer * sweep->marks.layers;
}

uint64_t sweep_word(const struct sweep *sweep, uint64_t n)
{
	return sweep_sender_load(&sweep->marks.words[n]);
}

bool sweep_set_word(struct sweep *sweep, uint64_t n, uint64_t word)
{
	return sweep_reader_set_word(&sweep->reader, n, word);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/replay_judge.h"

#include <errno.h>
#include <stdlib.h>

#include "infer/evidence/belief.h"
#include "vantage/ledger/block/bounds.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/fitness/blindness.h"
#include "vantage/ledger/fitness/unrelated.h"
#include "vantage/ledger/records.h"

#define SUSPECT_SILENCES 2 /* as in vantage/watch */

int replay_judge_init(struct replay_judge *judge, struct ledger *ledger, int64_t round_ns)
{
	const struct roster *roster = ledger->config.roster;
	int code;

	*judge = (struct replay_judge){
		.ledger = ledger,
		.round_ns = round_ns,
		.blocks = calloc(roster->block_count + 1, sizeof(*judge->blocks)),
		.suspects = calloc(roster->target_count + 1, sizeof(*judge->suspects)),
		.void_before = {BLOCK_NEVER_ANSWERED, BLOCK_NEVER_ANSWERED},
	};
	code = witnesses_init(&judge->witnesses, roster->block_count,
			      round_ns + ledger->config.params.timeout_ns);
	if (code < 0 || !judge->blocks || !judge->suspects)
		return -ENOMEM;
	for (uint32_t i = 0; i < roster->block_count; i++)
		judge->blocks[i].decided = BLOCK_NEVER_ANSWERED;
	return 0;
}

void replay_judge_fini(struct replay_judge *judge)
{
	for (uint32_t i = 0; judge->blocks && i < judge->ledger->config.roster->block_count; i++)
		free(judge->blocks[i].window);
	free(judge->blocks);
	free(judge->suspects);
	witnesses_fini(&judge->witnesses);
}

struct replay_window *replay_judge_open(struct replay_judge *judge, uint32_t number)
{
	struct replay_block *rb = &judge->blocks[number];

	if (!rb->window)
		rb->window = calloc(1, sizeof(*rb->window));
	return rb->window;
}

void replay_judge_close(struct replay_judge *judge, uint32_t number)
{
	struct replay_block *rb = &judge->blocks[number];

	free(rb->window);
	rb->window = NULL;
	if (rb->was_suspect)
		judge->suspects[ledger_target_of(judge->ledger, number)]--;
	rb->was_suspect = false;
}

void replay_judge_suspect(struct replay_judge *judge, uint32_t number)
{
	struct replay_block *rb = &judge->blocks[number];
	struct block *block = &judge->ledger->blocks[number];

	if (rb->was_suspect || block->verdict == BW_UNKNOWN ||
	    (!block_is_down(block) &&
	     evidence_count(&rb->window->x, EVIDENCE_SILENT) < SUSPECT_SILENCES))
		return;
	rb->was_suspect = true;
	judge->suspects[ledger_target_of(judge->ledger, number)]++;
	block_set_condition(block, BW_SUSPECT, true);
	records_block(judge->ledger, number, &rb->tally);
}

static void abandon(struct replay_judge *judge, uint32_t number)
{
	struct block *block = &judge->ledger->blocks[number];
	const struct replay_window *window = judge->blocks[number].window;

	if (window && window->x.count > 0 && !block_is_down(block))
		block->log_odds = window->x.prior;
	replay_judge_close(judge, number);
	block_set_condition(block, BW_SUSPECT, false);
}

static void become_blind(struct replay_judge *judge, unsigned way, unsigned reasons)
{
	struct ledger *l = judge->ledger;

	if (l->ways.of[way].reasons)
		return;
	(void)blindness_enter(l, way, reasons);
	for (uint32_t i = 0; i < l->config.roster->block_count; i++)
		if (ledger_way_of(l, i) == way)
			abandon(judge, i);
}

bool replay_judge_is_void(const struct replay_judge *judge, uint32_t block, struct bw_mono sent)
{
	unsigned way = ledger_way_of(judge->ledger, block);

	return judge->ledger->ways.of[way].reasons ||
	       bw_mono_before(sent, judge->void_before[way]);
}

void replay_judge_sign_of_life(struct replay_judge *judge, unsigned way, enum health_source source,
			       struct bw_mono sent)
{
	struct ledger *l = judge->ledger;
	struct fitness *fitness = &l->ways.of[way];

	health_answered(&fitness->health, source, sent);
	if (!fitness->reasons || health_reasons(&fitness->health, fitness->since))
		return;
	judge->void_before[way] = sent;
	blindness_leave(l, way);
}

/* The silence of one host may be its own, while all other blocks of its target answer. */
static bool is_frail(const struct replay_judge *judge, uint32_t number)
{
	const struct ledger *l = judge->ledger;
	const struct evidence_log *x = &judge->blocks[number].window->x;
	uint32_t target = ledger_target_of(l, number), hosts = 0;

	for (unsigned i = 0; i < x->count; i++)
		hosts += x->list[i].attempt == 0 && x->list[i].availability > 0;
	return hosts < 2 && l->config.roster->targets[target].network_count > 1 &&
	       l->sums.targets[target].group.by_verdict[BW_DARK] == 0 &&
	       judge->suspects[target] == judge->blocks[number].was_suspect;
}

void replay_judge_weigh(const struct block *block, const struct evidence_log *x,
			float nats[EVIDENCE_MAX])
{
	for (unsigned i = 0; i < x->count; i++)
		nats[i] = -belief_of_silence(
			hotlist_availability(&block->hot, block->hosts, x->list[i].host));
}

static void decide_dark(struct replay_judge *judge, uint32_t number)
{
	struct ledger *l = judge->ledger;
	struct block *block = &l->blocks[number];
	const struct evidence_log *x = &judge->blocks[number].window->x;
	struct verdict_decision decision = {
		.to = BW_DARK,
		.earliest = block->last_answer,
		.latest = x->opened,
	};
	float nats[EVIDENCE_MAX];

	block->log_odds = evidence_belief(x, false);
	replay_judge_weigh(block, x, nats);
	bounds_add_silences(x, nats, l->now.mono, &ledger_outage_for(l, number)->silence);
	events_decide(l, number, &decision);
	judge->blocks[number].decided = l->now.mono;
	replay_judge_close(judge, number);
	records_block(l, number, &judge->blocks[number].tally);
}

void replay_judge_dark(struct replay_judge *judge, uint32_t number, bool force)
{
	struct ledger *l = judge->ledger;
	const struct block *block = &l->blocks[number];
	const struct replay_window *window = judge->blocks[number].window;
	struct bw_mono since;
	unsigned reasons;

	if (!window || block_is_down(block) || !block->known ||
	    !evidence_is_dark(&window->x, &l->config.params, block->hosts))
		return;
	since = bw_mono_add(window->x.opened, l->config.params.confirm_ns);
	reasons = unrelated_judge(l, number, since);
	if (reasons) {
		if (force || bw_mono_since(l->now.mono, since) >= judge->round_ns ||
		    !witnesses_are_left(&judge->witnesses, l, number, since))
			become_blind(judge, ledger_way_of(l, number), reasons);
		return;
	}
	if (!ledger_is_lossy(l, number) && !is_frail(judge, number))
		decide_dark(judge, number);
}

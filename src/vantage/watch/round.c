/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A round is a round of one block: from its first probe to its record.
 *
 * Step by step it does what step_next() wishes, woken by the wheel or by an
 * outcome; a verdict is written by verdict_decide() (through events.c, which
 * makes events of it) after the guard was asked. A block that answers stays on
 * round until its sample is complete or has had twice the longest round trip,
 * so that "3 of 3 answered" can be said at little cost. In a check a block has
 * one round; in rounds one after the other, and what cannot be decided in one
 * (too few hosts that answer often) goes on in the next, because the belief is
 * carried over.
 *
 * Invariants: a block has a round exactly from round_begin() until settle() or
 * round_abort(); a round's queued or waiting probes may outlive it: then their
 * outcomes serve the guard, and a late reply to a block that was called dark
 * disproves that.
 */
#include "infer/learn.h"
#include "infer/step.h"
#include "vantage/state.h"

#define QUEUE_RETRY_NS (5 * BW_MS)
#define SETTLE_MIN_NS (100 * BW_MS)
#define SUSPECT_SILENCES 2           /* unanswered probes of one round that make a block suspect */
#define LOOK_NS BW_S                 /* whether they still do */
#define JUDGE_AGAIN_NS (250 * BW_MS) /* while a jury is out */
#define SRTT_SHIFT 3                 /* RFC 6298: a new sample weighs 1/8 */

bool round_is_free(const struct vantage *v)
{
	return v->free_round != NO_ROUND || v->rounds_used < v->round_count;
}

static struct round *take(struct vantage *v, uint32_t number)
{
	uint32_t *head = &v->round_heads[number & v->round_mask], i = v->free_round;

	if (i == NO_ROUND)
		i = v->rounds_used++;
	else
		v->free_round = v->round_links[i].next;
	v->round_links[i] = (struct round_link){number, *head};
	*head = i;
	v->under_way++;
	return &v->rounds[i];
}

static void give_back(struct vantage *v, uint32_t number)
{
	struct round *round = round_of(v, number);
	uint32_t *link = &v->round_heads[number & v->round_mask], i = (uint32_t)(round - v->rounds);

	wheel_cancel(v->wheel, number);
	if (vantage_has_rounds(v))
		v->watches[number].paced = budget_note(round->spent) & BUDGET_NOTE_MAX;
	v->suspects -= round->was_suspect;
	while (*link != i)
		link = &v->round_links[*link].next;
	*link = v->round_links[i].next;
	v->round_links[i].next = v->free_round;
	v->free_round = i;
	v->under_way--;
}

/* The end of a round in which something may have been learned. */
static void learn(struct vantage *v, uint32_t number, struct round *round)
{
	struct watch *watch = &v->watches[number];

	if (block_is_down(&v->blocks[number]) && !siblings_is_needed(v, number))
		bounds_note(v, number, v->now.mono, &outages_for(v, number)->silence);
	if (evidence_is_false_alarm(&round->x))
		outages_for(v, number)->scared = v->now.mono;
	for (uint32_t i = 0; i < round->tally.replies && i < TALLY_RTTS; i++) {
		int32_t rtt_us = (int32_t)(round->tally.rtt_ns[i] / BW_US) + 1;
		int32_t old = (int32_t)watch->srtt_us;

		if (old)
			rtt_us = old + (rtt_us - old) / (1 << SRTT_SHIFT);
		watch->srtt_us = (uint32_t)rtt_us & WATCH_SRTT_MAX_US;
	}
	learn_round(&v->blocks[number], &round->x, v->now.mono);
	conditions_settle(v, number);
	watch->last_round = v->now.mono;
}

/* The record goes out and the round is over. */
static void settle(struct vantage *v, uint32_t number)
{
	struct round *round = round_of(v, number);

	if (vantage_has_rounds(v))
		conditions_learn(v, number);
	if (evidence_count(&round->x, EVIDENCE_REPLY) > 0)
		current_loss_count(v, number, &round->x);
	if (vantage_has_rounds(v)) {
		learn(v, number, round);
		events_settle(v, number);
	}
	records_block(v, number, &round->tally);
	v->known++;
	give_back(v, number);
	if (vantage_has_rounds(v))
		schedule_next(v, number);
}

static void decide(struct vantage *v, uint32_t number, enum bw_verdict to, unsigned reasons)
{
	struct evidence_log *x = &round_of(v, number)->x;
	struct block *block = &v->blocks[number];
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	struct verdict_decision decision = {.to = to, .reasons = reasons};

	bounds_bound(v, number, &decision);
	if (to == BW_UP && reply) {
		if (block_is_down(block)) {
			/* Who answers is new there: all others may have moved or gone. */
			if (!hotlist_has(&block->hot, reply->host))
				hotlist_doubt_all(&block->hot);
			evidence_forget(x, reply->sent);
		}
		block->log_odds = evidence_belief(x, false);
	}
	events_decide(v, number, &decision);
}

/* When the silence must be confirmed, a sign of life must be as young as that. */
static unsigned why_blind(struct vantage *v, const struct evidence_log *x)
{
	return sentinels_judge(v, bw_mono_add(x->opened, x->confirm_ns));
}

/*
 * Where dark is too much to say, in rounds: on a line that loses much just now (the
 * next round will tell), and of a frail block while the others of its target answer.
 */
static bool is_premature(const struct vantage *v, uint32_t number)
{
	return vantage_has_rounds(v) &&
	       (current_loss_is_bad(v, number) || siblings_is_lacking(v, number));
}

static void judge_silence(struct vantage *v, uint32_t number)
{
	const struct round *round = round_of(v, number);
	unsigned reasons;

	if (is_premature(v, number)) {
		settle(v, number);
		return;
	}
	reasons = why_blind(v, &round->x);
	if (reasons && control_group_is_out(v, round)) {
		wheel_arm(v->wheel, number, bw_mono_add(v->now.mono, JUDGE_AGAIN_NS));
		return;
	}
	if (reasons && vantage_has_rounds(v)) {
		sentinels_blind(v, reasons); /* aborts all rounds, this one too */
		return;
	}
	decide(v, number, reasons ? BW_UNKNOWN : BW_DARK, reasons);
	settle(v, number);
	if (block_is_down(&v->blocks[number]) && vantage_has_rounds(v))
		conditions_seek_border(v, number);
}

/* In a check what is not decided is unknown; in rounds the verdict stays, suspect. */
static void give_up(struct vantage *v, uint32_t number, unsigned reasons)
{
	const struct round *round = round_of(v, number);
	bool open = v->blocks[number].verdict == BW_UNKNOWN;
	/* A blind vantage explains a lack of evidence better than the lack itself. */
	unsigned blind = open && reasons == BW_WHY_FEW_EVIDENCE ? why_blind(v, &round->x) : 0;

	/* In rounds that nobody ever answered, the target's word for its hosts is not enough. */
	if (vantage_has_rounds(v) && reasons == BW_WHY_FEW_EVIDENCE &&
	    v->blocks[number].last_answer.ns == BLOCK_NEVER_ANSWERED.ns)
		reasons |= BW_WHY_NEVER_SEEN;
	if (open)
		decide(v, number, BW_UNKNOWN, blind ? blind : reasons);
	settle(v, number);
}

/*
 * A dark block is asked again next round: what the hour has no room for can wait. So can a
 * frail one whose silence goes on, until it has company.
 */
static bool can_wait(struct vantage *v, uint32_t number)
{
	const struct evidence_log *x = &round_of(v, number)->x;

	if (evidence_count(x, EVIDENCE_REPLY) > 0)
		return false;
	if (!block_is_down(&v->blocks[number]))
		return x->resumed && x->count > 0 && siblings_is_lacking(v, number);
	return !schedule_can_spare(v, number, x->count);
}

/* Asks the next host; false when it must wait and the wheel has been told. */
static bool ask(struct vantage *v, uint32_t number, uint16_t host)
{
	struct round *round = round_of(v, number);
	unsigned turn = request_turn(v, number, host);
	struct probe probe = request_probe(v, number, host, turn);
	struct bw_mono at = budget_next(&v->pace, round->spent, v->now.mono);
	struct evidence evidence = {
		.host = host,
		.availability = request_availability(v, number, host, turn),
		.method = (uint8_t)turn,
		.protocol = probe.method.protocol,
		.part = (uint8_t)conditions_part_of(v, number, &probe.dst),
	};

	probe.tag = round->x.count;
	if (!bw_mono_before(v->now.mono, at) && schedule_can_ask(v, number, &at)) {
		if (engine_submit(v->engine, &probe) == 0) {
			(void)budget_take(&v->pace, &round->spent, v->now.mono);
			schedule_asked(v, number);
			round->x.widened += evidence_is_widening(&round->x, &v->config.params,
								 v->blocks[number].hosts);
			return evidence_ask(&round->x, &evidence, v->now.mono) >= 0;
		}
		at = bw_mono_add(v->now.mono, QUEUE_RETRY_NS);
	}
	wheel_arm(v->wheel, number, at);
	return false;
}

/*
 * A block that is up and may still get answers: in rounds it waits for all, to
 * learn from them; a check has no time for that.
 */
static void wait_for_sample(struct vantage *v, uint32_t number)
{
	const struct round *round = round_of(v, number);
	int64_t patience = 2 * bounds_longest_rtt(&round->tally);
	struct bw_mono end =
		bw_mono_add(round->x.asked, patience > SETTLE_MIN_NS ? patience : SETTLE_MIN_NS);

	if (!evidence_is_open(&round->x) ||
	    (!vantage_has_rounds(v) && !bw_mono_before(v->now.mono, end)))
		settle(v, number);
	else if (!vantage_has_rounds(v))
		wheel_arm(v->wheel, number, end);
}

/* Says at once that a change shows: silence of an up block, a reply of a dark one. */
static void look_suspect(struct vantage *v, uint32_t number)
{
	struct round *round = round_of(v, number);
	struct block *block = &v->blocks[number];
	bool replied = evidence_count(&round->x, EVIDENCE_REPLY) > 0;
	bool silent = evidence_count(&round->x, EVIDENCE_SILENT) >= SUSPECT_SILENCES;

	if (!vantage_has_rounds(v) || block->verdict == BW_UNKNOWN || round->was_suspect ||
	    (block_is_down(block) ? !replied : replied || !silent))
		return;
	round->was_suspect = true;
	v->suspects++;
	block->conditions |= BW_SUSPECT;
	records_block(v, number, &round->tally);
	v->sentinels_at = v->now.mono; /* is it the vantage itself? */
	if (!block_is_down(block) && !round->x.resumed)
		schedule_hurry(v, number);
}

/* A block that is up may spare a probe for hosts that did not answer lately. */
static void explore(struct vantage *v, uint32_t number)
{
	struct round *round = round_of(v, number);
	uint16_t host;

	while (round->wish.count + round->explores > 0 && schedule_can_explore(v, number) &&
	       conditions_pick(v, number, &host))
		if (!ask(v, number, host))
			break;
	round->wish.count = round->explores = 0;
}

/* The group of probes that is to confirm a silence has begun: others may testify. */
static void ask_others(struct vantage *v, uint32_t number)
{
	const struct round *round = round_of(v, number);
	int64_t lasts_ns = bw_mono_since(v->now.mono, round->x.opened);

	if (!vantage_has_rounds(v) || round->jury.ns != BW_NEVER.ns ||
	    block_is_down(&v->blocks[number]) || lasts_ns < v->config.params.confirm_ns ||
	    evidence_count(&round->x, EVIDENCE_REPLY) > 0)
		return;
	/* Most are done by now: to look at all siblings takes longer than all before. */
	if (lasts_ns >= siblings_confirm_ns(v, number) && !siblings_is_lacking(v, number))
		control_group_summon(v, number);
}

/* AT, or sooner: a block that is silent by itself may soon have company. */
static struct bw_mono look_again(const struct vantage *v, uint32_t number, struct bw_mono at)
{
	const struct round *round = round_of(v, number);

	return round->was_suspect && !block_is_down(&v->blocks[number])
		       ? bw_mono_min(at, bw_mono_add(v->now.mono, LOOK_NS))
		       : at;
}

void round_advance(struct vantage *v, uint32_t number)
{
	struct round *round;

	while ((round = round_of(v, number))) {
		struct step step;

		if (evidence_count(&round->x, EVIDENCE_REPLY) < round->x.count) {
			round->x.delivered = current_loss_quality(v, number);
			if (evidence_nears_dark(&round->x, &v->config.params,
						v->blocks[number].hosts))
				siblings_adjust(v, number, &round->x);
		}
		step = step_next(&v->blocks[number], &round->x, &v->config.params, v->now.mono);
		switch (step.kind) {
		case STEP_ASK:
			if (can_wait(v, number)) {
				if (!evidence_is_open(&round->x))
					give_up(v, number, 0);
				return;
			}
			if (!ask(v, number, step.host))
				return;
			ask_others(v, number);
			break;
		case STEP_WAIT:
			if (step.at.ns != BW_NEVER.ns)
				wheel_arm(v->wheel, number, look_again(v, number, step.at));
			return;
		case STEP_UP:
			decide(v, number, BW_UP, 0);
			explore(v, number);
			wait_for_sample(v, number);
			return;
		case STEP_DARK:
			judge_silence(v, number);
			return;
		case STEP_UNDECIDED:
			give_up(v, number, step.reasons);
			return;
		}
	}
}

static unsigned hindrance(const struct roster *roster, const struct roster_block *block)
{
	if (roster->networks[block->network].egress == ROSTER_NO_EGRESS)
		return BW_WHY_NO_ROUTE;
	if (block->refused == BW_ERR_BLOCKLISTED)
		return BW_WHY_BLOCKLISTED;
	return block->refused ? BW_WHY_SPECIAL_PURPOSE : BW_WHY_NEVER_SEEN;
}

static void start(struct vantage *v, uint32_t number)
{
	struct round *round = take(v, number);
	int64_t elapsed = vantage_has_rounds(v)
				  ? bw_mono_since(v->now.mono, v->watches[number].last_round)
				  : 0;

	if (elapsed > 0)
		request_doubt_after(v, number, elapsed);
	round->tally = (struct tally){0};
	if (vantage_has_rounds(v))
		round->spent = budget_recall(&v->pace, v->watches[number].paced, v->now.mono);
	else
		round->spent = (struct budget_spent){0};
	round->was_suspect = false;
	round->juror = round->jurors = false;
	round->jury = BW_NEVER;
	round->wish.count = round->explores = 0;
	round->wished = 0;
	if (vantage_has_rounds(v))
		conditions_wish(v, number, rng_unit(&v->rng));
	block_begin(&v->blocks[number], &round->x, &v->config.params, elapsed, v->now.mono);
	if (vantage_has_rounds(v))
		round->x.repeated = 1;
}

void round_begin(struct vantage *v, uint32_t number)
{
	const struct roster *roster = v->config.roster;
	const struct roster_block *block = &roster->blocks[number];

	start(v, number);
	if (vantage_has_rounds(v)) {
		round_of(v, number)->juror = v->watches[number].juror;
		v->watches[number].urgent = v->watches[number].juror = false;
	}
	if (block->host_count == 0 || roster->networks[block->network].egress == ROSTER_NO_EGRESS) {
		decide(v, number, BW_UNKNOWN, hindrance(roster, block));
		settle(v, number);
	} else {
		round_advance(v, number);
	}
}

void round_abort(struct vantage *v, uint32_t number)
{
	if (round_of(v, number))
		give_back(v, number);
}

void round_stop(struct vantage *v, uint32_t number, unsigned reason)
{
	if (!round_of(v, number))
		start(v, number);
	if (evidence_count(&round_of(v, number)->x, EVIDENCE_REPLY) > 0)
		decide(v, number, BW_UP, 0);
	else if (v->blocks[number].verdict == BW_UNKNOWN)
		decide(v, number, BW_UNKNOWN, reason);
	settle(v, number);
}

void round_sent(struct vantage *v, const struct probe *probe, struct bw_mono sent)
{
	struct round *round = round_of(v, probe->subject);

	if (!round || probe->tag >= round->x.count ||
	    round->x.list[probe->tag].state != EVIDENCE_QUEUED)
		return;
	round->tally.sent++;
	evidence_sent(&round->x, probe->tag, sent);
	round_advance(v, probe->subject);
}

/* The evidence of a probe, unless its round is over and another has begun since. */
static bool is_of_round(const struct round *round, const struct outcome *outcome)
{
	const struct evidence *e;

	if (outcome->probe.tag >= round->x.count)
		return false;
	e = &round->x.list[outcome->probe.tag];
	return e->host == outcome->probe.host &&
	       (outcome->kind == OUTCOME_VOID ? e->state == EVIDENCE_QUEUED
					      : e->sent.ns == outcome->sent.ns);
}

void round_outcome(struct vantage *v, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct round *round = round_of(v, number);
	bool border = conditions_hear(v, outcome); /* its reply says nothing of the block */

	if (!round || !is_of_round(round, outcome)) {
		if (outcome->kind == OUTCOME_REPLY && !border)
			events_withdraw(v, number, outcome);
		return;
	}
	if (border)
		evidence_settle(&round->x, outcome->probe.tag, EVIDENCE_NEUTRAL);
	else if (!learn_outcome(&v->blocks[number], &round->x, outcome->probe.tag, outcome))
		return;
	if (outcome->kind == OUTCOME_TIMEOUT && !block_is_down(&v->blocks[number]))
		health_missed(&v->health, round->x.list[outcome->probe.tag].availability);
	if (vantage_has_rounds(v) && health_is_deaf(&v->health)) {
		sentinels_blind(v, BW_WHY_VANTAGE_OFFLINE);
		return;
	}
	if (outcome->kind == OUTCOME_REPLY) {
		if (round->tally.replies < TALLY_RTTS)
			round->tally.rtt_ns[round->tally.replies] = outcome->rtt_ns;
		round->tally.replies++;
	}
	control_group_hear(v, round, outcome);
	look_suspect(v, number);
	round_advance(v, number);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trial is a round of one block: from its first probe to its record.
 *
 * Step by step it does what block_next() wishes, woken by the wheel or by an
 * outcome; a verdict is written by block_decide() (through changes.c, which
 * makes events of it) after the guard was asked. A block that answers stays on
 * trial until its sample is complete or has had twice the longest round trip,
 * so that "3 of 3 answered" can be said at little cost. In a check a block has
 * one trial; in rounds one after the other, and what cannot be decided in one
 * (too few hosts that answer often) goes on in the next, because the belief is
 * carried over.
 *
 * Invariants: a block has a trial exactly from trial_begin() until settle() or
 * trial_abort(); a trial's queued or waiting probes may outlive it: then their
 * outcomes serve the guard, and a late reply to a block that was called dark
 * disproves that.
 */
#include "vantage/state.h"

#define QUEUE_RETRY_NS (5 * BW_MS)
#define SETTLE_MIN_NS (100 * BW_MS)
#define SUSPECT_SILENCES 2           /* unanswered probes of one round that make a block suspect */
#define LOOK_NS BW_S                 /* whether they still do */
#define JUDGE_AGAIN_NS (250 * BW_MS) /* while a jury is out */
#define SRTT_SHIFT 3                 /* RFC 6298: a new sample weighs 1/8 */

bool trial_is_free(const struct vantage *v)
{
	return v->free_trial != NO_TRIAL || v->trials_used < v->trial_count;
}

static struct trial *take(struct vantage *v, uint32_t number)
{
	uint32_t *head = &v->trial_heads[number & v->trial_mask], i = v->free_trial;

	if (i == NO_TRIAL)
		i = v->trials_used++;
	else
		v->free_trial = v->trial_links[i].next;
	v->trial_links[i] = (struct trial_link){number, *head};
	*head = i;
	v->on_trial++;
	return &v->trials[i];
}

static void give_back(struct vantage *v, uint32_t number)
{
	struct trial *trial = trial_of(v, number);
	uint32_t *link = &v->trial_heads[number & v->trial_mask], i = (uint32_t)(trial - v->trials);

	wheel_cancel(v->wheel, number);
	if (vantage_has_rounds(v))
		v->watches[number].paced = budget_note(trial->spent) & BUDGET_NOTE_MAX;
	v->suspects -= trial->was_suspect;
	while (*link != i)
		link = &v->trial_links[*link].next;
	*link = v->trial_links[i].next;
	v->trial_links[i].next = v->free_trial;
	v->free_trial = i;
	v->on_trial--;
}

/* The end of a round in which something may have been learned. */
static void learn(struct vantage *v, uint32_t number, struct trial *trial)
{
	struct watch *watch = &v->watches[number];

	if (block_is_down(&v->blocks[number]) && !company_is_needed(v, number))
		dating_note(v, number, v->now.mono, &past_for(v, number)->silence);
	if (evidence_is_scare(&trial->x))
		past_for(v, number)->scared = v->now.mono;
	for (uint32_t i = 0; i < trial->tally.replies && i < TALLY_RTTS; i++) {
		int32_t rtt_us = (int32_t)(trial->tally.rtt_ns[i] / BW_US) + 1;
		int32_t old = (int32_t)watch->srtt_us;

		if (old)
			rtt_us = old + (rtt_us - old) / (1 << SRTT_SHIFT);
		watch->srtt_us = (uint32_t)rtt_us & WATCH_SRTT_MAX_US;
	}
	block_learn(&v->blocks[number], &trial->x, v->now.mono);
	manners_settle(v, number);
	watch->last_trial = v->now.mono;
}

/* The record goes out and the trial is over. */
static void settle(struct vantage *v, uint32_t number)
{
	struct trial *trial = trial_of(v, number);

	if (vantage_has_rounds(v))
		manners_learn(v, number);
	if (evidence_count(&trial->x, EVIDENCE_REPLY) > 0)
		line_count(v, number, &trial->x);
	if (vantage_has_rounds(v)) {
		learn(v, number, trial);
		changes_settle(v, number);
	}
	results_block(v, number, &trial->tally);
	v->known++;
	give_back(v, number);
	if (vantage_has_rounds(v))
		rounds_next(v, number);
}

static void decide(struct vantage *v, uint32_t number, enum bw_verdict to, unsigned reasons)
{
	struct evidence_log *x = &trial_of(v, number)->x;
	struct block *block = &v->blocks[number];
	const struct evidence *reply = evidence_first(x, EVIDENCE_REPLY);
	struct block_decision decision = {.to = to, .reasons = reasons};

	dating_bound(v, number, &decision);
	if (to == BW_UP && reply) {
		if (block_is_down(block)) {
			/* Who answers is new there: all others may have moved or gone. */
			if (!hotlist_has(&block->hot, reply->host))
				hotlist_doubt_all(&block->hot);
			evidence_forget(x, reply->sent);
		}
		block->log_odds = evidence_belief(x, false);
	}
	changes_decide(v, number, &decision);
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
	return vantage_has_rounds(v) && (line_is_bad(v, number) || company_is_lacking(v, number));
}

static void judge_silence(struct vantage *v, uint32_t number)
{
	const struct trial *trial = trial_of(v, number);
	unsigned reasons;

	if (is_premature(v, number)) {
		settle(v, number);
		return;
	}
	reasons = why_blind(v, &trial->x);
	if (reasons && jury_is_out(v, trial)) {
		wheel_arm(v->wheel, number, bw_mono_add(v->now.mono, JUDGE_AGAIN_NS));
		return;
	}
	if (reasons && vantage_has_rounds(v)) {
		sentinels_blind(v, reasons); /* aborts all trials, this one too */
		return;
	}
	decide(v, number, reasons ? BW_UNKNOWN : BW_DARK, reasons);
	settle(v, number);
	if (block_is_down(&v->blocks[number]) && vantage_has_rounds(v))
		manners_seek_border(v, number);
}

/* In a check what is not decided is unknown; in rounds the verdict stays, suspect. */
static void give_up(struct vantage *v, uint32_t number, unsigned reasons)
{
	const struct trial *trial = trial_of(v, number);
	bool open = v->blocks[number].verdict == BW_UNKNOWN;
	/* A blind vantage explains a lack of evidence better than the lack itself. */
	unsigned blind = open && reasons == BW_WHY_FEW_EVIDENCE ? why_blind(v, &trial->x) : 0;

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
	const struct evidence_log *x = &trial_of(v, number)->x;

	if (evidence_count(x, EVIDENCE_REPLY) > 0)
		return false;
	if (!block_is_down(&v->blocks[number]))
		return x->resumed && x->count > 0 && company_is_lacking(v, number);
	return !rounds_can_spare(v, number, x->count);
}

/* Asks the next host; false when it must wait and the wheel has been told. */
static bool ask(struct vantage *v, uint32_t number, uint16_t host)
{
	struct trial *trial = trial_of(v, number);
	unsigned turn = asking_turn(v, number, host);
	struct probe probe = asking_probe(v, number, host, turn);
	struct bw_mono at = budget_next(&v->pace, trial->spent, v->now.mono);
	struct evidence evidence = {
		.host = host,
		.availability = asking_availability(v, number, host, turn),
		.turn = (uint8_t)turn,
		.protocol = probe.method.protocol,
		.part = (uint8_t)manners_part_of(v, number, &probe.dst),
	};

	probe.tag = trial->x.count;
	if (!bw_mono_before(v->now.mono, at) && rounds_can_ask(v, number, &at)) {
		if (engine_submit(v->engine, &probe) == 0) {
			(void)budget_take(&v->pace, &trial->spent, v->now.mono);
			rounds_asked(v, number);
			trial->x.widened += evidence_is_widening(&trial->x, &v->config.params,
								 v->blocks[number].hosts);
			return evidence_ask(&trial->x, &evidence, v->now.mono) >= 0;
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
	const struct trial *trial = trial_of(v, number);
	int64_t patience = 2 * dating_longest_rtt(&trial->tally);
	struct bw_mono end =
		bw_mono_add(trial->x.asked, patience > SETTLE_MIN_NS ? patience : SETTLE_MIN_NS);

	if (!evidence_is_open(&trial->x) ||
	    (!vantage_has_rounds(v) && !bw_mono_before(v->now.mono, end)))
		settle(v, number);
	else if (!vantage_has_rounds(v))
		wheel_arm(v->wheel, number, end);
}

/* Says at once that a change shows: silence of an up block, a reply of a dark one. */
static void look_suspect(struct vantage *v, uint32_t number)
{
	struct trial *trial = trial_of(v, number);
	struct block *block = &v->blocks[number];
	bool replied = evidence_count(&trial->x, EVIDENCE_REPLY) > 0;
	bool silent = evidence_count(&trial->x, EVIDENCE_SILENT) >= SUSPECT_SILENCES;

	if (!vantage_has_rounds(v) || block->verdict == BW_UNKNOWN || trial->was_suspect ||
	    (block_is_down(block) ? !replied : replied || !silent))
		return;
	trial->was_suspect = true;
	v->suspects++;
	block->conditions |= BW_SUSPECT;
	results_block(v, number, &trial->tally);
	v->sentinels_at = v->now.mono; /* is it the vantage itself? */
	if (!block_is_down(block) && !trial->x.resumed)
		rounds_hurry(v, number);
}

/* A block that is up may spare a probe for hosts that did not answer lately. */
static void explore(struct vantage *v, uint32_t number)
{
	struct trial *trial = trial_of(v, number);
	uint16_t host;

	while (trial->wish.count + trial->explores > 0 && rounds_can_explore(v, number) &&
	       manners_pick(v, number, &host))
		if (!ask(v, number, host))
			break;
	trial->wish.count = trial->explores = 0;
}

/* The group of probes that is to confirm a silence has begun: others may testify. */
static void ask_others(struct vantage *v, uint32_t number)
{
	const struct trial *trial = trial_of(v, number);
	int64_t lasts_ns = bw_mono_since(v->now.mono, trial->x.opened);

	if (!vantage_has_rounds(v) || trial->jury.ns != BW_NEVER.ns ||
	    block_is_down(&v->blocks[number]) || lasts_ns < v->config.params.confirm_ns ||
	    evidence_count(&trial->x, EVIDENCE_REPLY) > 0)
		return;
	/* Most are done by now: to look at all siblings takes longer than all before. */
	if (lasts_ns >= company_confirm_ns(v, number) && !company_is_lacking(v, number))
		jury_summon(v, number);
}

/* AT, or sooner: a block that is silent by itself may soon have company. */
static struct bw_mono look_again(const struct vantage *v, uint32_t number, struct bw_mono at)
{
	const struct trial *trial = trial_of(v, number);

	return trial->was_suspect && !block_is_down(&v->blocks[number])
		       ? bw_mono_min(at, bw_mono_add(v->now.mono, LOOK_NS))
		       : at;
}

void trial_advance(struct vantage *v, uint32_t number)
{
	struct trial *trial;

	while ((trial = trial_of(v, number))) {
		struct block_wish wish;

		if (evidence_count(&trial->x, EVIDENCE_REPLY) < trial->x.count) {
			trial->x.delivered = line_quality(v, number);
			if (evidence_nears_dark(&trial->x, &v->config.params,
						v->blocks[number].hosts))
				company_adjust(v, number, &trial->x);
		}
		wish = block_next(&v->blocks[number], &trial->x, &v->config.params, v->now.mono);
		switch (wish.step) {
		case STEP_ASK:
			if (can_wait(v, number)) {
				if (!evidence_is_open(&trial->x))
					give_up(v, number, 0);
				return;
			}
			if (!ask(v, number, wish.host))
				return;
			ask_others(v, number);
			break;
		case STEP_WAIT:
			if (wish.at.ns != BW_NEVER.ns)
				wheel_arm(v->wheel, number, look_again(v, number, wish.at));
			return;
		case STEP_UP:
			decide(v, number, BW_UP, 0);
			explore(v, number);
			wait_for_sample(v, number);
			return;
		case STEP_DARK:
			judge_silence(v, number);
			return;
		case STEP_STUCK:
			give_up(v, number, wish.reasons);
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
	struct trial *trial = take(v, number);
	int64_t elapsed = vantage_has_rounds(v)
				  ? bw_mono_since(v->now.mono, v->watches[number].last_trial)
				  : 0;

	if (elapsed > 0)
		asking_doubt_after(v, number, elapsed);
	trial->tally = (struct tally){0};
	if (vantage_has_rounds(v))
		trial->spent = budget_recall(&v->pace, v->watches[number].paced, v->now.mono);
	else
		trial->spent = (struct budget_spent){0};
	trial->was_suspect = false;
	trial->juror = trial->jurors = false;
	trial->jury = BW_NEVER;
	trial->wish.count = trial->explores = 0;
	trial->wished = 0;
	if (vantage_has_rounds(v))
		manners_wish(v, number, rng_unit(&v->rng));
	block_begin(&v->blocks[number], &trial->x, &v->config.params, elapsed, v->now.mono);
	if (vantage_has_rounds(v))
		trial->x.repeated = 1;
}

void trial_begin(struct vantage *v, uint32_t number)
{
	const struct roster *roster = v->config.roster;
	const struct roster_block *block = &roster->blocks[number];

	start(v, number);
	if (vantage_has_rounds(v)) {
		trial_of(v, number)->juror = v->watches[number].juror;
		v->watches[number].urgent = v->watches[number].juror = false;
	}
	if (block->host_count == 0 || roster->networks[block->network].egress == ROSTER_NO_EGRESS) {
		decide(v, number, BW_UNKNOWN, hindrance(roster, block));
		settle(v, number);
	} else {
		trial_advance(v, number);
	}
}

void trial_abort(struct vantage *v, uint32_t number)
{
	if (trial_of(v, number))
		give_back(v, number);
}

void trial_stop(struct vantage *v, uint32_t number, unsigned reason)
{
	if (!trial_of(v, number))
		start(v, number);
	if (evidence_count(&trial_of(v, number)->x, EVIDENCE_REPLY) > 0)
		decide(v, number, BW_UP, 0);
	else if (v->blocks[number].verdict == BW_UNKNOWN)
		decide(v, number, BW_UNKNOWN, reason);
	settle(v, number);
}

void trial_sent(struct vantage *v, const struct probe *probe, struct bw_mono sent)
{
	struct trial *trial = trial_of(v, probe->subject);

	if (!trial || probe->tag >= trial->x.count ||
	    trial->x.list[probe->tag].state != EVIDENCE_QUEUED)
		return;
	trial->tally.sent++;
	evidence_sent(&trial->x, probe->tag, sent);
	trial_advance(v, probe->subject);
}

/* The evidence of a probe, unless its trial is over and another has begun since. */
static bool is_of_trial(const struct trial *trial, const struct outcome *outcome)
{
	const struct evidence *e;

	if (outcome->probe.tag >= trial->x.count)
		return false;
	e = &trial->x.list[outcome->probe.tag];
	return e->host == outcome->probe.host &&
	       (outcome->kind == OUTCOME_VOID ? e->state == EVIDENCE_QUEUED
					      : e->sent.ns == outcome->sent.ns);
}

void trial_outcome(struct vantage *v, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct trial *trial = trial_of(v, number);
	bool border = manners_hear(v, outcome); /* its reply says nothing of the block */

	if (!trial || !is_of_trial(trial, outcome)) {
		if (outcome->kind == OUTCOME_REPLY && !border)
			changes_withdraw(v, number, outcome);
		return;
	}
	if (border)
		evidence_settle(&trial->x, outcome->probe.tag, EVIDENCE_NEUTRAL);
	else if (!block_take(&v->blocks[number], &trial->x, outcome->probe.tag, outcome))
		return;
	if (outcome->kind == OUTCOME_TIMEOUT && !block_is_down(&v->blocks[number]))
		health_missed(&v->health, trial->x.list[outcome->probe.tag].availability);
	if (vantage_has_rounds(v) && health_is_deaf(&v->health)) {
		sentinels_blind(v, BW_WHY_VANTAGE_OFFLINE);
		return;
	}
	if (outcome->kind == OUTCOME_REPLY) {
		if (trial->tally.replies < TALLY_RTTS)
			trial->tally.rtt_ns[trial->tally.replies] = outcome->rtt_ns;
		trial->tally.replies++;
	}
	jury_hear(v, trial, outcome);
	look_suspect(v, number);
	trial_advance(v, number);
}

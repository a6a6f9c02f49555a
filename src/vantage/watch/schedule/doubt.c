/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One host that is switched off looks like a block that is dark. How long such hosts stay off is
 * learned: each silence of a doubted block that ends with an answer is an absence. The lengths
 * are taken as exponential, so that 7 times the mean is exceeded in one of a thousand.
 */
#include "vantage/watch/schedule/doubt.h"

#include <math.h>

#include "infer/step.h"
#include "vantage/ledger/events.h"
#include "vantage/watch/schedule/siblings.h"

#define UNHEARD_ROUNDS 3
#define MEAN_ABSENCES 7
#define ABSENCE_MIN_NS (3 * 3600 * BW_S)
#define ABSENCE_MAX_NS (24 * 3600 * BW_S) /* as long as nothing is learned */
#define ABSENCE_RISK 0.001F               /* an outage that began in an absence began later */

static void make_unknown(struct ledger *l, uint32_t block, unsigned reasons, bool is_silent)
{
	const struct verdict_decision decision = {
		.to = BW_UNKNOWN,
		.doubts = is_silent,
		.reasons = reasons,
		.earliest = l->blocks[block].last_answer,
		.latest = l->now.mono,
	};

	events_decide(l, block, &decision);
}

static bool is_unheard(const struct allowance *a, uint32_t block)
{
	const struct ledger *l = a->ledger;
	struct bw_mono heard = l->blocks[block].last_answer;

	return heard.ns == BLOCK_NEVER_ANSWERED.ns ||
	       bw_mono_since(l->now.mono, heard) > UNHEARD_ROUNDS * allowance_interval_ns(a, block);
}

/* The belief is low, and has been for as long as a confirmation takes. */
static bool is_disbelieved(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	return l->blocks[block].log_odds < 0 && evidence_count(x, EVIDENCE_SILENT) > 0 &&
	       (x->resumed || bw_mono_since(l->now.mono, x->opened) >= x->confirm_ns);
}

void doubt_round(const struct allowance *a, uint32_t block, const struct evidence_log *x)
{
	struct ledger *l = a->ledger;
	bool is_silent = evidence_count(x, EVIDENCE_SILENT) > 0;
	unsigned reasons = is_silent && siblings_contradict(l, block)
				   ? BW_WHY_FEW_HOSTS
				   : step_reasons_of_silence(&l->blocks[block], x);

	if (l->blocks[block].verdict != BW_UP || evidence_count(x, EVIDENCE_REPLY) > 0)
		return;
	if (is_disbelieved(l, block, x) || is_unheard(a, block))
		make_unknown(l, block, reasons, is_silent);
}

void doubt_silence(struct ledger *l, uint32_t block, unsigned reasons)
{
	enum bw_verdict verdict = (enum bw_verdict)l->blocks[block].verdict;

	if (verdict != BW_UP && verdict != BW_UNKNOWN)
		return;
	verdict_clear_suspicion(&l->blocks[block], &l->config.params);
	make_unknown(l, block, reasons, false);
}

void doubt_missed_round(const struct allowance *a, uint32_t block, unsigned reasons)
{
	struct ledger *l = a->ledger;
	bool is_silent = l->unanswered[block] > 0;

	if (!ledger_blind(l, block) && l->blocks[block].verdict == BW_UP && is_unheard(a, block))
		make_unknown(l, block, reasons, is_silent);
}

/* The absences of blocks as NUMBER: their mean length and how much of the time they last. */
struct usual_absence {
	int64_t mean_ns;
	float share;
};

static int64_t watched_ns(const struct ledger *l, uint32_t block)
{
	int64_t watched = l->now.wall.ns - (int64_t)l->tracks[block].first_s * BW_S;

	return watched > 0 ? watched : 0;
}

static struct usual_absence usual_absence(const struct ledger *l, uint32_t number)
{
	struct roster_range siblings = roster_siblings(l->config.roster, number);
	int64_t total_ns = ABSENCE_MAX_NS / MEAN_ABSENCES, lasts_ns = 0;
	uint32_t count = 1;

	for (uint32_t i = siblings.first; i < siblings.end; i++) {
		const struct outage_memory *memory = ledger_outage_of(l, i);

		if (!siblings_are_needed(l, i))
			continue;
		total_ns += memory->absences.total_ns;
		count += memory->absences.count;
		lasts_ns += watched_ns(l, i);
	}
	return (struct usual_absence){
		.mean_ns = total_ns / count,
		.share = total_ns < lasts_ns ? (float)total_ns / (float)lasts_ns : 1,
	};
}

/* The time after which a silence is no absence of the hosts. */
static int64_t absence_limit_ns(const struct ledger *l, uint32_t block)
{
	int64_t limit_ns = MEAN_ABSENCES * usual_absence(l, block).mean_ns;

	if (limit_ns > ABSENCE_MAX_NS)
		return ABSENCE_MAX_NS;
	return limit_ns > ABSENCE_MIN_NS ? limit_ns : ABSENCE_MIN_NS;
}

struct bw_mono doubt_began_by(const struct ledger *l, uint32_t block)
{
	struct usual_absence usual = usual_absence(l, block);
	float means = fmaxf(logf(usual.share / ABSENCE_RISK), 0);

	return bw_mono_min(bw_mono_add(l->blocks[block].since,
				       (int64_t)(means * (float)usual.mean_ns)),
			   l->now.mono);
}

bool doubt_is_own_absence(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];

	if (!siblings_contradict(l, number))
		return false;
	return !block_is_doubted(block) ||
	       bw_mono_since(l->now.mono, block->since) < absence_limit_ns(l, number);
}

bool doubt_is_premature(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	bool all_silent = x->shared <= -l->config.params.dark_nats;

	return (ledger_is_lossy(l, block) && !all_silent) || doubt_is_own_absence(l, block);
}

bool doubt_stands_alone(const struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	return !siblings_are_needed(l, block) && x->rest < 0;
}

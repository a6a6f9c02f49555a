/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One host that is switched off looks like a block that is dark. How often such hosts are off and
 * for how long is learned: each silence of a doubted block that ends with an answer is an absence.
 * Each block has a rate of absences and a mean length of its own, both of them unknown. What is
 * known of its siblings says what to expect of it, with the weight of a few absences, and of them
 * a prior does, with less weight. The lengths are exponential about an unknown mean, so that with N
 * known the next one is longer than T with the chance (1 + T / total)^-N (Lomax). A silence is no
 * absence when absences of its length are rarer than false darks may be. So hosts that were never
 * seen off are dark the sooner the longer they were heard; what is often off has to be silent for
 * some seven to nine means.
 */
#include "vantage/watch/schedule/doubt.h"

#include <math.h>

#include "infer/step.h"
#include "vantage/ledger/events.h"
#include "vantage/watch/schedule/siblings.h"

#define UNHEARD_ROUNDS 3
#define HOUR_NS (3600 * BW_S)
#define ABSENCE_MIN_NS (3 * HOUR_NS)
#define ABSENCE_MAX_NS (24 * HOUR_NS) /* as long as nothing is learned */
#define ABSENCE_RISK 0.001F           /* an outage that began in an absence began later */
#define PRIOR_ABSENCES 0.5     /* siblings were seen off so often before they were watched, */
#define PRIOR_HOURS 1.0        /* ... in so long a time; */
#define PRIOR_LENGTHS 4.0      /* of so many absences the length is known, ... */
#define PRIOR_LENGTH_HOURS 2.5 /* ... in the mean */
#define SIBLINGS_ABSENCES 1.0  /* siblings say how often a block is off, and for how ... */
#define SIBLINGS_LENGTHS 8.0   /* ... long, with the weight of so many absences of its own */
#define FALSE_DARK_SHARE 0.3   /* of the false darks that are stated, absences may be these */

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

/* What to expect of the absences of a block. */
struct usual_absence {
	double hourly;       /* so many begin in an hour in which it is heard */
	double hours, count; /* the length of so many together */
};

static void add_absences(struct usual_absence *sum, double *heard, const struct absences *absences)
{
	sum->count += absences->count;
	sum->hours += (double)absences->total_ns / (double)HOUR_NS;
	*heard += absences->heard_hours;
}

/* Of any block of few hosts among the siblings of NUMBER, itself included. */
static struct usual_absence siblings_absence(const struct ledger *l, uint32_t number)
{
	struct roster_range siblings = roster_siblings(l->config.roster, number);
	struct usual_absence sum = {0};
	double heard = 0;

	for (uint32_t i = siblings.first; i < siblings.end; i++)
		if (siblings_are_needed(l, i))
			add_absences(&sum, &heard, &ledger_outage_of(l, i)->absences);
	return (struct usual_absence){
		.hourly = (sum.count + PRIOR_ABSENCES) / (heard + PRIOR_HOURS),
		.hours = sum.hours + PRIOR_LENGTHS * PRIOR_LENGTH_HOURS,
		.count = sum.count + PRIOR_LENGTHS,
	};
}

static struct usual_absence usual_absence(const struct ledger *l, uint32_t number)
{
	const struct absences *own = &ledger_outage_of(l, number)->absences;
	struct usual_absence usual = siblings_absence(l, number);
	double lengths = fmin(SIBLINGS_LENGTHS, usual.count);

	usual.hours *= lengths / usual.count;
	usual.count = lengths;
	usual.hourly = (own->count + SIBLINGS_ABSENCES) /
		       (own->heard_hours + SIBLINGS_ABSENCES / usual.hourly);
	add_absences(&usual, &(double){0}, own);
	return usual;
}

/* The time after which a silence is no absence of the hosts. */
static int64_t absence_limit_ns(const struct ledger *l, uint32_t block)
{
	const struct infer_params *params = &l->config.params;
	struct usual_absence usual = usual_absence(l, block);
	double false_darks = exp(-params->dark_nats) / ((double)params->mean_up_ns / HOUR_NS);
	double times = fmax(usual.hourly / (FALSE_DARK_SHARE * false_darks), 1);
	double limit_ns = usual.hours * HOUR_NS * (pow(times, 1 / usual.count) - 1);

	return (int64_t)fmin(fmax(limit_ns, ABSENCE_MIN_NS), ABSENCE_MAX_NS);
}

struct bw_mono doubt_began_by(const struct ledger *l, uint32_t block)
{
	struct usual_absence usual = usual_absence(l, block);
	double mean = usual.hours / usual.count, per_heard = usual.hourly * mean;
	double means = fmax(log(per_heard / (1 + per_heard) / ABSENCE_RISK), 0);

	return bw_mono_min(bw_mono_add(l->blocks[block].since, (int64_t)(means * mean * HOUR_NS)),
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

void doubt_note_heard(struct ledger *l, uint32_t block)
{
	struct bw_mono before = l->tracks[block].last_round;

	if (before.ns / HOUR_NS == l->now.mono.ns / HOUR_NS || !siblings_are_needed(l, block))
		return;
	ledger_outage_for(l, block)->absences.heard_hours++;
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

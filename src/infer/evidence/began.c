/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/evidence/began.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define RISK 0.001

static bool is_silent(const struct evidence *e)
{
	return e->state == EVIDENCE_SILENT || e->state == EVIDENCE_WAITING;
}

/* The index of the next silence from INDEX on; log->count: none. */
static unsigned next_silence(const struct evidence_log *log, unsigned index)
{
	while (index < log->count && !is_silent(&log->list[index]))
		index++;
	return index;
}

/* Begins with the log-probability of each state of the line. */
static void begin(const struct evidence_log *log, float states[LINE_STATES])
{
	for (unsigned i = 0; i < LINE_STATES; i++)
		states[i] = log->line[i];
}

/* Adds the silence of E to each state. Returns how likely all silences up to it are by chance. */
static double chance_of(const struct evidence_log *log, const struct evidence *e,
			float states[LINE_STATES])
{
	double chance = 0;

	for (unsigned i = 0; i < LINE_STATES; i++) {
		float share = fminf(line_share(i), log->delivered);

		states[i] += belief_of_silence(e->availability * share);
		chance += exp((double)states[i]);
	}
	return chance;
}

/*
 * The silence may have begun at any moment between two probes. If it began after a silent
 * probe, that probe was lost by chance, which makes it less likely. That is the mean over what the
 * line may be.
 */
struct bw_mono began_by(const struct evidence_log *log, struct bw_mono last_answer,
			struct bw_mono now)
{
	unsigned i = next_silence(log, 0), next;
	double mass[EVIDENCE_MAX], before, after = 0;
	float states[LINE_STATES];

	if (i == log->count)
		return BW_NEVER;
	begin(log, states);
	before = (double)log->list[i].sent.ns - (double)last_answer.ns; /* it may be never */
	for (unsigned j = i; j < log->count; j = next) {
		const struct evidence *e = &log->list[j];

		next = next_silence(log, j + 1);
		mass[j] = chance_of(log, e, states) *
			  (double)bw_mono_since(next < log->count ? log->list[next].sent : now,
						e->sent);
		after += mass[j];
	}
	for (; (next = next_silence(log, i + 1)) < log->count && after > RISK * (before + after);
	     i = next) {
		after -= mass[i];
		before += mass[i];
	}
	return log->list[i].sent;
}

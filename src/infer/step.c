/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a block needs next, computed from all its evidence after each outcome.
 *
 * A reply proves that a block is up at that moment. Where this contradicts no verdict (the
 * block is up or unknown) one reply ends the round; a dark block needs a second reply,
 * `confirm` later. Silence must meet all demands of evidence.c. A block of which nothing is
 * known beforehand is never called dark, because an empty block is silent, too.
 *
 * A flapping block is probed like one that is up or dark, by its phase (`down`).
 */
#include "infer/step.h"

#include <stddef.h>

#include "infer/evidence/follow_up.h"

unsigned step_reasons_of_silence(const struct block *block, const struct evidence_log *log)
{
	if (log->count > 0 && evidence_count(log, EVIDENCE_VOID) == log->count)
		return block->reasons ? block->reasons : BW_WHY_SEND_FAILED;
	if (evidence_count(log, EVIDENCE_NEUTRAL) > 0)
		return BW_WHY_FILTERED;
	return block->known ? BW_WHY_FEW_EVIDENCE : BW_WHY_NEVER_SEEN;
}

static bool is_ripe(const struct evidence_log *log, const struct infer_params *params,
		    struct bw_mono now)
{
	return bw_mono_since(now, log->asked) >= params->grace_ns;
}

/* Nothing more is asked for: what do all the answers and silences say? */
static struct step conclude(const struct block *block, const struct evidence_log *log,
			    const struct infer_params *params, struct bw_mono now)
{
	struct step step = {.kind = STEP_WAIT, .at = BW_NEVER};
	bool down = block_is_down(block);

	if (down ? evidence_is_back(log, params) : evidence_count(log, EVIDENCE_REPLY) > 0) {
		step.kind = STEP_UP;
	} else if (evidence_is_open(log)) {
		return step;
	} else if (!down && block->known && evidence_is_dark(log, params, block->hosts)) {
		step.kind = is_ripe(log, params, now) ? STEP_DARK : STEP_WAIT;
		step.at = bw_mono_add(log->asked, params->grace_ns);
	} else {
		step.kind = STEP_UNDECIDED;
		step.reasons = step_reasons_of_silence(block, log);
	}
	return step;
}

/* One of the first hosts, as many as are to be asked; those that are next in turn come last. */
static uint16_t host_not_asked(const struct block *block, const struct evidence_log *log,
			       unsigned from)
{
	uint16_t host = 0;

	for (unsigned i = 0; i < log->breadth; i++) {
		host = hotlist_pick(&block->hot, block->hosts, block->cold_from,
				    (from + i) % log->breadth);
		if (!evidence_has_asked(log, host))
			break;
	}
	return host;
}

/*
 * Who is next: the hot hosts, then either cold ones or, where these hardly ever answer,
 * the hot ones once more (a packet may have been lost) before them, unless all were silent
 * already when they were asked last. Widening takes the cold ones, and all anew where these are
 * few. A dark block's first answer is confirmed by who gave it, and by others in between.
 */
static uint16_t host_for(const struct block *block, const struct evidence_log *log,
			 const struct infer_params *params)
{
	const struct evidence *reply = evidence_first(log, EVIDENCE_REPLY);
	const struct evidence *last = log->count ? &log->list[log->count - 1] : NULL;
	unsigned hot = block->hot.count, place = log->count - log->widened;

	if (block_is_down(block)) {
		if (reply && (last == reply || last->host != reply->host))
			return reply->host;
	} else if (follow_up_is_widening(log, params, block->hosts)) {
		if (log->breadth)
			return host_not_asked(block, log, place + params->group);
		place = hot + log->widened;
	} else if (place >= hot && hotlist_cold_rate(&block->hot) < EVIDENCE_REPEATED &&
		   hotlist_responsive(&block->hot) > 0) {
		place -= hot;
	}
	return hotlist_pick(&block->hot, block->hosts, block->cold_from, place);
}

struct step step_next(const struct block *block, const struct evidence_log *log,
		      const struct infer_params *params, struct bw_mono now)
{
	struct bw_mono at = block_is_down(block)
				    ? follow_up_next_recovery(log, params, block->hosts)
				    : follow_up_next(log, params, block->hosts);

	if (!block->known && log->count >= params->search)
		at = BW_NEVER;
	if (!bw_mono_before(now, at))
		return (struct step){
			.kind = STEP_ASK,
			.host = host_for(block, log, params),
		};
	if (at.ns != BW_NEVER.ns)
		return (struct step){.kind = STEP_WAIT, .at = at};
	return conclude(block, log, params, now);
}

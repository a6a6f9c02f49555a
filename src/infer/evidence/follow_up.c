/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first probes to a block of which nothing is known are 100 ms apart. Follow-ups are 1 s
 * apart, or closer where hosts answer rarely and many probes are needed. The next probe is due
 * only when the last one has left, so that a slow pacer never makes a group pile up.
 */
#include "infer/evidence/follow_up.h"

#define BRISK_PROBES 8        /* with more follow-ups than this they come faster */
#define GAP_MIN (250 * BW_MS) /* between any two follow-ups */

/* Time between follow-ups; shorter when many are needed. */
static int64_t gap(const struct evidence_log *log, const struct infer_params *params)
{
	float gained = log->prior - evidence_belief(log, true);
	float wanted = log->prior + params->dark_nats;
	float probes;
	int64_t ns;

	if (gained <= 0)
		return params->followup_ns;
	probes = (float)log->count * wanted / gained;
	if (probes <= BRISK_PROBES)
		return params->followup_ns;
	ns = (int64_t)((float)params->followup_ns * BRISK_PROBES / probes);
	return ns > GAP_MIN ? ns : GAP_MIN;
}

/* No probe can be sent, so that more of them will not help. */
static bool is_hopeless(const struct evidence_log *log, const struct infer_params *params)
{
	return log->count >= params->distinct && evidence_count(log, EVIDENCE_VOID) == log->count;
}

/* As follow_up_is_widening(), of a log that nears dark. */
static bool has_time_to_widen(const struct evidence_log *log, const struct infer_params *params)
{
	struct bw_mono next = bw_mono_add(log->asked, params->widen_gap_ns);

	return log->widens && log->count + params->group < params->probes_max &&
	       evidence_count(log, EVIDENCE_REPLY) == 0 && evidence_confirming(log, true) == 0 &&
	       bw_mono_before(next, bw_mono_add(log->opened, log->confirm_ns));
}

/*
 * The silence goes on because the hosts may have moved: only who is asked anew can tell. One known
 * host is asked as well, where a round has more than one probe.
 */
static bool looks_for_moved(const struct evidence_log *log, const struct infer_params *params)
{
	if (!evidence_is_explained_by_move(log, params) ||
	    log->count + params->group >= params->probes_max)
		return false;
	return log->count == 0 ? log->resumed : log->widens && !(log->resumed && log->count == 1);
}

static unsigned hosts_asked(const struct evidence_log *log)
{
	unsigned hosts = 0;

	for (unsigned i = 0; i < log->count; i++)
		hosts += log->list[i].attempt == 0;
	return hosts;
}

/*
 * A part of the block may answer: before dark, more hosts are asked than its evidence needs. While
 * the silence waits for its confirmation, all but those that are left for the second group, which
 * are likelier to answer; behind that group, those for which there was no time.
 */
static bool asks_all(const struct evidence_log *log, const struct infer_params *params)
{
	unsigned asked = hosts_asked(log);
	struct bw_mono next = bw_mono_add(log->asked, GAP_MIN);

	if (evidence_count(log, EVIDENCE_REPLY) > 0)
		return false;
	if (evidence_confirming(log, true) >= evidence_group(log, params))
		return asked < log->breadth && log->count < params->probes_max;
	return asked + params->group < log->breadth &&
	       log->count + params->group < params->probes_max &&
	       bw_mono_before(next, bw_mono_add(log->opened, log->confirm_ns));
}

bool follow_up_is_widening(const struct evidence_log *log, const struct infer_params *params,
			   unsigned hosts)
{
	return evidence_nears_dark(log, params, hosts) &&
	       (looks_for_moved(log, params) || asks_all(log, params) ||
		(has_time_to_widen(log, params) && !evidence_is_explained_by_move(log, params)));
}

struct bw_mono follow_up_next(const struct evidence_log *log, const struct infer_params *params,
			      unsigned hosts)
{
	unsigned sample = hosts < params->sample ? hosts : params->sample;
	struct bw_mono confirm_at = bw_mono_add(log->opened, log->confirm_ns);
	struct bw_mono at = bw_mono_add(log->asked, params->group_gap_ns);

	if (hosts == 0 || evidence_count(log, EVIDENCE_QUEUED) > 0)
		return BW_NEVER;
	if (log->count == 0)
		return log->asked;
	if (log->count < sample)
		return bw_mono_add(log->asked, params->sample_gap_ns);
	if (evidence_count(log, EVIDENCE_REPLY) > 0 || log->count >= params->probes_max ||
	    is_hopeless(log, params))
		return BW_NEVER;
	if (!evidence_nears_dark(log, params, hosts))
		return log->count + params->group < params->probes_max
			       ? bw_mono_add(log->asked, gap(log, params))
			       : BW_NEVER;
	if (evidence_is_explained_by_move(log, params))
		return log->widens && log->count + params->group < params->probes_max
			       ? bw_mono_add(log->asked, params->widen_gap_ns)
			       : BW_NEVER;
	if (asks_all(log, params))
		return bw_mono_add(log->asked, GAP_MIN);
	if (evidence_confirming(log, true) >= evidence_group(log, params))
		return BW_NEVER;
	if (has_time_to_widen(log, params))
		return bw_mono_add(log->asked, params->widen_gap_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

struct bw_mono follow_up_next_recovery(const struct evidence_log *log,
				       const struct infer_params *params, unsigned hosts)
{
	const struct evidence *reply = evidence_first(log, EVIDENCE_REPLY);
	unsigned sample = hosts < params->recovery ? hosts : params->recovery;
	struct bw_mono at = bw_mono_add(log->asked, params->followup_ns);
	struct bw_mono confirm_at;

	if (hosts == 0 || evidence_count(log, EVIDENCE_QUEUED) > 0 ||
	    log->count >= params->probes_max || is_hopeless(log, params) ||
	    evidence_is_back(log, params))
		return BW_NEVER;
	if (log->count == 0)
		return log->asked;
	if (!reply)
		return log->count < sample ? at : BW_NEVER;
	confirm_at = bw_mono_add(reply->sent, params->confirm_ns);
	return bw_mono_before(at, confirm_at) ? confirm_at : at;
}

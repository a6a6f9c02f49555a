/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "base/huge_array.h"
#include "vantage/roster_weigh.h"

static int make_arrays(struct ledger *l)
{
	const struct roster *roster = l->config.roster;
	uint32_t blocks = roster->block_count;

	l->blocks = huge_array_new(blocks, sizeof(*l->blocks));
	if (!l->blocks || sums_init(&l->sums, roster, l->now) < 0 ||
	    current_loss_init(&l->loss, roster->target_count) < 0)
		return -ENOMEM;
	if (!l->config.keeps_events)
		return 0;
	l->tracks = huge_array_new(blocks, sizeof(*l->tracks));
	l->usuals = huge_array_new(blocks, sizeof(*l->usuals));
	l->silent = silent_blocks_new(blocks);
	l->unanswered = huge_array_new(blocks, sizeof(*l->unanswered));
	l->lateness = huge_array_new(blocks, sizeof(*l->lateness));
	l->joints = calloc(roster->target_count + 1, sizeof(*l->joints));
	l->heard = huge_array_new(roster->network_count, sizeof(*l->heard));
	if (!l->tracks || !l->usuals || !l->silent || !l->unanswered || !l->lateness ||
	    !l->joints || !l->heard ||
	    outages_init(&l->outages, blocks, roster->network_count + roster->target_count) < 0 ||
	    condition_store_init(&l->conditions, blocks) < 0)
		return -ENOMEM;
	if (l->config.tells_changes)
		l->told_blocks = huge_array_new(blocks, sizeof(*l->told_blocks));
	return l->config.tells_changes && !l->told_blocks ? -ENOMEM : 0;
}

static void start_track(struct track *track, struct bw_now now)
{
	track->last_round = now.mono;
	track->paced = budget_note((struct budget_spent){now.mono.ns}) & BUDGET_NOTE_MAX;
	track->first_s = (uint32_t)(now.wall.ns / BW_S);
	condition_init(&track->condition);
}

static void fill_arrays(struct ledger *l)
{
	const struct roster *roster = l->config.roster;

	for (uint32_t i = 0; i < roster->block_count; i++) {
		block_init(&l->blocks[i], roster->blocks[i].host_count, roster_is_known(roster, i),
			   l->now.mono);
		if (l->tracks)
			start_track(&l->tracks[i], l->now);
	}
}

int ledger_new(const struct ledger_config *config, struct bw_now now, struct ledger **ret_ledger,
	       struct bw_err *err)
{
	struct ledger *l = calloc(1, sizeof(*l));

	if (!l)
		return bw_err_set(err, -ENOMEM, "out of memory");
	l->config = *config;
	l->now = now;
	l->seq = config->first_seq;
	ways_init(&l->ways, config->egress, now.mono);
	ways_assign(&l->ways, config->roster, now.mono);
	if (make_arrays(l) < 0) {
		ledger_free(l);
		return bw_err_set(err, -ENOMEM, "out of memory for %u blocks",
				  config->roster->block_count);
	}
	fill_arrays(l);
	*ret_ledger = l;
	return 0;
}

void ledger_free(struct ledger *l)
{
	if (!l)
		return;
	huge_array_free(l->blocks);
	huge_array_free(l->tracks);
	huge_array_free(l->usuals);
	huge_array_free(l->told_blocks);
	free(l->joints);
	huge_array_free(l->heard);
	outages_fini(&l->outages);
	silent_blocks_free(l->silent);
	huge_array_free(l->unanswered);
	huge_array_free(l->lateness);
	condition_store_fini(&l->conditions);
	sums_fini(&l->sums);
	current_loss_fini(&l->loss);
	free(l);
}

void ledger_seed_hosts(struct ledger *l, uint32_t block, const uint16_t *hosts, unsigned count,
		       float hot, float cold)
{
	struct hotlist *list = &l->blocks[block].hot;

	hotlist_init(list, hot, cold);
	for (unsigned i = 0; i < count; i++)
		(void)hotlist_add(list, hosts[i], 0);
}

_Static_assert(HEALTH_GATEWAY == 0, "the gateway comes before what proves more");

unsigned ledger_cannot_tell(const struct ledger *l, uint32_t block)
{
	const struct fitness *fitness = &l->ways.of[ledger_way_of(l, block)];

	if (roster_is_never_asked(l->config.roster, block))
		return 0;
	if (fitness->reasons || !l->restored)
		return fitness->reasons;
	/* Where a reference is known, the gateway proves too little (infer/health.c). */
	for (unsigned i = fitness->health.seen[HEALTH_REFERENCE] ? HEALTH_REFERENCE : 0;
	     i < HEALTH_SOURCES; i++)
		if (fitness->health.life[i].ns != BLOCK_NEVER_ANSWERED.ns)
			return 0;
	return BW_WHY_NO_SIGN_OF_LIFE;
}

int64_t ledger_late_ns(const struct ledger *l, uint32_t block)
{
	int64_t own_ns, target_ns;

	if (!l->joints)
		return 0;
	own_ns = lateness_patience_ns(&l->lateness[block]);
	target_ns = lateness_patience_ns(&l->joints[ledger_target_of(l, block)].lateness);
	return own_ns > target_ns ? own_ns : target_ns;
}

void ledger_note_silence(struct ledger *l, uint32_t block, struct bw_mono since)
{
	struct bw_mono answer = l->blocks[block].last_answer;

	if (!bw_mono_before(answer, since) ||
	    bw_mono_before(answer, silent_block_since(&l->silent[block])))
		return;
	silent_block_note(&l->silent[block], since, l->blocks[block].rest);
}

void ledger_note_silences(struct ledger *l, uint32_t block, const struct evidence_log *x)
{
	const struct evidence *first = evidence_first(x, EVIDENCE_SILENT);

	if (!first || evidence_count(x, EVIDENCE_REPLY) > 0)
		return;
	if (l->blocks[block].verdict != BW_UP || x->resumed ||
	    evidence_count(x, EVIDENCE_SILENT) > 1)
		ledger_note_silence(l, block, first->sent);
}

/* Of a check, which asks once: since it began, if what it sent was silent. */
static struct bw_mono silent_in_check(const struct block *block)
{
	bool silent = block->verdict == BW_DARK ||
		      (block->verdict == BW_UNKNOWN &&
		       block->reasons & (BW_WHY_NEVER_SEEN | BW_WHY_FEW_HOSTS));

	return silent ? block->since : BLOCK_NEVER_ANSWERED;
}

struct bw_mono ledger_silent_since(const struct ledger *l, uint32_t block)
{
	const struct block *b = &l->blocks[block];
	struct bw_mono since, dark;

	if (!l->config.keeps_events)
		return silent_in_check(b);
	since = silent_block_since(&l->silent[block]);
	dark = ledger_outage_of(l, block)->outage.latest;
	if (bw_mono_before(b->last_answer, since))
		return since;
	if (b->verdict == BW_DARK && bw_mono_before(b->last_answer, dark))
		return dark;
	return BLOCK_NEVER_ANSWERED;
}

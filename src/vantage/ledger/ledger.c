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
	l->joints = calloc(roster->target_count + 1, sizeof(*l->joints));
	if (!l->tracks || !l->joints || outages_init(&l->outages, blocks) < 0 ||
	    condition_store_init(&l->conditions, blocks) < 0)
		return -ENOMEM;
	return 0;
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
		block_init(&l->blocks[i], roster->blocks[i].host_count,
			   roster_is_known(roster, i), l->now.mono);
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
	ways_assign(&l->ways, config->roster, config->keeps_events, now.mono);
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
	free(l->joints);
	outages_fini(&l->outages);
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

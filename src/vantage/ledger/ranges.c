/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/ranges.h"

#include "vantage/ledger/records.h"

static struct bw_mono mono_of(uint32_t seconds)
{
	return (struct bw_mono){((int64_t)seconds - 1) * BW_S};
}

static bool can_learn(const struct ledger *l, uint32_t number)
{
	const struct block *block = &l->blocks[number];
	const struct fitness *fitness = &l->ways.of[ledger_way_of(l, number)];

	return (block->verdict == BW_UP || block_is_doubted(block)) && !fitness->reasons &&
	       !current_loss_is_bad(loss_delivered(&fitness->health.loss, l->now.mono));
}

void ranges_note(struct ledger *l, uint32_t number, uint16_t host, bool answered,
		 struct usual_round *round)
{
	if (can_learn(l, number))
		usual_note(&l->usuals[number], host, answered, round);
}

static void note_all(struct ledger *l, uint32_t number, const struct evidence_log *x,
		     struct usual_round *round)
{
	const struct hotlist *hot = &l->blocks[number].hot;

	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];
		bool answered = e->state == EVIDENCE_REPLY;

		if ((answered || e->state == EVIDENCE_SILENT) && hotlist_has(hot, e->host) &&
		    hotlist_method(hot, e->host) == e->method)
			ranges_note(l, number, e->host, answered, round);
	}
}

struct usual_round ranges_begin_round(struct ledger *l, uint32_t number,
				      const struct evidence_log *x, const struct tally *tally,
				      int64_t interval_ns)
{
	struct usual_round round = {
		.rtt_ns = tally_rtts(tally).median_ns,
		.length = (float)bw_mono_since(l->now.mono, l->tracks[number].last_round) /
			  (float)interval_ns,
		.began_s = block_seconds(x->opened),
		.now_s = block_seconds(l->now.mono),
	};

	note_all(l, number, x, &round);
	return round;
}

/* What a step of a range becomes in a record. */
struct told {
	enum bw_scope scope;
	uint32_t number, target;
	enum bw_range range;
	bool is_over;
	uint32_t until_s;
};

static void tell(struct ledger *l, const struct told *told, const struct out_of_range *range,
		 struct record_condition *condition)
{
	const struct roster *roster = l->config.roster;
	char subject[BW_PREFIX_TEXT];
	struct bw_prefix block;

	condition->target = roster->targets[told->target].target->name;
	condition->scope = told->scope;
	condition->condition = told->range;
	condition->since = bw_wall_of(l->now, mono_of(range->since_s));
	if (told->is_over)
		condition->until = bw_wall_of(l->now, mono_of(told->until_s));
	if (told->scope == BW_SCOPE_TARGET) {
		condition->subject = condition->target;
	} else if (told->scope == BW_SCOPE_NETWORK) {
		condition->subject =
			bw_prefix_format(&roster->networks[told->number].network->prefix, subject);
	} else {
		block = roster_prefix(roster, told->number);
		condition->subject = bw_prefix_format(&block, subject);
	}
	records_condition(l, condition);
}

static void tell_block(struct ledger *l, const struct told *told, const struct out_of_range *range)
{
	const struct usual *usual = &l->usuals[told->number];
	struct record_condition condition = {
		.loss_usual = usual_loss(usual->loss),
		.loss_now = usual_loss(usual->loss_now),
		.rtt_usual_ns = usual_rtt_ns(usual->delay),
		.rtt_now_ns = usual_rtt_ns(usual->delay_now),
	};

	tell(l, told, range, &condition);
}

static void tell_sum(struct ledger *l, const struct told *told, const struct usual_sum *sum)
{
	struct record_condition condition = {
		.loss_usual = usual_sum_loss(sum),
		.loss_now = usual_sum_loss_now(sum),
		.rtt_usual_ns = usual_rtt_ns(sum->delay_mean),
		.rtt_now_ns = usual_rtt_ns(sum->delay_now_mean),
	};

	tell(l, told, &sum->range[told->range], &condition);
}

/* It went dark at UNTIL_S: what was out of range ends. */
static void end_block(struct ledger *l, uint32_t number, uint32_t until_s)
{
	struct told told = {BW_SCOPE_BLOCK, number, ledger_target_of(l, number), 0, true, until_s};
	struct out_of_range ranges[BW_RANGES];

	condition_store_ranges(&l->conditions, &l->tracks[number], ranges);
	for (unsigned range = 0; range < BW_RANGES; range++) {
		told.range = (enum bw_range)range;
		if (ranges[range].is_out)
			tell_block(l, &told, &ranges[range]);
		out_of_range_forget(&ranges[range]);
	}
	condition_store_keep_ranges(&l->conditions, &l->tracks[number], ranges);
	usual_forget_present(&l->usuals[number]);
}

static void follow(struct ledger *l, uint32_t number, const struct out_of_range *ranges,
		   const enum out_of_range_step *steps, uint32_t now_s)
{
	struct block *block = &l->blocks[number];
	struct told told = {BW_SCOPE_BLOCK, number, ledger_target_of(l, number), 0, false, 0};

	block_set_condition(block, BW_DEGRADED, ranges[BW_RANGE_LOSS].is_out);
	if (ranges[BW_RANGE_LOSS].is_out)
		block_set_unstable_s(block, now_s);
	for (unsigned range = 0; range < BW_RANGES; range++) {
		if (steps[range] == OUT_OF_RANGE_SAME)
			continue;
		told.range = (enum bw_range)range;
		told.is_over = steps[range] == OUT_OF_RANGE_LEFT;
		told.until_s = out_of_range_until(&ranges[range], now_s);
		tell_block(l, &told, &ranges[range]);
	}
}

static void add_to_sums(struct ledger *l, uint32_t number, const struct usual_round *round)
{
	const struct usual *usual = &l->usuals[number];

	if (!usual_is_learned(usual))
		return;
	usual_sum_add(&l->sums.networks[l->config.roster->blocks[number].network].usual, usual,
		      round);
	usual_sum_add(&l->sums.targets[ledger_target_of(l, number)].usual, usual, round);
}

void ranges_end_round(struct ledger *l, uint32_t number, struct usual_round *round)
{
	const struct block *block = &l->blocks[number];
	struct out_of_range ranges[BW_RANGES];
	enum out_of_range_step steps[BW_RANGES];

	if (block_is_down(block)) {
		end_block(l, number, block_seconds(block->since));
		return;
	}
	if (!can_learn(l, number)) {
		usual_forget_silences(&l->usuals[number]);
		return;
	}
	condition_store_ranges(&l->conditions, &l->tracks[number], ranges);
	usual_end_round(&l->usuals[number], ranges, round, steps);
	condition_store_keep_ranges(&l->conditions, &l->tracks[number], ranges);
	follow(l, number, ranges, steps, round->now_s);
	add_to_sums(l, number, round);
}

/* The end of a round of a network or target, which WHO names. */
static void end_sum_round(struct ledger *l, struct sum *sum, struct told who)
{
	uint32_t now_s = block_seconds(l->now.mono), began_s = sum->usual_s ? sum->usual_s : now_s;
	bool is_dark = sum->verdict == BW_DARK;
	enum out_of_range_step steps[BW_RANGES];

	usual_sum_end_round(&sum->usual, began_s, now_s, steps);
	sum->usual_s = now_s;
	for (unsigned range = 0; range < BW_RANGES; range++) {
		struct out_of_range *at = &sum->usual.range[range];

		who.range = (enum bw_range)range;
		who.is_over = is_dark || steps[range] == OUT_OF_RANGE_LEFT;
		who.until_s = is_dark ? block_seconds(sum->since) : out_of_range_until(at, now_s);
		if (is_dark ? at->is_out : steps[range] != OUT_OF_RANGE_SAME)
			tell_sum(l, &who, &sum->usual);
		if (is_dark)
			out_of_range_forget(at);
	}
}

void ranges_end_target_round(struct ledger *l, uint32_t target)
{
	const struct roster_target *of = &l->config.roster->targets[target];

	for (uint32_t n = of->first_network; n < of->first_network + of->network_count; n++)
		end_sum_round(l, &l->sums.networks[n],
			      (struct told){.scope = BW_SCOPE_NETWORK,
					    .number = n,
					    .target = target});
	end_sum_round(l, &l->sums.targets[target],
		      (struct told){.scope = BW_SCOPE_TARGET, .number = target, .target = target});
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clean.h"
#include "infer/group.h"
#include "report/check/check_state.h"

#define NAME_MAX_BYTES 1024 /* of a target in the first line */
#define NAMED_MAX 3         /* more networks than that are not named: the table does */

/* What the first line counts. */
struct share {
	const char *noun;
	const struct record_counts *counts;
	const struct check_target *target;
	bool by_network;
};

/* The verdict of each, from worst to best, in which the line tells them. */
static const enum bw_verdict worst_first[] = {BW_DARK, BW_PARTLY_DARK, BW_FLAPPING, BW_UNKNOWN};

#define WORST_COUNT (sizeof(worst_first) / sizeof(worst_first[0]))

char *check_words_sure(enum bw_verdict verdict, double belief, char *buffer)
{
	double percent = 100 * (verdict == BW_DARK ? 1 - belief : belief);

	if (verdict == BW_UNKNOWN || verdict == BW_FLAPPING)
		snprintf(buffer, CHECK_WORDS, "-");
	else if (percent > 99.9 + 1e-9)
		snprintf(buffer, CHECK_WORDS, ">99.9 %%");
	else
		snprintf(buffer, CHECK_WORDS, "%.1f %%", floor(percent * 10 + 1e-9) / 10);
	return buffer;
}

char *check_words_rtt(int64_t ns, char *buffer)
{
	double ms = (double)ns / (double)BW_MS;

	if (ns < 0)
		snprintf(buffer, CHECK_WORDS, "-");
	else
		snprintf(buffer, CHECK_WORDS, "%.*f ms", ms < 0.995 ? 2 : ms < 9.95 ? 1 : 0, ms);
	return buffer;
}

char *check_words_ago(struct bw_wall now, struct bw_wall then, char *buffer)
{
	int64_t seconds = (now.ns - then.ns) / BW_S;

	if (then.ns == 0)
		snprintf(buffer, CHECK_WORDS, "never");
	else if (seconds < 1)
		snprintf(buffer, CHECK_WORDS, "just now");
	else if (seconds < 60)
		snprintf(buffer, CHECK_WORDS, "%" PRId64 " s ago", seconds);
	else if (seconds < 3600)
		snprintf(buffer, CHECK_WORDS, "%" PRId64 " min ago", seconds / 60);
	else if (seconds < 86400)
		snprintf(buffer, CHECK_WORDS, "%" PRId64 " h ago", seconds / 3600);
	else
		snprintf(buffer, CHECK_WORDS, "%" PRId64 " d ago", seconds / 86400);
	return buffer;
}

static struct share share_of(const struct check_target *target)
{
	bool by_network = target->record.networks.total > 1;

	return (struct share){
		.noun = by_network ? "network" : "block",
		.counts = by_network ? &target->record.networks : &target->record.blocks,
		.target = target,
		.by_network = by_network,
	};
}

static struct share blocks_of(const struct check_target *target)
{
	return (struct share){.noun = "block", .counts = &target->record.blocks, .target = target};
}

/* One block, or one network: takes what begins at *AT, moves *AT behind it. */
static enum bw_verdict take_group(const struct share *share, size_t *at)
{
	const struct check_target *target = share->target;
	struct group group = {0};
	size_t end = share->by_network ? check_collect_network_end(target, *at) : *at + 1;

	for (; *at < end; ++*at) {
		const struct record_block *block = &target->blocks[*at].record;

		group_add(&group, block->verdict, block->reasons);
	}
	return group_verdict(&group);
}

/* Names up to ROOM blocks or networks of this verdict; returns how many there are. */
static size_t find_groups(const struct share *share, enum bw_verdict verdict,
			  const struct bw_prefix **ret_names, size_t room)
{
	size_t found = 0, n = 0;

	while (n < share->target->block_count) {
		const struct record_block *block = &share->target->blocks[n].record;

		if (take_group(share, &n) != verdict)
			continue;
		if (found < room)
			ret_names[found] = share->by_network ? &block->network : &block->block;
		found++;
	}
	return found;
}

/*
 * " (198.18.2.0/24, 198.18.3.0/24)", if they are few. Silent where the blocks do
 * not tell which networks the target's own count means.
 */
static void put_names(const struct share *share, enum bw_verdict verdict, FILE *out)
{
	const struct bw_prefix *names[NAMED_MAX];
	size_t found = find_groups(share, verdict, names, NAMED_MAX);
	char text[BW_PREFIX_TEXT];

	if (found != share->counts->of[verdict] || found > NAMED_MAX || found == 0)
		return;
	for (size_t n = 0; n < found; n++)
		fprintf(out, "%s%s", n ? ", " : " (", bw_prefix_format(names[n], text));
	fputc(')', out);
}

/* A name without its hyphens. */
static void put_words(const char *name, FILE *out)
{
	for (const char *c = name; *c; c++)
		fputc(*c == '-' ? ' ' : *c, out);
}

/* "never seen, no route" */
static void put_reason_names(unsigned reasons, FILE *out)
{
	const char *separator = "";

	for (unsigned n = 0; n < BW_REASONS; n++) {
		if (!(reasons & 1u << n))
			continue;
		fputs(separator, out);
		put_words(bw_reason_name(n), out);
		separator = ", ";
	}
}

/* Why what SHARE counts is unknown. The record of a target has the reasons of its networks. */
static unsigned reasons_of(const struct share *share)
{
	const struct check_target *target = share->target;
	unsigned reasons = 0;

	if (share->by_network || target->block_count == 0)
		return target->record.reasons;
	for (size_t n = 0; n < target->block_count; n++)
		reasons |= target->blocks[n].record.reasons;
	return reasons;
}

/* Of one verdict, what stands behind the count: which ones, or why. */
static void put_detail(const struct share *share, enum bw_verdict verdict, FILE *out)
{
	unsigned reasons = reasons_of(share);

	if (verdict != BW_UNKNOWN) {
		put_names(share, verdict, out);
	} else if (reasons) {
		fputs(" (", out);
		put_reason_names(reasons, out);
		fputc(')', out);
	}
}

static bool is_single(unsigned set)
{
	return set && !(set & (set - 1));
}

bool check_words_told_reason(const struct record_target *target)
{
	return is_single(target->reasons) && target->blocks.total > 0 &&
	       target->blocks.of[BW_UNKNOWN] == target->blocks.total;
}

static void put_why_unknown(unsigned reasons, FILE *out)
{
	if (reasons == BW_WHY_VANTAGE_OFFLINE)
		fputs("the vantage's gateway and references are silent", out);
	else if (is_single(reasons))
		fputs(bw_reason_help((unsigned)__builtin_ctz(reasons)), out);
	else if (reasons)
		put_reason_names(reasons, out);
	else
		fputs("the vantage cannot tell", out);
}

static void put_only_one(const struct share *share, FILE *out)
{
	if (share->counts->of[BW_UP])
		fputs("it answers", out);
	else if (share->counts->of[BW_DARK])
		fputs("it does not answer", out);
	else
		fputs("it comes and goes", out);
}

/* "3 of 4 networks answer", "1 of 4 networks is dark (198.18.2.0/24)" */
static void put_lead(const struct share *share, enum bw_verdict verdict, FILE *out)
{
	uint32_t count = share->counts->of[verdict], total = share->counts->total;

	fprintf(out, "%" PRIu32 " of %" PRIu32 " %ss", count, total, share->noun);
	if (verdict == BW_UP) {
		fprintf(out, " answer%s", count == 1 ? "s" : "");
		return;
	}
	fprintf(out, " %s ", count == 1 ? "is" : "are");
	put_words(bw_verdict_name(verdict), out);
	put_detail(share, verdict, out);
}

static enum bw_verdict lead_of(const struct record_target *record, const struct share *share)
{
	if (share->counts->of[BW_DARK] &&
	    (record->verdict == BW_DARK || record->verdict == BW_PARTLY_DARK || share->by_network))
		return BW_DARK;
	if (share->counts->of[BW_PARTLY_DARK])
		return BW_PARTLY_DARK;
	if (share->counts->of[BW_FLAPPING] && (record->verdict == BW_FLAPPING || share->by_network))
		return BW_FLAPPING;
	if (share->counts->of[BW_UP])
		return BW_UP;
	return share->counts->of[BW_DARK] ? BW_DARK : BW_FLAPPING;
}

static void put_further(const struct share *share, enum bw_verdict verdict, FILE *out)
{
	fprintf(out, ", %" PRIu32 " ", share->counts->of[verdict]);
	put_words(bw_verdict_name(verdict), out);
	put_detail(share, verdict, out);
}

static void put_counts(const struct record_target *record, const struct share *share, FILE *out)
{
	enum bw_verdict lead = lead_of(record, share);

	put_lead(share, lead, out);
	for (size_t n = 0; n < WORST_COUNT; n++)
		if (worst_first[n] != lead && share->counts->of[worst_first[n]])
			put_further(share, worst_first[n], out);
}

/* Blocks that are not up in networks that are: no sum over networks shows them. */
static void put_blocks_behind(const struct check_target *target, FILE *out)
{
	struct share blocks = blocks_of(target);
	bool led = false;

	for (size_t n = 0; n < WORST_COUNT; n++) {
		enum bw_verdict verdict = worst_first[n];

		if (target->record.networks.of[verdict] || blocks.counts->of[verdict] == 0)
			continue;
		if (led) {
			put_further(&blocks, verdict, out);
			continue;
		}
		fputs(", ", out);
		put_lead(&blocks, verdict, out);
		led = true;
	}
}

static uint32_t count_listed(const struct check_target *target)
{
	uint32_t listed = 0;

	for (size_t n = 0; n < target->block_count; n++)
		listed += target->blocks[n].record.listed;
	return listed;
}

/* Nothing has ever answered, so that only the list says that there is anything. */
static void put_silent_list(uint32_t listed, FILE *out)
{
	if (listed == 1)
		fputs("the listed host does not answer", out);
	else
		fprintf(out, "none of %" PRIu32 " listed hosts answers", listed);
	fputs("; if the list is right, it is dark", out);
}

/* Neither a list nor an answer says that there is anything. */
static void put_nothing_known(const struct check_target *target, FILE *out)
{
	fputs("nothing answers, and no host of it is known; to find hosts: blockwatch survey ",
	      out);
	clean_print(target->name, out);
	fputs(" --write FILE", out);
}

static void put_story(const struct check_target *target, FILE *out)
{
	const struct share share = share_of(target);
	uint32_t total = share.counts->total;

	if (target->record.reasons & BW_WHY_NEVER_SEEN && count_listed(target) > 0 &&
	    share.counts->of[BW_UNKNOWN] == total)
		put_silent_list(count_listed(target), out);
	else if (target->record.reasons == BW_WHY_NEVER_SEEN && total > 0 &&
		 share.counts->of[BW_UNKNOWN] == total)
		put_nothing_known(target, out);
	else if (!target->decided || (total && share.counts->of[BW_UNKNOWN] == total))
		put_why_unknown(target->record.reasons, out);
	else if (total == 0)
		fputs("there is nothing to probe", out);
	else if (total == 1)
		put_only_one(&share, out);
	else if (share.counts->of[BW_DARK] == total)
		fprintf(out, "none of %" PRIu32 " %ss answers", total, share.noun);
	else
		put_counts(&target->record, &share, out);
	if (share.by_network)
		put_blocks_behind(target, out);
}

static enum paint_style style_of(enum check_state state)
{
	switch (state) {
	case CHECK_UP:
		return paint_of(BW_UP);
	case CHECK_FLAPPING:
		return paint_of(BW_FLAPPING);
	case CHECK_PARTLY_DARK:
	case CHECK_DARK:
		return paint_of(BW_DARK);
	case CHECK_PARTLY_UNKNOWN:
	case CHECK_UNKNOWN:
		break;
	}
	return paint_of(BW_UNKNOWN);
}

void check_words_headline(const struct check_target *target, const struct paint *paint, FILE *out)
{
	const char *given = target->title && *target->title ? target->title : target->name;
	enum check_state state = check_state(&target->record);
	enum paint_style style = style_of(state);
	char name[NAME_MAX_BYTES];

	paint_clean(paint, given, name, sizeof(name));
	fprintf(out, "%s%s%s is %s%s%s: ", paint_begin(paint, PAINT_BOLD), name,
		paint_end(paint, PAINT_BOLD), paint_begin(paint, style),
		check_state_name(state), paint_end(paint, style));
	put_story(target, out);
	fputc('\n', out);
}

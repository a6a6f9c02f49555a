/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A silent block beside its siblings. What is shared fails together: where most of
 * them are silent, too, dark is said soon, for a country must be known in seconds. Where
 * they answer there is more time, because bursts of loss on a block's own line look
 * like an outage; and the silence of one or two hosts may be their own.
 */
#include "vantage/state.h"

#define FRAIL_HOSTS 2          /* with no more than these a block is not judged alone */
#define WARY_NS (86400 * BW_S) /* so long after a scare ... */
#define WARY 3                 /* ... a change must last so many times longer */
#define ALONE_MIN 2            /* also where siblings answer: half a round, ... */
#define ALONE_MAX 6            /* ... but between these times longer */
#define ALONE_ROUNDS 2

/* The siblings of a block, as far as they are known. */
struct company {
	uint32_t known, silent, scared; /* the last of the silent ones */
};

static bool was_scared(const struct vantage *v, uint32_t number)
{
	return bw_mono_since(v->now.mono, outages_of(v, number)->scared) < WARY_NS;
}

static struct company company_of(const struct vantage *v, uint32_t number)
{
	struct roster_range siblings = roster_siblings(v, number);
	struct company company = {0};

	for (uint32_t i = siblings.first; i < siblings.end; i++) {
		if (i == number || v->blocks[i].verdict == BW_UNKNOWN)
			continue;
		company.known++;
		if (!block_is_down(&v->blocks[i]) && !(v->blocks[i].conditions & BW_SUSPECT))
			continue;
		company.silent++;
		company.scared += was_scared(v, i);
	}
	return company;
}

bool siblings_is_needed(const struct vantage *v, uint32_t number)
{
	const struct roster *roster = v->config.roster;

	return v->blocks[number].hosts <= FRAIL_HOSTS &&
	       roster->targets[vantage_target_of(v, number)].network_count > 1;
}

bool siblings_is_lacking(const struct vantage *v, uint32_t number)
{
	struct company company;

	if (!siblings_is_needed(v, number))
		return false;
	company = company_of(v, number);
	return 2 * company.silent <= company.known;
}

static bool is_silent(const struct company *company)
{
	return company->known > 0 && 2 * company->silent >= company->known;
}

static int64_t confirm_ns(const struct vantage *v, uint32_t number, const struct company *company)
{
	int64_t confirm = v->config.params.confirm_ns, alone, times = 1;

	/* Bursts of loss that all have in common scare most of them, chance one or two. */
	if (2 * (company->scared + was_scared(v, number)) > company->silent + 1)
		times = WARY;
	if (company->known == 0 || is_silent(company))
		return times * confirm;
	alone = v->config.plans[vantage_target_of(v, number)].round_ns / ALONE_ROUNDS;
	if (alone < ALONE_MIN * confirm)
		alone = ALONE_MIN * confirm;
	return times * (alone < ALONE_MAX * confirm ? alone : ALONE_MAX * confirm);
}

int64_t siblings_confirm_ns(const struct vantage *v, uint32_t number)
{
	struct company company = company_of(v, number);

	return confirm_ns(v, number, &company);
}

void siblings_adjust(const struct vantage *v, uint32_t number, struct evidence_log *x)
{
	struct company company;

	if (!vantage_has_rounds(v))
		return;
	company = company_of(v, number);
	x->confirm_ns = confirm_ns(v, number, &company);
	x->widens = !is_silent(&company) && schedule_can_widen(v, number);
}

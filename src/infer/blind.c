/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vantage that lost its own network sees every block go silent. So silence is
 * believed only beside a sign of life of the same moment or later.
 *
 * Which sign is good enough? A reference or another block shows the whole way
 * out. The gateway shows the first hop only; it serves where the user named no
 * reference that answers, since a country of four blocks may be all that a
 * vantage watches. Once a reference has answered, its silence is news, and the
 * gateway alone no longer clears the vantage.
 *
 * Where there is neither gateway nor reference, nobody says that the line is cut: then
 * it is told from the replies that are missing since anything was heard.
 *
 * An observer to whom nearly all is silent is an island itself: Baltra, Heidemann:
 * What is the Internet? (Considering partial connectivity), 2021.
 */
#include "infer/blind.h"

#include <blockwatch/verdict.h>

#define MISSED_MAX 10 /* replies; a jury of others answers long before one block has cost as many */
#define DROP_SHARE 20 /* one in so many captured packets lost: blind */

void blind_init(struct blind *blind)
{
	*blind = (struct blind){0};
	for (unsigned i = 0; i < BLIND_SOURCES; i++)
		blind->life[i].ns = INT64_MIN;
}

void blind_life(struct blind *blind, enum blind_source source, struct bw_mono sent)
{
	blind->seen[source] = true;
	blind->missed = 0;
	if (blind->life[source].ns < sent.ns)
		blind->life[source] = sent;
}

void blind_miss(struct blind *blind, float expected)
{
	blind->missed += expected;
}

bool blind_is_deaf(const struct blind *blind)
{
	return blind->missed >= MISSED_MAX && !blind->seen[BLIND_REFERENCE] &&
	       !blind->seen[BLIND_GATEWAY];
}

void blind_drops(struct blind *blind, uint64_t captured, uint64_t dropped)
{
	uint64_t lost = dropped - blind->dropped;
	uint64_t got = captured - blind->captured;

	blind->drops = lost * DROP_SHARE > lost + got;
	blind->captured = captured;
	blind->dropped = dropped;
}

static bool lives(const struct blind *blind, enum blind_source source, struct bw_mono since)
{
	return blind->seen[source] && !bw_mono_before(blind->life[source], since);
}

unsigned blind_reasons(const struct blind *blind, struct bw_mono since)
{
	unsigned drops = blind->drops ? BW_WHY_CAPTURE_DROPPED : 0;

	if (lives(blind, BLIND_REFERENCE, since) || lives(blind, BLIND_BLOCK, since))
		return drops;
	if (lives(blind, BLIND_GATEWAY, since) && !blind->seen[BLIND_REFERENCE])
		return drops;
	if (blind->seen[BLIND_REFERENCE] || blind->seen[BLIND_GATEWAY] || blind->seen[BLIND_BLOCK])
		return BW_WHY_VANTAGE_OFFLINE | drops;
	return BW_WHY_NO_SIGN_OF_LIFE | drops;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/band.h"

#include <errno.h>
#include <string.h>

void band_init(struct band *band, int64_t from_ns, int64_t until_ns)
{
	*band = (struct band){from_ns, until_ns, array_of(sizeof(struct band_part))};
}

void band_fini(struct band *band)
{
	array_fini(&band->parts);
}

static struct band_part *last_part(const struct band *band)
{
	return band->parts.count ? array_at(&band->parts, band->parts.count - 1) : NULL;
}

int band_add(struct band *band, int64_t t_ns, uint8_t state)
{
	struct band_part *last = last_part(band);
	const struct band_part part = {t_ns > band->from_ns ? t_ns : band->from_ns, state};

	if (part.from_ns >= band->until_ns || (last && last->state == state))
		return 0;
	if (!last || last->from_ns < part.from_ns)
		return array_add(&band->parts, &part) < 0 ? -ENOMEM : 0;
	/* The last one has no length: this one takes its place, or goes on with the one before. */
	if (band->parts.count > 1 && last[-1].state == state)
		band->parts.count--;
	else
		last->state = state;
	return 0;
}

int64_t band_end(const struct band *band, uint32_t n)
{
	return n + 1 < band->parts.count ? band_get(band, n + 1)->from_ns : band->until_ns;
}

void band_sum(const struct band *band, int64_t ret_ns[BAND_STATES])
{
	memset(ret_ns, 0, BAND_STATES * sizeof(*ret_ns));
	for (uint32_t n = 0; n < band->parts.count; n++)
		ret_ns[band_get(band, n)->state] += band_end(band, n) - band_get(band, n)->from_ns;
}

uint8_t band_last(const struct band *band)
{
	const struct band_part *last = last_part(band);

	return last ? last->state : BAND_NO_DATA;
}

uint8_t band_ranked(unsigned rank)
{
	static const uint8_t states[BAND_STATES] = {BW_UP,       BAND_NO_DATA,   BW_UNKNOWN,
						    BW_FLAPPING, BW_PARTLY_DARK, BW_DARK};

	return states[rank];
}

unsigned band_rank(uint8_t state)
{
	unsigned rank = 0;

	while (band_ranked(rank) != state)
		rank++;
	return rank;
}

/* The worst of what begins before END, from part *N on, which is moved to the last of them. */
static uint8_t worst_until(const struct band *band, uint32_t *n, int64_t end_ns)
{
	uint8_t worst = band_get(band, *n)->state;

	while (*n + 1 < band->parts.count && band_get(band, *n + 1)->from_ns < end_ns) {
		++*n;
		if (band_rank(band_get(band, *n)->state) > band_rank(worst))
			worst = band_get(band, *n)->state;
	}
	return worst;
}

int band_thin(const struct band *band, uint32_t columns, struct band *ret)
{
	const double step = (double)(band->until_ns - band->from_ns) / columns;
	int64_t from = band->from_ns;
	uint32_t n = 0;
	int result = 0;

	band_init(ret, band->from_ns, band->until_ns);
	for (uint32_t column = 1; column <= columns && band->parts.count && result == 0; column++) {
		const int64_t end = column == columns
					    ? band->until_ns
					    : band->from_ns + (int64_t)(step * (double)column);

		if (end <= from)
			continue;
		result = band_add(ret, from, worst_until(band, &n, end));
		from = end;
		if (n + 1 < band->parts.count && band_get(band, n + 1)->from_ns <= end)
			n++;
	}
	return result;
}

const char *band_state_name(uint8_t state)
{
	if (state == BAND_NO_DATA)
		return "no data";
	return state == BW_PARTLY_DARK ? "partly dark" : bw_verdict_name((enum bw_verdict)state);
}

const char *band_state_class(uint8_t state)
{
	return state == BAND_NO_DATA ? "no-data" : bw_verdict_name((enum bw_verdict)state);
}

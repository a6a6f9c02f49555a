/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/share.h"

/* Adds a part from FROM to UNTIL, both counted in columns. */
static void add_part(struct share *share, uint8_t state, double from, double until)
{
	for (uint32_t n = (uint32_t)from; n < SHARE_COLUMNS && n < until; n++) {
		const double begin = n > from ? n : from;
		const double end = n + 1 < until ? n + 1 : until;

		share->of[n][state] += (float)(end - begin);
	}
}

void share_add(struct share *share, const struct band *band)
{
	const double columns = SHARE_COLUMNS / (double)(share->until_ns - share->from_ns);

	share->bands++;
	for (uint32_t n = 0; n < band->parts.count; n++) {
		const double from = (double)(band_get(band, n)->from_ns - share->from_ns);
		const double until = (double)(band_end(band, n) - share->from_ns);

		add_part(share, band_get(band, n)->state, from * columns, until * columns);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spread.h"

struct spread spread_over(size_t count)
{
	struct spread spread = {.count = count};

	while (count > (size_t)1 << spread.bits)
		spread.bits++;
	return spread;
}

static size_t reverse(size_t number, unsigned bits)
{
	size_t reversed = 0;

	for (; bits > 0; bits--, number >>= 1)
		reversed = reversed << 1 | (number & 1);
	return reversed;
}

bool spread_next(struct spread *spread, size_t *ret_number)
{
	while (spread->next >> spread->bits == 0) {
		size_t number = reverse(spread->next++, spread->bits);

		if (number >= spread->count)
			continue;
		*ret_number = number;
		return true;
	}
	return false;
}

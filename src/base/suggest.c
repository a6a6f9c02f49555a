/* SPDX-License-Identifier: Apache-2.0 */
#include "base/suggest.h"

#include <ctype.h>
#include <string.h>

static unsigned minimum(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int fold(char c)
{
	return tolower((unsigned char)c);
}

/* One row of the table of optimal string alignment: row i from those of i-1 and i-2. */
static void fill_row(unsigned *row, const unsigned *above, const unsigned *above2, const char *a,
		     size_t i, const char *b)
{
	row[0] = (unsigned)i;
	for (size_t j = 1; b[j - 1]; j++) {
		unsigned change = fold(a[i - 1]) != fold(b[j - 1]);
		unsigned best = minimum(above[j] + 1, row[j - 1] + 1);

		best = minimum(best, above[j - 1] + change);
		if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
		    fold(a[i - 2]) == fold(b[j - 1]))
			best = minimum(best, above2[j - 2] + 1);
		row[j] = best;
	}
}

static unsigned count_edits(const char *a, const char *b)
{
	unsigned rows[3][SUGGEST_WORD_MAX + 1];
	size_t length = strlen(a);

	for (unsigned j = 0; j <= SUGGEST_WORD_MAX; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= length; i++)
		fill_row(rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3], a, i, b);
	return rows[length % 3][strlen(b)];
}

void suggest_init(struct suggest *suggest, const char *word)
{
	*suggest = (struct suggest){word, NULL, 0};
}

void suggest_offer(struct suggest *suggest, const char *candidate)
{
	size_t length = strlen(suggest->word);
	unsigned allowed = length < 5 ? 1 : length < 9 ? 2 : 3;
	unsigned distance;

	if (length == 0 || length > SUGGEST_WORD_MAX || strlen(candidate) > SUGGEST_WORD_MAX)
		return;
	distance = count_edits(suggest->word, candidate);
	if (distance > allowed || distance >= strlen(candidate))
		return;
	if (suggest->best && distance >= suggest->distance)
		return;
	suggest->best = candidate;
	suggest->distance = distance;
}

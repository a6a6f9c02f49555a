/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/sample.h"

#include <stdlib.h>

void sample_add(struct sample *sample, double value)
{
	if (sample->count == sample->room) {
		size_t room = sample->room ? 2 * sample->room : 64;
		double *list = reallocarray(sample->list, room, sizeof(*list));

		if (!list) {
			sample->failed = true;
			return;
		}
		sample->list = list;
		sample->room = room;
	}
	sample->list[sample->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The smallest value that a SHARE of all values does not exceed. */
static double quantile(const struct sample *sample, double share)
{
	size_t rank = (size_t)(share * (double)sample->count + .999999);

	return sample->list[rank ? rank - 1 : 0];
}

struct score_numbers sample_numbers(struct sample *sample)
{
	struct score_numbers numbers = {.count = sample->count};
	double sum = 0;

	if (sample->count == 0)
		return numbers;
	qsort(sample->list, sample->count, sizeof(*sample->list), compare);
	for (size_t i = 0; i < sample->count; i++)
		sum += sample->list[i];
	numbers.mean = sum / (double)sample->count;
	numbers.median = quantile(sample, .5);
	numbers.p95 = quantile(sample, .95);
	numbers.most = sample->list[sample->count - 1];
	return numbers;
}

void sample_fini(struct sample *sample)
{
	free(sample->list);
	*sample = (struct sample){0};
}

void sample_bin_add(struct score_bin bins[SCORE_BINS], double stated, bool right)
{
	static const double limits[SCORE_BINS] = {.9, .99, .999, .9999, 2};
	unsigned i = 0;

	while (stated >= limits[i])
		i++;
	bins[i].stated += (stated - bins[i].stated) / (double)(bins[i].said + 1);
	bins[i].said++;
	bins[i].right += right;
}

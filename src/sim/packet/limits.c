/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/packet/limits.h"

#include <errno.h>

#include <blockwatch/time.h>

bool bucket_take(struct bucket *bucket, double rate_pps, double burst, int64_t at_ns)
{
	double interval = (double)BW_S / rate_pps;
	int64_t tolerance = (int64_t)(interval * (burst > 1 ? burst - 1 : 0));

	if (bucket->due_ns - tolerance > at_ns)
		return false;
	bucket->due_ns = (bucket->due_ns > at_ns ? bucket->due_ns : at_ns) + (int64_t)interval;
	return true;
}

void limits_init(struct limits *limits)
{
	limits->buckets = array_of(sizeof(struct bucket));
}

void limits_fini(struct limits *limits)
{
	array_fini(&limits->buckets);
}

int limits_add(struct limits *limits, uint32_t count, uint32_t *ret_first)
{
	const struct bucket full = {0};
	uint32_t first = limits->buckets.count;

	if (array_reserve(&limits->buckets, count) < 0)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		(void)array_add(&limits->buckets, &full);
	*ret_first = first;
	return 0;
}

bool limits_take(struct limits *limits, uint32_t n, double rate_pps, double burst, int64_t at_ns)
{
	return bucket_take(array_at(&limits->buckets, n), rate_pps, burst, at_ns);
}

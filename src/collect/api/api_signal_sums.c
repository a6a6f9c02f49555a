/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_signal_sums.h"

#include <errno.h>
#include <stdlib.h>

#define HOUR_S 3600

struct buckets {
	int64_t from, step; /* hours: when the first one begins, and how long each is */
	uint32_t count;
	struct hourly_sum *list;
};

static int take_hour(void *arg, const struct hourly_found *found)
{
	const struct buckets *buckets = arg;
	struct hourly_sum *sum = &buckets->list[(found->hour - buckets->from) / buckets->step];

	for (size_t n = 0; n < found->count; n++)
		hourly_sum_merge(sum, found->list[n].sum);
	return 0;
}

static double answers(const struct hourly_sum *sum)
{
	return hourly_sum_answered(sum);
}

static double median_ms(const struct hourly_sum *sum)
{
	return hourly_sum_rtt_ms(sum, .5);
}

static double ninetieth_ms(const struct hourly_sum *sum)
{
	return hourly_sum_rtt_ms(sum, .9);
}

static const struct {
	const char *name;
	double (*value)(const struct hourly_sum *sum); /* negative: there is none */
	int decimals;
} sources[] = {
	{"answers", answers, 4},
	{"loss", hourly_sum_loss, 4},
	{"rtt_p50", median_ms, 3},
	{"rtt_p90", ninetieth_ms, 3},
};

static void put_values(struct json_out *out, const struct buckets *buckets, size_t source)
{
	for (uint32_t n = 0; n < buckets->count; n++) {
		const double value = sources[source].value(&buckets->list[n]);

		if (value < 0)
			json_out_null(out);
		else
			json_out_number(out, value, sources[source].decimals);
	}
}

static void put_signals(struct json_out *out, const struct api_signal *like,
			const struct buckets *buckets)
{
	struct api_signal signal = *like;

	signal.from_s = buckets->from * HOUR_S;
	signal.until_s = (buckets->from + buckets->count * buckets->step) * HOUR_S;
	signal.step_s = buckets->step * HOUR_S;
	signal.native_step_s = HOUR_S;
	for (size_t n = 0; n < sizeof(sources) / sizeof(sources[0]); n++) {
		signal.datasource = sources[n].name;
		api_signal_begin(out, &signal);
		put_values(out, buckets, n);
		api_signal_end(out);
	}
}

int api_signal_sums(struct json_out *out, const struct api_signal *like,
		    const struct hourly_query *query, const struct store *store)
{
	struct buckets buckets = {.step = like->step_s > HOUR_S ? like->step_s / HOUR_S : 1};
	struct hourly_query asked = *query;
	int result;

	buckets.from = like->from_s / HOUR_S / buckets.step * buckets.step;
	buckets.count =
		(uint32_t)((like->until_s - buckets.from * HOUR_S + buckets.step * HOUR_S - 1) /
			   (buckets.step * HOUR_S));
	buckets.list = calloc(buckets.count + 1, sizeof(buckets.list[0]));
	if (!buckets.list)
		return -ENOMEM;
	asked.from = buckets.from;
	asked.until = buckets.from + buckets.count * buckets.step;
	result = hourly_read(store, &asked, take_hour, &buckets, NULL);
	if (result == 0)
		put_signals(out, like, &buckets);
	free(buckets.list);
	return result;
}

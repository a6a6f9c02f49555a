/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/hourly/hourly_day.h"
#include "collect/hourly/hourly_part.h"

/* A vantage in the day that is looked at. */
struct slot {
	char *vantage;
	struct hourly_day day;
};

/* An entry of a part that has not been brought into days. */
struct waiting {
	uint32_t slot;
	int64_t hour;
	struct hourly_round round;
};

struct reading {
	const struct store *store;
	const struct hourly_query *query;
	int (*take)(void *arg, const struct hourly_found *found);
	void *arg;
	char subject[BW_PREFIX_TEXT];
	struct array slots;   /* struct slot *, by the names of their vantages */
	struct array waiting; /* struct waiting, by hour */
	struct array list;    /* struct hourly_of_vantage, of one hour */
	struct bw_err *err;
};

static struct slot *slot_at(const struct reading *reading, uint32_t n)
{
	return *(struct slot **)array_at(&reading->slots, n);
}

/* The number of a vantage's slot, which it gets when it has none. */
static int find_slot(struct reading *reading, const char *vantage)
{
	struct slot *slot;
	int number;

	for (uint32_t n = 0; n < reading->slots.count; n++)
		if (strcmp(slot_at(reading, n)->vantage, vantage) == 0)
			return (int)n;
	slot = malloc(sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	hourly_day_clear(&slot->day);
	slot->vantage = strdup(vantage);
	number = slot->vantage ? array_add(&reading->slots, &slot) : -ENOMEM;
	if (number < 0) {
		free(slot->vantage);
		free(slot);
	}
	return number;
}

static bool is_asked(const struct hourly_query *query, const struct hourly_entry *entry)
{
	struct bw_prefix network;

	if (entry->hour < query->from || entry->hour >= query->until ||
	    strcmp(entry->target, query->target) != 0)
		return false;
	switch (query->scope) {
	case BW_SCOPE_TARGET:
		return true;
	case BW_SCOPE_NETWORK:
		network = bw_prefix_of(&entry->block.addr, entry->network_length);
		return entry->network_length < entry->block.length &&
		       bw_prefix_compare(&network, &query->prefix) == 0;
	case BW_SCOPE_BLOCK:
		return bw_prefix_compare(&entry->block, &query->prefix) == 0;
	}
	return false;
}

static int take_part(void *arg, const void *bytes, size_t length)
{
	struct reading *reading = arg;
	struct hourly_reader reader;
	struct hourly_entry entry;

	hourly_reader_init(&reader, bytes, length);
	while (hourly_reader_next(&reader, &entry)) {
		struct waiting waiting = {.hour = entry.hour, .round = entry.round};
		int slot;

		if (!is_asked(reading->query, &entry))
			continue;
		slot = find_slot(reading, entry.vantage);
		waiting.slot = (uint32_t)slot;
		if (slot < 0 || array_add(&reading->waiting, &waiting) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;

	return (x->hour > y->hour) - (x->hour < y->hour);
}

static int take_day(void *arg, const struct store_hourly *row)
{
	struct reading *reading = arg;
	const int slot = find_slot(reading, row->vantage);

	if (slot < 0)
		return slot;
	(void)hourly_day_merge(&slot_at(reading, (uint32_t)slot)->day, row->bytes, row->length);
	return 0;
}

static int compare_vantages(const void *a, const void *b)
{
	const struct hourly_of_vantage *x = a, *y = b;

	return strcmp(x->vantage, y->vantage);
}

static int give_hour(struct reading *reading, int64_t hour)
{
	struct hourly_found found = {.hour = hour};

	reading->list.count = 0;
	for (uint32_t n = 0; n < reading->slots.count; n++) {
		const struct slot *slot = slot_at(reading, n);
		const struct hourly_of_vantage one = {slot->vantage,
						      &slot->day.hours[hour % HOURLY_HOURS]};

		if (one.sum->rounds > 0 && array_add(&reading->list, &one) < 0)
			return -ENOMEM;
	}
	if (reading->list.count == 0)
		return 0;
	qsort(reading->list.items, reading->list.count, reading->list.size, compare_vantages);
	found.list = array_at(&reading->list, 0);
	found.count = reading->list.count;
	return reading->take(reading->arg, &found);
}

/* *WAITING is the first of those that is not looked at yet. */
static int read_day(struct reading *reading, int64_t day, uint32_t *waiting)
{
	const struct hourly_query *query = reading->query;
	const struct store_hourly key = {
		.target = query->target,
		.scope = query->scope,
		.subject = query->scope == BW_SCOPE_TARGET ? query->target : reading->subject,
		.day = day,
	};
	int result;

	for (uint32_t n = 0; n < reading->slots.count; n++)
		hourly_day_clear(&slot_at(reading, n)->day);
	result = reading->store->ops->each_hourly_day(reading->store->self, &key, take_day, reading,
						      reading->err);
	for (; *waiting < reading->waiting.count; ++*waiting) {
		const struct waiting *one = array_at(&reading->waiting, *waiting);

		if (one->hour / HOURLY_HOURS != day)
			break;
		hourly_sum_add(&slot_at(reading, one->slot)->day.hours[one->hour % HOURLY_HOURS],
			       &one->round);
	}
	for (int64_t hour = day * HOURLY_HOURS; hour < (day + 1) * HOURLY_HOURS && result == 0;
	     hour++)
		if (hour >= query->from && hour < query->until)
			result = give_hour(reading, hour);
	return result;
}

/* The first and the last day of which there may be sums, within the hours that are asked for. */
static int find_days(struct reading *reading, int64_t *ret_first, int64_t *ret_last)
{
	const struct hourly_query *query = reading->query;
	const struct array *waiting = &reading->waiting;
	int result = reading->store->ops->hourly_days(reading->store->self, ret_first, ret_last,
						      reading->err);

	if (result < 0)
		return result;
	if (waiting->count > 0) {
		const struct waiting *first = array_at(waiting, 0);
		const struct waiting *last = array_at(waiting, waiting->count - 1);
		const bool none = *ret_first > *ret_last;

		if (none || first->hour / HOURLY_HOURS < *ret_first)
			*ret_first = first->hour / HOURLY_HOURS;
		if (none || last->hour / HOURLY_HOURS > *ret_last)
			*ret_last = last->hour / HOURLY_HOURS;
	}
	if (query->from / HOURLY_HOURS > *ret_first)
		*ret_first = query->from / HOURLY_HOURS;
	if ((query->until - 1) / HOURLY_HOURS < *ret_last)
		*ret_last = (query->until - 1) / HOURLY_HOURS;
	return 0;
}

static int run(struct reading *reading)
{
	const struct store *store = reading->store;
	int64_t first, last;
	uint32_t waiting = 0;
	int result = store->ops->each_hourly_part(store->self, take_part, reading, reading->err);

	if (result < 0)
		return result;
	if (reading->waiting.count > 0)
		qsort(reading->waiting.items, reading->waiting.count, reading->waiting.size,
		      compare);
	result = find_days(reading, &first, &last);
	for (int64_t day = first; result == 0 && day <= last; day++)
		result = read_day(reading, day, &waiting);
	return result;
}

int hourly_read(const struct store *store, const struct hourly_query *query,
		int (*take)(void *arg, const struct hourly_found *found), void *arg,
		struct bw_err *err)
{
	struct reading reading = {
		.store = store,
		.query = query,
		.take = take,
		.arg = arg,
		.slots = array_of(sizeof(struct slot *)),
		.waiting = array_of(sizeof(struct waiting)),
		.list = array_of(sizeof(struct hourly_of_vantage)),
		.err = err,
	};
	int result;

	if (query->scope != BW_SCOPE_TARGET)
		bw_prefix_format(&query->prefix, reading.subject);
	result = query->from < query->until ? run(&reading) : 0;
	for (uint32_t n = 0; n < reading.slots.count; n++) {
		free(slot_at(&reading, n)->vantage);
		free(slot_at(&reading, n));
	}
	array_fini(&reading.slots);
	array_fini(&reading.waiting);
	array_fini(&reading.list);
	return result;
}

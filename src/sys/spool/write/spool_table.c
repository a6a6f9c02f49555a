/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sys/spool/write/spool_load.h"

void spool_table_fini(struct spool_table *table)
{
	free(table->plan.list);
	*table = (struct spool_table){.capacity = 0};
}

int spool_table_add(struct spool_table *table, const struct plan_segment *segment)
{
	struct plan *plan = &table->plan;

	if (plan->count == table->capacity) {
		size_t capacity = table->capacity ? 2 * table->capacity : 16;
		struct plan_segment *larger = realloc(plan->list, capacity * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		plan->list = larger;
		table->capacity = capacity;
	}
	plan->list[plan->count++] = *segment;
	plan->bytes += segment->all.length;
	return 0;
}

void spool_table_remove(struct spool_table *table, size_t index)
{
	struct plan *plan = &table->plan;

	plan->bytes -= plan->list[index].all.length;
	plan->count--;
	memmove(plan->list + index, plan->list + index + 1,
		(plan->count - index) * sizeof(*plan->list));
}

size_t spool_table_find(const struct spool_table *table, uint64_t number)
{
	size_t index = 0;

	while (index < table->plan.count && table->plan.list[index].number != number)
		index++;
	return index;
}

void spool_table_replace(struct spool_table *table, size_t index, const struct spool_group *all)
{
	struct plan_segment *segment = &table->plan.list[index];

	table->plan.bytes -= segment->all.length;
	table->plan.bytes += all->length;
	segment->all = *all;
}

uint64_t spool_table_records(const struct spool_table *table)
{
	uint64_t records = 0;

	for (size_t i = 0; i < table->plan.count; i++)
		records += spool_sums_records(&table->plan.list[i].all.sums);
	return records;
}

double spool_table_age_s(const struct spool_table *table, struct bw_now now)
{
	for (size_t i = 0; i < table->plan.count; i++) {
		const struct spool_group *all = &table->plan.list[i].all;

		if (all->first_seq > 0 && all->first_time.ns < now.wall.ns)
			return (double)(now.wall.ns - all->first_time.ns) / (double)BW_S;
		if (all->first_seq > 0)
			return 0;
	}
	return 0;
}

static void tell(struct spool_told *told, const char *path, int code, const char *what,
		 uint64_t count, const char *rest)
{
	struct bw_err news;

	bw_err_set(&news, code, "%s%" PRIu64 "%s", what, count, rest);
	bw_err_place(&news, path, 0, 0, NULL);
	spool_told_add(told, &news);
}

static int load_one(struct spool_table *table, const struct spool_home *home, uint64_t number,
		    struct bw_now now, struct spool_told *told)
{
	struct spool_load load;
	char path[SPOOL_PATH_TEXT];
	int code = spool_load_segment(home, number, now, &load);
	struct bw_err news;

	spool_home_segment(home, number, path);
	if (code == -ENOMEM)
		return code;
	if (code < 0) {
		bw_err_set(&news, code, "cannot read it, it is left as it is: %s", strerror(-code));
		bw_err_place(&news, path, 0, 0, NULL);
		spool_told_add(told, &news);
		return 0;
	}
	if (load.cut > 0)
		tell(told, path, BW_ERR_SYNTAX, "", load.cut,
		     " bytes behind the last whole record were cut off");
	if (load.damaged > 0)
		tell(told, path, BW_ERR_SYNTAX, "", load.damaged,
		     " damaged lines are in it; the records around them are sound");
	return spool_table_add(table, &load.segment);
}

int spool_table_load(struct spool_table *table, const struct spool_home *home, struct bw_now now,
		     struct spool_told *told)
{
	uint64_t *numbers;
	size_t count;
	int code = spool_home_list(home, &numbers, &count);

	if (code < 0)
		return code;
	for (size_t i = 0; i < count && code == 0; i++)
		code = load_one(table, home, numbers[i], now, told);
	free(numbers);
	return code;
}

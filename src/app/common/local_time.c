/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/local_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/zone.h"

#define DAY_CHARACTERS 10
#define MINUTE_AT 11

struct local_time_zone {
	const char *target;
	struct zone *zone;
};

void local_time_init(struct local_time *local, const struct bw_target *const *targets, size_t count)
{
	*local = (struct local_time){.list = calloc(count + 1, sizeof(*local->list))};
	for (size_t i = 0; i < count && local->list; i++) {
		struct zone *zone = targets[i]->timezone ? zone_read(targets[i]->timezone) : NULL;

		if (zone)
			local->list[local->count++] =
				(struct local_time_zone){targets[i]->name, zone};
	}
}

void local_time_fini(struct local_time *local)
{
	for (size_t i = 0; i < local->count; i++)
		zone_free(local->list[i].zone);
	free(local->list);
	*local = (struct local_time){0};
}

static const struct zone *find(const struct local_time *local, const char *target)
{
	for (size_t i = 0; target && i < local->count; i++)
		if (strcmp(local->list[i].target, target) == 0)
			return local->list[i].zone;
	return NULL;
}

char *local_time_format(const struct local_time *local, const char *target, struct bw_wall time,
			char buffer[LOCAL_TIME_TEXT])
{
	const struct zone *zone = find(local, target);
	char utc[BW_WALL_TEXT], there[BW_WALL_TEXT];
	bool same_day;

	buffer[0] = '\0';
	if (!zone || time.ns == 0)
		return buffer;
	bw_wall_format(time, utc);
	time.ns += zone_offset_s(zone, time) * BW_S;
	bw_wall_format(time, there);
	same_day = strncmp(utc, there, DAY_CHARACTERS) == 0;
	snprintf(buffer, LOCAL_TIME_TEXT, " (%.*s%s%.5s local)", same_day ? 0 : DAY_CHARACTERS,
		 there, same_day ? "" : " ", there + MINUTE_AT);
	return buffer;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/catch_up.h"

#include <errno.h>
#include <string.h>

#include "report/record/decode.h"

struct catching {
	struct seen *seen;
	struct follow *follow;
	struct fleet *fleet;
	struct record_memory memory;
	bool came;
};

/* A vantage that is not in this collector's configuration is known by its records alone. */
static int take_record(struct catching *catching, const struct record *record, struct bw_wall now)
{
	const struct record_head *head = &record->head;
	struct fleet_member *member = fleet_find(catching->fleet, head->vantage);
	const int known = seen_add(catching->seen, head->vantage, head->boot, head->seq);
	int result = 0;

	if (known != 0)
		return known == -ENOMEM ? -ENOMEM : 0;
	catching->came = true;
	if (!member)
		return 0;
	if (fleet_counts(catching->fleet, member, record, now)) {
		fleet_note(member, record, now);
		result = follow_take(catching->follow, record, now);
	}
	member->changed = false; /* it is saved */
	return result;
}

static int take_line(struct catching *catching, const char *line, size_t length, struct bw_wall now)
{
	struct record record;
	int result = record_decode(line, length, "", &catching->memory, &record, NULL);

	if (result == -ENOMEM)
		return result;
	return result < 0 ? 0 : take_record(catching, &record, now);
}

static int take_admission(void *arg, const struct store_admission *admission)
{
	struct catching *catching = arg;
	const char *line = admission->lines, *end = line + admission->length;
	int result = 0;

	while (line < end && result == 0) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		result = take_line(catching, line, (size_t)(stop - line), admission->time);
		line = stop + 1;
	}
	if (result == 0)
		result = follow_keep(catching->follow);
	seen_keep(catching->seen);
	return result;
}

int catch_up(struct seen *seen, struct follow *follow, struct fleet *fleet,
	     const struct store *store, struct bw_err *err)
{
	struct catching catching = {.seen = seen, .follow = follow, .fleet = fleet};
	int result = 0;

	if (store->ops->each_admission)
		result = store->ops->each_admission(store->self, take_admission, &catching, err);
	record_memory_fini(&catching.memory);
	if (result == -ENOMEM)
		return bw_err_set(err, BW_ERR_MISSING, "out of memory");
	return result < 0 ? result : catching.came;
}

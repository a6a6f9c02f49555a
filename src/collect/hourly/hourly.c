/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly.h"

#include "collect/hourly/hourly_fold.h"

#define FOLD_EVERY_NS (600 * BW_S)
#define STEP_NS (50 * BW_MS) /* between steps, while there is more */

void hourly_init(struct hourly *hourly)
{
	*hourly = (struct hourly){.waiting = 0};
	hourly_part_init(&hourly->part);
}

void hourly_fini(struct hourly *hourly)
{
	hourly_part_fini(&hourly->part);
}

int hourly_save(const struct hourly *hourly, const struct store *store, struct bw_err *err)
{
	const struct array *bytes = &hourly->part.bytes;

	if (bytes->count == 0)
		return 0;
	return store->ops->put_hourly_part(store->self, bytes->items, bytes->count, err);
}

void hourly_keep(struct hourly *hourly)
{
	hourly->waiting += hourly->part.bytes.count;
	hourly_part_clear(&hourly->part);
}

void hourly_drop(struct hourly *hourly)
{
	hourly_part_clear(&hourly->part);
}

static int64_t due_ns(const struct hourly *hourly)
{
	if (hourly->more)
		return hourly->folded_ns + STEP_NS;
	return hourly->waiting >= HOURLY_FOLD_BYTES ? 0 : hourly->folded_ns + FOLD_EVERY_NS;
}

int64_t hourly_tick(struct hourly *hourly, const struct store *store, int64_t now_ns)
{
	bool more = false;

	if (now_ns < hourly->folded_ns)
		hourly->folded_ns = now_ns;
	if (now_ns < due_ns(hourly))
		return due_ns(hourly);
	hourly->folded_ns = now_ns;
	hourly->waiting = 0;
	hourly->more = hourly_fold(store, &more, NULL) == 0 && more;
	return due_ns(hourly);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly_fold.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "collect/hourly/hourly_day.h"
#include "collect/lead.h"

/*
 * Parts arrive by the second, and a day of a subject is one row: rows would be written again and
 * again if each part were brought into them at once. Instead the entries of many parts are sorted
 * by subject and hour, and each row is read, added to and written once. That is done three times,
 * as an entry counts for its block, its network and its target. Many rows are read by one call: to
 * a database on another machine each call is a wait.
 */
#define ROWS 512 /* that are read by one call */

/* One entry. Equal names are the same pointer. */
struct item {
	const char *vantage, *target;
	struct bw_prefix block, network;
	uint16_t bin;
	uint32_t hour;
	uint32_t sent, replies;
};

/* What one row gets: the items of it, and the text of its subject where that is a prefix. */
struct row {
	const struct item *items;
	uint32_t count;
	char subject[BW_PREFIX_TEXT];
};

struct fold {
	const struct store *store;
	struct array items;             /* struct item */
	struct store_hourly keys[ROWS]; /* of the rows that are read next */
	struct row rows[ROWS];
	size_t row_count;
	void *names; /* a tree (tsearch) of names */
	struct hourly_day day;
	uint8_t *bytes; /* room for HOURLY_DAY_BYTES */
	struct bw_err *err;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* The name as one pointer for all that are equal; NULL: out of memory. */
static const char *intern(struct fold *fold, const char *name)
{
	char **found = tfind(name, &fold->names, compare_names);
	char *copy;

	if (found)
		return *found;
	copy = strdup(name);
	found = copy ? tsearch(copy, &fold->names, compare_names) : NULL;
	if (found)
		return copy;
	free(copy);
	return NULL;
}

/* Mostly it is that of the entry before. */
static const char *intern_next(struct fold *fold, const char *before, const char *name)
{
	return before && strcmp(before, name) == 0 ? before : intern(fold, name);
}

static int take_part(void *arg, const void *bytes, size_t length)
{
	struct fold *fold = arg;
	struct hourly_reader reader;
	struct hourly_entry entry;
	struct item item = {.vantage = NULL};

	hourly_reader_init(&reader, bytes, length);
	while (hourly_reader_next(&reader, &entry)) {
		item = (struct item){
			.vantage = intern_next(fold, item.vantage, entry.vantage),
			.target = intern_next(fold, item.target, entry.target),
			.block = entry.block,
			.network = bw_prefix_of(&entry.block.addr, entry.network_length),
			.bin = (uint16_t)entry.round.bin,
			.hour = (uint32_t)entry.hour,
			.sent = entry.round.sent,
			.replies = entry.round.replies,
		};
		if (!item.vantage || !item.target || array_add(&fold->items, &item) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare_owner(const struct item *a, const struct item *b)
{
	int order = a->target == b->target ? 0 : strcmp(a->target, b->target);

	if (order == 0 && a->vantage != b->vantage)
		order = strcmp(a->vantage, b->vantage);
	return order;
}

static int compare_hours(const struct item *a, const struct item *b)
{
	return (a->hour > b->hour) - (a->hour < b->hour);
}

static int by_block(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = compare_owner(x, y);

	if (order == 0)
		order = bw_prefix_compare(&x->block, &y->block);
	return order ? order : compare_hours(x, y);
}

static int by_network(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = compare_owner(x, y);

	if (order == 0)
		order = bw_prefix_compare(&x->network, &y->network);
	return order ? order : compare_hours(x, y);
}

static int by_target(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const int order = compare_owner(x, y);

	return order ? order : compare_hours(x, y);
}

/* Whether both are of one row. */
static bool is_same_row(const struct item *a, const struct item *b, enum bw_scope scope)
{
	if (compare_owner(a, b) != 0 || a->hour / HOURLY_HOURS != b->hour / HOURLY_HOURS)
		return false;
	if (scope == BW_SCOPE_BLOCK)
		return bw_prefix_compare(&a->block, &b->block) == 0;
	return scope == BW_SCOPE_TARGET || bw_prefix_compare(&a->network, &b->network) == 0;
}

/* Brings the items of a row into it. One that is damaged is made anew. */
static int save_row(void *arg, size_t n, const void *bytes, size_t length)
{
	struct fold *fold = arg;
	const struct row *row = &fold->rows[n];
	struct store_hourly day = fold->keys[n];

	hourly_day_clear(&fold->day);
	if (length > 0)
		(void)hourly_day_merge(&fold->day, bytes, length);
	for (uint32_t i = 0; i < row->count; i++) {
		const struct item *item = &row->items[i];
		const struct hourly_round round = {item->sent, item->replies, item->bin};

		hourly_sum_add(&fold->day.hours[item->hour % HOURLY_HOURS], &round);
	}
	day.bytes = fold->bytes;
	day.length = hourly_day_encode(&fold->day, fold->bytes);
	return fold->store->ops->put_hourly_day(fold->store->self, &day, fold->err);
}

static int save_rows(struct fold *fold)
{
	const size_t count = fold->row_count;

	fold->row_count = 0;
	return fold->store->ops->get_hourly_days(fold->store->self, fold->keys, count, save_row,
						 fold, fold->err);
}

static int add_row(struct fold *fold, enum bw_scope scope, const struct item *items, uint32_t count)
{
	struct row *row = &fold->rows[fold->row_count];
	struct store_hourly *key = &fold->keys[fold->row_count++];

	row->items = items;
	row->count = count;
	*key = (struct store_hourly){
		.vantage = items->vantage,
		.target = items->target,
		.scope = scope,
		.subject = items->target,
		.day = items->hour / HOURLY_HOURS,
	};
	if (scope != BW_SCOPE_TARGET)
		key->subject =
			bw_prefix_format(scope == BW_SCOPE_BLOCK ? &items->block : &items->network,
					 row->subject);
	return fold->row_count == ROWS ? save_rows(fold) : 0;
}

/* A network that is one block has the sums of the block. */
static bool counts(const struct item *item, enum bw_scope scope)
{
	return scope != BW_SCOPE_NETWORK || item->network.length < item->block.length;
}

static int save_scope(struct fold *fold, enum bw_scope scope,
		      int (*order)(const void *a, const void *b))
{
	const uint32_t count = fold->items.count;
	const struct item *items;
	int result = 0;

	qsort(fold->items.items, count, fold->items.size, order);
	items = array_at(&fold->items, 0);
	for (uint32_t n = 0, next = 0; n < count && result == 0; n = next) {
		for (next = n; next < count && is_same_row(&items[n], &items[next], scope); next++)
			;
		if (counts(&items[n], scope))
			result = add_row(fold, scope, &items[n], next - n);
	}
	return result < 0 ? result : save_rows(fold);
}

static int save(struct fold *fold)
{
	int result;

	if (fold->items.count == 0)
		return 0;
	result = save_scope(fold, BW_SCOPE_BLOCK, by_block);
	if (result == 0)
		result = save_scope(fold, BW_SCOPE_NETWORK, by_network);
	return result < 0 ? result : save_scope(fold, BW_SCOPE_TARGET, by_target);
}

static int run(struct fold *fold, bool *ret_more)
{
	const struct store_ops *ops = fold->store->ops;
	void *self = fold->store->self;
	int result = lead_begin(fold->store, fold->err);

	if (result < 0)
		return result;
	result = ops->take_hourly_parts(self, HOURLY_FOLD_BYTES, take_part, fold, ret_more,
					fold->err);
	if (result == 0)
		result = save(fold);
	if (result == 0)
		result = ops->commit(self, fold->err);
	if (result < 0)
		ops->rollback(self);
	return result;
}

int hourly_fold(const struct store *store, bool *ret_more, struct bw_err *err)
{
	struct fold *fold = calloc(1, sizeof(*fold));
	int result = -ENOMEM;

	if (!fold)
		return bw_err_set(err, -ENOMEM, "out of memory");
	fold->store = store;
	fold->items = array_of(sizeof(struct item));
	fold->bytes = malloc(HOURLY_DAY_BYTES);
	fold->err = err;
	if (fold->bytes)
		result = run(fold, ret_more);
	if (result == -ENOMEM)
		bw_err_set(err, -ENOMEM, "out of memory");
	array_fini(&fold->items);
	tdestroy(fold->names, free);
	free(fold->bytes);
	free(fold);
	return result;
}

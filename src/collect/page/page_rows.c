/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/page/page_words.h"

/* What may get a row. */
struct candidate {
	enum bw_scope scope;
	const struct timeline *timeline;
	const struct bw_prefix *network, *prefix;
	struct band band;
	int64_t of_ns[BAND_STATES];
};

struct collection {
	const struct page_view *view;
	const struct page_coverage *coverage;
	struct page_rows *rows;
	struct array list; /* struct candidate */
};

static struct candidate *candidate_at(const struct collection *collection, uint32_t n)
{
	return array_at(&collection->list, n);
}

/* Whether it may get a row; otherwise only its share counts. */
static bool stays(const struct subject *subject, const struct bw_prefix *network)
{
	return subject->scope != BW_SCOPE_BLOCK || bw_prefix_compare(subject->prefix, network) != 0;
}

static const struct bw_prefix *network_of(const struct board *board, const struct subject *subject)
{
	return subject->block ? &board_network(board, subject->block->network)->prefix
			      : subject->prefix;
}

static int collect(void *arg, const struct subject *subject)
{
	struct collection *collection = arg;
	const struct page_view *view = collection->view;
	struct candidate one = {
		.scope = subject->scope,
		.timeline = subject->merged,
		.network = network_of(view->board, subject),
		.prefix = subject->prefix,
	};
	int result = page_coverage_band(collection->coverage, subject->merged, view->from_ns,
					view->until_ns, &one.band);

	if (result == 0 && subject->block)
		share_add(collection->rows->share, &one.band);
	if (result == 0 && stays(subject, one.network)) {
		band_sum(&one.band, one.of_ns);
		result = array_add(&collection->list, &one);
		if (result >= 0)
			return 0;
	}
	band_fini(&one.band);
	return result < 0 ? -ENOMEM : 0;
}

/* The target itself is always the first. */
static int compare_kinds(const struct candidate *a, const struct candidate *b)
{
	return (b->scope == BW_SCOPE_TARGET) - (a->scope == BW_SCOPE_TARGET);
}

static int compare_addresses(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = compare_kinds(x, y);

	if (order == 0 && x->network && y->network)
		order = bw_prefix_compare(x->network, y->network);
	if (order == 0)
		order = (y->scope == BW_SCOPE_NETWORK) - (x->scope == BW_SCOPE_NETWORK);
	if (order == 0 && x->prefix && y->prefix)
		order = bw_prefix_compare(x->prefix, y->prefix);
	return order;
}

static int compare_worst(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	const unsigned rank_x = band_rank(band_last(&x->band));
	const unsigned rank_y = band_rank(band_last(&y->band));
	const int64_t dark_x = x->of_ns[BW_DARK] + x->of_ns[BW_PARTLY_DARK];
	const int64_t dark_y = y->of_ns[BW_DARK] + y->of_ns[BW_PARTLY_DARK];
	const int order = compare_kinds(x, y);

	if (order != 0)
		return order;
	if (rank_x != rank_y)
		return rank_x > rank_y ? -1 : 1;
	if (dark_x != dark_y)
		return dark_x > dark_y ? -1 : 1;
	return compare_addresses(a, b);
}

static char *note_of(const struct page_view *view, const struct candidate *one)
{
	const int64_t dark = one->of_ns[BW_DARK];
	const bool is_past = view->until_ns + 60 * BW_S < view->now_ns;
	const char *when = is_past ? "at the end" : "now";
	const char *state = band_state_name(band_last(&one->band));
	char length[PAGE_LENGTH_TEXT], *text;
	int result;

	if (dark > 0)
		result = asprintf(&text, "%s %s; in this time dark for %s", when, state,
				  page_words_length(dark, length));
	else
		result = asprintf(&text, "%s %s", when, state);
	return result < 0 ? NULL : text;
}

static char *label_of(const struct page_view *view, const struct candidate *one)
{
	char text[BW_PREFIX_TEXT], *label;

	if (!one->prefix)
		return strdup(board_target(view->board, view->target)->name);
	if (one->scope == BW_SCOPE_NETWORK)
		return strdup(bw_prefix_format(one->prefix, text));
	return asprintf(&label, "\u2003%s", bw_prefix_format(one->prefix, text)) < 0 ? NULL : label;
}

/* Takes the band over. */
static int keep(struct collection *collection, struct candidate *one)
{
	struct page_rows *rows = collection->rows;
	struct picture_row *row = &rows->list[rows->count];
	struct page_row *more = &rows->more[rows->count++];

	*row = (struct picture_row){label_of(collection->view, one), note_of(collection->view, one),
				    one->scope, one->band};
	more->timeline = one->timeline;
	memcpy(more->of_ns, one->of_ns, sizeof(more->of_ns));
	band_init(&one->band, 0, 0);
	return row->label && row->note ? 0 : -ENOMEM;
}

static int choose(struct collection *collection)
{
	const uint32_t count = collection->list.count;
	const bool all = count <= PAGE_ROWS_MAX;
	struct page_rows *rows = collection->rows;
	int result = 0;

	rows->list = calloc(PAGE_ROWS_MAX, sizeof(*rows->list));
	rows->more = calloc(PAGE_ROWS_MAX, sizeof(*rows->more));
	if (!rows->list || !rows->more)
		return -ENOMEM;
	if (count > 0)
		qsort(candidate_at(collection, 0), count, sizeof(struct candidate),
		      all ? compare_addresses : compare_worst);
	for (uint32_t n = 0; n < count && n < PAGE_ROWS_MAX && result == 0; n++)
		result = keep(collection, candidate_at(collection, n));
	rows->left_out = all ? 0 : count - PAGE_ROWS_MAX;
	return result;
}

int page_rows_make(struct page_rows *rows, const struct page_view *view,
		   const struct page_coverage *coverage)
{
	struct collection collection = {
		.view = view,
		.coverage = coverage,
		.rows = rows,
		.list = array_of(sizeof(struct candidate)),
	};
	int result;

	*rows = (struct page_rows){.share = calloc(1, sizeof(*rows->share))};
	if (!rows->share)
		return -ENOMEM;
	rows->share->from_ns = view->from_ns;
	rows->share->until_ns = view->until_ns;
	result = subject_each_of(view->board, view->target, collect, &collection);
	if (result >= 0)
		result = choose(&collection);
	for (uint32_t n = 0; n < collection.list.count; n++)
		band_fini(&candidate_at(&collection, n)->band);
	array_fini(&collection.list);
	return result < 0 ? result : 0;
}

void page_rows_fini(struct page_rows *rows)
{
	for (uint32_t n = 0; n < rows->count; n++)
		picture_row_fini(&rows->list[n]);
	free(rows->list);
	free(rows->more);
	free(rows->share);
	*rows = (struct page_rows){.list = NULL};
}

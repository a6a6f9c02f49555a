/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_table.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/check/check_words.h"
#include "report/text/table.h"

#define COUNTS_TEXT 128

enum column { PLACE, NAME, VERDICT, SURE, REPLIES, RTT, ANSWER, COLUMN_COUNT };

static const struct table_column layout[COLUMN_COUNT] = {
	[PLACE] = {.title = "network"},
	[NAME] = {.title = "name", .gives_way = true},
	[VERDICT] = {.title = "verdict"},
	[SURE] = {.title = "how sure", .right = true},
	[REPLIES] = {.title = "replies", .right = true},
	[RTT] = {.title = "RTT", .right = true},
	[ANSWER] = {.title = "last answer"},
};

/* In which order blocks claim a row of their own, and those left out are summed up. */
static const enum bw_verdict worst_first[BW_BLOCK_VERDICTS] = {BW_DARK, BW_FLAPPING, BW_UNKNOWN,
							       BW_UP};

/* In which order a network counts its blocks. */
static const enum bw_verdict up_first[BW_BLOCK_VERDICTS] = {BW_UP, BW_FLAPPING, BW_DARK,
							    BW_UNKNOWN};

/* What a row says, of one block or of several with the same verdict. */
struct summary {
	uint32_t blocks;
	double belief; /* the one that is least sure of the verdict */
	uint64_t sent, replies;
	int64_t rtt_ns;
	struct bw_wall answer; /* the oldest; ns 0 when one has never answered */
};

struct rtt {
	enum bw_verdict verdict;
	int64_t ns;
};

struct view {
	const struct check_target *target;
	const struct paint *paint;
	struct table_column columns[COLUMN_COUNT];
	struct table table;
	uint32_t quota[BW_BLOCK_VERDICTS]; /* how many blocks may still have a row */
	bool heads_all;                   /* a line for each network of several blocks */
	struct summary rest[BW_BLOCK_VERDICTS]; /* of the blocks without a row */
	struct rtt *rtts;                 /* of those that have one; room for all blocks */
	size_t rtt_count;
};

/* Where the block is its whole network there is nothing to put below it. */
static bool is_wide(const struct check_target *target, size_t first, size_t end)
{
	const struct record_block *block = &target->blocks[first].record;

	return end - first > 1 || bw_prefix_compare(&block->network, &block->block) != 0;
}

static size_t count_wide(const struct check_target *target)
{
	size_t count = 0, end;

	for (size_t n = 0; n < target->block_count; n = end) {
		end = check_collect_network_end(target, n);
		count += is_wide(target, n, end);
	}
	return count;
}

static void count_verdicts(const struct check_target *target, size_t first, size_t end,
			   uint32_t *ret_of)
{
	memset(ret_of, 0, BW_BLOCK_VERDICTS * sizeof(*ret_of));
	while (first < end)
		ret_of[target->blocks[first++].record.verdict]++;
}

static void set_quotas(struct view *view)
{
	uint32_t left = CHECK_TABLE_ROWS;

	count_verdicts(view->target, 0, view->target->block_count, view->quota);
	if (view->target->block_count <= CHECK_TABLE_ROWS)
		return;
	view->quota[BW_UP] = 0;
	for (size_t n = 0; n < BW_BLOCK_VERDICTS; n++) {
		uint32_t *quota = &view->quota[worst_first[n]];

		*quota = *quota < left ? *quota : left;
		left -= *quota;
	}
}

static int view_init(struct view *view, const struct check_target *target,
		      const struct paint *paint)
{
	size_t wide = count_wide(target);

	*view = (struct view){.target = target, .paint = paint};
	memcpy(view->columns, layout, sizeof(layout));
	if (wide)
		view->columns[PLACE].title = "network / block";
	view->heads_all = wide <= CHECK_TABLE_ROWS;
	table_init(&view->table, view->columns, COLUMN_COUNT);
	set_quotas(view);
	view->rtts = calloc(target->block_count + 1, sizeof(*view->rtts));
	return view->rtts ? 0 : -ENOMEM;
}

static void view_fini(struct view *view)
{
	table_fini(&view->table);
	free(view->rtts);
}

static void put_summary(struct view *view, enum bw_verdict verdict, const struct summary *sum)
{
	struct table *table = &view->table;
	char text[CHECK_WORDS];

	table_cell(table, VERDICT, paint_of(verdict), bw_verdict_name(verdict));
	table_cell(table, SURE, PAINT_PLAIN, check_words_sure(verdict, sum->belief, text));
	snprintf(text, sizeof(text), "%" PRIu64 "/%" PRIu64, sum->replies, sum->sent);
	table_cell(table, REPLIES, PAINT_PLAIN, text);
	table_cell(table, RTT, PAINT_PLAIN, check_words_rtt(sum->rtt_ns, text));
	table_cell(table, ANSWER, PAINT_PLAIN,
		   check_words_ago(view->target->at, sum->answer, text));
}

static void put_block(struct view *view, const struct record_block *block, bool indent)
{
	const struct summary sum = {
		.blocks = 1,
		.belief = block->belief,
		.sent = block->sent,
		.replies = block->replies,
		.rtt_ns = block->rtt_median_ns,
		.answer = block->last_answer,
	};
	char prefix[BW_PREFIX_TEXT], text[BW_PREFIX_TEXT + 2], name[TABLE_CELL];

	table_row(&view->table);
	snprintf(text, sizeof(text), "%s%s", indent ? "  " : "",
		 bw_prefix_format(&block->block, prefix));
	table_cell(&view->table, PLACE, PAINT_PLAIN, text);
	if (!indent && block->network_name) {
		paint_clean(view->paint, block->network_name, name, sizeof(name));
		table_cell(&view->table, NAME, PAINT_PLAIN, name);
	}
	put_summary(view, block->verdict, &sum);
}

static void __attribute__((format(printf, 3, 4)))
append(char *text, size_t size, const char *format, ...)
{
	size_t length = strlen(text);
	va_list values;

	va_start(values, format);
	vsnprintf(text + length, size - length, format, values);
	va_end(values);
}

/* "3 of 4 blocks up, 1 dark" */
static void append_counts(char *text, size_t size, const uint32_t *of, size_t total)
{
	const char *noun = total == 1 ? " block" : " blocks", *comma = "";

	for (size_t n = 0; n < BW_BLOCK_VERDICTS; n++) {
		enum bw_verdict verdict = up_first[n];

		if (of[verdict] == 0)
			continue;
		append(text, size, "%s%" PRIu32, comma, of[verdict]);
		if (!*comma && of[verdict] < total)
			append(text, size, " of %zu", total);
		append(text, size, "%s %s", noun, bw_verdict_name(verdict));
		noun = "";
		comma = ", ";
	}
}

/* "Star JV: 3 of 4 blocks up, 1 dark" */
static void put_network(struct view *view, size_t first, size_t end)
{
	const struct record_block *block = &view->target->blocks[first].record;
	char name[TABLE_CELL] = "", counts[COUNTS_TEXT] = "", prefix[BW_PREFIX_TEXT];
	uint32_t of[BW_BLOCK_VERDICTS];

	if (block->network_name) {
		paint_clean(view->paint, block->network_name, name, sizeof(name));
		append(counts, sizeof(counts), ": ");
	}
	count_verdicts(view->target, first, end, of);
	append_counts(counts, sizeof(counts), of, end - first);
	table_row(&view->table);
	table_cell(&view->table, PLACE, PAINT_PLAIN, bw_prefix_format(&block->network, prefix));
	table_span(&view->table, NAME, name, counts);
}

static double less_sure(enum bw_verdict verdict, double a, double b)
{
	return verdict == BW_DARK ? fmax(a, b) : fmin(a, b);
}

static void leave_out(struct view *view, const struct record_block *block)
{
	struct summary *sum = &view->rest[block->verdict];

	sum->belief =
		sum->blocks ? less_sure(block->verdict, sum->belief, block->belief) : block->belief;
	if (sum->blocks == 0 || block->last_answer.ns < sum->answer.ns)
		sum->answer = block->last_answer;
	sum->blocks++;
	sum->sent += block->sent;
	sum->replies += block->replies;
	if (block->rtt_median_ns >= 0)
		view->rtts[view->rtt_count++] =
			(struct rtt){.verdict = block->verdict, .ns = block->rtt_median_ns};
}

/* Says whether this block has a row of its own, and takes it from the quota. */
static bool claim_row(struct view *view, enum bw_verdict verdict)
{
	if (view->quota[verdict] == 0)
		return false;
	view->quota[verdict]--;
	return true;
}

static bool will_show(const struct view *view, size_t first, size_t end)
{
	while (first < end && view->quota[view->target->blocks[first].record.verdict] == 0)
		first++;
	return first < end;
}

static void put_networks(struct view *view)
{
	size_t end;

	for (size_t first = 0; first < view->target->block_count; first = end) {
		bool wide;

		end = check_collect_network_end(view->target, first);
		wide = is_wide(view->target, first, end);
		if (wide && (view->heads_all || will_show(view, first, end)))
			put_network(view, first, end);
		for (size_t n = first; n < end; n++) {
			const struct record_block *block = &view->target->blocks[n].record;

			if (claim_row(view, block->verdict))
				put_block(view, block, wide);
			else
				leave_out(view, block);
		}
	}
}

static int compare_rtts(const void *left, const void *right)
{
	const struct rtt *a = left, *b = right;

	if (a->verdict != b->verdict)
		return a->verdict < b->verdict ? -1 : 1;
	return a->ns < b->ns ? -1 : a->ns > b->ns;
}

/* Of the sorted RTTs; -1 when this verdict has none. */
static int64_t median_rtt(const struct view *view, enum bw_verdict verdict)
{
	size_t first = 0, end;

	while (first < view->rtt_count && view->rtts[first].verdict != verdict)
		first++;
	for (end = first; end < view->rtt_count && view->rtts[end].verdict == verdict; end++)
		;
	return first == end ? -1 : view->rtts[first + (end - first) / 2].ns;
}

static void put_rest(struct view *view)
{
	bool alone = view->table.row_count == 0;
	char text[CHECK_WORDS];

	qsort(view->rtts, view->rtt_count, sizeof(*view->rtts), compare_rtts);
	for (size_t n = 0; n < BW_BLOCK_VERDICTS; n++) {
		enum bw_verdict verdict = worst_first[n];
		struct summary *sum = &view->rest[verdict];

		if (sum->blocks == 0)
			continue;
		sum->rtt_ns = median_rtt(view, verdict);
		snprintf(text, sizeof(text), "%s%" PRIu32 " block%s", alone ? "" : "... and ",
			 sum->blocks, sum->blocks == 1 ? "" : "s");
		table_row(&view->table);
		table_cell(&view->table, PLACE, PAINT_PLAIN, text);
		put_summary(view, verdict, sum);
	}
}

int check_table_print(const struct check_target *target, const struct paint *paint, unsigned screen,
		      FILE *out)
{
	struct view view;
	int error = view_init(&view, target, paint);

	if (!error) {
		put_networks(&view);
		put_rest(&view);
		error = table_print(&view.table, paint, screen, out);
	}
	view_fini(&view);
	return error;
}

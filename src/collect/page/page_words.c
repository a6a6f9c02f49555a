/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_words.h"

#define MINUTE_NS (60 * BW_S)

void page_words_count(const struct page_view *view, struct page_counts *list)
{
	const struct board *board = view->board;

	for (uint32_t n = 0; n < board->networks.count; n++) {
		const struct board_network *network = board_network(board, n);

		if (network->blocks == 0)
			continue;
		list[network->target]
			.networks[timeline_verdict(timeline_at(&network->merged, view->now_ns))]++;
	}
	for (uint32_t n = 0; n < board->blocks.count; n++) {
		const struct board_block *block = board_block(board, n);

		list[block->target]
			.blocks[timeline_verdict(timeline_at(&block->merged, view->now_ns))]++;
	}
}

/* For programs and for people. */
static void put_time(struct markup *out, const struct local_clock *clock, int64_t t_ns)
{
	const struct local_clock utc = local_clock_utc();
	char exact[LOCAL_CLOCK_TEXT], text[LOCAL_CLOCK_TEXT];

	local_clock_format(&utc, t_ns, "%Y-%m-%dT%H:%M:%SZ", exact);
	markup_print(out, "<time datetime=\"%s\">%s</time>", exact,
		     local_clock_minute(clock, t_ns, text));
}

void page_words_time(const struct page_view *view, int64_t t_ns)
{
	const struct local_clock utc = local_clock_utc();

	put_time(view->out, &utc, t_ns);
	markup_raw(view->out, " UTC");
	if (!view->clock.offset_s)
		return;
	markup_raw(view->out, " <span class=\"there\">(");
	put_time(view->out, &view->clock, t_ns);
	markup_raw(view->out, " local)</span>");
}

void page_words_title(const struct page_view *view, uint32_t target)
{
	const struct board_target *one = board_target(view->board, target);

	markup_raw(view->out, "<bdi>");
	markup_text(view->out, one->title ? one->title : one->name);
	markup_raw(view->out, "</bdi>");
}

const char *page_words_of(enum bw_verdict verdict)
{
	return verdict == BW_PARTLY_DARK ? "partly dark" : bw_verdict_name(verdict);
}

static uint32_t total_of(const uint32_t *of)
{
	uint32_t total = 0;

	for (int n = 0; n < BW_VERDICTS; n++)
		total += of[n];
	return total;
}

static void put_share(struct markup *out, uint32_t count, uint32_t total, const char *noun)
{
	markup_print(out, "%u of %u %s%s", count, total, noun, total == 1 ? "" : "s");
}

/* How much of it is as the verdict says. */
static void put_counts(struct markup *out, enum bw_verdict verdict,
		       const struct page_counts *counts)
{
	const bool dark = verdict == BW_DARK || verdict == BW_PARTLY_DARK;
	const enum bw_verdict like = dark ? BW_DARK : verdict;
	put_share(out, counts->networks[like], total_of(counts->networks), "network");
	markup_raw(out, " and ");
	put_share(out, counts->blocks[like], total_of(counts->blocks), "block");
	markup_print(out, " are %s", page_words_of(like));
}

/* Too few vantages can tell, or none. */
static void put_why_unknown(const struct page_view *view, const struct interval *interval)
{
	if (!interval)
		markup_raw(view->out, ": no vantage has told anything yet");
	else if (interval->lacks_quorum)
		markup_raw(view->out, ": too few vantages can tell");
	else if (interval->from_ns > 0)
		markup_raw(view->out, ": nobody who watches it can tell");
}

void page_words_verdict(const struct page_view *view, uint32_t target,
			const struct page_counts *counts)
{
	const struct interval *interval =
		timeline_at(&board_target(view->board, target)->merged, view->now_ns);
	const enum bw_verdict verdict = timeline_verdict(interval);
	const int64_t since = interval ? interval->from_ns : 0;
	char length[BW_DURATION_TEXT];

	markup_print(view->out, "is <strong class=\"verdict %s\">%s</strong>",
		     bw_verdict_name(verdict), page_words_of(verdict));
	if (interval) {
		markup_raw(view->out, " since ");
		page_words_time(view, since);
		markup_print(view->out, ", for %s",
			     bw_duration_format((view->now_ns - since) / MINUTE_NS * MINUTE_NS,
						length));
	}
	if (verdict == BW_UNKNOWN) {
		put_why_unknown(view, interval);
	} else {
		markup_raw(view->out, ": ");
		put_counts(view->out, verdict, counts);
	}
	markup_raw(view->out, ".");
}

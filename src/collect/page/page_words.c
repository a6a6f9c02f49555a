/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_words.h"

#include <string.h>

#include "collect/board/cut_off.h"
#include "collect/board/terms.h"
#include "report/timeline/band.h"
#include "report/timeline/picture.h"

#define NAMES_MAX 3       /* vantages that a sentence names */
#define NO_BREAK "\u00a0" /* a space at which no line ends */

static void count_network(const struct page_view *view, const struct board_network *network,
			  struct page_counts *counts)
{
	const struct board *board = view->board;

	if (network->blocks > 0)
		counts->networks[timeline_verdict(timeline_at(&network->merged, view->now_ns))]++;
	for (uint32_t n = network->first; n > 0; n = board_block(board, n - 1)->next) {
		const struct interval *interval =
			timeline_at(&board_block(board, n - 1)->merged, view->now_ns);

		counts->blocks[timeline_verdict(interval)]++;
		/* The one that was told of first, whichever of them is counted first. */
		if (interval && interval->lacks_quorum &&
		    (counts->lacking == 0 || n < counts->lacking))
			counts->lacking = n;
	}
}

struct page_counts page_words_count(const struct page_view *view, uint32_t target)
{
	const struct board *board = view->board;
	struct page_counts counts = {.lacking = 0};

	for (uint32_t n = board_target(board, target)->networks; n > 0;
	     n = board_network(board, n - 1)->next)
		count_network(view, board_network(board, n - 1), &counts);
	return counts;
}

/* For programs and for people. */
static void put_time(struct markup *out, const struct local_clock *clock, int64_t t_ns,
		     const char *format)
{
	const struct local_clock utc = local_clock_utc();
	char exact[LOCAL_CLOCK_TEXT], text[LOCAL_CLOCK_TEXT];

	local_clock_format(&utc, t_ns, "%Y-%m-%dT%H:%M:%SZ", exact);
	markup_print(out, "<time datetime=\"%s\">%s</time>", exact,
		     local_clock_format(clock, t_ns, format, text));
}

static void put_both(const struct page_view *view, int64_t t_ns, const char *format)
{
	const struct local_clock utc = local_clock_utc();

	put_time(view->out, &utc, t_ns, format);
	markup_raw(view->out, NO_BREAK "UTC");
	if (!view->clock.offset_s)
		return;
	markup_raw(view->out, " <span class=\"there\">(");
	put_time(view->out, &view->clock, t_ns, format);
	markup_raw(view->out, NO_BREAK "local)</span>");
}

void page_words_time(const struct page_view *view, int64_t t_ns)
{
	put_both(view, t_ns, "%-d %b %Y %H:%M");
}

void page_words_second(const struct page_view *view, int64_t t_ns)
{
	put_both(view, t_ns, "%-d %b %Y %H:%M:%S");
}

char *page_words_length(int64_t ns, char text[PAGE_LENGTH_TEXT])
{
	char plain[BW_DURATION_TEXT];
	char *end = text;

	picture_length(ns, plain);
	for (const char *at = plain; *at; at++) {
		if (*at != ' ') {
			*end++ = *at;
			continue;
		}
		memcpy(end, NO_BREAK, sizeof(NO_BREAK) - 1);
		end += sizeof(NO_BREAK) - 1;
	}
	*end = '\0';
	return text;
}

void page_words_title(const struct page_view *view, uint32_t target)
{
	const struct board_target *one = board_target(view->board, target);

	markup_raw(view->out, "<bdi>");
	markup_text(view->out, one->title ? one->title : one->name);
	markup_raw(view->out, "</bdi>");
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
	markup_print(out, " are %s", band_state_name((uint8_t)like));
}

/* ", 1 network and 2 blocks cannot be told: too few vantages" */
static void put_unknown(struct markup *out, const struct page_counts *counts)
{
	const uint32_t networks = counts->networks[BW_UNKNOWN], blocks = counts->blocks[BW_UNKNOWN];

	if (networks == 0 && blocks == 0)
		return;
	markup_raw(out, ", ");
	if (networks > 0)
		markup_print(out, "%u network%s and ", networks, networks == 1 ? "" : "s");
	markup_print(out, "%u block%s cannot be told", blocks, blocks == 1 ? "" : "s");
	if (counts->lacking > 0)
		markup_raw(out, ": too few vantages");
}

/* "fra1, sgp1": those whose word of the block counts. */
static void put_tellers(const struct page_view *view, const struct board_block *block)
{
	uint32_t count = 0;

	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct board_view *seen = array_at(&block->views, n);
		const struct change *change = claims_at(&seen->claims, view->now_ns);

		if (!change || change->verdict == BW_UNKNOWN ||
		    !heard_can_tell(&view->board->vantages[seen->vantage].heard, view->now_ns) ||
		    cut_off_is_island(view->board, seen->vantage, view->now_ns) ||
		    count++ >= NAMES_MAX)
			continue;
		markup_raw(view->out, count == 1 ? "<bdi>" : ", <bdi>");
		markup_text(view->out, view->collector->fleet.list[seen->vantage].name);
		markup_raw(view->out, "</bdi>");
	}
	if (count > NAMES_MAX)
		markup_print(view->out, " and %u more", count - NAMES_MAX);
}

/* Those that can tell are too few, or nobody can. */
static void put_why_unknown(const struct page_view *view, const struct interval *interval,
			    const struct page_counts *counts)
{
	if (!interval) {
		markup_raw(view->out, ": no vantage has told anything yet");
	} else if (counts->lacking > 0) {
		markup_raw(view->out, ": only ");
		put_tellers(view, board_block(view->board, counts->lacking - 1));
		markup_print(view->out, " can tell, and dark takes %u networks",
			     terms_quorum_at(view->board, view->now_ns));
	} else if (interval->from_ns > 0) {
		markup_raw(view->out, ": nobody who watches it can tell");
	}
}

void page_words_verdict(const struct page_view *view, uint32_t target,
			const struct page_counts *counts)
{
	const struct interval *interval =
		timeline_at(&board_target(view->board, target)->merged, view->now_ns);
	const enum bw_verdict verdict = timeline_verdict(interval);
	const int64_t since = interval ? interval->from_ns : 0;
	char length[PAGE_LENGTH_TEXT];

	markup_print(view->out, "is <strong class=\"verdict %s\">%s</strong>",
		     bw_verdict_name(verdict), band_state_name((uint8_t)verdict));
	if (interval) {
		markup_raw(view->out, " since ");
		page_words_time(view, since);
		markup_print(view->out, ", for %s",
			     page_words_length(view->now_ns - since, length));
	}
	if (verdict == BW_UNKNOWN) {
		put_why_unknown(view, interval, counts);
	} else {
		markup_raw(view->out, ": ");
		put_counts(view->out, verdict, counts);
		put_unknown(view->out, counts);
	}
	markup_raw(view->out, ".");
}

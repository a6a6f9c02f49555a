/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_facts.h"

#include <stdio.h>
#include <string.h>

#define BACK_MAX 256 /* outages of a subject that are looked at */

/* Whole seconds that the clocks there show. */
static int64_t local_s(const struct zone *zone, int64_t ns)
{
	if (ns == INT64_MAX)
		return INT64_MAX;
	return ns / BW_S + (zone ? zone_offset_s(zone, (struct bw_wall){ns}) : 0);
}

static struct series_outage series_outage_of(const struct outage *outage, const struct zone *zone)
{
	return (struct series_outage){
		.earliest_s = local_s(zone, outage->earliest_ns),
		.start_s = local_s(zone, outage->start_ns),
		.end_earliest_s = local_s(zone, outage->end_earliest_ns),
		.end_s = local_s(zone, outage->end_ns),
	};
}

/* The chain of a subject is in the order in which outages were found, not that of time. */
static void insert(struct series_outage *list, size_t count, const struct series_outage *outage)
{
	size_t n = count;

	while (n > 0 && list[n - 1].start_s > outage->start_s) {
		list[n] = list[n - 1];
		n--;
	}
	list[n] = *outage;
}

bool outage_facts_series(const struct outage_book *book, const struct board *board, uint32_t number,
			 const struct zone *zone, struct series *ret_series)
{
	const struct outage_entry *entry = outage_book_get(book, number);
	const struct timeline *merged =
		subject_find(board, entry->scope, entry->target, entry->subject);
	struct series_outage list[BACK_MAX];
	size_t count = 1;

	if (entry->withdrawn || !merged)
		return false;
	list[0] = series_outage_of(&entry->outage, zone);
	for (uint32_t n = merged->last_outage; n > 0 && count < BACK_MAX;) {
		const struct outage_entry *other = outage_book_get(book, n - 1);
		const struct series_outage outage = series_outage_of(&other->outage, zone);

		n = other->former;
		if (other != entry && !other->withdrawn &&
		    other->outage.start_ns < entry->outage.start_ns)
			insert(list, count++, &outage);
	}
	return series_find(list, count, ret_series);
}

static void put_clock(struct json_out *out, const char *key, unsigned minutes)
{
	char text[16];

	snprintf(text, sizeof(text), "%02u:%02u", minutes / 60 % 24, minutes % 60);
	json_out_key(out, key);
	json_out_string(out, text);
}

void outage_facts_put_series(struct json_out *out, const struct series *series)
{
	json_out_key(out, "series");
	if (!series) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	json_out_key(out, "count");
	json_out_uint(out, series->count);
	put_clock(out, "local_from", series->from_m);
	put_clock(out, "local_until", series->until_m);
	json_out_object_end(out);
}

/* Who is asked for. */
struct hearing {
	const struct board *board;
	int64_t from_ns, until_ns;
	bool said[BOARD_VANTAGES_MAX];
};

/* Whether the vantage was there, and not cut off itself. */
static bool counts(const struct board_vantage *vantage, int64_t t_ns)
{
	return heard_can_tell(&vantage->heard, t_ns) &&
	       timeline_verdict(timeline_at(&vantage->cut_off, t_ns)) != BW_DARK;
}

static bool called_dark(const struct hearing *hearing, const struct board_view *view)
{
	const struct board_vantage *vantage = &hearing->board->vantages[view->vantage];
	const struct array *changes = &view->claims.changes;

	for (uint32_t n = changes->count; n > 0; n--) {
		const struct change *change = array_at(changes, n - 1);
		const struct change *next = n < changes->count ? array_at(changes, n) : NULL;
		const int64_t end =
			next && next->at_ns < hearing->until_ns ? next->at_ns : hearing->until_ns;

		if (end <= hearing->from_ns)
			return false;
		if (change->verdict != BW_DARK || change->at_ns >= hearing->until_ns)
			continue;
		if (counts(vantage,
			   change->at_ns > hearing->from_ns ? change->at_ns : hearing->from_ns) ||
		    counts(vantage, end - 1))
			return true;
	}
	return false;
}

static void hear_block(struct hearing *hearing, const struct board_block *block)
{
	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct board_view *view = array_at(&block->views, n);

		if (!hearing->said[view->vantage])
			hearing->said[view->vantage] = called_dark(hearing, view);
	}
}

static void hear_network(struct hearing *hearing, const struct board_network *network)
{
	for (uint32_t n = network->first; n > 0; n = board_block(hearing->board, n - 1)->next)
		hear_block(hearing, board_block(hearing->board, n - 1));
}

static void hear_target(struct hearing *hearing, const struct board_target *target)
{
	for (uint32_t n = target->networks; n > 0; n = board_network(hearing->board, n - 1)->next)
		hear_network(hearing, board_network(hearing->board, n - 1));
}

static void hear(struct hearing *hearing, const struct outage_entry *entry)
{
	const struct board *board = hearing->board;
	const struct board_target *target = board_find_target(board, entry->target);
	const struct board_network *network;
	const struct board_block *block;
	struct bw_prefix prefix;

	if (entry->scope == BW_SCOPE_TARGET && target)
		hear_target(hearing, target);
	if (entry->scope == BW_SCOPE_TARGET || bw_prefix_parse(entry->subject, &prefix, NULL) < 0)
		return;
	if (entry->scope == BW_SCOPE_NETWORK) {
		network = board_find_network(board, entry->target, &prefix);
		if (network)
			hear_network(hearing, network);
		return;
	}
	block = board_find_block(board, entry->target, &prefix);
	if (block)
		hear_block(hearing, block);
}

size_t outage_facts_vantages(const struct board *board, const struct outage_entry *entry,
			     int64_t now_ns, uint32_t ret_numbers[BOARD_VANTAGES_MAX])
{
	struct hearing hearing = {
		.board = board,
		.from_ns = entry->outage.start_ns,
		.until_ns = entry->outage.end_ns < now_ns ? entry->outage.end_ns : now_ns + 1,
	};
	size_t count = 0;

	hear(&hearing, entry);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		if (hearing.said[n])
			ret_numbers[count++] = n;
	return count;
}

/* To whom a block of the network is up, and to whom one is dark. */
static void hear_now(const struct board *board, const struct board_network *network, int64_t now_ns,
		     bool up[BOARD_VANTAGES_MAX], bool dark[BOARD_VANTAGES_MAX])
{
	for (uint32_t n = network->first; n > 0; n = board_block(board, n - 1)->next) {
		const struct board_block *block = board_block(board, n - 1);

		for (uint32_t v = 0; v < block->views.count; v++) {
			const struct board_view *view = array_at(&block->views, v);
			const struct change *change = claims_at(&view->claims, now_ns);

			if (!change)
				continue;
			if (change->verdict == BW_DARK)
				dark[view->vantage] = true;
			else if (change->verdict != BW_UNKNOWN)
				up[view->vantage] = true;
		}
	}
}

static size_t saying_up(const struct board *board, const struct subject *subject, int64_t now_ns,
			uint32_t ret_numbers[BOARD_VANTAGES_MAX])
{
	bool up[BOARD_VANTAGES_MAX] = {false}, dark[BOARD_VANTAGES_MAX] = {false};
	size_t count = 0;

	if (subject->scope == BW_SCOPE_NETWORK)
		hear_now(board, board_network(board, subject->number), now_ns, up, dark);
	else
		for (uint32_t n = board_target(board, subject->target)->networks; n > 0;
		     n = board_network(board, n - 1)->next)
			hear_now(board, board_network(board, n - 1), now_ns, up, dark);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		if (up[n] && !dark[n] && counts(&board->vantages[n], now_ns))
			ret_numbers[count++] = n;
	return count;
}

size_t outage_facts_saying(const struct board *board, const struct subject *subject,
			   enum bw_verdict verdict, int64_t now_ns,
			   uint32_t ret_numbers[BOARD_VANTAGES_MAX])
{
	size_t count = 0;

	if (!subject->block && verdict == BW_UP)
		return saying_up(board, subject, now_ns, ret_numbers);
	for (uint32_t n = 0; n < board->vantage_count; n++) {
		const struct board_view *view =
			subject->block ? board_view(subject->block, n) : NULL;
		const struct change *change = view ? claims_at(&view->claims, now_ns) : NULL;

		if (!heard_can_tell(&board->vantages[n].heard, now_ns))
			continue;
		if (!subject->block || (change && change->verdict == verdict))
			ret_numbers[count++] = n;
	}
	return count;
}

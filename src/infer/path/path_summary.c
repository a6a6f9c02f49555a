/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/path/path_summary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int compare_places(const struct path_place *a, const struct path_place *b)
{
	int order = bw_addr_compare(&a->from, &b->from);

	return order ? order : (int)a->ttl - (int)b->ttl;
}

/* By last hop, next hop, kind: those that agree stand together. */
static int compare(const void *left, const void *right)
{
	const struct path_break *a = left, *b = right;
	int order = bw_addr_compare(&a->last.from, &b->last.from);

	if (order == 0)
		order = compare_places(&a->next, &b->next);
	return order ? order : (int)a->kind - (int)b->kind;
}

/* By who refuses, then the same. Those that nobody refuses come first. */
static int compare_refused(const void *left, const void *right)
{
	const struct path_break *a = left, *b = right;
	int order = bw_addr_compare(&a->refused_by, &b->refused_by);

	return order ? order : compare(left, right);
}

static bool counts(const struct path_break *at)
{
	return !at->is_own && at->kind != PATH_KIND_REACHED && at->kind != PATH_KIND_UNKNOWN;
}

/* Moves those that count to the front. Returns how many. */
static size_t keep_those_that_count(struct path_break *breaks, size_t count)
{
	size_t kept = 0;

	for (size_t n = 0; n < count; n++)
		if (counts(&breaks[n]))
			breaks[kept++] = breaks[n];
	return kept;
}

static bool have_last(const struct path_break *a, const struct path_break *b)
{
	return bw_addr_equal(&a->last.from, &b->last.from);
}

static bool have_refuser(const struct path_break *a, const struct path_break *b)
{
	return a->refused_by.family != 0 && bw_addr_equal(&a->refused_by, &b->refused_by);
}

static bool are_equal(const struct path_break *a, const struct path_break *b)
{
	return compare(a, b) == 0;
}

/* The longest run of breaks that AGREE; *RET_LENGTH 0: there is none. */
static const struct path_break *longest_run(const struct path_break *breaks, size_t count,
					    bool (*agree)(const struct path_break *a,
							  const struct path_break *b),
					    size_t *ret_length)
{
	const struct path_break *longest = breaks;
	size_t begin = 0;

	*ret_length = 0;
	for (size_t n = 1; n <= count; n++) {
		if (n < count && agree(&breaks[begin], &breaks[n]))
			continue;
		if (n - begin > *ret_length) {
			*ret_length = n - begin;
			longest = &breaks[begin];
		}
		begin = n;
	}
	return longest;
}

bool path_summary_shares(const struct path_break *a, const struct path_break *b)
{
	return have_last(a, b) || have_refuser(a, b);
}

/* The summary whose end is the most common one of RUN. */
static struct path_summary summary_of_run(const struct path_break *breaks, size_t count,
					  const struct path_break *run, size_t length)
{
	struct path_summary summary = {.common = {.kind = PATH_KIND_UNKNOWN}};
	size_t exact;

	if (length == 0)
		return summary;
	summary.common = *longest_run(run, length, are_equal, &exact);
	for (size_t n = 0; n < count; n++)
		summary.shared += path_summary_shares(&summary.common, &breaks[n]);
	summary.elsewhere = (uint32_t)count - summary.shared;
	return summary;
}

static struct path_summary summary_by_last(struct path_break *breaks, size_t count)
{
	const struct path_break *run;
	size_t length;

	qsort(breaks, count, sizeof(*breaks), compare);
	run = longest_run(breaks, count, have_last, &length);
	return summary_of_run(breaks, count, run, length);
}

/* Ways that balance lead to a router that refuses by several hops before it. */
static struct path_summary summary_by_refuser(struct path_break *breaks, size_t count)
{
	const struct path_break *run;
	size_t length, first = 0;

	qsort(breaks, count, sizeof(*breaks), compare_refused);
	while (first < count && breaks[first].refused_by.family == 0)
		first++;
	run = longest_run(breaks + first, count - first, have_refuser, &length);
	return summary_of_run(breaks, count, run, length);
}

struct path_summary path_summary_of(struct path_break *breaks, size_t count)
{
	struct path_summary by_last = {.common = {.kind = PATH_KIND_UNKNOWN}}, by_refuser;
	size_t kept = keep_those_that_count(breaks, count);

	if (kept == 0)
		return by_last;
	by_last = summary_by_last(breaks, kept);
	if (by_last.elsewhere == 0)
		return by_last;
	by_refuser = summary_by_refuser(breaks, kept);
	return by_refuser.shared > by_last.shared ? by_refuser : by_last;
}

struct text {
	char *buffer;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->buffer + text->used, PATH_TEXT - text->used, format, args);
	va_end(args);
	if (n > 0)
		text->used += (size_t)n;
	if (text->used >= PATH_TEXT)
		text->used = PATH_TEXT - 1;
}

static void add_subject(struct text *text, const struct path_sentence *s)
{
	const char *verb = s->at->kind == PATH_KIND_LOOP ? "loop" : "end";
	bool one = s->subject || s->shared == 1;

	if (s->subject)
		add(text, "%s", s->subject);
	else
		add(text, "%" PRIu32 " of %" PRIu32 " networks", s->shared, s->total);
	add(text, " %s%s", verb, one ? "s" : "");
}

static void add_last(struct text *text, const struct path_sentence *s)
{
	char addr[BW_ADDR_TEXT];

	if (s->at->last.ttl == 0) {
		add(text, " before the first hop that answers");
		return;
	}
	add(text, " after %s", bw_addr_format(&s->at->last.from, addr));
	if (s->asn)
		add(text, " (AS%" PRIu32 ")", s->asn);
}

static void add_border(struct text *text, const struct path_sentence *s)
{
	static const char *const words[] = {"no", "one", "two", "three", "four", "five", "six"};
	char addr[BW_ADDR_TEXT];
	uint8_t hops = s->border_hops;

	switch (s->border) {
	case PATH_BORDER_AHEAD:
		if (hops < sizeof(words) / sizeof(words[0]))
			add(text, ", %s", words[hops]);
		else
			add(text, ", %u", hops);
		add(text, " hop%s before the border", hops == 1 ? "" : "s");
		break;
	case PATH_BORDER_BEHIND:
		add(text, ", inside the border");
		break;
	case PATH_BORDER_UNKNOWN:
		if (s->at->next.ttl)
			add(text, ", %s was next", bw_addr_format(&s->at->next.from, addr));
		break;
	}
}

static void add_refusal(struct text *text, const struct path_break *at)
{
	static const char *const words[PATH_KINDS] = {
		[PATH_KIND_NET_UNREACHABLE] = "that the network is unreachable",
		[PATH_KIND_HOST_UNREACHABLE] = "that the host is unreachable",
		[PATH_KIND_PROHIBITED] = "that it is prohibited",
	};
	char addr[BW_ADDR_TEXT];

	if (at->kind < PATH_KINDS && words[at->kind] && at->refused_by.family)
		add(text, "; %s says %s", bw_addr_format(&at->refused_by, addr), words[at->kind]);
}

static void add_others(struct text *text, const struct path_sentence *s)
{
	if (s->elsewhere)
		add(text, "; %" PRIu32 " end%s elsewhere", s->elsewhere,
		    s->elsewhere == 1 ? "s" : "");
	if (s->exempt)
		add(text, "; %" PRIu32 " still pass%s", s->exempt, s->exempt == 1 ? "es" : "");
}

char *path_sentence_format(const struct path_sentence *s, char buffer[PATH_TEXT])
{
	struct text text = {buffer, 0};
	char addr[BW_ADDR_TEXT];

	if (s->at->kind == PATH_KIND_REACHED) {
		add(&text, "A trace reaches %s.", bw_addr_format(&s->at->last.from, addr));
	} else if (s->at->kind == PATH_KIND_UNKNOWN) {
		add(&text, "A trace does not show where the path ends.");
	} else {
		add_subject(&text, s);
		add_last(&text, s);
		add_border(&text, s);
		add_refusal(&text, s->at);
		if (!s->subject)
			add_others(&text, s);
		add(&text, ".");
	}
	return buffer;
}

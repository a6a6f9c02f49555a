/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX (64U << 20)

/* What a line says of its range. */
struct claim {
	char country[3]; /* "": nothing */
	bool has_country, has_asn;
	uint32_t asn;
	struct cell name; /* length 0: none */
};

struct ranges ranges_of(const char *country)
{
	return (struct ranges){
		.country = country,
		.names = array_of(sizeof(struct ranges_name)),
		.texts = array_of(1),
	};
}

void ranges_fini(struct ranges *ranges)
{
	range_set_fini(&ranges->every);
	range_set_fini(&ranges->countries);
	range_set_fini(&ranges->both);
	range_set_fini(&ranges->ases);
	array_fini(&ranges->names);
	array_fini(&ranges->texts);
}

void ranges_begin(struct ranges *ranges)
{
	ranges->separator = '\0';
	ranges->count = 0;
	ranges->placed = 0;
	ranges->day[0] = '\0';
}

static char find_separator(const struct text_line *line)
{
	static const char separators[] = "\t,;|";

	for (const char *s = separators; *s; s++)
		if (memchr(line->at, *s, line->length))
			return *s;
	return ' ';
}

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static bool is_nothing(const struct cell *cell)
{
	return cell->length == 0 || cell_is(cell, "??") || cell_is(cell, "-") ||
	       cell_is_word(cell, "None") || cell_is_word(cell, "ZZ");
}

/* One more column of what follows the range: an AS, a country, or a name. */
static void take_claim(struct claim *claim, const struct cell *cell)
{
	if (!claim->has_asn && !claim->has_country && cell_asn(cell, &claim->asn))
		claim->has_asn = true;
	else if (!claim->has_country && cell_country(cell, claim->country))
		claim->has_country = true;
	else if (!claim->has_country && is_nothing(cell))
		claim->has_country = true;
	else if (claim->has_asn && claim->name.length == 0)
		claim->name = *cell;
}

static int add_name(struct ranges *ranges, const struct claim *claim)
{
	struct ranges_name name = {claim->asn, ranges->texts.count};
	size_t length = cell_cut(&claim->name, RANGES_NAME_MAX);
	char *to;

	if (length == 0 || claim->asn == 0 || ranges->texts.count > TEXTS_MAX)
		return 0;
	if (ranges->names.count > 0) {
		const struct ranges_name *last =
			(const struct ranges_name *)array_at(&ranges->names,
							     ranges->names.count - 1);

		if (last->asn == claim->asn)
			return 0;
	}
	if (ranges->texts.room < ranges->texts.count + length + 1 &&
	    array_reserve(&ranges->texts, ranges->texts.count + RANGES_NAME_MAX * 64) < 0)
		return -ENOMEM;
	to = (char *)array_at(&ranges->texts, ranges->texts.count);
	for (size_t i = 0; i < length; i++) {
		char c = claim->name.at[i];

		*to++ = (unsigned char)c < ' ' || c == 0x7f ? ' ' : c;
		if (c == '"' && i + 1 < length && claim->name.at[i + 1] == '"')
			i++;
	}
	*to = '\0';
	ranges->texts.count = (uint32_t)(to + 1 - (char *)ranges->texts.items);
	return array_add(&ranges->names, &name) < 0 ? -ENOMEM : 0;
}

static int add_claim(struct ranges *ranges, const struct claim *claim, struct range *range)
{
	int result = 0;

	if (!ranges->country && claim->country[0]) {
		range->value =
			(uint32_t)(uint8_t)claim->country[0] << 8 | (uint8_t)claim->country[1];
		result = range_set_add(&ranges->every, range);
	} else if (ranges->country && strcmp(claim->country, ranges->country) == 0) {
		result = range_set_add(claim->has_asn ? &ranges->both : &ranges->countries, range);
	}
	if (result == 0 && claim->asn != 0) {
		range->value = claim->asn;
		result = range_set_add(&ranges->ases, range);
	}
	return result == 0 ? add_name(ranges, claim) : result;
}

/* The two ends, or a prefix. Sets *RET_NEXT to the first column behind them. */
static int read_range(const struct cells *cells, struct range *ret_range, unsigned *ret_next,
		      struct bw_err *err)
{
	const struct cell *list = cells->list;
	struct bw_addr first, last;
	struct bw_prefix prefix;

	*ret_next = 1;
	if (cell_prefix(&list[0], &prefix)) {
		*ret_range = range_of_prefix(&prefix, 0);
		return 0;
	}
	*ret_next = 2;
	if (!cell_address_or_number(&list[0], &first))
		return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is no address", CELL_SHOWN(&list[0]));
	if (cells->count < 3)
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "the line has %u columns: it has the form 'START,END,CC' or "
				  "'START,END,AS'",
				  cells->count);
	if (!cell_address_or_number(&list[1], &last))
		return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is no address", CELL_SHOWN(&list[1]));
	/* The low end of IPv6 as a number looks like one of IPv4. */
	if (first.family == 4 && last.family == 6 &&
	    memchr(list[0].at, '.', list[0].length) == NULL)
		return 0;
	if (first.family != last.family || bw_addr_compare(&last, &first) < 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "the range ends before it begins, or has two families");
	*ret_range = range_of(&first, &last, 0);
	return 0;
}

/* A first line such as "start_ip,end_ip,country". */
static bool is_heading(const struct ranges *ranges, const struct cells *cells)
{
	if (ranges->count > 0 || cells->count < 2)
		return false;
	for (size_t i = 0; i < cells->list[0].length; i++)
		if (strchr("0123456789:", cells->list[0].at[i]))
			return false;
	return true;
}

/* Tor's files say "# Timestamp   : Thu ..." and the like; a day is taken where one stands. */
static void take_comment(struct ranges *ranges, const struct text_line *line)
{
	for (size_t i = 0; i + 10 <= line->length && !ranges->day[0]; i++) {
		struct cell cell = {line->at + i, 10};

		if (line->at[i + 4] == '-' && line->at[i + 7] == '-')
			(void)cell_day(&cell, ranges->day);
	}
}

static int take_line(struct ranges *ranges, const struct cells *cells, struct bw_err *err)
{
	struct claim claim = {0};
	struct range range = {0};
	unsigned next = 0;
	int result = read_range(cells, &range, &next, err);

	if (result < 0)
		return result;
	for (unsigned i = next; i < cells->count; i++)
		take_claim(&claim, &cells->list[i]);
	if (!claim.has_asn && !claim.has_country)
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "'%.*s' is no country and no AS: the line has the form "
				  "'START,END,CC' or 'START,END,AS'",
				  CELL_SHOWN(&cells->list[next < cells->count ? next : 0]));
	ranges->count++;
	ranges->placed += claim.has_country;
	if (range.family == 0)
		return 0;
	return add_claim(ranges, &claim, &range) < 0 ? out_of_memory(err) : 0;
}

int ranges_line(void *self, const struct text_line *line, struct bw_err *err)
{
	struct ranges *ranges = (struct ranges *)self;
	struct cells cells;

	if (cells_is_blank(line)) {
		take_comment(ranges, line);
		return 0;
	}
	if (!ranges->separator)
		ranges->separator = find_separator(line);
	if (ranges->separator == '|')
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "this looks like a delegated file or a dump of routes: give it "
				  "as --delegated or --announced");
	cells_split(line, ranges->separator, &cells);
	if (is_heading(ranges, &cells))
		return 0;
	return take_line(ranges, &cells, err);
}

int ranges_end(struct ranges *ranges, struct bw_err *err)
{
	if (ranges->count > 0)
		return 0;
	return bw_err_set(err, BW_ERR_VALUE, "no range in it");
}

static int compare_names(const void *x, const void *y)
{
	const struct ranges_name *a = (const struct ranges_name *)x;
	const struct ranges_name *b = (const struct ranges_name *)y;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

/* Cuts a set so that each address has the value of the most specific range. */
static int flatten(struct range_set *set)
{
	struct range_set flat = {0};
	int result = range_set_flatten(set, &flat);

	range_set_fini(set);
	*set = flat;
	return result;
}

int ranges_seal(struct ranges *ranges)
{
	int result = flatten(&ranges->ases), every = flatten(&ranges->every);

	range_set_merge(&ranges->countries, false);
	range_set_merge(&ranges->both, false);
	if (ranges->names.count > 1)
		qsort(ranges->names.items, ranges->names.count, ranges->names.size, compare_names);
	return result < 0 ? result : every;
}

const char *ranges_name(const struct ranges *ranges, uint32_t asn)
{
	uint32_t low = 0, high = ranges->names.count;
	const struct ranges_name *name;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		name = (const struct ranges_name *)array_at(&ranges->names, middle);
		if (name->asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	name = (const struct ranges_name *)array_at(&ranges->names, low);
	if (low == ranges->names.count || name->asn != asn)
		return NULL;
	return (const char *)array_at(&ranges->texts, name->name);
}

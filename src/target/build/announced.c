/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/announced.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The columns of a line of `bgpdump -m`. */
enum {
	DUMP_TYPE,
	DUMP_TIME,
	DUMP_KIND,
	DUMP_PEER,
	DUMP_PEER_AS,
	DUMP_PREFIX,
	DUMP_PATH,
	DUMP_CELLS,
};

struct announced announced_of(const struct range_set *space, const uint32_t *ases, size_t as_count)
{
	return (struct announced){
		.space = space,
		.ases = ases,
		.as_count = as_count,
		.routes = array_of(sizeof(struct announced_route)),
	};
}

void announced_fini(struct announced *announced)
{
	array_fini(&announced->routes);
}

void announced_begin(struct announced *announced)
{
	announced->separator = '\0';
	announced->count = 0;
	announced->newest = 0;
}

static bool is_wanted(const struct announced *announced, const struct announced_route *route)
{
	struct range range = range_of_prefix(&route->prefix, 0);

	for (size_t i = 0; i < announced->as_count; i++)
		if (announced->ases[i] == route->asn)
			return true;
	return range_set_overlaps(announced->space, &range);
}

static bool is_same(const struct announced_route *a, const struct announced_route *b)
{
	return a->asn == b->asn && a->upstream == b->upstream &&
	       bw_prefix_compare(&a->prefix, &b->prefix) == 0;
}

/* A default route announces nothing. */
static int add_route(struct announced *announced, const struct announced_route *route,
		     struct bw_err *err)
{
	uint32_t count = announced->routes.count;

	announced->count++;
	if (route->prefix.length == 0)
		return 0;
	if (route->prefix.addr.family == 4)
		announced->has_v4 = true;
	else
		announced->has_v6 = true;
	if (!is_wanted(announced, route))
		return 0;
	if (count > 0 && is_same(announced_at(announced, count - 1), route))
		return 0;
	if (array_add(&announced->routes, route) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int refuse(const struct cell *cell, const char *what, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is %s", CELL_SHOWN(cell), what);
}

/* "64496", "64496_64497" of several origins, "{64496,64497}" and "64496,64497" of sets. */
static bool read_origins(struct announced *announced, const struct cell *cell,
			 struct announced_route *route, int *ret_result, struct bw_err *err)
{
	const char *at = cell->at, *end = cell->at + cell->length;
	bool found = false;

	*ret_result = 0;
	while (at < end && *ret_result == 0) {
		struct cell word = {at, 0};

		while (at < end && !strchr("_,{}", *at))
			at++;
		word.length = (size_t)(at - word.at);
		at++;
		if (word.length == 0)
			continue;
		if (!cell_asn(&word, &route->asn))
			return false;
		found = true;
		*ret_result = add_route(announced, route, err);
	}
	return found;
}

static int take_plain(struct announced *announced, const struct cells *cells, struct bw_err *err)
{
	const struct cell *list = cells->list;
	struct announced_route route = {0};
	unsigned origin = 1;
	struct bw_addr addr;
	uint64_t length;
	int result;

	if (!cell_prefix(&list[0], &route.prefix)) {
		if (cells->count < 3 || !cell_address(&list[0], &addr))
			return refuse(&list[0],
				      "no announced prefix: a line has the form "
				      "'PREFIX LENGTH AS' or 'PREFIX/LENGTH AS'",
				      err);
		if (cell_address(&list[1], &addr))
			return bw_err_set(err, BW_ERR_SYNTAX,
					  "this is a table of ranges, which are no announcements: "
					  "give it as --ranges");
		if (!cell_number(&list[1], bw_addr_bits(&addr), &length))
			return refuse(&list[1], "no prefix length", err);
		route.prefix = bw_prefix_of(&addr, (unsigned)length);
		if (!bw_addr_equal(&route.prefix.addr, &addr))
			return refuse(&list[0], "no prefix of that length: it has bits behind it",
				      err);
		origin = 2;
	}
	if (cells->count <= origin)
		return bw_err_set(err, BW_ERR_SYNTAX, "the AS is missing: was the file cut short?");
	if (!read_origins(announced, &list[origin], &route, &result, err))
		return refuse(&list[origin], "no AS", err);
	return result;
}

/* The last word of an AS path, taken off it; length 0 at its beginning. */
static struct cell take_last(struct cell *path)
{
	struct cell word = {path->at, 0};
	size_t end = path->length, begin;

	while (end > 0 && path->at[end - 1] == ' ')
		end--;
	begin = end;
	while (begin > 0 && path->at[begin - 1] != ' ')
		begin--;
	word.at = path->at + begin;
	word.length = end - begin;
	path->length = begin;
	return word;
}

/* The AS before the origin, which may stand there several times. */
static uint32_t find_upstream(struct cell path, uint32_t origin)
{
	struct cell word;
	uint32_t asn;

	while ((word = take_last(&path)).length > 0)
		if (!cell_asn(&word, &asn))
			return 0;
		else if (asn != origin)
			return asn;
	return 0;
}

static int take_dump(struct announced *announced, const struct cells *cells, struct bw_err *err)
{
	const struct cell *list = cells->list;
	struct announced_route route = {0};
	struct cell path, origin;
	uint64_t time;
	int result = 0;

	if (cell_is(&list[DUMP_TYPE], "BGP4MP") || cell_is(&list[DUMP_TYPE], "BGP4MP_ET"))
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "these are updates: give a dump of a whole table (RIB)");
	if (!cell_is(&list[DUMP_TYPE], "TABLE_DUMP2") && !cell_is(&list[DUMP_TYPE], "TABLE_DUMP"))
		return refuse(&list[DUMP_TYPE],
			      "no line of 'bgpdump -m'; a delegated file is given "
			      "as --delegated",
			      err);
	if (cells->count < DUMP_CELLS)
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "the line has %u fields and not %d: was it cut short?",
				  cells->count, DUMP_CELLS);
	if (!cell_prefix(&list[DUMP_PREFIX], &route.prefix))
		return refuse(&list[DUMP_PREFIX], "no prefix", err);
	if (cell_number(&list[DUMP_TIME], INT64_MAX, &time) && (int64_t)time > announced->newest)
		announced->newest = (int64_t)time;
	path = list[DUMP_PATH];
	origin = take_last(&path);
	if (origin.length == 0)
		return add_route(announced, &route, err);
	if (*origin.at != '{' && cell_asn(&origin, &route.asn))
		route.upstream = find_upstream(path, route.asn);
	if (!read_origins(announced, &origin, &route, &result, err))
		return refuse(&origin, "no AS", err);
	return result;
}

static char find_separator(const struct text_line *line)
{
	static const char separators[] = "|,";

	for (const char *s = separators; *s; s++)
		if (memchr(line->at, *s, line->length))
			return *s;
	return ' ';
}

int announced_line(void *self, const struct text_line *line, struct bw_err *err)
{
	struct announced *announced = (struct announced *)self;
	struct cells cells;

	if (cells_is_blank(line))
		return 0;
	if (!announced->separator)
		announced->separator = find_separator(line);
	cells_split(line, announced->separator, &cells);
	if (announced->separator == '|')
		return take_dump(announced, &cells, err);
	return take_plain(announced, &cells, err);
}

int announced_end(struct announced *announced, char ret_day[CELL_DAY], struct bw_err *err)
{
	char text[32];
	struct cell cell = {text, 0};

	ret_day[0] = '\0';
	if (announced->count == 0)
		return bw_err_set(err, BW_ERR_VALUE, "no route in it");
	cell.length = (size_t)snprintf(text, sizeof(text), "%" PRId64, announced->newest);
	if (announced->newest > 0)
		(void)cell_day(&cell, ret_day);
	return 0;
}

static int compare(const void *x, const void *y)
{
	const struct announced_route *a = (const struct announced_route *)x;
	const struct announced_route *b = (const struct announced_route *)y;
	int order = bw_prefix_compare(&a->prefix, &b->prefix);

	if (order == 0)
		order = (a->asn > b->asn) - (a->asn < b->asn);
	return order ? order : (a->upstream > b->upstream) - (a->upstream < b->upstream);
}

void announced_seal(struct announced *announced)
{
	struct array *routes = &announced->routes;
	uint32_t kept = 0;

	if (routes->count > 1)
		qsort(routes->items, routes->count, routes->size, compare);
	for (uint32_t i = 0; i < routes->count; i++) {
		struct announced_route *route = (struct announced_route *)array_at(routes, i);

		if (kept == 0 || !is_same(announced_at(announced, kept - 1), route))
			*(struct announced_route *)array_at(routes, kept++) = *route;
	}
	routes->count = kept;
}

uint32_t announced_next(const struct announced *announced, uint32_t first)
{
	uint32_t next = first + 1;

	while (next < announced->routes.count &&
	       bw_prefix_compare(&announced_at(announced, first)->prefix,
				 &announced_at(announced, next)->prefix) == 0)
		next++;
	return next;
}

uint32_t announced_origin(const struct announced *announced, uint32_t first)
{
	uint32_t end = announced_next(announced, first), best = 0, most = 0, from = first;

	for (uint32_t i = first + 1; i <= end; i++) {
		if (i < end &&
		    announced_at(announced, i)->asn == announced_at(announced, from)->asn)
			continue;
		if (i - from > most) {
			most = i - from;
			best = announced_at(announced, from)->asn;
		}
		from = i;
	}
	return best;
}

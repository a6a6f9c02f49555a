/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/hitlist.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SCORE_MOST 99.0 /* of ISI's score, which predicts whether a host answers */
#define ICMP_ERROR " for ICMP Echo sent to " /* of a router, as fping prints it */

/* Columns that a header may name, in ISI's and zmap's lists. */
enum {
	COLUMN_HEX,
	COLUMN_SCORE,
	COLUMN_ADDRESS,
	COLUMN_SUCCESS,
	COLUMN_CLASS,
	COLUMN_PORT,
	COLUMN_TIME,
};

static const struct {
	const char *name;
	int column;
} names[] = {
	{"hex_ip", COLUMN_HEX},         {"hexip", COLUMN_HEX},
	{"score", COLUMN_SCORE},        {"saddr", COLUMN_ADDRESS},
	{"success", COLUMN_SUCCESS},    {"classification", COLUMN_CLASS},
	{"sport", COLUMN_PORT},         {"timestamp_str", COLUMN_TIME},
	{"timestamp-str", COLUMN_TIME}, {"timestamp_ts", COLUMN_TIME},
	{"timestamp-ts", COLUMN_TIME},
};

struct hitlist hitlist_of(struct hits *hits)
{
	struct hitlist hitlist = {.hits = hits,
				  .json = hitlist_json_of(hits),
				  .first = hits->hosts.count};

	for (int i = 0; i < HITLIST_COLUMNS; i++)
		hitlist.columns[i] = -1;
	return hitlist;
}

static int add(struct hitlist *hitlist, const struct bw_host *host, struct bw_err *err)
{
	return hits_add(hitlist->hits, host) < 0 ? bw_err_set(err, -ENOMEM, "out of memory") : 0;
}

static int refuse(const struct cell *cell, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is no address of a host", CELL_SHOWN(cell));
}

/* "#fsdb -F t hex_ip history score", "saddr,success": SKIP cells come before the names. */
static void take_header(struct hitlist *hitlist, const struct text_line *line, char separator,
			unsigned skip)
{
	struct cells cells;

	cells_split(line, separator, &cells);
	for (unsigned i = skip; i < cells.count; i++)
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (cell_is(&cells.list[i], names[n].name) &&
			    hitlist->columns[names[n].column] < 0)
				hitlist->columns[names[n].column] = (int)(i - skip);
}

static const struct cell *find_cell(const struct hitlist *hitlist, const struct cells *cells,
				    int column)
{
	int at = hitlist->columns[column];

	return at >= 0 && (unsigned)at < cells->count ? &cells->list[at] : NULL;
}

static bool read_hex(const struct cell *cell, struct bw_addr *ret_addr)
{
	uint32_t value = 0;

	if (!cell || cell->length != 8)
		return false;
	for (size_t i = 0; i < 8; i++) {
		static const char digits[] = "0123456789abcdef";
		char c = cell->at[i];
		const char *digit = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

		if (!c || !digit)
			return false;
		value = value << 4 | (uint32_t)(digit - digits);
	}
	*ret_addr = bw_addr_from_v4(value);
	return true;
}

static int take_isi(struct hitlist *hitlist, const struct text_line *line, struct bw_err *err)
{
	struct bw_host host = {.availability = BW_AVAILABILITY_DEFAULT};
	const struct cell *score;
	struct cells cells;
	double value = SCORE_MOST * (double)BW_AVAILABILITY_DEFAULT;

	cells_split(line, ' ', &cells);
	if (!read_hex(find_cell(hitlist, &cells, COLUMN_HEX), &host.addr))
		return refuse(&cells.list[0], err);
	score = find_cell(hitlist, &cells, COLUMN_SCORE);
	if (score && !cell_real(score, &value))
		return bw_err_set(err, BW_ERR_SYNTAX, "'%.*s' is no score", CELL_SHOWN(score));
	hitlist->count++;
	if (value <= 0)
		return 0;
	if (score)
		host.availability = (float)(value < SCORE_MOST ? value / SCORE_MOST : 1);
	return add(hitlist, &host, err);
}

static int take_zmap(struct hitlist *hitlist, const struct text_line *line, struct bw_err *err)
{
	const struct cell *address, *success, *class, *port, *time;
	struct bw_host host = {.availability = BW_AVAILABILITY_DEFAULT};
	struct cells cells;
	uint64_t number;

	cells_split(line, ',', &cells);
	address = find_cell(hitlist, &cells, COLUMN_ADDRESS);
	if (!address || !cell_address(address, &host.addr))
		return refuse(address ? address : &cells.list[0], err);
	success = find_cell(hitlist, &cells, COLUMN_SUCCESS);
	class = find_cell(hitlist, &cells, COLUMN_CLASS);
	port = find_cell(hitlist, &cells, COLUMN_PORT);
	time = find_cell(hitlist, &cells, COLUMN_TIME);
	hitlist->count++;
	if (success && !cell_is(success, "1") && !cell_is_word(success, "true"))
		return 0;
	if (class && !cell_is(class, "echoreply") && !cell_is(class, "synack") &&
	    !cell_is(class, "rst"))
		return 0;
	if (port && cell_number(port, UINT16_MAX, &number) && number > 0)
		(void)bw_methods_add(&host.methods,
				     (struct bw_method){BW_PROTOCOL_TCP, (uint16_t)number}, NULL);
	host.seen_day = time ? hitlist_day(time) : 0;
	return add(hitlist, &host, err);
}

/* Behind "ADDRESS :": counts of fping -c, or one round-trip time or '-' a probe of fping -C. */
static double read_rate(const struct cells *cells)
{
	unsigned sent = 0, received = 0;

	for (unsigned i = 2; i < cells->count; i++) {
		const struct cell *cell = &cells->list[i];
		unsigned a, b;
		char text[32] = "";

		if (cell->length < sizeof(text))
			memcpy(text, cell->at, cell->length);
		if (i == 4 && sscanf(text, "%u/%u/", &a, &b) == 2)
			return a ? (double)b / (double)a : 0;
		sent++;
		received += !cell_is(cell, "-");
	}
	return sent ? (double)received / sent : 0;
}

static bool has_words(const struct text_line *line, const char *words)
{
	return memmem(line->at, line->length, words, strlen(words)) != NULL;
}

static int take_fping(struct hitlist *hitlist, const struct text_line *line, struct bw_err *err)
{
	struct bw_host host = {.availability = BW_AVAILABILITY_DEFAULT};
	struct cells cells;
	double rate;

	if (has_words(line, ICMP_ERROR)) /* "ICMP Host Unreachable from 192.0.2.1 for ..." */
		return 0;
	cells_split(line, ' ', &cells);
	if (cells.count < 3)
		return bw_err_set(err, BW_ERR_SYNTAX, "this is no line of fping");
	if (!cell_address(&cells.list[0], &host.addr))
		return refuse(&cells.list[0], err);
	hitlist->count++;
	if (cell_is(&cells.list[1], "is"))
		return cell_is(&cells.list[2], "alive") ? add(hitlist, &host, err) : 0;
	if (!cell_is(&cells.list[1], ":"))
		return bw_err_set(err, BW_ERR_SYNTAX, "this is no line of fping");
	/* One probe, or a second answer to it; the sum comes later. */
	if (*cells.list[2].at == '[' || cell_is(&cells.list[2], "duplicate"))
		return 0;
	rate = read_rate(&cells);
	if (rate <= 0)
		return 0;
	host.availability = (float)(rate < 1 ? rate : 1);
	return add(hitlist, &host, err);
}

static int take_plain(struct hitlist *hitlist, const struct text_line *line, struct bw_err *err)
{
	struct bw_host host = {.availability = BW_AVAILABILITY_DEFAULT};
	struct cells cells;

	cells_split(line, ' ', &cells);
	if (cells.count > 1 && *cells.list[1].at != '#' && *cells.list[1].at != ';')
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "the line has more than an address: the form of the list is not "
				  "known");
	if (!cell_address(&cells.list[0], &host.addr))
		return refuse(&cells.list[0], err);
	hitlist->count++;
	return add(hitlist, &host, err);
}

static enum hitlist_form find_form(const struct text_line *line)
{
	const char *at = line->at;

	while (at < line->at + line->length && (*at == ' ' || *at == '\t'))
		at++;
	if (*at == '{' || *at == '[')
		return HITLIST_JSON;
	if (has_words(line, " is alive") || has_words(line, " is unreachable") ||
	    has_words(line, " : ") || has_words(line, ICMP_ERROR))
		return HITLIST_FPING;
	if (has_words(line, "saddr"))
		return HITLIST_ZMAP;
	return HITLIST_PLAIN;
}

int hitlist_line(void *self, const struct text_line *line, struct bw_err *err)
{
	struct hitlist *hitlist = (struct hitlist *)self;

	if (hitlist->form == HITLIST_UNKNOWN && has_words(line, "#fsdb")) {
		hitlist->form = HITLIST_ISI;
		take_header(hitlist, line, ' ', 3);
		return 0;
	}
	if (cells_is_blank(line))
		return 0;
	if (hitlist->form == HITLIST_UNKNOWN) {
		hitlist->form = find_form(line);
		if (hitlist->form == HITLIST_ZMAP) {
			take_header(hitlist, line, ',', 0);
			return 0;
		}
	}
	switch (hitlist->form) {
	case HITLIST_ISI:
		return take_isi(hitlist, line, err);
	case HITLIST_FPING:
		return take_fping(hitlist, line, err);
	case HITLIST_ZMAP:
		return take_zmap(hitlist, line, err);
	case HITLIST_JSON:
		return hitlist_json_line(&hitlist->json, line, err);
	case HITLIST_PLAIN:
	case HITLIST_UNKNOWN:
		break;
	}
	return take_plain(hitlist, line, err);
}

int hitlist_end(struct hitlist *hitlist, struct bw_err *err)
{
	int result = hitlist_json_end(&hitlist->json, err);

	if (result == 0 && hitlist->count + hitlist->json.count == 0)
		return bw_err_set(err, BW_ERR_VALUE, "no host in it");
	return result;
}

void hitlist_set_day(struct hitlist *hitlist, uint16_t day)
{
	bool is_scan = hitlist->form == HITLIST_FPING || hitlist->form == HITLIST_ZMAP;
	struct array *hosts = &hitlist->hits->hosts;

	for (uint32_t i = hitlist->first; i < hosts->count && is_scan; i++) {
		struct bw_host *host = (struct bw_host *)array_at(hosts, i);

		if (host->seen_day == 0)
			host->seen_day = day;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_TABLES_CELLS_H
#define TARGET_TABLES_CELLS_H

#include <blockwatch/prefix.h>

#include "target/tables/text_lines.h"

/* The cells of a line: CSV (with quotes, RFC 4180), TSV, or with bars between. */
#define CELLS_MAX 48

struct cell {
	const char *at; /* not terminated; without quotes and the space around it */
	size_t length;
};

struct cells {
	struct cell list[CELLS_MAX];
	unsigned count; /* further ones are not kept */
};

/* SEPARATOR: ',', '\t' or '|'; ' ' for any run of blanks and tabs. */
void cells_split(const struct text_line *line, char separator, struct cells *ret_cells);

/* Whether the line has nothing but space, or begins with '#'. */
bool cells_is_blank(const struct text_line *line);

/* Whether the cell is TEXT; case is ignored by the second one. */
bool cell_is(const struct cell *cell, const char *text);
bool cell_is_word(const struct cell *cell, const char *text);

/* Decimal digits only. Returns false for what is none or exceeds MAX. */
bool cell_number(const struct cell *cell, uint64_t max, uint64_t *ret_value);

/* A decimal fraction such as 0.75, also below 0. */
bool cell_real(const struct cell *cell, double *ret_value);

/* "64496" or "AS64496", at most 2^32 - 1. */
bool cell_asn(const struct cell *cell, uint32_t *ret_asn);

/* Two letters. RET_CODE gets them as capitals. */
bool cell_country(const struct cell *cell, char ret_code[3]);

/* An address as text, or as a number: below 2^32 of IPv4, else of IPv6. */
bool cell_address(const struct cell *cell, struct bw_addr *ret_addr);
bool cell_address_or_number(const struct cell *cell, struct bw_addr *ret_addr);

/* "198.18.0.0/24". */
bool cell_prefix(const struct cell *cell, struct bw_prefix *ret_prefix);

/* "20260617", "2026-06-17" at the beginning, or seconds since 1970: a day, "2026-06-17". */
#define CELL_DAY 11
bool cell_day(const struct cell *cell, char ret_day[CELL_DAY]);

/* How long its beginning of at most MAX bytes is that cuts no character of UTF-8. */
size_t cell_cut(const struct cell *cell, size_t max);

/* The beginning of a cell for a message: for "%.*s" with CELL_SHOWN(). */
#define CELL_SHOWN(cell) (int)((cell)->length < 60 ? (cell)->length : 60), (cell)->at

#endif

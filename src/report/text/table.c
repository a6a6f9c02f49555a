/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "json/utf8.h"

#define GAP 2
#define NO_SPAN TABLE_COLUMNS
#define CUT_TEXT (TABLE_CELL + UTF8_MAX)

struct table_row {
	char text[TABLE_COLUMNS][TABLE_CELL];
	uint8_t style[TABLE_COLUMNS]; /* enum paint_style */
	unsigned span; /* this column and the next have the parts of a span; or NO_SPAN */
};

void table_init(struct table *table, const struct table_column *columns, unsigned count)
{
	assert(count <= TABLE_COLUMNS);
	*table = (struct table){.columns = columns, .column_count = count};
}

void table_fini(struct table *table)
{
	free(table->rows);
	*table = (struct table){0};
}

void table_row(struct table *table)
{
	struct table_row *rows = table->rows;

	if (table->error)
		return;
	if (table->row_count == table->row_room) {
		size_t room = table->row_room ? 2 * table->row_room : 16;

		rows = reallocarray(rows, room, sizeof(*rows));
		if (!rows) {
			table->error = -ENOMEM;
			return;
		}
		table->rows = rows;
		table->row_room = room;
	}
	rows[table->row_count++] = (struct table_row){.span = NO_SPAN};
}

/* Cuts at a whole character, as paint_clean() does with text that is clean already. */
static void copy_text(char *cell, const char *text)
{
	static const struct paint all = {.utf8 = true};

	paint_clean(&all, text, cell, TABLE_CELL);
}

void table_cell(struct table *table, unsigned column, enum paint_style style, const char *text)
{
	assert(column < table->column_count);
	if (table->error)
		return;
	assert(table->row_count > 0);
	copy_text(table->rows[table->row_count - 1].text[column], text);
	table->rows[table->row_count - 1].style[column] = (uint8_t)style;
}

void table_span(struct table *table, unsigned column, const char *giving, const char *fixed)
{
	assert(column + 1 < table->column_count);
	table_cell(table, column, PAINT_PLAIN, giving);
	table_cell(table, column + 1, PAINT_PLAIN, fixed);
	if (!table->error)
		table->rows[table->row_count - 1].span = column;
}

/* 0 for a column without any text. */
static size_t column_width(const struct table *table, unsigned column)
{
	size_t width = 0;

	for (size_t n = 0; n < table->row_count; n++) {
		const struct table_row *row = &table->rows[n];
		size_t cell = column < row->span ? paint_width(row->text[column]) : 0;

		width = cell > width ? cell : width;
	}
	if (width && width < strlen(table->columns[column].title))
		width = strlen(table->columns[column].title);
	return width;
}

static void fit_widths(const struct table *table, unsigned screen, size_t *ret_widths)
{
	size_t total = 0, excess;

	for (unsigned c = 0; c < table->column_count; c++) {
		ret_widths[c] = column_width(table, c);
		total += ret_widths[c] ? ret_widths[c] + (total ? GAP : 0) : 0;
	}
	excess = total > screen ? total - screen : 0;
	for (unsigned c = 0; c < table->column_count; c++) {
		size_t spare = ret_widths[c] > TABLE_LEAST ? ret_widths[c] - TABLE_LEAST : 0;

		if (table->columns[c].gives_way)
			ret_widths[c] -= excess < spare ? excess : spare;
	}
}

/* The state of a line: spaces are due only when something comes behind them. */
struct line {
	const struct paint *paint;
	FILE *out;
	size_t screen;
	size_t due;
};

static void put_cell(struct line *line, const char *text, enum paint_style style)
{
	if (!*text)
		return;
	fprintf(line->out, "%*s%s%s%s", (int)line->due, "", paint_begin(line->paint, style), text,
		paint_end(line->paint, style));
	line->due = 0;
}

/* TEXT, or as much of it as fits into WIDTH with an ellipsis. Returns its width. */
static size_t cut_text(const struct paint *paint, const char *text, size_t width, char *ret_cut)
{
	bool whole = paint_width(text) <= width;
	size_t keep = paint_fit(text, whole ? width : width - 1);

	snprintf(ret_cut, CUT_TEXT, "%.*s%s", (int)keep, text, whole ? "" : paint_ellipsis(paint));
	return paint_width(ret_cut);
}

static void put_aligned(struct line *line, const char *text, enum paint_style style, size_t width,
			bool right)
{
	char cut[CUT_TEXT];
	size_t pad = width - cut_text(line->paint, text, width, cut);

	line->due += right ? pad : 0;
	put_cell(line, cut, style);
	line->due += (right ? 0 : pad) + GAP;
}

/* GIVING keeps TABLE_LEAST columns even where the screen is too small for it. */
static void put_span(struct line *line, const char *giving, const char *fixed, size_t used)
{
	size_t needed = used + paint_width(fixed), room = TABLE_LEAST;
	char cut[CUT_TEXT];

	if (line->screen > needed + TABLE_LEAST)
		room = line->screen - needed;
	cut_text(line->paint, giving, room, cut);
	put_cell(line, cut, PAINT_PLAIN);
	put_cell(line, fixed, PAINT_PLAIN);
}

static void print_titles(const struct table *table, struct line *line, const size_t *widths)
{
	line->due = 0;
	for (unsigned c = 0; c < table->column_count; c++)
		if (widths[c])
			put_aligned(line, table->columns[c].title, PAINT_BOLD, widths[c],
				    table->columns[c].right);
	fputc('\n', line->out);
}

static void print_row(const struct table *table, const struct table_row *row, struct line *line,
		      const size_t *widths)
{
	size_t used = 0;

	line->due = 0;
	for (unsigned c = 0; c < table->column_count; c++) {
		if (c == row->span) {
			put_span(line, row->text[c], row->text[c + 1], used);
			break;
		}
		if (widths[c] == 0)
			continue;
		put_aligned(line, row->text[c], row->style[c], widths[c], table->columns[c].right);
		used += widths[c] + GAP;
	}
	fputc('\n', line->out);
}

int table_print(const struct table *table, const struct paint *paint, unsigned screen, FILE *out)
{
	size_t widths[TABLE_COLUMNS];
	struct line line = {.paint = paint, .out = out, .screen = screen};

	if (table->row_count == 0)
		return table->error;
	fit_widths(table, screen, widths);
	print_titles(table, &line, widths);
	for (size_t n = 0; n < table->row_count; n++)
		print_row(table, &table->rows[n], &line, widths);
	return table->error;
}

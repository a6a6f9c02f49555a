/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options/options_help.h"

#include <string.h>

#define WIDTH 80
#define LABEL_MAX 64
#define LABEL_COLUMN_MAX 26 /* a longer label has its text on the next line */

/* One word and the space behind it; the text ends where *TEXT is 0. */
static size_t take_word(const char **text, const char **ret_word)
{
	size_t length;

	*text += strspn(*text, " ");
	*ret_word = *text;
	length = strcspn(*text, " ");
	*text += length;
	return length;
}

void options_print_wrapped(FILE *out, const char *text, size_t column, size_t indent)
{
	const char *word;
	size_t length;
	bool first = true;

	while ((length = take_word(&text, &word)) > 0) {
		if (!first && column + 1 + length > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		fprintf(out, "%s%.*s", first ? "" : " ", (int)length, word);
		column += length + (first ? 0 : 1);
		first = false;
	}
	fputc('\n', out);
}

static void print_paragraphs(FILE *out, const char *text)
{
	while (*text) {
		char line[2048];
		size_t length = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		fputc('\n', out);
		options_print_wrapped(out, line, 0, 0);
		text += length + (text[length] ? 1 : 0);
	}
}

static size_t format_label(const struct options_item *item, char *label)
{
	char letter[] = {'-', item->letter, ',', ' ', '\0'};

	return (size_t)snprintf(label, LABEL_MAX, "  %s--%s%s%s", item->letter ? letter : "    ",
				item->name, item->argument ? " " : "",
				item->argument ? item->argument : "");
}

static bool gathers(enum options_type type)
{
	switch (type) {
	case OPTIONS_TEXTS:
	case OPTIONS_METHODS:
	case OPTIONS_TRACE_METHODS:
		return true;
	case OPTIONS_FLAG:
	case OPTIONS_TEXT:
	case OPTIONS_DURATION:
	case OPTIONS_RATE:
	case OPTIONS_COUNT:
	case OPTIONS_ADDRESSES:
		return false;
	}
	return false;
}

static void print_item(FILE *out, const struct options_item *item, size_t column)
{
	char label[LABEL_MAX], text[512];
	size_t length = format_label(item, label);

	fputs(label, out);
	if (length + 2 > column)
		fprintf(out, "\n%*s", (int)column, "");
	else
		fprintf(out, "%*s", (int)(column - length), "");
	snprintf(text, sizeof(text), "%s%s%s%s%s", item->help,
		 gathers(item->type) ? "; repeatable" : "", item->standard ? " (default " : "",
		 item->standard ? item->standard : "", item->standard ? ")" : "");
	options_print_wrapped(out, text, column, column);
}

static size_t label_width(const struct options_group *group)
{
	char label[LABEL_MAX];
	size_t width = 0;

	for (size_t i = 0; i < group->count; i++) {
		size_t length = format_label(&group->items[i], label);

		if (length > width && length <= LABEL_COLUMN_MAX)
			width = length;
	}
	return width;
}

static size_t help_column(const struct options_command *command)
{
	size_t width = label_width(&options_common);

	for (const struct options_group *group = command->groups; group->items; group++) {
		size_t other = label_width(group);

		width = other > width ? other : width;
	}
	return width + 2;
}

static void print_group(FILE *out, const struct options_group *group, size_t column)
{
	fprintf(out, "\n%s options:\n", group->title);
	for (size_t i = 0; i < group->count; i++)
		print_item(out, &group->items[i], column);
}

void options_help(const struct options_command *command, FILE *out)
{
	size_t column = help_column(command);

	fprintf(out, "usage: blockwatch %s [OPTION...]%s%s\n", command->name,
		*command->operands ? " " : "", command->operands);
	print_paragraphs(out, command->description);
	for (const struct options_group *group = command->groups; group->items; group++)
		print_group(out, group, column);
	print_group(out, &options_common, column);

	if (command->examples)
		fputs("\nExamples:\n", out);
	for (const struct options_example *e = command->examples; e && e->command; e++) {
		fprintf(out, "  %s\n      ", e->command);
		options_print_wrapped(out, e->says, 6, 6);
	}
	if (command->exits)
		fputs("\nExit status:\n", out);
	for (const struct options_exit *e = command->exits; e && e->meaning; e++) {
		fprintf(out, "  %2d  ", e->status);
		options_print_wrapped(out, e->meaning, 6, 6);
	}
}

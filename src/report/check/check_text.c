/* SPDX-License-Identifier: Apache-2.0 */
#include "report/check/check_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/check/check_collect.h"
#include "report/check/check_table.h"
#include "report/check/check_words.h"

#define SCREEN_COLUMNS 80
#define NAMED_MAX 3 /* blocks of a note that are named */
#define NOTE_TEXT 512

struct check_text {
	struct paint paint;
	unsigned screen;
	bool brief;
	struct check_collect collect;
};

/* One kind of nuance: a bit of the conditions or of the reasons. */
struct note {
	const char *name, *help;
	unsigned bit;
	bool is_reason;
};

struct check_text *check_text_new(struct paint paint, unsigned columns)
{
	struct check_text *text = malloc(sizeof(*text));

	if (!text)
		return NULL;
	text->paint = paint;
	text->screen = columns ? columns : SCREEN_COLUMNS;
	text->brief = false;
	check_collect_init(&text->collect);
	return text;
}

void check_text_set_brief(struct check_text *text)
{
	text->brief = true;
}

void check_text_free(struct check_text *text)
{
	if (!text)
		return;
	check_collect_fini(&text->collect);
	free(text);
}

static void put_record(void *self, const struct record *record)
{
	struct check_text *text = self;

	check_collect_put(&text->collect, record);
}

struct record_sink check_text_sink(struct check_text *text)
{
	return (struct record_sink){.put = put_record, .self = text};
}

static bool has_note(const struct record_block *block, const struct note *note)
{
	return (note->is_reason ? block->reasons : block->conditions) & note->bit;
}

/* ": 198.18.2.0/24, 198.18.3.0/24" appended; nothing when it is the only block. */
static size_t name_blocks(const struct check_target *target, const struct note *note, char *list,
			  size_t size)
{
	size_t found = 0, length = 0;
	char prefix[BW_PREFIX_TEXT];

	for (size_t n = 0; n < target->block_count; n++) {
		const struct record_block *block = &target->blocks[n].record;

		if (!has_note(block, note) || found++ >= NAMED_MAX)
			continue;
		length += (size_t)snprintf(list + length, size - length, "%s%s",
					   found == 1 ? ": " : ", ",
					   bw_prefix_format(&block->block, prefix));
	}
	if (found > NAMED_MAX)
		snprintf(list + length, size - length, " and %zu more", found - NAMED_MAX);
	if (found == target->block_count && found > 1)
		snprintf(list, size, ": all %zu blocks", found);
	else if (found == target->block_count)
		list[0] = '\0';
	return found;
}

/* Writes words, breaking lines before SCREEN; the cursor is at INDENT already. */
static void put_wrapped(const char *words, unsigned indent, unsigned screen, FILE *out)
{
	unsigned at = indent;

	while (*words) {
		unsigned length = (unsigned)strcspn(words, " ");

		if (at > indent && at + 1 + length > screen) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", (int)length, words);
		at += length;
		words += length + (words[length] == ' ');
	}
	fputc('\n', out);
}

#define NOTES_MAX (BW_REASONS + BW_CONDITIONS)

struct notes {
	struct note list[NOTES_MAX];
	char blocks[NOTES_MAX][NOTE_TEXT];
	size_t count;
	unsigned width; /* of the longest name */
};

static void add_note(struct notes *notes, const struct check_target *target, struct note note)
{
	char *blocks = notes->blocks[notes->count];

	blocks[0] = '\0';
	if (name_blocks(target, &note, blocks, NOTE_TEXT) == 0)
		return;
	if (strlen(note.name) > notes->width)
		notes->width = (unsigned)strlen(note.name);
	notes->list[notes->count++] = note;
}

static void gather_notes(struct notes *notes, const struct check_target *target)
{
	notes->count = notes->width = 0;
	if (!check_words_told_reason(&target->record))
		for (unsigned n = 0; n < BW_REASONS; n++)
			add_note(notes, target,
				 (struct note){bw_reason_name(n), bw_reason_help(n), 1u << n,
					       true});
	for (unsigned n = 0; n < BW_CONDITIONS; n++)
		add_note(notes, target,
			 (struct note){bw_condition_name(n), bw_condition_help(n), 1u << n, false});
}

static void print_notes(const struct check_text *text, const struct check_target *target, FILE *out)
{
	struct notes notes;
	char words[NOTE_TEXT + 128];

	gather_notes(&notes, target);
	if (notes.count)
		fputc('\n', out);
	for (size_t n = 0; n < notes.count; n++) {
		fprintf(out, "%-*s  ", (int)notes.width, notes.list[n].name);
		snprintf(words, sizeof(words), "%s%s", notes.list[n].help, notes.blocks[n]);
		put_wrapped(words, notes.width + 2, text->screen, out);
	}
}

/* Silence of everything: only a host that is known to be up can tell why. */
static void print_hint(const struct check_target *target, FILE *out)
{
	if (target->record.reasons & BW_WHY_NO_SIGN_OF_LIFE)
		fputs("\nNothing shows that this machine is online. Name hosts that do: "
		      "--reference references\n",
		      out);
}

static int print_target(const struct check_text *text, const struct check_target *target, FILE *out)
{
	int error;

	check_words_headline(target, &text->paint, out);
	if (text->brief || target->block_count == 0)
		return 0;
	if (target->path)
		put_wrapped(target->path, 0, text->screen, out);
	fputc('\n', out);
	error = check_table_print(target, &text->paint, text->screen, out);
	print_notes(text, target, out);
	print_hint(target, out);
	return error;
}

static void print_loss(uint64_t count, const char *what, const char *separator, FILE *out)
{
	fprintf(out, "%s%" PRIu64 " %s%s", separator, count, what, count == 1 ? "" : "s");
}

/* Verdicts allow for it, but whoever runs a vantage should know. */
static void print_losses(const struct record_vantage *vantage, FILE *out)
{
	if (vantage->capture_dropped == 0 && vantage->send_errors == 0)
		return;
	fputs("\nthe vantage had ", out);
	if (vantage->capture_dropped)
		print_loss(vantage->capture_dropped, "capture drop", "", out);
	if (vantage->send_errors)
		print_loss(vantage->send_errors, "send error",
			   vantage->capture_dropped ? " and " : "", out);
	fputc('\n', out);
}

int check_text_print(struct check_text *text, FILE *out)
{
	int error = text->collect.error;

	check_collect_sort(&text->collect);
	for (size_t n = 0; n < text->collect.target_count; n++) {
		int failed;

		if (n && !text->brief)
			fputs("\n\n", out);
		failed = print_target(text, &text->collect.targets[n], out);
		error = error ? error : failed;
	}
	if (!text->brief)
		print_losses(&text->collect.vantage, out);
	return error ? error : ferror(out) ? -EIO : 0;
}

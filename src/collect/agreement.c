/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/agreement.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/collector.h"

#define LINES_MAX (FLEET_MAX + WEBHOOKS_MAX + 8)
#define DIFFER_TEXT 160 /* what differs, of a message with the rest of it */

/* A line of a text. */
struct line {
	const char *text;
	size_t key, length; /* until its tab; until its newline */
};

static void print_vantages(const struct fleet *fleet, FILE *out)
{
	for (size_t n = 0; n < fleet->count; n++) {
		const struct fleet_member *member = &fleet->list[n];

		fprintf(out, "vantage \"%s\"\t", member->name);
		if (member->asn > 0)
			fprintf(out, "of AS%" PRIu32 "\n", member->asn);
		else
			fprintf(out, "without \"asn\"\n");
	}
}

/* A URL may be secret: of a name there is a digest alone. */
static void print_webhooks(const struct webhooks *webhooks, FILE *out)
{
	unsigned char digest[crypto_generichash_BYTES_MIN];

	for (size_t n = 0; n < webhooks->count; n++) {
		const struct webhook *webhook = &webhooks->list[n];
		char hex[2 * sizeof(digest) + 1];

		crypto_generichash(digest, sizeof(digest), (const unsigned char *)webhook->name,
				   strlen(webhook->name), NULL, 0);
		sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
		fprintf(out, "webhook %.8s\tfor", hex);
		for (size_t t = 0; t < webhook->target_count; t++)
			fprintf(out, " \"%s\"", webhook->targets[t]);
		fprintf(out, "%s\n", webhook->target_count > 0 ? "" : " all targets");
	}
}

static void print_times(const struct collector *collector, FILE *out)
{
	const int64_t keep_ns = collector->retention.keep_ns;

	fprintf(out, "\"quorum\"\t%u\n", collector->board.quorum);
	fprintf(out, "\"stale_after\"\t%u\n", collector->fleet.stale_after);
	if (keep_ns > 0)
		fprintf(out, "\"retention.intervals\"\t%" PRId64 "s\n", keep_ns / BW_S);
	else
		fprintf(out, "\"retention.intervals\"\tforever\n");
}

/* Returns how many lines there are. */
static size_t split(const char *text, struct line lines[LINES_MAX])
{
	size_t count = 0;

	while (*text != '\0' && count < LINES_MAX) {
		struct line *line = &lines[count++];

		line->text = text;
		line->length = strcspn(text, "\n");
		line->key = strcspn(text, "\t\n");
		text += line->length + (text[line->length] == '\n');
	}
	return count;
}

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);

	return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return compare_texts(x->text, x->length, y->text, y->length);
}

/* The same lines by their text. NULL: out of memory. */
static char *sort(const char *text)
{
	struct line lines[LINES_MAX];
	const size_t count = split(text, lines);
	char *sorted = malloc(strlen(text) + 1), *end = sorted;

	if (!sorted)
		return NULL;
	qsort(lines, count, sizeof(lines[0]), compare_lines);
	for (size_t n = 0; n < count; n++) {
		memcpy(end, lines[n].text, lines[n].length);
		end += lines[n].length;
		*end++ = '\n';
	}
	*end = '\0';
	return sorted;
}

char *agreement_text(const struct collector *collector)
{
	char *text = NULL, *sorted;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	print_times(collector, out);
	print_vantages(&collector->fleet, out);
	print_webhooks(&collector->webhooks, out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	sorted = sort(text);
	free(text);
	return sorted;
}

static const struct line *find(const struct line *lines, size_t count, const struct line *like)
{
	for (size_t n = 0; n < count; n++)
		if (compare_texts(lines[n].text, lines[n].key, like->text, like->key) == 0)
			return &lines[n];
	return NULL;
}

static const char *value_of(const struct line *line)
{
	return line->text + line->key + (line->key < line->length);
}

static int length_of_value(const struct line *line)
{
	return (int)(line->text + line->length - value_of(line));
}

static void print_difference(const struct line *ours, const struct line *theirs, FILE *out)
{
	const struct line *either = ours ? ours : theirs;

	fprintf(out, "%s%.*s is ", ftell(out) > 0 ? ", " : "", (int)either->key, either->text);
	if (ours && theirs)
		fprintf(out, "%.*s here and %.*s there", length_of_value(ours), value_of(ours),
			length_of_value(theirs), value_of(theirs));
	else
		fprintf(out, ours ? "not there" : "not here");
}

void agreement_compare(const char *ours, const char *theirs, char *text, unsigned long size)
{
	struct line a[LINES_MAX], b[LINES_MAX];
	const size_t a_count = split(ours, a), b_count = split(theirs, b);
	FILE *out = fmemopen(text, size, "w");

	text[0] = '\0';
	if (!out)
		return;
	for (size_t n = 0; n < a_count; n++) {
		const struct line *other = find(b, b_count, &a[n]);

		if (!other || compare_lines(&a[n], other) != 0)
			print_difference(&a[n], other, out);
	}
	for (size_t n = 0; n < b_count; n++)
		if (!find(a, a_count, &b[n]))
			print_difference(NULL, &b[n], out);
	fclose(out);
	text[size - 1] = '\0';
}

static int refuse(const char *ours, const char *theirs, struct bw_err *err)
{
	char differs[DIFFER_TEXT];

	agreement_compare(ours, theirs, differs, sizeof(differs));
	return bw_err_set(err, BW_ERR_VALUE,
			  "another collector uses the database with another configuration (%s): "
			  "give all the same, or end the others first",
			  differs);
}

int agreement_reach(const struct collector *collector, struct bw_err *err)
{
	const struct store *store = &collector->store;
	char *ours, *theirs = NULL;
	int result;

	if (!store->ops->agree)
		return 0;
	ours = agreement_text(collector);
	if (!ours)
		return bw_err_set(err, -ENOMEM, "out of memory");
	result = store->ops->agree(store->self, ours, &theirs, err);
	if (result == BW_ERR_VALUE)
		refuse(ours, theirs ? theirs : "", err);
	free(ours);
	free(theirs);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/subject.h"

#include <string.h>

#include "json/scan.h"

struct subject {
	char *text;
	size_t size, used;
	bool bad; /* too long, or with a value that our writer does not write */
};

static void put(struct subject *subject, char character)
{
	if (subject->used + 1 < subject->size)
		subject->text[subject->used++] = character;
	else
		subject->bad = true;
}

static char safe(char character)
{
	return (unsigned char)character <= ' ' || strchr(".*>\x7f", character) ? '_' : character;
}

static void put_name(struct subject *subject, const char *name)
{
	if (!name[0])
		put(subject, '-');
	for (; *name; name++)
		put(subject, safe(*name));
}

/* A value as it stands in the line: its escapes are undone first. */
static void put_value(struct subject *subject, const struct ship_text *value)
{
	const char *quote = value->text - 1;
	struct scan scan = {.from = quote, .at = quote, .end = value->text + value->length + 1};
	char name[SUBJECT_MAX] = "";

	if (value->length > 0) {
		scan_text(&scan, name, sizeof(name));
		subject->bad |= scan.why != NULL;
	}
	put_name(subject, name);
}

/* The value whose name stands in braces at AT; its length goes to *RET_LENGTH. NULL: none does. */
static const struct ship_text *find_value(const char *at, const struct ship_line *line,
					  size_t *ret_length)
{
	const struct {
		const char *name;
		const struct ship_text *value;
	} values[] = {{"{vantage}", &line->vantage},
		      {"{target}", &line->target},
		      {"{type}", &line->type},
		      {"{boot}", &line->boot}};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		*ret_length = strlen(values[i].name);
		if (strncmp(at, values[i].name, *ret_length) == 0)
			return values[i].value;
	}
	return NULL;
}

/* WILDCARD: the values are '*'. */
static int make(struct subject *subject, const char *template, const struct ship_line *line,
		bool wildcard)
{
	while (*template) {
		size_t length = 1;
		const struct ship_text *value = find_value(template, line, &length);

		if (!value) {
			put(subject, *template ++);
			continue;
		}
		if (wildcard)
			put(subject, '*');
		else
			put_value(subject, value);
		template += length;
	}
	subject->text[subject->used] = '\0';
	return subject->bad ? BW_ERR_LIMIT : 0;
}

int subject_make(const char *template, const struct ship_line *line, char *subject, size_t size)
{
	struct subject made = {.text = subject, .size = size};

	return make(&made, template, line, false);
}

int subject_make_wildcard(const char *template, char *subject, size_t size)
{
	const struct ship_line line = {.seq = 0};
	struct subject made = {.text = subject, .size = size};

	return make(&made, template, &line, true);
}

int subject_find_vantage(const char *template)
{
	static const char name[] = "{vantage}";
	const size_t length = sizeof(name) - 1;

	for (int n = 0;; n++) {
		const size_t word = strcspn(template, ".");

		if (word == length && strncmp(template, name, length) == 0)
			return n;
		if (!template[word])
			return -1;
		template += word + 1;
	}
}

bool subject_word_is(const char *subject, int n, const char *name)
{
	size_t length;

	for (; n > 0; n--) {
		subject = strchr(subject, '.');
		if (!subject)
			return false;
		subject++;
	}
	length = strcspn(subject, ".");
	for (size_t i = 0; i < length; i++)
		if (!name[i] || safe(name[i]) != subject[i])
			return false;
	return !name[length];
}

int subject_make_confirmed(const char *vantage, char *subject, size_t size)
{
	struct subject made = {.text = subject, .size = size};

	for (const char *at = SUBJECT_CONFIRMED; *at; at++)
		put(&made, *at);
	put_name(&made, vantage);
	subject[made.used] = '\0';
	return made.bad ? BW_ERR_LIMIT : 0;
}

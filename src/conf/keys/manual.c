/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/manual.h"

#include "conf/keys/memo.h"
#include "conf/keys/print.h"
#include "conf/options/options_help.h"

#define INDENT 4
#define PATH_TEXT 128
#define LONG_TEXT 1000 /* a limit that nobody needs to be told */

static void print_words(const struct keys_key *key, FILE *out)
{
	fputs(key->type == KEYS_CHOICE ? "One of" : "One or more of", out);
	for (unsigned i = 0; key->words[i]; i++)
		fprintf(out, "%s \"%s\"", i ? "," : "", key->words[i]);
}

static bool is_text(const struct keys_key *key)
{
	return key->type <= KEYS_TARGETS;
}

/* "A duration such as "10s", 1 s to 1 d. Default: "60s"." */
static void print_facts(const struct keys_key *key, FILE *out)
{
	const char *type = keys_type_text(key->type);
	char range[KEYS_RANGE_TEXT];

	if (key->words)
		print_words(key, out);
	else
		fprintf(out, "%c%s", type[0] - 'a' + 'A', type + 1);
	keys_format_range(key, range);
	if (*range && !(is_text(key) && key->max >= LONG_TEXT))
		fprintf(out, ", %s", range);
	if (key->flags & KEYS_REQUIRED)
		fprintf(out, ", required, as in %s", key->example);
	fputc('.', out);
	if (key->standard)
		fprintf(out, " Default: %s.", key->standard);
	else if (key->absent)
		fprintf(out, " Default: %s.", key->absent);
	if (key->only)
		fprintf(out, " Only for \"%s\".", key->only);
}

static void print_paragraph(const struct keys_key *key,
			    void (*print)(const struct keys_key *, FILE *), FILE *out)
{
	struct memo memo;

	if (!memo_begin(&memo))
		return;
	print(key, memo.out);
	fprintf(out, "%*s", INDENT, "");
	options_print_wrapped(out, memo_end(&memo), INDENT, INDENT);
	memo_fini(&memo);
}

static void print_meaning(const struct keys_key *key, FILE *out)
{
	fputs(key->help, out);
	if (key->flags & KEYS_RESTART)
		fputs(" A change needs a restart.", out);
}

static void print_manual(const struct keys_group *group, const char *path, FILE *out)
{
	char inner[PATH_TEXT];

	for (size_t i = 0; i < group->count; i++) {
		const struct keys_key *key = &group->keys[i];

		fprintf(out, "%s%s\n", path, key->name);
		print_paragraph(key, print_facts, out);
		print_paragraph(key, print_meaning, out);
		fputc('\n', out);
		if (!key->group)
			continue;
		snprintf(inner, sizeof(inner), "%s%s%s.", path, key->name,
			 key->type == KEYS_LIST ? "[]" : "");
		print_manual(key->group, inner, out);
	}
}

void keys_print_manual(const struct keys_group *group, FILE *out)
{
	print_manual(group, "", out);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/print.h"

#include <string.h>

#include <blockwatch/method.h>
#include <blockwatch/time.h>

#include "base/clean.h"
#include "conf/keys/memo.h"
#include "conf/keys/pairs.h"
#include "conf/keys/value.h"
#include "conf/options/options_help.h"

#define NAME_COLUMNS 30
#define PATH_TEXT 128

static char *format_size(double bytes, char *buffer, size_t size)
{
	static const struct {
		double bytes;
		const char *name;
	} units[] = {{1e9, "GB"},      {1 << 30, "GiB"}, {1e6, "MB"},
		     {1 << 20, "MiB"}, {1e3, "kB"},      {1, "bytes"}};
	size_t i = 0;

	while (units[i].bytes > 1 &&
	       (bytes < units[i].bytes || (uint64_t)bytes % (uint64_t)units[i].bytes != 0))
		i++;
	snprintf(buffer, size, "%.10g %s", bytes / units[i].bytes, units[i].name);
	return buffer;
}

char *keys_format_range(const struct keys_key *key, char *buffer)
{
	char min[BW_DURATION_TEXT], max[BW_DURATION_TEXT];

	buffer[0] = '\0';
	if (key->min == 0 && key->max == 0)
		return buffer;
	if (key->type == KEYS_DURATION) {
		bw_duration_format((int64_t)(key->min * (double)BW_S), min);
		bw_duration_format((int64_t)(key->max * (double)BW_S), max);
		snprintf(buffer, KEYS_RANGE_TEXT, "%s to %s%s", min, max,
			 key->flags & KEYS_MAY_BE_FOREVER ? ", or forever" : "");
	} else if (key->type == KEYS_SIZE) {
		snprintf(buffer, KEYS_RANGE_TEXT, "%s to %s",
			 format_size(key->min, min, sizeof(min)),
			 format_size(key->max, max, sizeof(max)));
	} else if (key->type == KEYS_NUMBER || key->type == KEYS_COUNT) {
		snprintf(buffer, KEYS_RANGE_TEXT, "%.10g to %.10g%s%s", key->min, key->max,
			 key->unit ? " " : "", key->unit ? key->unit : "");
	} else {
		snprintf(buffer, KEYS_RANGE_TEXT, "%.0f to %.0f bytes", key->min, key->max);
	}
	return buffer;
}

static void print_number(const struct keys_key *key, double number, FILE *out)
{
	fprintf(out, "%.10g%s%s", number, key->unit ? " " : "", key->unit ? key->unit : "");
}

static void print_texts(const struct keys_texts *texts, FILE *out)
{
	for (size_t i = 0; i < texts->count; i++) {
		fputs(i ? ", " : "", out);
		clean_print(texts->list[i].text, out);
	}
}

static void print_methods(const struct bw_methods *methods, FILE *out)
{
	char text[BW_METHOD_TEXT];

	for (size_t i = 0; i < methods->count; i++)
		fprintf(out, "%s%s", i ? ", " : "", bw_method_format(methods->list[i], text));
}

static void print_addresses(const struct options_addresses *addresses, FILE *out)
{
	char text[BW_ADDR_TEXT];

	if (addresses->v4.family)
		fputs(bw_addr_format(&addresses->v4, text), out);
	if (addresses->v4.family && addresses->v6.family)
		fputs(", ", out);
	if (addresses->v6.family)
		fputs(bw_addr_format(&addresses->v6, text), out);
}

static void print_choices(const struct keys_key *key, unsigned set, FILE *out)
{
	const char *between = "";

	for (unsigned i = 0; key->words[i]; i++) {
		if (!(set & (1U << i)))
			continue;
		fprintf(out, "%s%s", between, key->words[i]);
		between = ", ";
	}
}

void keys_print_value(const struct keys_key *key, const void *field, FILE *out)
{
	char text[BW_DURATION_TEXT];

	if (keys_is_unset(key, field)) {
		fputs(key->absent ? key->absent : "none", out);
		return;
	}
	switch (key->type) {
	case KEYS_TEXT:
	case KEYS_NAME:
	case KEYS_PATH:
	case KEYS_TARGET:
		clean_print(*(const char *const *)field, out);
		break;
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
		print_texts((const struct keys_texts *)field, out);
		break;
	case KEYS_BOOL:
		fputs(*(const bool *)field ? "yes" : "no", out);
		break;
	case KEYS_NUMBER:
		print_number(key, *(const double *)field, out);
		break;
	case KEYS_COUNT:
		print_number(key, (double)*(const uint64_t *)field, out);
		break;
	case KEYS_SIZE:
		fputs(format_size((double)*(const uint64_t *)field, text, sizeof(text)), out);
		break;
	case KEYS_DURATION:
		fputs(bw_duration_format(*(const int64_t *)field, text), out);
		break;
	case KEYS_METHODS:
		print_methods((const struct bw_methods *)field, out);
		break;
	case KEYS_ADDRESSES:
		print_addresses((const struct options_addresses *)field, out);
		break;
	case KEYS_CHOICE:
		fputs(key->words[*(const unsigned *)field - 1], out);
		break;
	case KEYS_CHOICES:
		print_choices(key, *(const unsigned *)field, out);
		break;
	case KEYS_PAIRS:
		pairs_print(field, out);
		break;
	case KEYS_GROUP:
	case KEYS_LIST:
		break;
	}
}

/* The key that stands for a whole object of a list: its first name for people. */
static const char *leader_of(const struct keys_group *group)
{
	const char *leader = group->shorthand ? group->shorthand : group->kind;

	return leader ? leader : group->keys[0].name;
}

/* "kp: round 10 s, confirm 5 s": the rest of an object's line, each with its name. */
static void print_members(const struct keys_group *group, const void *values, const char *leader,
			  const char **between, FILE *out)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct keys_key *key = &group->keys[i];
		const void *field = (const char *)values + key->offset;

		if (!keys_applies(group, key, values) || strcmp(key->name, leader) == 0 ||
		    (group->sparse && keys_is_unset(key, field)))
			continue;
		if (key->type == KEYS_GROUP) {
			print_members(key->group, field, "", between, out);
			continue;
		}
		fprintf(out, "%s%s ", *between, key->name);
		keys_print_value(key, field, out);
		*between = ", ";
	}
}

static void print_object(const struct keys_group *group, const void *values, FILE *out)
{
	const struct keys_key *leader = keys_find(group, leader_of(group));
	const void *first = (const char *)values + leader->offset;
	const bool shown = !group->sparse || !keys_is_unset(leader, first);
	const char *between = shown ? ": " : "";

	if (shown)
		keys_print_value(leader, first, out);
	print_members(group, values, leader->name, &between, out);
}

static void print_line(const char *path, const char *name, struct memo *memo, FILE *out)
{
	int used = fprintf(out, "%s%-*s", path, NAME_COLUMNS - 1 - (int)strlen(path), name);

	fputc(' ', out);
	options_print_wrapped(out, memo_end(memo), (size_t)used + 1, NAME_COLUMNS);
	memo_fini(memo);
}

static void print_list(const struct keys_key *key, const void *field, const char *path, FILE *out)
{
	const struct pool_list *list = field;
	struct memo memo;

	for (size_t i = 0; i < list->count; i++) {
		if (!memo_begin(&memo))
			return;
		print_object(key->group, (const char *)list->list + i * key->group->size, memo.out);
		print_line(i ? "" : path, i ? "" : key->name, &memo, out);
	}
}

static void print_group(const struct keys_group *group, const void *values, const char *path,
			FILE *out)
{
	char inner[PATH_TEXT];
	struct memo memo;

	for (size_t i = 0; i < group->count; i++) {
		const struct keys_key *key = &group->keys[i];
		const void *field = (const char *)values + key->offset;

		if (key->type == KEYS_GROUP) {
			snprintf(inner, sizeof(inner), "%s%s.", path, key->name);
			print_group(key->group, field, inner, out);
		} else if (key->type == KEYS_LIST) {
			print_list(key, field, path, out);
		} else if (!(key->flags & KEYS_INCLUDE) && memo_begin(&memo)) {
			keys_print_value(key, field, memo.out);
			print_line(path, key->name, &memo, out);
		}
	}
}

void keys_print_values(const struct keys_group *group, const void *values, FILE *out)
{
	print_group(group, values, "", out);
}

static bool is_same(const struct keys_key *key, const void *before, const void *after)
{
	struct memo a, b;
	bool same = false;

	if (!memo_begin(&a))
		return false;
	keys_print_value(key, before, a.out);
	memo_end(&a);
	if (memo_begin(&b)) {
		keys_print_value(key, after, b.out);
		memo_end(&b);
		same = a.text && b.text && strcmp(a.text, b.text) == 0;
		memo_fini(&b);
	}
	memo_fini(&a);
	return same;
}

/* What is printed the same is the same: keys with KEYS_RESTART are texts and addresses. */
const char *keys_restart_needed(const struct keys_group *group, const void *before,
				const void *after)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct keys_key *key = &group->keys[i];

		if ((key->flags & KEYS_RESTART) && !is_same(key, (const char *)before + key->offset,
							    (const char *)after + key->offset))
			return key->name;
	}
	return NULL;
}

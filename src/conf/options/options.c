/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options/options.h"

#include <string.h>

#include "base/suggest.h"
#include "conf/options/options_value.h"

/* What the command line is split into; the rest of the state is in the arguments. */
struct parser {
	const struct options_command *command;
	char **argv;
	int argc, next;
	char *values;
	struct options_result *result;
	struct bw_err *err;
};

struct found {
	const struct options_group *group; /* NULL: not known */
	const struct options_item *item;
};

static const struct options_item common_items[] = {
	{.name = "help", .letter = 'h', .type = OPTIONS_FLAG, .help = "print this help and exit"},
	{.name = "version",
	 .letter = 'V',
	 .type = OPTIONS_FLAG,
	 .help = "print the version and exit"},
};

const struct options_group options_common = {"Other", common_items, 2, 0};

/* LENGTH bytes of NAME, or LETTER; the one that is not asked for is NULL or 0. */
static bool is_item(const struct options_item *item, const char *name, size_t length, char letter)
{
	if (letter)
		return item->letter == letter;
	return strlen(item->name) == length && memcmp(item->name, name, length) == 0;
}

static bool find_in(const struct options_group *group, const char *name, size_t length, char letter,
		    struct found *found)
{
	for (size_t i = 0; i < group->count; i++) {
		if (!is_item(&group->items[i], name, length, letter))
			continue;
		*found = (struct found){group, &group->items[i]};
		return true;
	}
	return false;
}

static struct found find(const struct options_command *command, const char *name, size_t length,
			 char letter)
{
	struct found found = {NULL, NULL};

	for (const struct options_group *group = command->groups; group->items; group++)
		if (find_in(group, name, length, letter, &found))
			return found;
	find_in(&options_common, name, length, letter, &found);
	return found;
}

static int refuse_unknown(const struct parser *parser, const char *given)
{
	char name[SUGGEST_WORD_MAX + 1];
	struct suggest suggest;

	strncpy(name, given + strspn(given, "-"), sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	name[strcspn(name, "=")] = '\0';
	suggest_init(&suggest, name);
	for (const struct options_group *group = parser->command->groups; group->items; group++)
		for (size_t i = 0; i < group->count; i++)
			suggest_offer(&suggest, group->items[i].name);
	for (size_t i = 0; i < options_common.count; i++)
		suggest_offer(&suggest, options_common.items[i].name);
	if (suggest.best && strlen(name) > 1)
		return bw_err_set(parser->err, BW_ERR_USAGE,
				  "unknown option %s, did you mean --%s?", given, suggest.best);
	return bw_err_set(parser->err, BW_ERR_USAGE,
			  "unknown option %s, see 'blockwatch %s --help'", given,
			  parser->command->name);
}

static int name_option(const struct parser *parser, const struct options_item *item, int result)
{
	char field[SUGGEST_WORD_MAX] = "--";

	if (result == 0)
		return 0;
	strncat(field, item->name, sizeof(field) - sizeof("--"));
	bw_err_place(parser->err, NULL, 0, 0, field);
	return result;
}

static int apply(struct parser *parser, const struct found *found, const char *text)
{
	if (found->group == &options_common) {
		parser->result->action = found->item == &common_items[0] ? OPTIONS_HELP
									 : OPTIONS_VERSION;
		return 0;
	}
	return name_option(parser, found->item,
			   options_set(found->item, text,
				       parser->values + found->group->offset + found->item->offset,
				       parser->err));
}

/* The value that stands in an argument of its own; another option is none. */
static int take_value(struct parser *parser, const struct options_item *item, const char **ret_text)
{
	if (parser->next < parser->argc && strncmp(parser->argv[parser->next], "--", 2) != 0) {
		*ret_text = parser->argv[parser->next++];
		return 0;
	}
	return name_option(parser, item,
			   bw_err_set(parser->err, BW_ERR_USAGE, "needs a value: --%s %s",
				      item->name, item->argument));
}

static int parse_long(struct parser *parser, const char *argument)
{
	const char *name = argument + 2, *equals = strchr(name, '='), *text = NULL;
	struct found found = find(parser->command, name, strcspn(name, "="), 0);
	int result;

	if (!found.item)
		return refuse_unknown(parser, argument);
	if (found.item->type == OPTIONS_FLAG && equals)
		return name_option(parser, found.item,
				   bw_err_set(parser->err, BW_ERR_USAGE, "takes no value"));
	if (found.item->type == OPTIONS_FLAG)
		return apply(parser, &found, NULL);
	if (equals)
		return apply(parser, &found, equals + 1);
	result = take_value(parser, found.item, &text);
	return result < 0 ? result : apply(parser, &found, text);
}

static int parse_short(struct parser *parser, const char *argument)
{
	for (const char *letter = argument + 1; *letter; letter++) {
		const char short_name[] = {'-', *letter, '\0'};
		struct found found = find(parser->command, NULL, 0, *letter);
		const char *text = letter + 1;
		int result;

		if (!found.item)
			return refuse_unknown(parser, short_name);
		if (found.item->type == OPTIONS_FLAG) {
			result = apply(parser, &found, NULL);
			if (result < 0)
				return result;
			continue;
		}
		result = *text ? 0 : take_value(parser, found.item, &text);
		return result < 0 ? result : apply(parser, &found, text);
	}
	return 0;
}

static int set_defaults(const struct options_command *command, char *values, struct bw_err *err)
{
	for (const struct options_group *group = command->groups; group->items; group++)
		for (size_t i = 0; i < group->count; i++) {
			const struct options_item *item = &group->items[i];
			int result = 0;

			if (item->standard)
				result = options_set(item, item->standard,
						     values + group->offset + item->offset, err);
			if (result < 0)
				return result;
		}
	return 0;
}

static int check_operands(const struct parser *parser)
{
	const struct options_command *command = parser->command;
	const struct options_result *result = parser->result;

	if (result->action != OPTIONS_RUN)
		return 0;
	if (result->count < command->operands_min)
		return bw_err_set(parser->err, BW_ERR_USAGE,
				  "missing %s, see 'blockwatch %s --help'", command->operands,
				  command->name);
	if (command->operands_max >= 0 && result->count > command->operands_max)
		return bw_err_set(parser->err, BW_ERR_USAGE,
				  "'%s' is one argument too many, see 'blockwatch %s --help'",
				  result->operands[command->operands_max], command->name);
	return 0;
}

int options_parse(const struct options_command *command, int argc, char **argv, void *values,
		  struct options_result *ret_result, struct bw_err *err)
{
	struct options_result found = {OPTIONS_RUN, 0, argv + 1};
	struct parser parser = {command, argv, argc, 1, (char *)values, &found, err};
	bool ended = false;
	int result = set_defaults(command, parser.values, err);

	while (result == 0 && found.action == OPTIONS_RUN && parser.next < argc) {
		char *argument = argv[parser.next++];

		if (!ended && strcmp(argument, "--") == 0)
			ended = true;
		else if (!ended && strncmp(argument, "--", 2) == 0)
			result = parse_long(&parser, argument);
		else if (!ended && argument[0] == '-' && argument[1])
			result = parse_short(&parser, argument);
		else
			found.operands[found.count++] = argument;
	}
	if (result == 0)
		result = check_operands(&parser);
	if (result == 0)
		*ret_result = found;
	return result;
}

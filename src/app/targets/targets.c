/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/blocklists.h"
#include "app/common/columns.h"
#include "app/common/exit.h"
#include "app/common/log.h"
#include "app/common/notes.h"
#include "app/common/staleness.h"
#include "app/targets/build/build.h"
#include "app/targets/targets_diff.h"
#include "app/targets/targets_options.h"
#include "app/targets/targets_show.h"
#include "base/clean.h"
#include "base/suggest.h"
#include "sys/machine/clock.h"
#include "target/age.h"
#include "target/catalog/catalog.h"
#include "target/catalog/catalog_list.h"
#include "target/file/write.h"
#include "target/network.h"

#define TARGETS "targets"

/* The arguments of a subcommand. */
struct context {
	struct targets_values values;
	const struct catalog *catalog;
	int count; /* operands after the subcommand */
	char **operands;
};

/* Keeps the first failure, which becomes the exit code. */
static void note(int *status, int other)
{
	if (*status == 0)
		*status = other;
}

static int say_memory(void)
{
	struct bw_err err;

	bw_err_set(&err, -ENOMEM, "out of memory");
	return exit_with_error(NULL, &err);
}

/* Prints a line of JSON and frees it. NULL: there was no memory for it. */
static int print_line(char *text)
{
	if (!text)
		return say_memory();
	puts(text);
	free(text);
	return 0;
}

static int print_summary(const char *file, const struct bw_target *target, const struct bw_err *err)
{
	return print_line(target_write_summary(file, target, err));
}

static void add_row(struct columns *columns, const struct catalog_entry *entry,
		    const struct bw_target *target)
{
	columns_add(columns, "%s", entry->name);
	columns_add(columns, "%zu", target->network_count);
	columns_add(columns, "%" PRIu64, target_count_blocks(target));
	columns_add(columns, "%" PRIu64, target_count_hosts(target));
	columns_add(columns, "%s", target->title ? target->title : "-");
	columns_add(columns, "%s", entry->path);
}

static int list_entry(const struct context *context, const struct catalog_entry *entry,
		      struct columns *columns)
{
	struct bw_target *target = NULL;
	struct bw_err err;
	int status = 0;

	if (catalog_read(entry->path, &target, &err) < 0)
		status = exit_with_error(NULL, &err);
	if (context->values.json)
		note(&status, print_summary(entry->path, target, &err));
	else if (target)
		add_row(columns, entry, target);
	bw_target_free(target);
	return status;
}

static int run_list(const struct context *context)
{
	static const struct table_column titles[] = {
		{.title = "NAME"},
		{.title = "NETWORKS", .right = true},
		{.title = "BLOCKS", .right = true},
		{.title = "HOSTS", .right = true},
		{.title = "TITLE", .gives_way = true},
		{.title = "FILE"},
	};
	struct catalog_entries entries;
	struct columns columns;
	int status = 0;

	if (catalog_list(context->catalog, &entries) < 0)
		return say_memory();
	columns_init(&columns, titles, sizeof(titles) / sizeof(titles[0]), stdout);
	for (size_t i = 0; i < entries.count; i++)
		note(&status, list_entry(context, &entries.list[i], &columns));
	if (entries.count == 0)
		log_warn("no targets in %s", catalog_path(context->catalog));
	else if (!context->values.json && columns_print(&columns) < 0)
		note(&status, say_memory());
	columns_fini(&columns);
	catalog_entries_fini(&entries);
	return status;
}

static int show(const struct context *context, const struct bw_target *target,
		const struct prefix_set *blocklist)
{
	struct bw_wall now = clock_now().wall;
	struct bw_err err;

	staleness_warn(target, TARGET_STALE_AFTER_NS, now);
	if (context->values.json)
		return print_line(target_write(target, false));
	return targets_show(target, blocklist, now, &err) < 0 ? exit_with_error(NULL, &err) : 0;
}

static int show_all(const struct context *context, const struct prefix_set *blocklist)
{
	int status = 0;

	for (int i = 0; i < context->count; i++) {
		struct bw_target *target = NULL;
		struct bw_err err;

		if (catalog_resolve(context->catalog, context->operands[i], &target, &err) < 0) {
			note(&status, exit_with_error(NULL, &err));
			continue;
		}
		notes_log(target);
		if (i > 0 && !context->values.json)
			putchar('\n');
		note(&status, show(context, target, blocklist));
		bw_target_free(target);
	}
	return status;
}

static int run_show(const struct context *context)
{
	const struct options_texts *files = &context->values.blocklists;
	struct prefix_set *blocklist = NULL;
	struct bw_err err;
	int status;

	if (files->count > 0 && blocklists_read(files, &blocklist, &err) < 0)
		return exit_with_error(NULL, &err);
	status = show_all(context, blocklist);
	prefix_set_free(blocklist);
	return status;
}

static void print_valid(const char *file, const struct bw_target *target)
{
	clean_print(file, stdout);
	fputs(": valid, target ", stdout);
	clean_print(target->name, stdout);
	fputs(": ", stdout);
	targets_show_sum(target, stdout);
}

static int run_validate(const struct context *context)
{
	int status = 0;

	for (int i = 0; i < context->count; i++) {
		const char *file = context->operands[i];
		struct bw_target *target = NULL;
		struct bw_err err;

		if (catalog_read(file, &target, &err) < 0)
			note(&status, exit_with_error(NULL, &err));
		else
			notes_log(target);
		if (context->values.json)
			note(&status, print_summary(file, target, &err));
		else if (target)
			print_valid(file, target);
		bw_target_free(target);
	}
	return status;
}

static int run_diff(const struct context *context)
{
	struct bw_target *targets[2] = {NULL, NULL};
	struct bw_err err;
	int status = 0;

	if (context->count != 2) {
		bw_err_set(&err, BW_ERR_USAGE, "diff takes two targets");
		return exit_with_error(TARGETS, &err);
	}
	for (int i = 0; i < 2 && status == 0; i++)
		if (catalog_resolve(context->catalog, context->operands[i], &targets[i], &err) < 0)
			status = exit_with_error(NULL, &err);
	if (status == 0)
		status = targets_diff(targets[0], targets[1], context->values.json, stdout) > 0;
	bw_target_free(targets[0]);
	bw_target_free(targets[1]);
	return status;
}

static const struct subcommand {
	const char *name, *operand; /* NULL: takes none */
	int (*run)(const struct context *context);
} subcommands[] = {
	{"list", NULL, run_list},
	{"show", "TARGET", run_show},
	{"validate", "FILE", run_validate},
	{"diff", "TARGET", run_diff},
};
#define SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static int refuse_subcommand(const char *given)
{
	struct suggest suggest;
	struct bw_err err;

	suggest_init(&suggest, given);
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		suggest_offer(&suggest, subcommands[i].name);
	suggest_offer(&suggest, "build");
	bw_err_set(&err, BW_ERR_USAGE, "unknown subcommand '%.60s', %s%s%s", given,
		   suggest.best ? "did you mean '"
				: "there are list, show, validate, build and diff",
		   suggest.best ? suggest.best : "", suggest.best ? "'?" : "");
	return exit_with_error(TARGETS, &err);
}

static int run_with_catalog(const struct subcommand *subcommand, struct context *context)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog;
	int status;

	catalog = catalog_new(&environment);
	if (!catalog)
		return say_memory();
	context->catalog = catalog;
	status = subcommand->run(context);
	catalog_free(catalog);
	return status;
}

static int run_subcommand(const struct subcommand *subcommand, struct context *context)
{
	struct bw_err err;

	if (!subcommand->operand && context->count > 0)
		bw_err_set(&err, BW_ERR_USAGE, "%s takes no argument, but there is '%.60s'",
			   subcommand->name, context->operands[0]);
	if (subcommand->operand && context->count == 0)
		bw_err_set(&err, BW_ERR_USAGE, "%s needs a %s", subcommand->name,
			   subcommand->operand);
	if (context->values.blocklists.count > 0 && subcommand->run != run_show)
		bw_err_set(&err, BW_ERR_USAGE, "--blocklist is for show, not for %s",
			   subcommand->name);
	else if (!subcommand->operand == (context->count == 0))
		return run_with_catalog(subcommand, context);
	return exit_with_error(TARGETS, &err);
}

static const struct subcommand *find_subcommand(const char *name)
{
	for (size_t i = 0; i < SUBCOMMANDS; i++)
		if (strcmp(name, subcommands[i].name) == 0)
			return &subcommands[i];
	return NULL;
}

/* A subcommand that comes first has options of its own. */
static int run_own(const struct subcommand *subcommand, int argc, char **argv)
{
	struct context context = {0};
	struct options_result result;
	int status;

	if (!command_parse(targets_options_of(subcommand->name), argc, argv, &context.values,
			   &result, &status))
		return status;
	context.count = result.count;
	context.operands = result.operands;
	return run_subcommand(subcommand, &context);
}

static int run(int argc, char **argv)
{
	const struct subcommand *subcommand = argc > 1 ? find_subcommand(argv[1]) : NULL;
	struct context context = {0};
	struct options_result result;
	int status;

	if (argc > 1 && strcmp(argv[1], "build") == 0)
		return build_run(argc - 1, argv + 1);
	if (subcommand)
		return run_own(subcommand, argc - 1, argv + 1);
	if (!command_parse(targets_options_of(NULL), argc, argv, &context.values, &result,
			   &status))
		return status;
	context.count = result.count - 1;
	context.operands = result.operands + 1;
	subcommand = find_subcommand(result.operands[0]);
	return subcommand ? run_subcommand(subcommand, &context)
			  : refuse_subcommand(result.operands[0]);
}

const struct command targets_command = {"targets", "look after target files", run};

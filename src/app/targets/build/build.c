/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/command.h"
#include "app/targets/build/build_inputs.h"
#include "app/targets/build/build_options.h"
#include "app/targets/build/build_write.h"
#include "app/targets/targets_origin.h"
#include "app/targets/targets_show.h"
#include "base/clean.h"
#include "target/build/sample.h"
#include "target/network.h"

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* The name by which the target is asked for: that of the country, else of the file. */
static char *make_name(const struct build_request *request)
{
	char *name;

	if (!request->country)
		return strcmp(request->options->output, "-") == 0
			       ? strdup("target")
			       : target_name_of_file(request->options->output);
	name = strdup(request->country->code);
	for (char *c = name; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

/* The newest date of the inputs; NULL: there is none. */
static const char *find_newest(const struct bw_origin *origin)
{
	const char *newest = NULL;

	for (size_t i = 0; origin && i < origin->input_count; i++)
		if (!newest || strcmp(origin->inputs[i].date, newest) > 0)
			newest = origin->inputs[i].date;
	return newest;
}

static int fill_head(const struct build_request *request, struct bw_target *target,
		     struct bw_err *err)
{
	const char *source = request->options->source;
	const char *updated = find_newest(target->origin);

	if (!updated && *request->day)
		updated = request->day;
	target->name = make_name(request);
	target->source = strdup(source ? source : "blockwatch targets build, of the inputs below");
	target->updated = copy(updated);
	target->methods.list[0] = (struct bw_method){BW_PROTOCOL_ICMP, 0};
	target->methods.count = 1;
	if (request->country) {
		target->title = copy(request->country->name);
		target->country = copy(request->country->code);
		target->timezone = copy(request->country->timezone);
	}
	if (!target->name || !target->source || (updated && !target->updated) ||
	    (request->country && (!target->title || !target->country)))
		return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

/* What was made, beside the file: where that goes to standard output, on standard error. */
static void print_result(const struct bw_target *target, const char *path)
{
	FILE *out = strcmp(path, "-") == 0 ? stderr : stdout;

	clean_print(path, out);
	fputs(": ", out);
	clean_print(target->title ? target->title : target->name, out);
	fputs(", ", out);
	targets_show_sum(target, out);
	targets_origin_print_sums(target->origin, out);
	if (target_count_hosts(target) == 0 && out == stdout) {
		fputs("  no host is known yet; to find them: blockwatch survey ", out);
		clean_print(path, out);
		fputs(" --write ", out);
		clean_print(path, out);
		fputc('\n', out);
	}
}

/* Takes a sample where one is asked for, and refuses what is too large. */
static int limit(const struct build_options *options, struct bw_target *target, struct bw_err *err)
{
	int result = 0;
	uint64_t blocks;

	if (options->sample > 0)
		result = sample_take(target, options->sample, options->seed);
	if (result < 0)
		return bw_err_set(err, result, "out of memory");
	blocks = target_count_blocks(target);
	if (blocks <= options->max_blocks)
		return 0;
	return bw_err_set(err, BW_ERR_LIMIT,
			  "%" PRIu64 " blocks are more than %" PRIu64 ": watch a part of them "
			  "(--sample), or allow it (--max-blocks)",
			  blocks, options->max_blocks);
}

static int make(struct build_request *request, struct bw_target *target, struct bw_err *err)
{
	const struct build_options *options = request->options;
	int result = build_inputs_read(request, target, err);

	if (result == 0)
		result = limit(options, target, err);
	if (result == 0)
		result = fill_head(request, target, err);
	if (result == 0)
		result = build_write(target, options->output, options->force, err);
	if (result == 0)
		print_result(target, options->output);
	return result;
}

static int build(void *values, const struct options_result *result, int *ret_status,
		 struct bw_err *err)
{
	struct bw_target *target = calloc(1, sizeof(*target));
	struct build_request request;
	int code = build_options_check(values, &request, err);

	(void)result;
	(void)ret_status;
	if (code == 0)
		code = target ? make(&request, target, err)
			      : bw_err_set(err, -ENOMEM, "out of memory");
	build_request_fini(&request);
	bw_target_free(target);
	return code;
}

int build_run(int argc, char **argv)
{
	struct build_options values = {0};

	return command_run(&build_command, argc, argv, &values, build);
}

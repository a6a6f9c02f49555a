/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/blocklists.h"
#include "app/common/host_name.h"
#include "app/common/log.h"
#include "app/common/notes.h"
#include "app/survey/survey_resume.h"
#include "conf/options/common.h"
#include "probe/blocked.h"
#include "sys/net/resolve.h"
#include "target/catalog/catalog.h"
#include "target/list/lines.h"

#define V6_ASKED_MAX 65536 /* addresses of an IPv6 network that are asked one by one */
#define LIST_BYTES 8192                /* of a list in memory; a longer line is an error */
#define EVERYTHING (UINT64_C(1) << 31) /* more IPv4 addresses than this are "everything" */

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static int add_prefix(struct survey_input *input, const struct bw_prefix *prefix,
		      struct bw_err *err)
{
	char text[BW_PREFIX_TEXT];
	int code;

	if (input->family && prefix->addr.family != input->family)
		return 0;
	code = sweep_space_add(input->space, prefix);
	if (code == BW_ERR_LIMIT)
		return bw_err_set(err, code,
				  "%s has too many addresses to ask each of them; give a list of "
				  "those that are known",
				  bw_prefix_format(prefix, text));
	return code < 0 ? out_of_memory(err) : 0;
}

/* Adds what a list or a target names: a prefix with too many IPv6 addresses is left out. */
static int add_listed(struct survey_input *input, const struct bw_prefix *prefix,
		      struct bw_err *err)
{
	int code = add_prefix(input, prefix, err);

	if (code != BW_ERR_LIMIT || prefix->addr.family != 6)
		return code;
	if (input->left_out++ == 0)
		input->first_left_out = *prefix;
	return 0;
}

/* A list of millions of lines is never in memory as text. */
static int read_list(struct survey_input *input, FILE *file, const char *name, struct bw_err *err)
{
	char buffer[LIST_BYTES];
	struct lines lines = lines_of_stream(file, buffer, sizeof(buffer), name);
	struct span span;
	int code;

	while ((code = lines_next(&lines, &span, err)) > 0) {
		code = add_listed(input, &span.prefix, err);
		if (code < 0) {
			bw_err_place(err, name, (int)span.origin, 0, NULL);
			break;
		}
	}
	return code;
}

/* A plain list names the addresses that it means. */
static bool asks_all(const struct bw_network *network)
{
	return network->host_count == 0 || (network->known && network->prefix.addr.family == 4);
}

/* The blocks that are watched. An IPv6 network without hosts is too large to ask all of it. */
static int add_blocks(struct survey_input *input, const struct bw_network *network,
		      struct bw_err *err)
{
	int code = 0;

	if (network->prefix.addr.family == 6 && bw_prefix_size(&network->prefix) > V6_ASKED_MAX) {
		input->unasked++;
		return 0;
	}
	if (network->blocks.count == 0)
		return add_listed(input, &network->prefix, err);
	for (size_t i = 0; i < network->blocks.count && code == 0; i++)
		code = add_listed(input, &network->blocks.list[i], err);
	return code;
}

/*
 * Adds every address of the IPv4 networks of a target, and in IPv6 the hosts that it lists.
 * Networks that list none are added as a whole.
 */
static int add_target(struct survey_input *input, const struct bw_target *target,
		      struct bw_err *err)
{
	int code = 0;

	for (size_t n = 0; n < target->network_count && code == 0; n++) {
		const struct bw_network *network = &target->networks[n];
		size_t hosts = asks_all(network) ? 0 : network->host_count;

		if (hosts == 0)
			code = add_blocks(input, network, err);
		for (size_t h = 0; h < hosts && code == 0; h++) {
			struct bw_prefix host = {network->hosts[h].addr,
						 (uint8_t)bw_addr_bits(&network->hosts[h].addr)};

			code = add_prefix(input, &host, err);
		}
	}
	return code;
}

static int read_target(struct survey_input *input, const char *operand, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog = catalog_new(&environment);
	struct bw_target *target = NULL;
	int code;

	if (!catalog)
		return out_of_memory(err);
	code = catalog_resolve(catalog, operand, &target, err);
	if (code == BW_ERR_MISSING && input->resolve && resolve_is_name(operand))
		code = host_name_target(operand, input->family, &target, err);
	else if (code == BW_ERR_MISSING)
		host_name_hint(operand, err);
	if (code == 0)
		notes_log(target);
	if (code == 0)
		code = add_target(input, target, err);
	bw_target_free(target);
	catalog_free(catalog);
	return code;
}

/* A file is a list, unless it starts as JSON does, with or without a byte order mark. */
static bool is_list(FILE *file)
{
	int c = fgetc(file);

	while (c != EOF && c != '\0' && strchr(" \t\r\n\xef\xbb\xbf", c))
		c = fgetc(file);
	rewind(file);
	return c != '{';
}

static int read_operand(struct survey_input *input, const char *operand, struct bw_err *err)
{
	struct bw_prefix prefix;
	struct stat status;
	FILE *file;
	int code;

	if (strcmp(operand, "-") == 0)
		return read_list(input, stdin, "standard input", err);
	code = bw_prefix_parse(operand, &prefix, err);
	if (code == 0)
		return add_prefix(input, &prefix, err);
	if (stat(operand, &status) < 0 || !(file = fopen(operand, "re"))) {
		struct bw_addr addr;

		/* "198.18.0.1/16" is a bad prefix and not the name of a target. */
		if (code == BW_ERR_VALUE || bw_addr_parse(operand, &addr) == 0)
			return code;
		return read_target(input, operand, err);
	}
	if (S_ISREG(status.st_mode) && !is_list(file))
		code = read_target(input, operand, err);
	else
		code = read_list(input, file, operand, err);
	fclose(file);
	return code;
}

static void warn_of_large(const struct survey_input *input)
{
	char text[BW_PREFIX_TEXT], more[48] = "";

	if (input->left_out == 0)
		return;
	if (input->left_out > 1)
		snprintf(more, sizeof(more), " (and %zu more)", input->left_out - 1);
	log_warn("%s%s has too many addresses to ask each of them: left out; in IPv6 list the "
		 "hosts that are known",
		 bw_prefix_format(&input->first_left_out, text), more);
}

static void warn_of_unasked(const struct survey_input *input)
{
	if (input->unasked > 0)
		log_warn("%zu IPv6 networks without hosts are too large to ask every address of "
			 "them; give lists of hosts",
			 input->unasked);
}

static void warn_of_left_out(const struct sweep_space_sum *sum)
{
	if (sum->repeated > 0)
		log_warn("%" PRIu64 " addresses were given more than once; each is asked once",
			 sum->repeated);
	if (sum->reserved > 0)
		log_warn("%" PRIu64 " special-purpose addresses will not be asked; "
			 "--allow-reserved allows it",
			 sum->reserved);
	if (sum->blocklisted > 0)
		log_warn("%" PRIu64 " addresses on the block list will not be asked",
			 sum->blocklisted);
}

static int say_nobody(const struct sweep_space_sum *sum, struct bw_err *err)
{
	if (sum->reserved > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "there is nobody to ask: %" PRIu64 " special-purpose addresses "
				  "(--allow-reserved allows them), %" PRIu64 " on the block list",
				  sum->reserved, sum->blocklisted);
	if (sum->blocklisted > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "there is nobody to ask: all %" PRIu64 " addresses are on the "
				  "block list",
				  sum->blocklisted);
	return bw_err_set(err, BW_ERR_VALUE,
			  "there is nobody to ask: what was given names no address");
}

/* How many prefixes of A lie outside of B. */
static size_t count_outside(const struct prefix_set *a, const struct prefix_set *b)
{
	struct bw_prefix prefix;
	size_t count = 0;

	for (size_t i = 0; prefix_set_at(a, i, &prefix); i++)
		count += !blocked_covers(b, &prefix);
	return count;
}

static void warn_of_changed_list(const struct survey_input *input)
{
	size_t more = count_outside(input->blocklist, input->ordered_by);
	size_t fewer = count_outside(input->ordered_by, input->blocklist);

	if (more > 0)
		log_warn("%zu entries of the block list are new since the survey began: they are "
			 "not asked from now on",
			 more);
	if (fewer > 0)
		log_warn("%zu entries are no longer on the block list; this survey leaves them "
			 "out to its end",
			 fewer);
}

/* Takes the block list of the run that is resumed for the order of the addresses. */
static int read_ordered_by(struct survey_input *input, const struct survey_options *options,
			   struct bw_err *err)
{
	struct prefix_set *set;
	int code;

	input->ordered_by = input->blocklist;
	if (!options->resume)
		return 0;
	set = prefix_set_new();
	code = set ? survey_resume_blocklist(options->resume, set, err) : out_of_memory(err);
	if (code == 1 && prefix_set_seal(set) < 0)
		code = out_of_memory(err);
	if (code <= 0) {
		prefix_set_free(set);
		return code;
	}
	input->ordered_by = set;
	warn_of_changed_list(input);
	return 0;
}

static int seal(struct survey_input *input, const struct survey_options *options,
		struct bw_err *err)
{
	struct permit permit = input->permit;
	int code;

	permit.blocklist = input->ordered_by;
	code = sweep_space_seal(input->space, &permit, &input->sum);

	if (code == BW_ERR_LIMIT)
		return bw_err_set(err, code, "more than 2^33 addresses; survey them part by part");
	if (code < 0)
		return out_of_memory(err);
	if (input->sum.count_v4 > EVERYTHING && !options->allow_everything)
		return bw_err_set(err, BW_ERR_USAGE,
				  "that is most of the IPv4 Internet (%" PRIu64
				  " addresses); --allow-everything allows it",
				  input->sum.count_v4);
	if (input->sum.count == 0)
		return say_nobody(&input->sum, err);
	warn_of_unasked(input);
	warn_of_left_out(&input->sum);
	return 0;
}

int survey_input_open(struct survey_input *input, const struct survey_options *options,
		      char *const *operands, size_t count, struct bw_err *err)
{
	int code;

	*input = (struct survey_input){
		.permit = {.allow_reserved = options->allow_reserved},
		.family = conf_family(options->v4, options->v6),
		.resolve = options->resolve,
	};
	input->space = sweep_space_new();
	code = input->space ? blocklists_read(&options->blocklists, &input->blocklist, err)
			    : out_of_memory(err);
	input->permit.blocklist = input->blocklist;
	for (size_t i = 0; i < count && code == 0; i++)
		code = read_operand(input, operands[i], err);
	warn_of_large(input);
	if (code == 0)
		code = read_ordered_by(input, options, err);
	return code < 0 ? code : seal(input, options, err);
}

void survey_input_close(struct survey_input *input)
{
	sweep_space_free(input->space);
	if (input->ordered_by != input->blocklist)
		prefix_set_free(input->ordered_by);
	prefix_set_free(input->blocklist);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build_inputs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/targets/build/build_facts.h"
#include "app/targets/build/build_kinds.h"
#include "target/build/announced.h"
#include "target/build/networks.h"
#include "target/build/opinion.h"
#include "target/origin.h"
#include "target/tables/mmdb_file.h"

static int take_bytes(void *self, const char *bytes, size_t length, struct bw_err *err)
{
	return text_lines_push(self, bytes, length, err);
}

static int read_file(struct build_reading *reading, const struct build_kind *kind, const char *path,
		     struct bw_err *err)
{
	const char *shown = strcmp(path, "-") == 0 ? input_file_name(path) : path;
	char day[CELL_DAY] = "";
	struct input_facts facts;
	struct text_lines text;
	int result;

	if (mmdb_file_is(path)) {
		bw_err_set(err, BW_ERR_SYNTAX,
			   "this is an mmdb and no text: give it as --mmdb (labels) or --second");
		bw_err_place(err, shown, 0, 0, NULL);
		return BW_ERR_SYNTAX;
	}
	kind->begin(reading);
	text = text_lines_of(shown, kind->line, kind->self(reading));
	result = input_file_read(path, take_bytes, &text, &facts, err);
	if (result == 0)
		result = text_lines_end(&text, err);
	text_lines_fini(&text);
	if (result < 0)
		return result;
	result = kind->end(reading, day, err);
	if (result < 0) {
		bw_err_place(err, shown, 0, 0, NULL);
		return result;
	}
	return build_facts_add(reading->request, reading->target,
			       &(struct build_facts){kind->use, path, day, &facts}, err);
}

/* A database cannot be read front to back; its bytes are read for their digest alone. */
static int skip_bytes(void *self, const char *bytes, size_t length, struct bw_err *err)
{
	(void)self;
	(void)bytes;
	(void)length;
	(void)err;
	return 0;
}

static int add_database(struct build_reading *reading, const char *use, const char *path,
			const char *day, struct bw_err *err)
{
	struct input_facts facts;
	int result = input_file_read(path, skip_bytes, NULL, &facts, err);

	return result < 0 ? result
			  : build_facts_add(reading->request, reading->target,
					    &(struct build_facts){use, path, day, &facts}, err);
}

static int read_labels(struct build_reading *reading, struct bw_err *err)
{
	const struct options_texts *files = &reading->request->options->mmdbs;
	struct address_origins *labels = &reading->inputs.labels;
	int result = 0;

	for (size_t i = 0; i < files->count && result == 0; i++) {
		result = address_origins_read_mmdb(labels, files->list[i], MMDB_WANT_ASES, err);
		if (result == 0)
			result = add_database(reading, "mmdb", files->list[i],
					      mmdb_day(labels->databases[i]), err);
	}
	return result;
}

static int read_second_database(struct build_reading *reading, const char *path, struct bw_err *err)
{
	struct mmdb *mmdb = NULL;
	int result = mmdb_open(path, MMDB_WANT_COUNTRIES, &mmdb, err);

	if (result < 0)
		return result;
	result = mmdb_add_country(mmdb, reading->country, &reading->second.countries);
	if (result == BW_ERR_SYNTAX) {
		bw_err_set(err, result, "this mmdb is damaged: download it again");
		bw_err_place(err, path, 0, 0, NULL);
	}
	if (result == 0)
		result = add_database(reading, "second", path, mmdb_day(mmdb), err);
	mmdb_close(mmdb);
	return result;
}

static int read_files(struct build_reading *reading, const struct build_kind *kind,
		      const struct options_texts *files, struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < files->count && result == 0; i++)
		result = read_file(reading, kind, files->list[i], err);
	return result;
}

/* Says why nothing is left. */
static int check_result(const struct build_reading *reading, struct bw_err *err)
{
	const struct build_request *request = reading->request;
	const struct bw_origin *origin = reading->target->origin;
	const char *of = request->country ? request->country->name : "these ASes";

	if (reading->target->network_count > 0)
		return 0;
	if (range_set_count(&reading->space) == 0)
		return bw_err_set(err, BW_ERR_VALUE, "no network of %s%s%s%s is in the inputs", of,
				  request->country ? " (" : "",
				  request->country ? request->country->code : "",
				  request->country ? ")" : "");
	if (origin && origin->left_out_v4.networks + origin->left_out_v6.networks > 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "none of the networks of %s is announced in the inputs", of);
	return bw_err_set(err, BW_ERR_VALUE, "--exclude leaves no network of %s", of);
}

static int read_all(struct build_reading *reading, struct bw_err *err)
{
	const struct build_options *options = reading->request->options;
	struct networks_inputs *inputs = &reading->inputs;
	int result = read_files(reading, &build_kind_delegated, &options->delegated, err);

	if (result == 0)
		result = read_files(reading, &build_kind_ranges, &options->ranges, err);
	if (result == 0)
		result = read_files(reading, &build_kind_exclude, &options->exclude, err);
	if (result == 0)
		result = networks_space(inputs, &reading->space);
	inputs->announced = announced_of(&reading->space, inputs->ases, inputs->as_count);
	if (result == 0)
		result = read_files(reading, &build_kind_announced, &options->announced, err);
	if (result == 0)
		result = read_labels(reading, err);
	if (result == 0)
		result = networks_make(inputs, &reading->space, reading->target);
	if (result == 0)
		result = check_result(reading, err);
	return result == -ENOMEM ? bw_err_set(err, result, "out of memory") : result;
}

/* The second opinion is compared with what is delegated, announced or not. */
static int read_second(struct build_reading *reading, struct bw_err *err)
{
	const struct options_texts *files = &reading->request->options->second;
	struct ranges *second = &reading->second;
	int result = 0;

	for (size_t i = 0; i < files->count && result == 0; i++)
		result = mmdb_file_is(files->list[i])
				 ? read_second_database(reading, files->list[i], err)
				 : read_file(reading, &build_kind_second, files->list[i], err);

	if (result < 0 || files->count == 0)
		return result;
	result = range_set_add_all(&second->countries, &second->both);
	if (result == 0)
		result = ranges_seal(second);
	if (result == 0)
		result = opinion_make(&reading->space, &second->countries, reading->target);
	return result == -ENOMEM ? bw_err_set(err, result, "out of memory") : result;
}

/* Hosts of a scan that says no day have answered on that of the file. */
static void date_hits(struct build_reading *reading)
{
	const struct bw_origin *origin = reading->target->origin;
	const char *date = origin->inputs[origin->input_count - 1].date;
	struct cell cell = {date, strlen(date)};

	hitlist_set_day(&reading->hitlist, hitlist_day(&cell));
}

static int read_hitlists(struct build_reading *reading, struct bw_err *err)
{
	const struct options_texts *files = &reading->request->options->hitlists;
	int result = 0;

	reading->hits = hits_of(reading->target);
	for (size_t i = 0; i < files->count && result == 0; i++) {
		result = read_file(reading, &build_kind_hitlist, files->list[i], err);
		if (result == 0)
			date_hits(reading);
	}
	if (result == 0)
		result = hits_assign(&reading->hits, reading->target);
	hits_fini(&reading->hits);
	return result == -ENOMEM ? bw_err_set(err, result, "out of memory") : result;
}

int build_inputs_read(struct build_request *request, struct bw_target *target, struct bw_err *err)
{
	struct build_reading reading = {
		.request = request,
		.target = target,
		.country = request->country ? request->country->code : "",
	};
	int result;

	reading.inputs.ranges = ranges_of(reading.country);
	reading.inputs.labels = address_origins_of();
	reading.second = ranges_of(reading.country);
	reading.inputs.asked = request->prefixes;
	reading.inputs.ases = request->ases;
	reading.inputs.as_count = request->as_count;
	result = read_all(&reading, err);
	if (result == 0)
		result = read_second(&reading, err);
	if (result == 0)
		result = read_hitlists(&reading, err);
	request->prefixes = reading.inputs.asked;
	range_set_fini(&reading.space);
	range_set_fini(&reading.inputs.delegated);
	range_set_fini(&reading.inputs.excluded);
	ranges_fini(&reading.inputs.ranges);
	ranges_fini(&reading.second);
	announced_fini(&reading.inputs.announced);
	address_origins_fini(&reading.inputs.labels);
	return result;
}

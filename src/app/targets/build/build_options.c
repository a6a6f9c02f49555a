/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build_options.h"

#include <errno.h>
#include <string.h>

#include "conf/options/common.h"
#include "target/tables/cells.h"

#define AT(member) offsetof(struct build_options, member)

static const struct options_item whose[] = {
	{"country", 'c', OPTIONS_TEXT, AT(country), "CC", 0, 0, NULL,
	 "the networks of this country (ISO 3166-1, two letters)"},
	{"asn", 0, OPTIONS_TEXTS, AT(ases), "N", 0, 0, NULL,
	 "also the networks of this AS; needs a table that has ASes"},
	{"prefix", 'p', OPTIONS_TEXTS, AT(prefixes), "PREFIX", 0, 0, NULL,
	 "also this network, announced or not"},
	{"exclude", 0, OPTIONS_TEXTS, AT(exclude), "FILE", 0, 0, NULL,
	 "leave out the prefixes and addresses listed in FILE"},
};
static const struct options_item inputs[] = {
	{"delegated", 'd', OPTIONS_TEXTS, AT(delegated), "FILE", 0, 0, NULL,
	 "a registry's delegated or delegated-extended file: the holders' networks"},
	{"ranges", 'r', OPTIONS_TEXTS, AT(ranges), "FILE", 0, 0, NULL,
	 "a table of ranges with the country or the AS of each (START,END,CC or AS: CSV or TSV, "
	 "addresses or numbers). Countries add networks; ASes label and cut them"},
	{"announced", 'a', OPTIONS_TEXTS, AT(announced), "FILE", 0, 0, NULL,
	 "announced prefixes with their AS (pfx2as, or 'bgpdump -m' of a table): the networks "
	 "become these, and what is not announced is left out"},
	{"hitlist", 0, OPTIONS_TEXTS, AT(hitlists), "FILE", 0, 0, NULL,
	 "hosts that answer: an address a line, or the output of fping, zmap, masscan, scamper; "
	 "lists of ISI and trinarkular. The form is recognised"},
	{"second", 0, OPTIONS_TEXTS, AT(second), "FILE", 0, 0, NULL,
	 "another opinion, a table of ranges with countries or an mmdb: differences are listed in "
	 "the file and change no network"},
	{"mmdb", 0, OPTIONS_TEXTS, AT(mmdbs), "FILE", 0, 0, NULL,
	 "an mmdb with ASes, such as GeoLite2-ASN: it only labels networks whose AS no other input "
	 "says"},
	{"date", 0, OPTIONS_TEXT, AT(date), "DATE", 0, 0, NULL,
	 "the date of inputs that say none themselves, such as 2026-06-17; default: when they were "
	 "modified"},
};
static const struct options_item size[] = {
	{"sample", 0, OPTIONS_COUNT, AT(sample), "N", 1, 65536, NULL,
	 "watch only about N blocks of each AS (where it is not known, of each network), spread "
	 "evenly, those with hosts first, and one of each network at least"},
	{"seed", 0, OPTIONS_COUNT, AT(seed), "NUMBER", 1, 18446744073709551615.0, "1",
	 "another sample"},
	{"max-blocks", 0, OPTIONS_COUNT, AT(max_blocks), "N", 1, 16777216, "100000",
	 "refuse a target of more blocks"},
};
static const struct options_item output[] = {
	{"output", 'o', OPTIONS_TEXT, AT(output), "FILE", 1, 4095, "-",
	 "write the target file there, '-': to standard output"},
	{"source", 0, OPTIONS_TEXT, AT(source), "TEXT", 1, 4000, NULL,
	 "the `source` of the file: where the data comes from, and its licence"},
	{"force", 'f', OPTIONS_FLAG, AT(force), NULL, 0, 0, NULL,
	 "replace FILE even if the new one is smaller by 30 % or more"},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
static const struct options_group groups[] = {
	{"Whose networks", whose, COUNT(whose), 0},
	{"Inputs", inputs, COUNT(inputs), 0},
	{"Size", size, COUNT(size), 0},
	{"Output", output, COUNT(output), 0},
	{NULL, NULL, 0, 0},
};
static const struct options_example examples[] = {
	{"blockwatch targets build -c TV -d delegated-apnic-latest -o tv.json",
	 "Tuvalu as the registry has it"},
	{"bgpdump -m rib.gz | blockwatch targets build -c CD -d afrinic -a - -o cd.json",
	 "only what is announced, as it is announced"},
	{"blockwatch survey tv.json --write tv.json", "then find out who answers there"},
	{NULL, NULL},
};
static const struct options_exit exits[] = {{0, "the target file was written"}, CONF_COMMON_EXITS};

const struct options_command build_command = {
	.name = "targets build",
	.operands = "",
	.description =
		"Makes a target file of registry and routing data. The same inputs give the same "
		"bytes. Files may be packed with gzip; '-' is standard input.\n"
		"A registry knows the holder of an address, which need not be in the country; a "
		"database of places knows where an address may be in use. Use --second to see how "
		"far they differ.\n"
		"Without --hitlist the target has no hosts. Until 'blockwatch survey FILE --write "
		"FILE' has found some, its blocks are never-seen, and their silence proves "
		"nothing.",
	.groups = groups,
	.operands_min = 0,
	.operands_max = 0,
	.examples = examples,
	.exits = exits,
};

static int refuse(struct bw_err *err, const char *field)
{
	if (err)
		err->code = BW_ERR_USAGE;
	bw_err_place(err, NULL, 0, 0, field);
	return BW_ERR_USAGE;
}

static int find_country(const char *code, const struct country **ret_country, struct bw_err *err)
{
	struct cell cell = {code, strlen(code)};
	const struct country *guess = country_guess(code);
	char capitals[3];

	if (cell_country(&cell, capitals) && (*ret_country = country_find(capitals)))
		return 0;
	if (guess)
		bw_err_set(err, BW_ERR_USAGE,
			   "'%.40s' is no country code (ISO 3166-1), did you mean %s (%s)?", code,
			   guess->code, guess->name);
	else
		bw_err_set(err, BW_ERR_USAGE,
			   "'%.40s' is no country code: two letters of ISO 3166-1, such as TV",
			   code);
	return refuse(err, "--country");
}

static int read_ases(const struct build_options *options, struct build_request *request,
		     struct bw_err *err)
{
	for (size_t i = 0; i < options->ases.count; i++) {
		const char *text = options->ases.list[i];
		struct cell cell = {text, strlen(text)};

		if (!cell_asn(&cell, &request->ases[i]) || request->ases[i] == 0) {
			bw_err_set(err, BW_ERR_USAGE, "'%.40s' is no AS number: 1 to 4294967295",
				   text);
			return refuse(err, "--asn");
		}
		request->as_count++;
	}
	return 0;
}

static int read_prefixes(const struct build_options *options, struct build_request *request,
			 struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < options->prefixes.count && result == 0; i++) {
		const char *text = options->prefixes.list[i];
		struct bw_prefix prefix;

		result = bw_prefix_parse(text, &prefix, err);
		if (result == BW_ERR_SYNTAX)
			bw_err_set(err, result, "'%.60s' is no prefix: write it like 198.18.0.0/24",
				   text);
		if (result < 0)
			return refuse(err, "--prefix");
		result = range_set_add_prefix(&request->prefixes, &prefix, 0);
	}
	return result;
}

static int read_date(const char *date, struct build_request *request, struct bw_err *err)
{
	struct cell cell = {date, strlen(date)};

	if ((cell.length == 8 || cell.length == 10) && cell_day(&cell, request->day))
		return 0;
	bw_err_set(err, BW_ERR_USAGE, "'%.40s' is no date: write it like 2026-06-17", date);
	return refuse(err, "--date");
}

static size_t count_stdin(const struct options_texts *files)
{
	size_t count = 0;

	for (size_t i = 0; i < files->count; i++)
		count += strcmp(files->list[i], "-") == 0;
	return count;
}

static int check_together(const struct build_options *o, struct bw_err *err)
{
	size_t as_tables = o->ranges.count + o->announced.count;

	if (!o->country && o->ases.count + o->prefixes.count == 0)
		return bw_err_set(err, BW_ERR_USAGE,
				  "say whose networks: --country, --asn or "
				  "--prefix");
	if (o->country && o->delegated.count + o->ranges.count + o->prefixes.count == 0)
		return bw_err_set(
			err, BW_ERR_USAGE,
			"nothing says which networks %s has: give --delegated or --ranges",
			o->country);
	if (o->ases.count > 0 && as_tables == 0)
		return bw_err_set(err, BW_ERR_USAGE,
				  "--asn needs a table with ASes: --announced or --ranges");
	if (!o->country && o->second.count > 0)
		return bw_err_set(err, BW_ERR_USAGE, "--second needs --country");
	if (count_stdin(&o->mmdbs) > 0)
		return bw_err_set(err, BW_ERR_USAGE,
				  "an mmdb cannot be standard input: give its file to --mmdb");
	if (count_stdin(&o->delegated) + count_stdin(&o->ranges) + count_stdin(&o->announced) +
		    count_stdin(&o->second) + count_stdin(&o->hitlists) + count_stdin(&o->exclude) >
	    1)
		return bw_err_set(err, BW_ERR_USAGE, "only one input can be standard input");
	return 0;
}

int build_options_check(const struct build_options *options, struct build_request *ret_request,
			struct bw_err *err)
{
	int result = check_together(options, err);

	*ret_request = (struct build_request){.options = options};
	if (result == 0 && options->country)
		result = find_country(options->country, &ret_request->country, err);
	if (result == 0)
		result = read_ases(options, ret_request, err);
	if (result == 0)
		result = read_prefixes(options, ret_request, err);
	if (result == 0 && options->date)
		result = read_date(options->date, ret_request, err);
	return result == -ENOMEM ? bw_err_set(err, result, "out of memory") : result;
}

void build_request_fini(struct build_request *request)
{
	range_set_fini(&request->prefixes);
}

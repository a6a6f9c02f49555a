/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_options.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/siphash.h"
#include "wire/method/method_ops.h"

#define RATE_MIN 0.1
#define RATE_MAX 100e6
#define SHARDS_MAX 65536

/* What Ethernet adds to a packet: preamble, header, checksum, gap. A frame has 84 bytes or more. */
#define LINK_BYTES 38
#define LINK_MIN 84

static double bits_of(const struct bw_methods *methods)
{
	double most = 0;

	for (unsigned i = 0; i < methods->count; i++) {
		double bytes = IP_V6_HEADER + method_ops(methods->list[i].protocol)->length +
			       LINK_BYTES;

		most = fmax(most, fmax(bytes, LINK_MIN) * 8);
	}
	return most;
}

static bool is_bits(const char *unit)
{
	return strcmp(unit, "bit") == 0 || strcmp(unit, "bps") == 0 || strcmp(unit, "bit/s") == 0;
}

int survey_rate_parse(const char *text, const struct bw_methods *methods, double *ret_pps,
		      struct bw_err *err)
{
	static const char factors[] = "kMG";
	size_t digits = strspn(text, "0123456789.");
	const char *unit = text + digits, *factor;
	double rate = digits ? strtod(text, NULL) : -1;

	if (strcmp(text, "max") == 0) {
		*ret_pps = INFINITY;
		return 0;
	}
	factor = *unit ? strchr(factors, *unit) : NULL;
	if (factor) {
		rate *= pow(1000, (double)(factor - factors + 1));
		unit++;
	}
	if (is_bits(unit))
		rate /= bits_of(methods);
	else if (*unit && strcmp(unit, "pps") != 0)
		rate = -1;
	if (rate == 0)
		bw_err_set(err, BW_ERR_USAGE,
			   "at '%.60s' nobody is ever asked; max is as fast as this machine can",
			   text);
	else if (rate < 0)
		bw_err_set(err, BW_ERR_USAGE,
			   "'%.60s' is no rate; examples: 1000, 50k, 100Mbit, max", text);
	else if (rate < RATE_MIN || rate > RATE_MAX)
		bw_err_set(err, BW_ERR_USAGE, "'%.60s' is out of range %g..%g packets a second",
			   text, RATE_MIN, RATE_MAX);
	if (!(rate >= RATE_MIN && rate <= RATE_MAX)) {
		bw_err_place(err, NULL, 0, 0, "--rate");
		return BW_ERR_USAGE;
	}
	*ret_pps = rate;
	return 0;
}

int survey_shard_parse(const char *text, uint32_t *ret_number, uint32_t *ret_shards,
		       struct bw_err *err)
{
	char *end = NULL;
	unsigned long number = 0, shards = 0;

	if (text[0] >= '0' && text[0] <= '9')
		number = strtoul(text, &end, 10);
	if (end && *end == '/' && end[1] >= '0' && end[1] <= '9')
		shards = strtoul(end + 1, &end, 10);
	if (!end || *end || shards == 0)
		bw_err_set(err, BW_ERR_USAGE, "'%.60s' is no shard; of eight they are 1/8 to 8/8",
			   text);
	else if (shards > SHARDS_MAX)
		bw_err_set(err, BW_ERR_USAGE, "'%.60s': there are %d shards at most", text,
			   SHARDS_MAX);
	else if (number == 0 || number > shards)
		bw_err_set(err, BW_ERR_USAGE,
			   "there is no shard %.60s; of %lu they are 1/%lu to "
			   "%lu/%lu",
			   text, shards, shards, shards, shards);
	if (!end || *end || shards == 0 || shards > SHARDS_MAX || number == 0 || number > shards) {
		bw_err_place(err, NULL, 0, 0, "--shard");
		return BW_ERR_USAGE;
	}
	*ret_number = (uint32_t)number;
	*ret_shards = (uint32_t)shards;
	return 0;
}

static int refuse(const char *option, const char *message, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_USAGE, "%s", message);
	bw_err_place(err, NULL, 0, 0, option);
	return BW_ERR_USAGE;
}

int survey_options_check(struct survey_options *options, struct bw_err *err)
{
	int code;

	if (options->methods.count == 0)
		options->methods = (struct bw_methods){1, {{.protocol = BW_PROTOCOL_ICMP}}};
	code = survey_rate_parse(options->rate, &options->methods, &options->rate_pps, err);
	if (code == 0)
		code = survey_shard_parse(options->shard ? options->shard : "1/1",
					  &options->shard_number, &options->shards, err);
	if (code == 0 && options->shards > 1 && options->seed == 0)
		code = refuse("--shard", "shards fit together only in the same order; give --seed",
			      err);
	if (code == 0 && options->csv && options->json)
		code = refuse("--csv", "--csv and --json are two ways to print; choose one", err);
	if (code == 0 && options->csv) {
		code = survey_csv_parse(options->csv, &options->fields, err);
		if (code < 0)
			bw_err_place(err, NULL, 0, 0, "--csv");
	}
	return code;
}

static int refuse_file(const char *path, int error, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write there: %s", bw_error_text(error));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

/* A file that exists must be writable; for a new one its folder must be. */
static int check_file(const char *path, struct bw_err *err)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";
	struct stat status;

	if (slash)
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path),
			 path);
	if (stat(path, &status) < 0)
		return access(folder, W_OK | X_OK) < 0 ? refuse_file(path, -errno, err) : 0;
	if (S_ISDIR(status.st_mode))
		return refuse_file(path, -EISDIR, err);
	return access(path, W_OK) < 0 ? refuse_file(path, -errno, err) : 0;
}

int survey_options_check_files(const struct survey_options *options, struct bw_err *err)
{
	const char *const paths[] = {options->resume, options->write, options->summary};
	int code = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && code == 0; i++)
		if (paths[i])
			code = check_file(paths[i], err);
	return code;
}

uint64_t survey_options_seed(const struct survey_options *options)
{
	struct siphash_key key = siphash_key_random();

	return options->seed ? options->seed : siphash(&key, "seed", 4) >> 11 | 1;
}

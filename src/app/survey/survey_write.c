/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_write.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/log.h"
#include "base/array.h"
#include "base/day.h"
#include "report/survey/survey_target.h"
#include "sys/disk/new_file.h"
#include "target/catalog/catalog.h"
#include "target/file/file.h"
#include "target/file/parse.h"
#include "target/file/write.h"
#include "target/merge.h"

struct writing {
	struct survey_target target;
	uint32_t passes;
};

static void write_host(void *self, const struct bw_addr *addr, uint32_t passes)
{
	struct writing *writing = self;

	survey_target_add(&writing->target, addr,
			  fmin(1, (double)passes / (double)writing->passes));
}

/* Counts the passes. One that was interrupted counts, because its answers do. */
static uint32_t count_passes(const struct survey_options *options, const struct sweep *sweep)
{
	uint64_t probes = sweep_share(sweep) * options->methods.count;

	return probes ? (uint32_t)((sweep_progress(sweep) + probes - 1) / probes) : 0;
}

static int write_new(const struct survey_options *options, const struct sweep *sweep,
		     struct bw_wall now, struct bw_err *err)
{
	struct writing writing = {.passes = count_passes(options, sweep)};
	struct survey_target_head head = {
		.methods = &options->methods,
		.source = "blockwatch survey",
		.now = now,
	};
	struct new_file file;
	int code = new_file_open(&file, options->write);

	if (code == 0) {
		survey_target_begin(&writing.target, file.out, &head);
		sweep_each_answered(sweep, write_host, &writing);
		code = new_file_close(&file, survey_target_end(&writing.target));
	}
	if (code == BW_ERR_MISSING) {
		log_warn("nobody answered: %s was not written", options->write);
		return 0;
	}
	if (code < 0) {
		bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write: %s", bw_error_text(code));
		bw_err_place(err, options->write, 0, 0, NULL);
		code = BW_ERR_UNAVAILABLE;
	}
	return code;
}

/* A target file: JSON with a country, a name or the like that shall stay. NULL: it is none. */
static struct bw_target *read_file(const char *path)
{
	struct bw_target *target = NULL;
	struct stat status;
	char *bytes = NULL;
	size_t length;

	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    file_read(path, &bytes, &length, NULL) < 0)
		return NULL;
	(void)target_parse(bytes, length, path, &target, NULL);
	free(bytes);
	return target;
}

static struct bw_target *read_operand(const char *operand)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog = catalog_new(&environment);
	struct bw_target *target = NULL, *file;

	if (!catalog || catalog_resolve(catalog, operand, &target, NULL) < 0)
		target = NULL;
	catalog_free(catalog);
	file = target && target->file ? read_file(target->file) : NULL;
	bw_target_free(target);
	return file;
}

/* A file with a slip, or no target file, would be replaced, and all that it says lost. */
int survey_write_check(const char *path, struct bw_err *err)
{
	struct bw_target *target = NULL;
	struct bw_err why = {0};
	struct stat status;
	char *bytes = NULL;
	size_t length;
	int code;

	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
		return 0;
	code = file_read(path, &bytes, &length, &why);
	if (code == 0)
		code = target_parse(bytes, length, path, &target, &why);
	free(bytes);
	bw_target_free(target);
	if (code >= 0)
		return 0;
	bw_err_set(err, BW_ERR_VALUE,
		   "it is no target file and is not replaced (%.200s); mend or remove it, or give "
		   "another",
		   why.message);
	bw_err_place(err, path, why.line, why.column, why.field);
	return BW_ERR_VALUE;
}

struct gathering {
	struct array hosts; /* struct bw_host */
	struct bw_host host;
	uint32_t passes;
	bool failed;
};

static void gather(void *self, const struct bw_addr *addr, uint32_t passes)
{
	struct gathering *gathering = self;
	struct bw_host host = gathering->host;

	host.addr = *addr;
	host.availability = (float)fmin(1, (double)passes / (double)gathering->passes);
	if (array_add(&gathering->hosts, &host) < 0)
		gathering->failed = true;
}

static int put_merged(const struct survey_options *options, struct bw_target *base,
		      struct bw_err *err)
{
	char *text = target_write(base, true);
	int code = text ? new_file_put(options->write, text) : -ENOMEM;

	free(text);
	if (code == 0)
		return 0;
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write: %s", bw_error_text(code));
	bw_err_place(err, options->write, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

/* Hosts that were asked by other methods than those of the target say so. */
static bool has_methods(const struct bw_target *base, const struct bw_methods *methods)
{
	for (unsigned i = 0; i < methods->count; i++)
		if (i >= base->methods.count ||
		    !bw_method_equal(base->methods.list[i], methods->list[i]))
			return false;
	return true;
}

/* The day of the survey is that of the file. Out of memory, the former one stays. */
static void set_updated(struct bw_target *base, struct bw_wall now)
{
	char text[DAY_TEXT];
	char *day = strdup(day_format(now, text));

	if (day) {
		free(base->updated);
		base->updated = day;
	}
}

static int write_merged(const struct survey_options *options, const struct sweep *sweep,
			struct bw_target *base, struct bw_wall now, struct bw_err *err)
{
	struct gathering gathering = {
		.hosts = array_of(sizeof(struct bw_host)),
		.host.seen_day = (uint16_t)(now.ns / (86400 * BW_S)),
		.passes = count_passes(options, sweep),
	};
	int code;

	set_updated(base, now);
	if (!has_methods(base, &options->methods))
		gathering.host.methods = options->methods;
	sweep_each_answered(sweep, gather, &gathering);
	code = gathering.failed ? -ENOMEM
				: merge_hosts(base, array_at(&gathering.hosts, 0),
					      gathering.hosts.count, &options->methods);
	if (code < 0)
		bw_err_set(err, code, "out of memory");
	else if (gathering.hosts.count == 0)
		log_warn("nobody answered: %s was not written", options->write);
	else
		code = put_merged(options, base, err);
	array_fini(&gathering.hosts);
	return code;
}

int survey_write(const struct survey_options *options, const char *operand,
		 const struct sweep *sweep, struct bw_wall now, struct bw_err *err)
{
	struct bw_target *base = read_file(options->write);
	int code;

	if (!base && operand)
		base = read_operand(operand);
	code = base ? write_merged(options, sweep, base, now, err)
		    : write_new(options, sweep, now, err);
	bw_target_free(base);
	return code;
}

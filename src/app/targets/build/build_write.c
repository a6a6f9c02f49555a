/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build_write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sys/disk/new_file.h"
#include "target/catalog/catalog.h"
#include "target/file/write.h"
#include "target/network.h"

#define REMAINS_PERCENT 70 /* of a file that is replaced: more than this */

/* What the size of a target is measured by. */
struct extent {
	const char *what;
	uint64_t count;
};
#define EXTENTS 3

static void measure(const struct bw_target *target, struct extent extents[EXTENTS])
{
	extents[0] = (struct extent){"IPv4 addresses", 0};
	extents[1] = (struct extent){"IPv6 blocks", 0};
	extents[2] = (struct extent){"hosts", target_count_hosts(target)};
	for (size_t i = 0; i < target->network_count; i++) {
		const struct bw_prefix *prefix = &target->networks[i].prefix;

		if (prefix->addr.family == 4)
			extents[0].count += bw_prefix_size(prefix);
		else
			extents[1].count += bw_prefix_parts(prefix, BW_BLOCK_LENGTH_V6);
	}
}

static int refuse(const char *path, struct bw_err *err)
{
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_VALUE;
}

static int check_remains(const struct bw_target *old, const struct bw_target *target,
			 struct bw_err *err)
{
	struct extent before[EXTENTS], after[EXTENTS];

	measure(old, before);
	measure(target, after);
	for (int i = 0; i < EXTENTS; i++)
		if (before[i].count > 0 &&
		    after[i].count * 100 <= before[i].count * REMAINS_PERCENT)
			return bw_err_set(err, BW_ERR_VALUE,
					  "not replaced: the new file has %" PRIu64
					  " %s and the old one %" PRIu64 "; --force replaces it",
					  after[i].count, after[i].what, before[i].count);
	return 0;
}

/* Whether the file at PATH may be replaced; one that is not there may. */
static int check_old(const struct bw_target *target, const char *path, struct bw_err *err)
{
	struct bw_target *old = NULL;
	struct stat status;
	struct bw_err why;
	int result;

	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
		return 0;
	result = catalog_read(path, &old, &why);
	if (result < 0)
		bw_err_set(err, BW_ERR_VALUE,
			   "not replaced: it is no target file (%.200s); --force replaces it",
			   why.message);
	else
		result = check_remains(old, target, err);
	bw_target_free(old);
	return result < 0 ? refuse(path, err) : 0;
}

static int put(FILE *out, const char *text)
{
	return fputs(text, out) < 0 || fputc('\n', out) < 0 ? -EIO : 0;
}

static int replace(const char *text, const char *path, struct bw_err *err)
{
	int result = new_file_put(path, text);

	if (result == 0)
		return 0;
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot write: %s", bw_error_text(result));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

int build_write(const struct bw_target *target, const char *path, bool force, struct bw_err *err)
{
	bool is_stdout = strcmp(path, "-") == 0;
	char *text;
	int result = is_stdout || force ? 0 : check_old(target, path, err);

	if (result < 0)
		return result;
	text = target_write(target, true);
	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (is_stdout)
		(void)put(stdout, text); /* exit_finish() says what went wrong */
	else
		result = replace(text, path, err);
	free(text);
	return result;
}

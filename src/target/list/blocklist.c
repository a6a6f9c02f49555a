/* SPDX-License-Identifier: Apache-2.0 */
#include "target/list/blocklist.h"

#include <stdlib.h>

#include "base/addr/prefix_set.h"
#include "target/file/file.h"
#include "target/list/lines.h"

int blocklist_parse(const char *bytes, size_t length, const char *file_name,
		    struct prefix_set *set, struct bw_err *err)
{
	struct lines lines = lines_of(bytes, length, file_name);
	struct span span;
	int result, count = 0;

	lines.ignore_words = true;
	while ((result = lines_next(&lines, &span, err)) > 0) {
		result = prefix_set_add(set, &span.prefix, span.origin);
		if (result < 0)
			return bw_err_set(err, result, "out of memory");
		count++;
	}
	return result < 0 ? result : count;
}

int blocklist_read(const char *path, struct prefix_set *set, struct bw_err *err)
{
	char *bytes;
	size_t length;
	int result = file_read(path, &bytes, &length, err);

	if (result < 0)
		return result;
	result = blocklist_parse(bytes, length, path, set, err);
	free(bytes);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/blocklists.h"

#include <errno.h>

#include "app/common/notes.h"
#include "target/list/blocklist.h"

static int read_all(const struct options_texts *files, struct prefix_set *set, struct bw_err *err)
{
	size_t added = 0;

	for (size_t i = 0; i < files->count; i++) {
		int code = blocklist_read(files->list[i], set, err);

		if (code < 0)
			return code;
		added += (size_t)code;
	}
	if (prefix_set_seal(set) < 0)
		return bw_err_set(err, -ENOMEM, "out of memory");
	notes_log_merged(set, added);
	return 0;
}

int blocklists_read(const struct options_texts *files, struct prefix_set **ret_set,
		    struct bw_err *err)
{
	struct prefix_set *set = prefix_set_new();
	int code;

	if (!set)
		return bw_err_set(err, -ENOMEM, "out of memory");
	code = read_all(files, set, err);
	if (code < 0) {
		prefix_set_free(set);
		return code;
	}
	*ret_set = set;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/notes.h"

#include <string.h>

#include "app/common/log.h"

void notes_log(const struct bw_target *target)
{
	const char *note = target->notes;

	while (note && *note) {
		size_t length = strcspn(note, "\n");

		log_warn("%.*s", (int)length, note);
		note += length + (note[length] != '\0');
	}
}

void notes_log_merged(const struct prefix_set *blocklist, size_t added)
{
	size_t merged = added - prefix_set_count(blocklist) + prefix_set_nested(blocklist);

	if (merged > 0)
		log_warn("%zu of the entries of the block list are listed twice or lie in "
			 "another, and count once",
			 merged);
}

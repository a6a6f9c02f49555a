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

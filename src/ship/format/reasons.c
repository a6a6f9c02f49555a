/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/reasons.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ship/format/excerpt.h"

void reasons_clear(struct reasons *reasons)
{
	if (reasons->length > 0)
		memset(reasons->at, 0, BATCH_LINES * sizeof(reasons->at[0]));
	reasons->length = 0;
}

void reasons_fini(struct reasons *reasons)
{
	free(reasons->text);
	free(reasons->at);
	*reasons = (struct reasons){.length = 0};
}

/* Returns false without memory. */
static bool make_room(struct reasons *reasons)
{
	size_t room = 2 * reasons->room + REASONS_TEXT;
	char *larger;

	if (!reasons->at)
		reasons->at = calloc(BATCH_LINES, sizeof(reasons->at[0]));
	if (!reasons->at)
		return false;
	if (reasons->room - reasons->length >= REASONS_TEXT)
		return true;
	larger = realloc(reasons->text, room);
	if (!larger)
		return false;
	reasons->text = larger;
	reasons->room = room;
	return true;
}

void reasons_set(struct reasons *reasons, size_t n, const char *reason)
{
	char *at;

	if (n >= BATCH_LINES || !reason || !reason[0] || reasons_of(reasons, n) ||
	    !make_room(reasons))
		return;
	at = reasons->text + reasons->length;
	excerpt_copy(at, REASONS_TEXT, reason, strlen(reason));
	if (!at[0])
		return;
	reasons->at[n] = (uint32_t)reasons->length + 1;
	reasons->length += strlen(at) + 1;
}

const char *reasons_of(const struct reasons *reasons, size_t n)
{
	if (!reasons || !reasons->at || n >= BATCH_LINES || reasons->at[n] == 0)
		return NULL;
	return reasons->text + reasons->at[n] - 1;
}

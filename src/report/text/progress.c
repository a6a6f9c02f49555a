/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_AFTER (1 * BW_S)
#define INTERVAL (100 * BW_MS)
#define ERASE "\r\033[K" /* to column 0, clear to the end of the line */

static const char *plural(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

char *progress_format(int64_t elapsed_ns, const struct progress_counts *counts, unsigned columns,
		      char *buffer)
{
	snprintf(buffer, PROGRESS_TEXT,
		 "%" PRId64 " s  %" PRIu64 " of %" PRIu64 " block%s known, %" PRIu64
		 " probe%s, %" PRIu64 " %s",
		 elapsed_ns / BW_S, counts->known, counts->blocks, plural(counts->blocks, "", "s"),
		 counts->probes, plural(counts->probes, "", "s"), counts->replies,
		 plural(counts->replies, "reply", "replies"));
	if (columns && strlen(buffer) > columns)
		buffer[columns] = '\0';
	return buffer;
}

void progress_init(struct progress *progress, struct bw_mono start, unsigned columns)
{
	*progress = (struct progress){
		.start = start,
		.due = bw_mono_add(start, FIRST_AFTER),
		.columns = columns,
	};
}

struct bw_mono progress_due(const struct progress *progress)
{
	return progress->due;
}

size_t progress_update(struct progress *progress, struct bw_mono now,
		       const struct progress_counts *counts, char *buffer)
{
	/* The last column stays free: a terminal that wraps there would not come back. */
	unsigned room = progress->columns > 1 ? progress->columns - 1 : progress->columns;
	char line[PROGRESS_TEXT];

	if (bw_mono_before(now, progress->due))
		return 0;
	progress->due = bw_mono_add(now, INTERVAL);
	progress->shown = true;
	progress_format(bw_mono_since(now, progress->start), counts, room, line);
	return (size_t)snprintf(buffer, PROGRESS_TEXT, "\r%.*s\033[K", PROGRESS_TEXT - 8, line);
}

size_t progress_erase(struct progress *progress, char *buffer)
{
	if (!progress->shown)
		return 0;
	progress->shown = false;
	memcpy(buffer, ERASE, sizeof(ERASE));
	return sizeof(ERASE) - 1;
}

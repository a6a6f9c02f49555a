/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/backlog.h"

#define LINES_AT_ONCE 20000

int backlog_init(struct backlog *backlog, int folder, const struct filter *filter,
		 const struct position_place *from)
{
	int code;

	*backlog = (struct backlog){.filter = *filter};
	backlog->filter.lane = FILTER_ALL;
	code = reader_new(folder, &backlog->filter, NULL, NULL, &backlog->reader);
	if (code == 0)
		reader_seek(backlog->reader, from);
	return code;
}

void backlog_fini(struct backlog *backlog)
{
	reader_free(backlog->reader);
	backlog->reader = NULL;
}

bool backlog_look(struct backlog *backlog)
{
	struct position_place end;
	const char *line;
	size_t length;

	for (int i = 0; i < LINES_AT_ONCE; i++) {
		if (reader_next(backlog->reader, &line, &length, &end) == 0)
			return reader_is_behind(backlog->reader);
		backlog->found_records++;
		backlog->found_bytes += (int64_t)length;
	}
	return true;
}

void backlog_rewind(struct backlog *backlog, const struct position_place *place)
{
	backlog->found_records = backlog->done_records;
	backlog->found_bytes = backlog->done_bytes;
	backlog->surplus_records = backlog->surplus_bytes = 0;
	reader_seek(backlog->reader, place);
}

void backlog_set_done(struct backlog *backlog, uint64_t records, uint64_t bytes)
{
	backlog->done_records = (int64_t)records;
	backlog->done_bytes = (int64_t)bytes;
}

void backlog_reset(struct backlog *backlog)
{
	backlog->surplus_records = backlog->found_records - backlog->done_records;
	backlog->surplus_bytes = backlog->found_bytes - backlog->done_bytes;
}

static uint64_t difference(int64_t found, int64_t done, int64_t surplus)
{
	int64_t left = found - done - surplus;

	return left > 0 ? (uint64_t)left : 0;
}

uint64_t backlog_records(const struct backlog *backlog)
{
	return difference(backlog->found_records, backlog->done_records, backlog->surplus_records);
}

uint64_t backlog_bytes(const struct backlog *backlog)
{
	return difference(backlog->found_bytes, backlog->done_bytes, backlog->surplus_bytes);
}

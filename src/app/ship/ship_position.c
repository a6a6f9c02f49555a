/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ship/ship_position.h"

#include <stdio.h>
#include <string.h>

#include "app/common/log.h"
#include "sys/spool/position_file.h"
#include "sys/spool/reader.h"

/* Whether one of the lanes would go on behind all that is in the spool. */
static bool is_ahead(int folder, const struct position *position)
{
	static const struct filter all = {.lane = FILTER_ALL};
	struct reader *reader;
	bool ahead;

	if (reader_new(folder, &all, NULL, NULL, &reader) < 0)
		return false;
	reader_seek(reader, &position->sent);
	ahead = reader_is_ahead(reader);
	reader_seek(reader, &position->events_sent);
	ahead |= reader_is_ahead(reader);
	reader_free(reader);
	return ahead;
}

bool ship_position_read(int folder, const char *sink, const char *spool,
			struct position *ret_position)
{
	struct position position = {.updated = {0}};
	bool must_write = false;
	struct bw_err err = {0};
	int code = position_file_read(folder, sink, &position, &err);

	if (code < 0 && code != BW_ERR_MISSING)
		log_error("ship", &err);
	if (code == 0 && strcmp(position.spool, spool) != 0) {
		log_warn("ship: %s: its position is of another spool: all of this one is sent",
			 sink);
		code = BW_ERR_VALUE;
	}
	if (code == 0 && is_ahead(folder, &position)) {
		log_warn("ship: %s: its position is behind the end of the spool: all that is there "
			 "is sent",
			 sink);
		must_write = true;
		code = BW_ERR_VALUE;
	}
	if (code < 0)
		position = (struct position){.updated = {0}};
	snprintf(position.sink, sizeof(position.sink), "%s", sink);
	snprintf(position.spool, sizeof(position.spool), "%s", spool);
	*ret_position = position;
	return must_write;
}

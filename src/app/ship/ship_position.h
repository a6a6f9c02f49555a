/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_POSITION_H
#define APP_SHIP_SHIP_POSITION_H

#include <stdbool.h>

#include "ship/position.h"

/*
 * Where a sink goes on: the position on the disk, or the beginning of the spool when there is none,
 * when it is of another spool than SPOOL (its id), or behind the end of this one. FOLDER is that of
 * the spool. Logs what is wrong. Returns true if the file must be written anew at once, because
 * `run` deletes what lies before the position in it.
 */
bool ship_position_read(int folder, const char *sink, const char *spool,
			struct position *ret_position);

#endif

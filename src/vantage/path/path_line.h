/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_LINE_H
#define VANTAGE_PATH_LINE_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers from 0 in a line, first in first out, each at most once. */
struct path_line {
	uint32_t *ring;
	bool *stands; /* by number */
	uint32_t room, head, count;
};

/* For the numbers up to ROOM. Returns 0 or -ENOMEM; fini may be called in both cases. */
int path_line_init(struct path_line *line, uint32_t room);
void path_line_fini(struct path_line *line);

/* Puts NUMBER at the end, unless it stands in the line. */
void path_line_put(struct path_line *line, uint32_t number);

/* Takes the first number of a line that is not empty. */
uint32_t path_line_take(struct path_line *line);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_line.h"

#include <errno.h>

#include "base/huge_array.h"

int path_line_init(struct path_line *line, uint32_t room)
{
	*line = (struct path_line){
		.ring = huge_array_new(room + 1U, sizeof(*line->ring)),
		.stands = huge_array_new(room + 1U, sizeof(*line->stands)),
		.room = room,
	};
	return line->ring && line->stands ? 0 : -ENOMEM;
}

void path_line_fini(struct path_line *line)
{
	huge_array_free(line->ring);
	huge_array_free(line->stands);
	*line = (struct path_line){.room = 0};
}

void path_line_put(struct path_line *line, uint32_t number)
{
	if (line->stands[number])
		return;
	line->stands[number] = true;
	line->ring[(line->head + line->count++) % line->room] = number;
}

uint32_t path_line_take(struct path_line *line)
{
	uint32_t number = line->ring[line->head];

	line->head = (line->head + 1) % line->room;
	line->count--;
	line->stands[number] = false;
	return number;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/write/spool_waiting.h"

#include <stdlib.h>
#include <string.h>

struct spool_waiting_line {
	struct spool_waiting_line *next;
	struct spool_line line; /* its text is `text` */
	char boot[SPOOL_GROUP_BOOT];
	char text[];
};

void spool_waiting_init(struct spool_waiting *waiting)
{
	*waiting = (struct spool_waiting){.first = NULL};
	waiting->end = &waiting->first;
}

void spool_waiting_fini(struct spool_waiting *waiting)
{
	while (waiting->first)
		spool_waiting_remove(waiting);
}

bool spool_waiting_add(struct spool_waiting *waiting, const struct spool_line *line, size_t max)
{
	size_t boot = strlen(line->boot);
	struct spool_waiting_line *copy;

	if (waiting->bytes + line->length > max || boot >= SPOOL_GROUP_BOOT)
		return false;
	copy = malloc(sizeof(*copy) + line->length);
	if (!copy)
		return false;
	copy->next = NULL;
	copy->line = *line;
	memcpy(copy->boot, line->boot, boot + 1);
	memcpy(copy->text, line->text, line->length);
	copy->line.boot = copy->boot;
	copy->line.text = copy->text;
	*waiting->end = copy;
	waiting->end = &copy->next;
	waiting->bytes += line->length;
	waiting->count++;
	return true;
}

bool spool_waiting_first(const struct spool_waiting *waiting, struct spool_line *ret_line)
{
	if (!waiting->first)
		return false;
	*ret_line = waiting->first->line;
	return true;
}

void spool_waiting_remove(struct spool_waiting *waiting)
{
	struct spool_waiting_line *line = waiting->first;

	waiting->first = line->next;
	if (!waiting->first)
		waiting->end = &waiting->first;
	waiting->bytes -= line->line.length;
	waiting->count--;
	free(line);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/host_note.h"

#include <errno.h>
#include <stdlib.h>

#include "json/field.h"

/* The room is the next power of two. */
static int append(struct bw_target *target, const struct bw_host_note *note)
{
	size_t count = target->host_note_count;
	struct bw_host_note *list;

	if ((count & (count - 1)) == 0) {
		list = (struct bw_host_note *)realloc(target->host_notes,
						      (count ? 2 * count : 1) * sizeof(*list));
		if (!list)
			return -ENOMEM;
		target->host_notes = list;
	}
	target->host_notes[target->host_note_count++] = *note;
	return 0;
}

int host_note_read(const struct node *node, const struct bw_addr *addr, struct bw_target *target)
{
	const struct node name = node_member(node, "name"), source = node_member(node, "source");
	struct bw_host_note note = {.addr = *addr};
	int result = field_copy_text(&name, HOST_NOTE_NAME_MAX, &note.name);

	if (result == 0)
		result = field_copy_text(&source, HOST_NOTE_SOURCE_MAX, &note.source);
	if (result == 0 && (note.name || note.source)) {
		result = append(target, &note);
		if (result == 0)
			return 0;
	}
	free(note.name);
	free(note.source);
	return result;
}

static int compare(const void *a, const void *b)
{
	return bw_addr_compare(&((const struct bw_host_note *)a)->addr,
			       &((const struct bw_host_note *)b)->addr);
}

void host_note_sort(struct bw_target *target)
{
	if (target->host_note_count > 1)
		qsort(target->host_notes, target->host_note_count, sizeof(*target->host_notes),
		      compare);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/cover.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ship/read/cursor.h"
#include "ship/read/sound.h"
#include "ship/segment_name.h"
#include "sys/spool/write/spool_lines.h"

#define GROUP_MAX (SPOOL_GROUP_SIZE + CURSOR_LINE_MAX) /* bytes of a group that is looked at */
#define AGAIN ((uint64_t)1 << 20) /* the index of a segment that grows is read again so often */

void cover_init(struct cover *cover, int folder)
{
	*cover = (struct cover){.folder = folder};
}

static void forget(struct cover *cover)
{
	free(cover->index);
	cover->index = NULL;
	cover->groups = (struct index_reader){NULL, NULL, 0};
	cover->group = (struct spool_group){.length = 0};
	cover->is_damaged = false;
}

void cover_fini(struct cover *cover)
{
	forget(cover);
	free(cover->bytes);
	cover->bytes = NULL;
}

void cover_begin(struct cover *cover, uint64_t segment)
{
	forget(cover);
	cover->segment = segment;
	cover->again = 0;
}

/*
 * `run` that rewrites a segment deletes the index, puts the new segment in its place, then the new
 * index. So an index that was read while FD still had its name is none of another segment.
 */
static void read_index(struct cover *cover, int fd)
{
	char name[SEGMENT_NAME_TEXT];
	struct stat status;
	ssize_t length;

	forget(cover);
	length = spool_lines_load(cover->folder, segment_name_format_index(cover->segment, name),
				  INDEX_MAX, &cover->index);
	if (length < 0 || fstat(fd, &status) != 0 || status.st_nlink == 0)
		forget(cover);
	else
		index_read(&cover->groups, cover->index, (size_t)length);
}

static bool has_damaged_line(const char *bytes, size_t length)
{
	struct cursor_found found;

	for (; length > 0; bytes += found.length, length -= found.length) {
		cursor_next(bytes, length, &found);
		if (found.kind != CURSOR_LINE || !sound_is_object(bytes, found.length - 1))
			return true;
	}
	return false;
}

static bool is_damaged(struct cover *cover, int fd)
{
	const struct spool_group *group = &cover->group;

	if (group->length > GROUP_MAX || (!cover->bytes && !(cover->bytes = malloc(GROUP_MAX))))
		return false;
	if (pread(fd, cover->bytes, group->length, (off_t)group->offset) != (ssize_t)group->length)
		return false;
	return !spool_group_check(group, cover->bytes) &&
	       !has_damaged_line(cover->bytes, group->length);
}

static uint64_t end_of(const struct spool_group *group)
{
	return group->offset + group->length;
}

/* Goes on to the group that OFFSET is in. False: the index covers none. */
static bool find(struct cover *cover, uint64_t offset)
{
	while (cover->groups.at && end_of(&cover->group) <= offset)
		if (!index_next(&cover->groups, &cover->group))
			cover->groups.at = NULL;
	return end_of(&cover->group) > offset;
}

/* The same; reads the index again when the segment may have got more groups. */
static bool find_again(struct cover *cover, int fd, uint64_t offset)
{
	if (find(cover, offset))
		return true;
	if (offset < cover->again)
		return false;
	cover->again = offset + AGAIN;
	read_index(cover, fd);
	return find(cover, offset);
}

size_t cover_damaged(struct cover *cover, int fd, uint64_t offset, const char **ret_bytes)
{
	const struct spool_group *group = &cover->group;

	if (end_of(group) <= offset)
		cover->is_damaged = find_again(cover, fd, offset) && is_damaged(cover, fd);
	if (!cover->is_damaged)
		return 0;
	*ret_bytes = cover->bytes + (offset - group->offset);
	return end_of(group) - offset;
}

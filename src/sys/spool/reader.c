/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "ship/read/cursor.h"
#include "ship/read/resume.h"
#include "ship/read/sound.h"
#include "sys/spool/cover.h"
#include "sys/spool/segments.h"

/*
 * A segment is read with pread() into a buffer from which whole lines are taken. At the end of a
 * segment there are three cases. It has been replaced or deleted (no name leads to it any more):
 * the place is looked for anew. A higher segment exists: this one gets no more lines, a torn
 * tail is damaged, and the next one is opened. Neither: there is nothing more at present.
 */

#define BUFFER ((size_t)1 << 20)
#define TWO_RECORDS 480 /* bytes; two of the shortest, or an event and another one */

struct reader {
	int folder;
	const struct filter *filter;
	reader_damaged damaged;
	void *self;
	int fd; /* of the segment; -1: none is open */
	uint64_t segment;
	uint64_t offset; /* in the segment, of the first byte in the buffer that is left */
	struct cover cover;
	char *buffer;
	size_t from, to;             /* what is left in the buffer */
	struct position_place place; /* behind the last line that was looked at */
	size_t looked_at;            /* bytes, in this call */
	bool behind;
	bool ahead; /* see reader_is_ahead() */
	int error;  /* why SEGMENT cannot be opened or read; 0: it can, or is not there */
};

int reader_new(int folder, const struct filter *filter, reader_damaged damaged, void *self,
	       struct reader **ret_reader)
{
	struct reader *reader = malloc(sizeof(*reader));
	char *buffer = malloc(BUFFER);

	if (!reader || !buffer) {
		free(reader);
		free(buffer);
		return -ENOMEM;
	}
	*reader = (struct reader){folder, filter, damaged, self, -1, .buffer = buffer};
	cover_init(&reader->cover, folder);
	*ret_reader = reader;
	return 0;
}

static void close_segment(struct reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
	reader->fd = -1;
	reader->from = reader->to = 0;
}

void reader_free(struct reader *reader)
{
	if (!reader)
		return;
	close_segment(reader);
	cover_fini(&reader->cover);
	free(reader->buffer);
	free(reader);
}

static bool open_segment(struct reader *reader, uint64_t number, uint64_t offset)
{
	close_segment(reader);
	reader->segment = number;
	reader->offset = offset;
	cover_begin(&reader->cover, number);
	reader->fd = segments_open(reader->folder, number);
	reader->error = reader->fd < 0 && reader->fd != -ENOENT ? reader->fd : 0;
	return reader->fd >= 0;
}

/* The first segment from NUMBER on that can be opened. */
static bool open_from(struct reader *reader, uint64_t number)
{
	while (segments_find(reader->folder, number, &number)) {
		if (open_segment(reader, number, 0))
			return true;
		if (reader->error)
			return false;
		number++;
	}
	return false;
}

/*
 * Puts more bytes behind those that are left. These are read again, too: when `run` has cut a torn
 * line off, others are in its place. Bytes that cannot be read are not the end of the segment:
 * a read stops short before them, and the next one fails. Returns whether there is anything new.
 */
static bool refill(struct reader *reader)
{
	size_t left = reader->to - reader->from;
	ssize_t count = pread(reader->fd, reader->buffer, BUFFER, (off_t)reader->offset), more = 0;

	if (count >= 0 && (size_t)count == left)
		more = pread(reader->fd, reader->buffer + left, BUFFER - left,
			     (off_t)(reader->offset + left));
	reader->error = count < 0 || more < 0 ? -errno : 0;
	reader->from = 0;
	reader->to = (count > 0 ? (size_t)count : 0) + (more > 0 ? (size_t)more : 0);
	return reader->error == 0 && reader->to != left;
}

/* Passes bytes of the segment that need not be in the buffer. */
static void pass(struct reader *reader, uint64_t length)
{
	uint64_t left = reader->to - reader->from;

	reader->offset += length;
	reader->looked_at += length;
	reader->from += length < left ? length : left;
}

/* Whether the line before the place's offset is the record of the place. */
static bool is_hint_right(struct reader *reader, const struct position_place *place)
{
	uint64_t before = place->offset < CURSOR_LINE_MAX ? place->offset : CURSOR_LINE_MAX;
	struct ship_line line;
	const char *end, *from;

	reader->offset = place->offset - before;
	reader->from = reader->to = 0;
	if (before < 2 || !refill(reader) || reader->to < before)
		return false;
	end = reader->buffer + before - 1;
	from = memrchr(reader->buffer, '\n', before - 1);
	from = from ? from + 1 : reader->buffer;
	return *end == '\n' && ship_line_scan(from, (size_t)(end - from), &line) == 0 &&
	       resume_is_place(place, &line);
}

/* Goes through the whole segment. Returns where to read on. *RET_REACHED: not before PLACE. */
static uint64_t search(struct reader *reader, const struct position_place *place, bool *ret_reached)
{
	struct cursor_found found = {.kind = CURSOR_MORE};
	struct resume resume;

	resume_init(&resume, place);
	reader->offset = 0;
	reader->from = reader->to = 0;
	do {
		cursor_next(reader->buffer + reader->from, reader->to - reader->from, &found);
		pass(reader, found.length);
		if (found.kind == CURSOR_LINE)
			resume_line(&resume, &found.line, reader->offset);
	} while (found.kind != CURSOR_MORE || refill(reader));
	*ret_reached = resume.reached;
	return resume_offset(&resume);
}

void reader_seek(struct reader *reader, const struct position_place *place)
{
	bool any = place->boot[0] && open_segment(reader, place->segment, 0), reached = false;

	reader->place = *place;
	if (any && is_hint_right(reader, place)) {
		reader->offset = place->offset;
		reached = true;
	} else if (any && !reader->error) {
		reader->offset = search(reader, place, &reached);
	}
	reader->ahead = place->boot[0] && !reader->error && !reached &&
			segments_is_newest(reader->folder, place->segment);
	if (!any || reader->error) {
		close_segment(reader);
		return;
	}
	reader->from = reader->to = 0;
	reader->place.offset = reader->offset;
}

/*
 * No segment is as high as the place: those that are there are older ones that were sent, or the
 * spool was emptied by hand and has begun anew. Reads on behind the last record before the place;
 * if none of its boot is there, at the beginning.
 */
static bool open_lower(struct reader *reader)
{
	const struct position_place place = reader->place;
	uint64_t number = 0, segment = 0, offset = 0;
	bool reached;

	for (; segments_find(reader->folder, number, &number); number++) {
		uint64_t behind =
			open_segment(reader, number, 0) ? search(reader, &place, &reached) : 0;

		if (segment == 0 || behind > 0) {
			segment = number;
			offset = behind;
		}
	}
	return segment > 0 && open_segment(reader, segment, offset);
}

/* The next one behind the place. */
static bool open_next(struct reader *reader)
{
	const struct position_place place = reader->place;
	uint64_t number = 0;
	bool any = segments_find(reader->folder, place.segment, &number);

	if (!place.boot[0])
		return open_from(reader, 0);
	if (!any)
		return open_lower(reader);
	if (number > place.segment)
		return open_from(reader, number);
	/* It is there: it could not be opened before, or is behind us. */
	reader_seek(reader, &place);
	return reader->fd >= 0;
}

/* It has another name or none, or has become shorter. */
static bool is_replaced(const struct reader *reader)
{
	struct stat status;

	return fstat(reader->fd, &status) != 0 || status.st_nlink == 0 ||
	       (uint64_t)status.st_size < reader->offset;
}

/* OFFSET: of the bytes in the segment. */
static void give_damaged(struct reader *reader, uint64_t offset, const char *bytes, size_t length)
{
	if (reader->filter->lane != FILTER_REST)
		return;
	reader->damaged(reader->self, bytes, length);
	position_damage_add(&reader->place.damage, reader->segment, offset, bytes, length);
}

/* Whether the bytes at the offset are the damage that was set aside before. */
static bool is_known_damage(const struct reader *reader)
{
	const struct position_damage *known = &reader->place.damage;
	uint64_t done = 0;
	uint32_t crc = 0;
	char bytes[16384];

	if (known->length == 0 || known->segment != reader->segment ||
	    known->offset != reader->offset)
		return false;
	while (done < known->length) {
		uint64_t left = known->length - done;
		ssize_t count =
			pread(reader->fd, bytes, left < sizeof(bytes) ? left : sizeof(bytes),
			      (off_t)(known->offset + done));

		if (count <= 0)
			return false;
		crc = crc32c(crc, bytes, (size_t)count);
		done += (uint64_t)count;
	}
	return crc == known->crc;
}

/* At the end of a segment. Returns true if there is something to read now. */
static bool go_on(struct reader *reader)
{
	const struct position_place place = reader->place;
	uint64_t number;

	if (is_replaced(reader)) {
		reader_seek(reader, &place);
		return reader->fd >= 0 ? refill(reader) : open_next(reader);
	}
	if (reader->error || !segments_find(reader->folder, reader->segment + 1, &number))
		return false;
	/* What was written before the next segment was begun. */
	if (refill(reader))
		return true;
	if (reader->error)
		return false;
	if (reader->to > reader->from)
		give_damaged(reader, reader->offset, reader->buffer + reader->from,
			     reader->to - reader->from);
	return open_from(reader, reader->segment + 1);
}

static void note_place(struct reader *reader, const struct ship_line *line)
{
	if (ship_text_copy(&line->boot, reader->place.boot, sizeof(reader->place.boot)))
		reader->place.seq = line->seq;
	reader->place.segment = reader->segment;
	reader->place.offset = reader->offset;
	reader->place.damage = (struct position_damage){.length = 0};
}

/*
 * Whether the line is for the caller. A line end that was flipped joins two records: the line is
 * then damaged up to the second one, which may be for this lane when the first is not. So lines
 * that are not are searched, too, if they are long enough for two.
 */
static bool take_line(struct reader *reader, const char *text, struct cursor_found *found)
{
	bool passes = filter_passes(reader->filter, &found->line);

	if (passes &&
	    (reader->filter->lane == FILTER_ALL || sound_is_object(text, found->length - 1)))
		return true;
	if (passes || found->length >= TWO_RECORDS)
		found->length = cursor_damaged_length(text, found->length);
	if (passes)
		reader->damaged(reader->self, text, found->length);
	return false;
}

/* Passes what is left of a group that is not as it was written. Returns false if it is. */
static bool pass_group(struct reader *reader)
{
	const char *bytes;
	size_t length;

	if (reader->filter->lane == FILTER_ALL)
		return false;
	length = cover_damaged(&reader->cover, reader->fd, reader->offset, &bytes);
	if (length == 0)
		return false;
	give_damaged(reader, reader->offset, bytes, length);
	pass(reader, length);
	return true;
}

/* Looks at one thing in the buffer. Returns its kind; *RET_TAKEN: it is a line for the caller. */
static enum cursor_kind look(struct reader *reader, const char **ret_line, size_t *ret_length,
			     bool *ret_taken)
{
	const char *text = reader->buffer + reader->from;
	struct cursor_found found;

	*ret_taken = false;
	if (is_known_damage(reader)) {
		pass(reader, reader->place.damage.length);
		return CURSOR_DAMAGED;
	}
	if (pass_group(reader))
		return CURSOR_DAMAGED;
	cursor_next(text, reader->to - reader->from, &found);
	*ret_taken = found.kind == CURSOR_LINE && take_line(reader, text, &found);
	pass(reader, found.length);
	if (found.kind == CURSOR_LINE)
		note_place(reader, &found.line);
	if (found.kind == CURSOR_DAMAGED)
		give_damaged(reader, reader->offset - found.length, text, found.length);
	*ret_line = text;
	*ret_length = found.length;
	return found.kind;
}

int reader_next(struct reader *reader, const char **ret_line, size_t *ret_length,
		struct position_place *ret_end)
{
	bool taken = false, more = reader->fd >= 0 || open_next(reader);

	reader->looked_at = 0;
	while (!taken && more && reader->looked_at < READER_STEP)
		if (look(reader, ret_line, ret_length, &taken) == CURSOR_MORE)
			more = refill(reader) || go_on(reader);
	reader->behind = !taken && more;
	*ret_end = reader->place;
	return taken;
}

bool reader_is_behind(const struct reader *reader)
{
	return reader->behind;
}

bool reader_is_ahead(const struct reader *reader)
{
	return reader->ahead;
}

int reader_error(const struct reader *reader, uint64_t *ret_segment)
{
	*ret_segment = reader->segment;
	return reader->error;
}

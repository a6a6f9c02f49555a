/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TIMELINE_CURSOR_H
#define COLLECT_API_API_TIMELINE_CURSOR_H

#include "collect/board/subject.h"

/*
 * Where the next part of a timeline begins, as text: "block/198.18.0.0/24/1766419500123456789", the
 * subject and the nanoseconds since 1970 at which its next interval begins.
 */
#define API_TIMELINE_CURSOR_TEXT (BW_PREFIX_TEXT + 40)

struct api_timeline_cursor {
	struct subject subject; /* scope and prefix alone, for subject_compare() */
	struct bw_prefix prefix;
	int64_t start_ns;
};

/* Writes it. The name of a target is left out: the path has it. */
void api_timeline_cursor_format(const struct board *board, const struct subject *subject,
				int64_t start_ns, char text[API_TIMELINE_CURSOR_TEXT]);

/* False: it is another text. SUBJECT points into *RET_CURSOR. */
bool api_timeline_cursor_parse(const char *text, struct api_timeline_cursor *ret_cursor);

#endif

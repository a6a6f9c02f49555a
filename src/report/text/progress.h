/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_PROGRESS_H
#define REPORT_TEXT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The progress of a check as one line of a terminal, rewritten in place:
 *
 *     12 s  31 of 1000 blocks known, 412 probes, 398 replies
 *
 * The line appears after the first second and changes at most ten times a second. Time is
 * an argument. The caller writes the text to standard error when that is a terminal.
 */
#define PROGRESS_TEXT 160 /* room for what is to be written at once */

struct progress_counts {
	uint64_t blocks, known; /* known: those with a verdict */
	uint64_t probes, replies;
};

struct progress {
	struct bw_mono start, due;
	unsigned columns;
	bool shown;
};

/* The line itself, at most COLUMNS wide (0: as long as it is). Returns buffer. */
char *progress_format(int64_t elapsed_ns, const struct progress_counts *counts, unsigned columns,
		      char *buffer);

/* COLUMNS: of the terminal; 0: not known. */
void progress_init(struct progress *progress, struct bw_mono start, unsigned columns);

/* When progress_update() has the next line to show. */
struct bw_mono progress_due(const struct progress *progress);

/* What to write now into BUFFER; returns its length, 0 when nothing is due yet. */
size_t progress_update(struct progress *progress, struct bw_mono now,
		       const struct progress_counts *counts, char *buffer);

/*
 * The text that clears the line, before anything else is printed and at the end; 0 when no
 * line is shown. The next update shows it again.
 */
size_t progress_erase(struct progress *progress, char *buffer);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_PROGRESS_H
#define REPORT_TEXT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * One line on a terminal that says how far something is, rewritten in place:
 *
 *     12 s  31 of 1000 blocks known, 412 probes, 398 replies
 *
 * Nothing is shown in the first second, and then no more than ten lines a
 * second. Time is an argument and the text goes to the caller, who writes it to
 * standard error when that is a terminal.
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
 * What takes the line off the screen, before anything else is printed and at the
 * end; 0 when none is there. The next update shows it again.
 */
size_t progress_erase(struct progress *progress, char *buffer);

#endif

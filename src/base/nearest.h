/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/*
 * "Did you mean": keeps the candidate that is nearest to a mistyped word, by
 * edits (insert, delete, replace, swap of neighbours; case does not count).
 * Word and candidates are borrowed and must outlive the search.
 */
struct nearest {
	const char *word;
	const char *best; /* NULL: nothing near enough so far */
	unsigned distance;
};

#define NEAREST_WORD_MAX 64 /* longer words and candidates are near to nothing */

void nearest_init(struct nearest *nearest, const char *word);

/* Of candidates at the same distance, the first one offered stays. */
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif

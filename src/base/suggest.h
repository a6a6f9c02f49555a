/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/*
 * "Did you mean": keeps the candidate that is nearest to a mistyped word, by
 * edits (insert, delete, replace, swap of neighbours; case does not count).
 * Word and candidates are borrowed and must outlive the search.
 */
struct suggest {
	const char *word;
	const char *best; /* NULL: nothing near enough so far */
	unsigned distance;
};

#define SUGGEST_WORD_MAX 64 /* longer words and candidates are near to nothing */

void suggest_init(struct suggest *suggest, const char *word);

/* Of candidates at the same distance, the first one offered stays. */
void suggest_offer(struct suggest *suggest, const char *candidate);

#endif

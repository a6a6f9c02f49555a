/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/*
 * Suggestions for a mistyped word ("did you mean"): finds the candidate with the least edit
 * distance (insert, delete, replace, swap of neighbours; case is ignored). Word and candidates
 * are borrowed and must outlive the search.
 */
struct suggest {
	const char *word;
	const char *best; /* NULL: no candidate is near enough so far */
	unsigned distance;
};

#define SUGGEST_WORD_MAX 64 /* longer words and candidates never match */

void suggest_init(struct suggest *suggest, const char *word);

/* Takes CANDIDATE if it is nearer than the best so far: at most 1 to 3 edits, by length. */
void suggest_offer(struct suggest *suggest, const char *candidate);

#endif

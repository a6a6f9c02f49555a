/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_LIST_H
#define COLLECT_API_API_LIST_H

#include "collect/api/api_answer.h"

/*
 * An answer that is a JSON array of any length. A short one is made at once and gets a tag. A long
 * one is made piece by piece while the client reads it, so that other requests are answered in
 * between; what it shows may change meanwhile.
 */
struct api_list_ops {
	/*
	 * Writes the next items, for a millisecond or two. Returns 1 when there are more, 0 when
	 * these were the last, or a negative error, which breaks the answer off, or becomes one
	 * that is made at once: see api_answer_failure().
	 */
	int (*step)(void *self, struct json_out *out);
	void (*free)(void *self);
};

/* Takes SELF over. */
void api_list_answer(struct api_answer *answer, const struct api_list_ops *ops, void *self,
		     bool is_short);

#endif

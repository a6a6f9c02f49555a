/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PATH_SUMMARY_H
#define INFER_PATH_SUMMARY_H

#include <stddef.h>

#include "infer/path/path_break.h"

/*
 * Where the paths of several dark networks end: the last hop, or the router that refuses, that most
 * of them have in common, with the next hop and the kind that most of those have.
 */
struct path_summary {
	struct path_break common; /* kind unknown: no path tells */
	uint32_t shared;          /* how many of the paths share this end */
	uint32_t elsewhere;       /* how many have another one */
};

/* BREAKS is sorted. Those at the vantage's own hops and those that were reached do not count. */
struct path_summary path_summary_of(struct path_break *breaks, size_t count);

/* Whether two paths end at one place: behind the same last hop, or refused by the same router. */
bool path_summary_shares(const struct path_break *a, const struct path_break *b);

/* Whether a summary that was told with TOLD paths is worth telling again with SHARED. */
static inline bool path_summary_has_grown(uint32_t told, uint32_t shared)
{
	return shared > told && (uint64_t)(shared - told) * 2 > told;
}

/* How far a border is from a hop. */
enum path_border {
	PATH_BORDER_UNKNOWN,
	PATH_BORDER_AHEAD,  /* `hops` hops further on */
	PATH_BORDER_BEHIND, /* the hop is in the target's country */
};

#define PATH_TEXT 512 /* bytes of a sentence with its end */

struct path_sentence {
	const char *subject; /* of one block or network; NULL: `shared` of `total` networks */
	const struct path_break *at;
	uint32_t asn; /* of at->last; 0: not known */
	enum path_border border;
	uint8_t border_hops;
	uint32_t shared, elsewhere, exempt, total;
};

/* One sentence for people, in BUFFER. Returns BUFFER. */
char *path_sentence_format(const struct path_sentence *sentence, char buffer[PATH_TEXT]);

#endif

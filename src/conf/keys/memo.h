/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_MEMO_H
#define CONF_KEYS_MEMO_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* A text that is written to memory first, so that it can be wrapped or compared. */
struct memo {
	char *text; /* after memo_end(): NULL when the memory ran out */
	size_t size;
	FILE *out;
};

/* False: out of memory, and there is nothing to end. */
static inline bool memo_begin(struct memo *memo)
{
	*memo = (struct memo){NULL, 0, NULL};
	memo->out = open_memstream(&memo->text, &memo->size);
	return memo->out != NULL;
}

/* No more is written. Returns the text, or "" when the memory ran out. */
static inline const char *memo_end(struct memo *memo)
{
	fclose(memo->out);
	return memo->text ? memo->text : "";
}

static inline void memo_fini(struct memo *memo)
{
	free(memo->text);
}

#endif

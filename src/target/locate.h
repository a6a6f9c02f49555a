/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_LOCATE_H
#define TARGET_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where in a JSON text a value stands. jansson forgets lines once it has parsed,
 * so the place of a value that is well-formed but wrong is looked up again by its
 * path. Slow on purpose (one scan a look-up): only errors pay for it.
 */

/* One step of a path; steps live on the stacks of the functions that descend. */
struct locate_step {
	const struct locate_step *parent; /* NULL: a step from the whole document */
	const char *key;                  /* member of an object; NULL: array element */
	size_t index;                     /* of the array element, from 0 */
};

struct locate_place {
	int line, column; /* from 1; columns count characters */
};

/* "networks[2].hosts[0].address"; "" for NULL, the whole document. Returns buffer. */
char *locate_format(const struct locate_step *path, char *buffer, size_t size);

/*
 * Finds the value at PATH, or with KEY the name of the member that PATH ends in.
 * The text must have been accepted by a JSON parser; one that was not gives
 * false or a wrong place, never a read outside of it. False: no such value.
 */
bool locate_find(const char *text, size_t length, const struct locate_step *path, bool key,
		 struct locate_place *ret_place);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_RUN_CONFIG_FLAWS_H
#define APP_RUN_CONFIG_FLAWS_H

#include <stdbool.h>

#include "conf/keys/keys.h"

/*
 * What is wrong with a configuration. A start or a reload reports the first flaw;
 * --check-config logs each of them.
 */
struct flaws {
	bool logs_all;
	unsigned count;
	struct bw_err first;
};

/*
 * Adds an error that the value of KEY at PLACE has caused. An error that has a place of its
 * own (a line of a target file) keeps it, in the message.
 */
void flaws_add(struct flaws *flaws, const struct keys_place *place, const char *key,
	       const struct bw_err *cause);

/* Adds an error that has its place. SELF: the struct flaws. See struct document_flaws. */
void flaws_take(void *self, const struct bw_err *err);

/* Returns 0, or the code of the first flaw, with it in ERR. */
int flaws_result(const struct flaws *flaws, struct bw_err *err);

#endif

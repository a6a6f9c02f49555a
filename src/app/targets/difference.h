/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TARGETS_DIFFERENCE_H
#define APP_TARGETS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One difference between two targets, as `targets diff` prints it. All texts are borrowed. */
struct difference_value {
	const char *text; /* NULL: see number */
	double number;    /* 0: none */
	int digits;       /* of the number, significant */
};

struct difference {
	char sign;           /* '-': only in the first, '+': only in the second, '~': changed */
	const char *subject; /* a prefix or an address; NULL: the target */
	const char *what;    /* "network", "host", or what changed of the subject: "asn" */
	bool has_values;
	struct difference_value from, to; /* of '~', if has_values */
	const char *name;                 /* of a network; NULL: none */
	uint32_t asn;                     /* likewise; 0: none */
	size_t hosts;                     /* likewise */
};

/* Prints a line: text, or an object of JSON. Out of memory, it prints nothing. */
void difference_print(const struct difference *difference, bool json, FILE *out);

#endif

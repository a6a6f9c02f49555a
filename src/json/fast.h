/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_FAST_H
#define JSON_FAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A fast parser of the plain JSON in which records are written: four times as fast as jansson,
 * because a text becomes one array of values, without a node on the heap for each.
 *
 * It is no second opinion on what JSON is. What it accepts, jansson accepts, and with the same
 * values (tests/fuzz/fuzz_json.c compares them). What is wrong or rare it leaves to jansson, which
 * then says what is wrong: a list or object deeper than FAST_DEPTH_MAX, an object of more than
 * FAST_MEMBERS_MAX members, a text of more than FAST_VALUES_MAX values or FAST_TEXT_MAX bytes, an
 * escape \uXXXX, and a number whose digits are not an exact double below 2^53.
 */
#define FAST_TEXT_MAX ((size_t)64 << 10)
#define FAST_VALUES_MAX 4096
#define FAST_MEMBERS_MAX 64 /* each key is compared with those before it */
#define FAST_DEPTH_MAX 16

enum fast_kind {
	FAST_OBJECT,
	FAST_LIST,
	FAST_STRING,
	FAST_NUMBER,
	FAST_TRUE,
	FAST_FALSE,
	FAST_NULL,
};

/* Behind an object or a list in the array come the values that are in it. */
struct fast_value {
	const char *key; /* of a member of an object, else NULL */
	union {
		const char *text; /* of a string; ends with NUL, and has no other */
		double number;
		uint32_t count; /* of the members or elements */
	};
	uint32_t key_length;
	uint32_t size; /* how many values it is: itself and all that is in it */
	enum fast_kind kind;
};

/* A parsed text. It starts as {0}; its memory is kept from one text to the next. */
struct fast {
	struct fast_value *values; /* the first one is the whole text */
	uint32_t count, room;      /* of values */
	char *strings;             /* what keys and texts point to */
	size_t strings_room;
};

/*
 * Parses a text, which need not last. Returns 0; BW_ERR_SYNTAX for one that is left to jansson;
 * -ENOMEM. The values are right until the next call or fast_fini().
 */
int fast_parse(struct fast *fast, const char *bytes, size_t length);

/* The member of an object with this key; NULL: there is none, or it is no object. */
const struct fast_value *fast_member(const struct fast_value *object, const char *key);

/* Frees the memory; zero bytes are accepted. */
void fast_fini(struct fast *fast);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_FIELD_H
#define JSON_FIELD_H

#include "json/refuse.h"

/*
 * Checked values of simple types. Each returns 0 or the error that json/refuse.h has said;
 * *ret_value stays as it is after an error, and where the member is not there: a caller
 * that needs it asks field_require() first.
 */

/* 0, or BW_ERR_VALUE: the member KEY is missing. EXAMPLE is JSON, or NULL. */
int field_require(const struct node *object, const char *key, const char *example);

/* 0, or BW_ERR_VALUE for a value of another type. A member that is not there is right. */
int field_object(const struct node *node);
int field_list(const struct node *node);

/*
 * An object that has no other members than those in FIELDS, which ends with NULL; WHAT
 * says what it is ("a network").
 */
int field_object_of(const struct node *node, const char *what, const char *const *fields);

/* A string of 1 to MAX bytes without control characters; it belongs to the document. */
int field_text(const struct node *node, size_t max, const char **ret_text);

/* The same as a copy that is owned by the caller (free()); also -ENOMEM. */
int field_copy_text(const struct node *node, size_t max, char **ret_text);

/* A whole number from MIN to MAX. */
int field_unsigned(const struct node *node, uint64_t min, uint64_t max, uint64_t *ret_value);

/* A number from MIN to MAX. */
int field_number(const struct node *node, double min, double max, double *ret_value);

int field_bool(const struct node *node, bool *ret_value);

/* A word out of NAMES, which ends with NULL: its index. */
int field_word(const struct node *node, const char *const *names, unsigned *ret_index);

#endif

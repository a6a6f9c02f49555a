/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SYS_ANY_STORE_H
#define TESTS_UNIT_SYS_ANY_STORE_H

#include "collect/store.h"

/*
 * The store that a test runs over: SQLite in a temporary folder, or, where BW_TEST_POSTGRESQL is
 * the URL of a database, that one. tests/db/test_postgresql.py starts a server and sets it.
 */
struct any_store {
	char folder[64], path[80];
	struct store store;
};

/* An empty one; the same again. */
void any_store_make(struct any_store *any);
void any_store_open(struct any_store *any);
void any_store_close(struct any_store *any);

/* Closes it if it is open, and deletes it. */
void any_store_remove(struct any_store *any);

#endif

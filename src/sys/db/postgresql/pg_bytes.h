/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_BYTES_H
#define SYS_DB_POSTGRESQL_PG_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#include "sys/db/postgresql/pg_db.h"

/* Private to sys/db/postgresql: columns of bytes. */

/* Bytes as text, in the form of bytea: "\x" and hexadecimal digits. NULL: out of memory. */
char *pg_bytes_format(const void *bytes, size_t length);

/* As pg_db_put(), with the bytes as one more parameter behind PARAMS. */
int pg_bytes_put(struct pg_db *db, const char *sql, struct pg_params *params, const void *bytes,
		 size_t length, struct bw_err *err);

/* A column of bytes; free it by PQfreemem(). NULL: out of memory. */
unsigned char *pg_bytes_get(const PGresult *row, int column, size_t *ret_length);

/* Who takes rows of one column of bytes, by pg_db_each() with pg_bytes_take(). */
struct pg_bytes_walk {
	int (*take)(void *arg, const void *bytes, size_t length);
	void *arg;
};
int pg_bytes_take(void *arg, const PGresult *row);

#endif

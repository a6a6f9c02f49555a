/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_URL_H
#define SYS_DB_POSTGRESQL_PG_URL_H

#include <stddef.h>

#include <blockwatch/err.h>

/*
 * The URL of a PostgreSQL database as libpq understands it, "postgresql://USER:PASSWORD@HOST/NAME".
 * It may hold a password, so it is never printed: pg_url_where() says instead which database it is.
 */
#define PG_URL_KEYWORDS 64

struct pg_url {
	char where[512]; /* "postgresql://HOST:PORT/NAME", for messages */
	/* For PQconnectStartParams(), with a NULL at their end; owned. */
	char *keywords[PG_URL_KEYWORDS], *values[PG_URL_KEYWORDS];
	size_t count;
};

/*
 * Reads it, and adds the time limits without which a lost server would not be noticed. Returns 0,
 * -ENOMEM, or BW_ERR_VALUE with a message that holds nothing of the URL. Call pg_url_fini() in all
 * cases.
 */
int pg_url_parse(const char *text, struct pg_url *ret_url, struct bw_err *err);

void pg_url_fini(struct pg_url *url);

#endif

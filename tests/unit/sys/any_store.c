/* SPDX-License-Identifier: Apache-2.0 */
#include "any_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/db/sqlite/sqlite_store.h"

#ifdef BW_WITH_POSTGRESQL
#include "sys/db/postgresql/pg_store.h"

static const char *url_of(void)
{
	return getenv("BW_TEST_POSTGRESQL");
}

static void empty_database(const char *url)
{
	PGconn *connection = PQconnectdb(url);

	assert_int_equal(PQstatus(connection), CONNECTION_OK);
	PQclear(PQexec(connection, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
				   "WHERE application_name = 'blockwatch-collector'"));
	PQclear(PQexec(connection, "SET client_min_messages = error; "
				   "DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
	PQfinish(connection);
}

static int open_url(const char *url, struct store *store, struct bw_err *err)
{
	return pg_store_open(url, store, err);
}
#else
static const char *url_of(void)
{
	return NULL;
}

static void empty_database(const char *url)
{
	(void)url;
}

static int open_url(const char *url, struct store *store, struct bw_err *err)
{
	(void)url;
	(void)store;
	(void)err;
	return -1;
}
#endif

void any_store_open(struct any_store *any)
{
	struct bw_err err = {.code = 0};
	const int code = url_of() ? open_url(url_of(), &any->store, &err)
				  : sqlite_store_open(any->path, &any->store, &err);

	if (code < 0)
		fail_msg("%s: %s", err.file, err.message);
}

void any_store_make(struct any_store *any)
{
	*any = (struct any_store){.folder = "/tmp/blockwatch-store-XXXXXX"};
	assert_non_null(mkdtemp(any->folder));
	snprintf(any->path, sizeof(any->path), "%s/c.db", any->folder);
	if (url_of())
		empty_database(url_of());
	any_store_open(any);
}

void any_store_close(struct any_store *any)
{
	any->store.ops->free(any->store.self);
	any->store = (struct store){NULL, NULL};
}

void any_store_remove(struct any_store *any)
{
	char path[96];

	if (any->store.ops)
		any_store_close(any);
	unlink(any->path);
	snprintf(path, sizeof(path), "%s.lock", any->path);
	unlink(path);
	assert_int_equal(rmdir(any->folder), 0);
}

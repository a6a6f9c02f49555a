/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_STORE_H
#define SYS_DB_POSTGRESQL_PG_STORE_H

#include "collect/store.h"
#include "sys/db/postgresql/pg_db.h"
#include "sys/db/postgresql/pg_stage.h"

/*
 * The store of the collector in a PostgreSQL database, which several collectors may share
 * (pg_peers.h). When the server is lost, operations fail at once and watch() makes the connection
 * anew; what was committed is there, and what was not has not happened. Opens it, and makes or
 * upgrades its schema. Returns 0; BW_ERR_UNAVAILABLE with a message when it cannot be reached, is
 * not UTF8, is of a later version, or of an earlier one that another collector uses; BW_ERR_VALUE
 * for a URL that is none; -ENOMEM.
 */
int pg_store_open(const char *url, struct store *ret_store, struct bw_err *err);

/* Private to sys/db/postgresql: the operations in other files take this. */
#define PG_STORE_DAYS 64

/* What is known of other collectors (pg_peers.h). */
struct pg_peers {
	int64_t position; /* the state of this collector holds what was committed up to it */
	int64_t loading;  /* the position that is read anew */
	int64_t locked;   /* where the transaction has begun */
	bool others;      /* are connected, as last seen */
	bool changed;     /* by this transaction: it gets the next position */
	char *lines;      /* of records that are not put yet; for `admission` */
	size_t length, room;
	int64_t came_ns;   /* when they were received */
	int parts;         /* that are put */
	int64_t look_ns;   /* monotonic; when who is there is looked at again */
	int64_t delete_ns; /* likewise, and old admissions are deleted */
};

struct pg_store {
	struct pg_db db;
	struct pg_peers peers;
	int64_t outages_written; /* of the youngest outage that was read */
	struct pg_stage stages[PG_STAGES];
	/* The boot of the last record: mostly that of the next, too. */
	char *vantage, *boot;
	int64_t boot_id;
	int64_t days[PG_STORE_DAYS]; /* that have a partition, as far as it is known */
	size_t day_count;
};

#endif

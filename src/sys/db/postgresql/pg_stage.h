/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_STAGE_H
#define SYS_DB_POSTGRESQL_PG_STAGE_H

#include "sys/db/postgresql/pg_db.h"

/*
 * Private to sys/db/postgresql: rows that come in numbers. They are collected as text, copied into
 * a temporary table of their kind (COPY), and merged from there into the table by one statement,
 * in which the same row again is settled. All of it within the transaction.
 */
#define PG_STAGE_LIST(X) \
	X(RECORD)        \
	X(CLAIM)         \
	X(BLOCK)         \
	X(CONDITION)     \
	X(HEARD)         \
	X(HEALTH)        \
	X(HOURLY)

enum pg_stage_kind {
#define X(NAME) PG_STAGE_##NAME,
	PG_STAGE_LIST(X)
#undef X
		PG_STAGES
};

/* Rows that are not copied yet; {0} is none. */
struct pg_stage {
	char *rows;
	size_t length, room;
	size_t dead; /* bytes that were copied since the temporary table was made, or truncated */
	bool failed; /* out of memory */
};

/* Makes the temporary tables of a session. */
int pg_stage_prepare(struct pg_db *db, struct bw_err *err);

/* Appends a column; the last one of a row ends it. Escapes what COPY needs. */
void pg_stage_text(struct pg_stage *stage, const char *text, size_t length, bool last);
void pg_stage_number(struct pg_stage *stage, int64_t value, bool last);

/* Copies and merges what is there. Returns 0, -ENOMEM or BW_ERR_UNAVAILABLE. */
int pg_stage_flush(struct pg_db *db, enum pg_stage_kind kind, struct pg_stage *stage,
		   struct bw_err *err);

/* Throws it away; the memory stays. */
void pg_stage_clear(struct pg_stage *stage);
void pg_stage_fini(struct pg_stage *stage);

#endif

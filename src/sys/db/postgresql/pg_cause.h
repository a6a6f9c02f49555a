/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_CAUSE_H
#define SYS_DB_POSTGRESQL_PG_CAUSE_H

#define PG_CAUSE_MAX 240

/*
 * Writes the cause in a message of libpq, as one line, into CAUSE: its first line that is not
 * empty. When that one ends with a colon, the next line that is not empty follows, or "no answer"
 * when there is none, as while an attempt to connect is under way. An empty message is "no answer".
 */
void pg_cause(const char *message, char cause[PG_CAUSE_MAX]);

#endif

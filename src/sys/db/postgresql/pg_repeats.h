/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_POSTGRESQL_PG_REPEATS_H
#define SYS_DB_POSTGRESQL_PG_REPEATS_H

#include "collect/store.h"

/* Private to sys/db/postgresql: what was said once more. SELF is a struct pg_store. */
int pg_repeats_put(void *self, int64_t time_ns, const void *bytes, size_t length,
		   struct bw_err *err);
int pg_repeats_each(void *self, int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		    struct bw_err *err);
int pg_repeats_take(void *self, int64_t before_ns,
		    int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		    bool *ret_more, struct bw_err *err);

#endif

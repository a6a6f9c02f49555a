/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_repeats.h"

#include "sys/db/postgresql/pg_bytes.h"
#include "sys/db/postgresql/pg_store.h"

int pg_repeats_put(void *self, int64_t time_ns, const void *bytes, size_t length,
		   struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};

	pg_params_number(&params, time_ns);
	return pg_bytes_put(&store->db, "INSERT INTO repeats (time, bytes) VALUES ($1, $2)",
			    &params, bytes, length, err);
}

int pg_repeats_each(void *self, int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		    struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_bytes_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT bytes FROM repeats ORDER BY id", NULL, pg_bytes_take,
			  &walk, err);
}

/* The parts that were taken. */
struct taking {
	struct pg_bytes_walk walk;
	bool any;
};

static int take_one(void *arg, const PGresult *row)
{
	struct taking *taking = arg;

	taking->any = true;
	return pg_bytes_take(&taking->walk, row);
}

/* TAKE may put rows, because they are kept here until the transaction ends. */
int pg_repeats_take(void *self, int64_t before_ns,
		    int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		    bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;
	struct taking taking = {.walk = {take, arg}};
	struct pg_params params = {0};
	int result;

	pg_params_number(&params, before_ns);
	pg_params_number(&params, STORE_REPEATS_STEP);
	result = pg_db_each(&store->db,
			    "DELETE FROM repeats WHERE id IN (SELECT id FROM (SELECT id, "
			    "sum(length(bytes)) OVER (ORDER BY id) - length(bytes) AS before "
			    "FROM (SELECT id, bytes FROM repeats WHERE time < $1 ORDER BY id LIMIT "
			    "1000) AS old) AS sized WHERE before < $2) RETURNING bytes",
			    &params, take_one, &taking, err);
	*ret_more = taking.any;
	return result;
}

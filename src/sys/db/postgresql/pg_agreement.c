/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_agreement.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LOCK "1, 1163" /* any numbers, the same in all collectors; the class is that of pg_peers */
#define PATIENCE "1s"  /* for the session of a collector that is just ending */

static int take_text(void *arg, const PGresult *row)
{
	const char *text = pg_text(row, 0);
	char **ret_text = arg;

	if (!text)
		return 0;
	*ret_text = strdup(text);
	return *ret_text ? 0 : -ENOMEM;
}

/* Shares the lock, and reads the text: nobody changes it from now on. NULL: there is none. */
static int share(struct pg_db *db, char **ret_text, struct bw_err *err)
{
	int result = pg_db_run(db, "SELECT pg_advisory_lock_shared(" LOCK ")", err);

	free(*ret_text);
	*ret_text = NULL;
	if (result == 0)
		result = pg_db_each(db, "SELECT agreement FROM collector", NULL, take_text,
				    ret_text, err);
	return result;
}

static bool is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static int write_text(struct pg_db *db, const char *text, struct bw_err *err)
{
	struct pg_params params = {0};

	pg_params_text(&params, text);
	return pg_db_put(db, "UPDATE collector SET agreement = $1", &params, err);
}

/* Whether the session has the lock, which it had shared, alone. */
static int lock_alone(struct pg_db *db, bool *ret_alone, struct bw_err *err)
{
	int result = pg_db_run(db, "SELECT pg_advisory_unlock_shared(" LOCK ")", err);

	if (result < 0)
		return result;
	*ret_alone = pg_db_run(db,
			       "SET lock_timeout = '" PATIENCE "'; "
			       "SELECT pg_advisory_lock(" LOCK ")",
			       NULL) == 0;
	return pg_db_run(db, "SET lock_timeout = 0", err);
}

/* Writes this text if nobody else has the one that is there, and reads which one holds then. */
static int change(struct pg_db *db, const char *text, char **ret_text, struct bw_err *err)
{
	bool alone = false;
	int result = lock_alone(db, &alone, err);

	if (result == 0 && alone)
		result = write_text(db, text, err);
	if (result == 0)
		result = share(db, ret_text, err);
	if (result == 0 && alone)
		result = pg_db_run(db, "SELECT pg_advisory_unlock(" LOCK ")", err);
	return result;
}

int pg_agreement_reach(void *self, const char *text, char **ret_other, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_db *db = &store->db;
	int result = share(db, ret_other, err);

	if (result == 0 && !is_same(*ret_other, text))
		result = change(db, text, ret_other, err);
	if (result == 0 && !is_same(*ret_other, text))
		return bw_err_set(err, BW_ERR_VALUE, "another collector has another configuration");
	free(db->agreement);
	db->agreement = result == 0 ? strdup(text) : NULL;
	if (result == 0 && !db->agreement)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return result;
}

int pg_agreement_confirm(struct pg_db *db, struct bw_err *err)
{
	char *text = NULL;
	int result = db->agreement ? share(db, &text, err) : 0;

	if (result == 0 && db->agreement && !is_same(text, db->agreement))
		result = bw_err_set(err, BW_ERR_VALUE,
				    "collectors with another configuration use it by now: start "
				    "this one again, with the same");
	free(text);
	return result;
}

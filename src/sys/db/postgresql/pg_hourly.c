/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_hourly.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sys/db/postgresql/pg_store.h"

/* Bytes as text, in the form of bytea: "\x" and hexadecimal digits. NULL: out of memory. */
static char *format_bytes(const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *text = malloc(2 * length + 3), *to = text;

	if (!text)
		return NULL;
	*to++ = '\\';
	*to++ = 'x';
	for (size_t n = 0; n < length; n++) {
		*to++ = digits[from[n] >> 4];
		*to++ = digits[from[n] & 15];
	}
	*to = '\0';
	return text;
}

/* A column of bytes; free it by PQfreemem(). NULL: out of memory. */
static unsigned char *get_bytes(const PGresult *row, int column, size_t *ret_length)
{
	const char *text = PQgetvalue(row, 0, column);

	return PQunescapeBytea((const unsigned char *)text, ret_length);
}

int pg_hourly_put_part(void *self, const void *bytes, size_t length, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_params params = {0};
	char *text = format_bytes(bytes, length);
	int result;

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	pg_params_text(&params, text);
	result = pg_db_put(&store->db, "INSERT INTO hourly_part (bytes) VALUES ($1)", &params, err);
	free(text);
	return result;
}

struct bytes_walk {
	int (*take)(void *arg, const void *bytes, size_t length);
	void *arg;
};

static int take_bytes(void *arg, const PGresult *row)
{
	const struct bytes_walk *walk = arg;
	size_t length;
	unsigned char *bytes = get_bytes(row, 0, &length);
	int result = bytes ? walk->take(walk->arg, bytes, length) : -ENOMEM;

	PQfreemem(bytes);
	return result;
}

int pg_hourly_each_part(void *self, int (*take)(void *arg, const void *bytes, size_t length),
			void *arg, struct bw_err *err)
{
	struct pg_store *store = self;
	struct bytes_walk walk = {take, arg};

	return pg_db_each(&store->db, "SELECT bytes FROM hourly_part ORDER BY id", NULL, take_bytes,
			  &walk, err);
}

static int take_more(void *arg, const PGresult *row)
{
	(void)row;
	*(bool *)arg = true;
	return 0;
}

int pg_hourly_take_parts(void *self, size_t most,
			 int (*take)(void *arg, const void *bytes, size_t length), void *arg,
			 bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;
	struct bytes_walk walk = {take, arg};
	struct pg_params params = {0};
	int result;

	pg_params_number(&params, (int64_t)most);
	*ret_more = false;
	result = pg_db_each(
		&store->db,
		"DELETE FROM hourly_part WHERE id IN (SELECT id FROM (SELECT id, "
		"sum(length(bytes)) OVER (ORDER BY id) AS total FROM hourly_part) AS sized "
		"WHERE total <= $1 OR id = (SELECT min(id) FROM hourly_part)) "
		"RETURNING bytes",
		&params, take_bytes, &walk, err);
	return result < 0 ? result
			  : pg_db_each(&store->db, "SELECT 1 FROM hourly_part LIMIT 1", NULL,
				       take_more, ret_more, err);
}

static void stage_text(struct pg_stage *stage, const char *text)
{
	pg_stage_text(stage, text, strlen(text), false);
}

int pg_hourly_put_day(void *self, const struct store_hourly *row, struct bw_err *err)
{
	struct pg_store *store = self;
	struct pg_stage *stage = &store->stages[PG_STAGE_HOURLY];
	char *text = format_bytes(row->bytes, row->length);

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	stage_text(stage, row->target);
	pg_stage_number(stage, (int64_t)row->scope, false);
	stage_text(stage, row->subject);
	stage_text(stage, row->vantage);
	pg_stage_number(stage, row->day, false);
	pg_stage_text(stage, text, strlen(text), true);
	free(text);
	return 0;
}

static void add_key(struct pg_params *params, const struct store_hourly *key)
{
	pg_params_text(params, key->target);
	pg_params_number(params, (int64_t)key->scope);
	pg_params_text(params, key->subject);
	pg_params_number(params, key->day);
}

int pg_hourly_get_day(void *self, const struct store_hourly *key,
		      int (*take)(void *arg, const void *bytes, size_t length), void *arg,
		      struct bw_err *err)
{
	struct pg_store *store = self;
	struct bytes_walk walk = {take, arg};
	struct pg_params params = {0};

	add_key(&params, key);
	pg_params_text(&params, key->vantage);
	return pg_db_each(&store->db,
			  "SELECT hours FROM hourly_series JOIN hourly_day ON series = id "
			  "WHERE target = $1 AND scope = $2 AND subject = $3 AND day = $4 "
			  "AND vantage = $5",
			  &params, take_bytes, &walk, err);
}

struct day_walk {
	const struct store_hourly *key;
	int (*take)(void *arg, const struct store_hourly *row);
	void *arg;
};

static int take_day(void *arg, const PGresult *row)
{
	const struct day_walk *walk = arg;
	struct store_hourly day = *walk->key;
	unsigned char *bytes = get_bytes(row, 1, &day.length);
	int result;

	day.vantage = pg_text(row, 0);
	day.bytes = bytes;
	result = bytes ? walk->take(walk->arg, &day) : -ENOMEM;
	PQfreemem(bytes);
	return result;
}

int pg_hourly_each_day(void *self, const struct store_hourly *key,
		       int (*take)(void *arg, const struct store_hourly *row), void *arg,
		       struct bw_err *err)
{
	struct pg_store *store = self;
	struct day_walk walk = {key, take, arg};
	struct pg_params params = {0};

	add_key(&params, key);
	return pg_db_each(&store->db,
			  "SELECT vantage, hours FROM hourly_series JOIN hourly_day ON series = id "
			  "WHERE target = $1 AND scope = $2 AND subject = $3 AND day = $4 "
			  "ORDER BY vantage COLLATE \"C\"",
			  &params, take_day, &walk, err);
}

static int take_ends(void *arg, const PGresult *row)
{
	int64_t *ends = arg;

	ends[0] = pg_number(row, 0);
	ends[1] = pg_number(row, 1);
	return 0;
}

int pg_hourly_days(void *self, int64_t *ret_first, int64_t *ret_last, struct bw_err *err)
{
	struct pg_store *store = self;
	int64_t ends[2] = {1, 0};
	const int result = pg_db_each(&store->db,
				      "SELECT coalesce(min(day), 1), coalesce(max(day), 0) "
				      "FROM hourly_day",
				      NULL, take_ends, ends, err);

	if (result == 0) {
		*ret_first = ends[0];
		*ret_last = ends[1];
	}
	return result;
}

int pg_hourly_forget_days(void *self, int64_t day, bool *ret_more, struct bw_err *err)
{
	struct pg_store *store = self;

	return pg_db_forget(&store->db,
			    "DELETE FROM hourly_day WHERE ctid = ANY (ARRAY(SELECT ctid "
			    "FROM hourly_day WHERE day < $1 LIMIT $2)) RETURNING 1",
			    day, ret_more, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_bytes.h"

#include <errno.h>
#include <stdlib.h>

char *pg_bytes_format(const void *bytes, size_t length)
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

int pg_bytes_put(struct pg_db *db, const char *sql, struct pg_params *params, const void *bytes,
		 size_t length, struct bw_err *err)
{
	char *text = pg_bytes_format(bytes, length);
	int result;

	if (!text)
		return bw_err_set(err, -ENOMEM, "out of memory");
	pg_params_text(params, text);
	result = pg_db_put(db, sql, params, err);
	free(text);
	return result;
}

unsigned char *pg_bytes_get(const PGresult *row, int column, size_t *ret_length)
{
	const char *text = PQgetvalue(row, 0, column);

	return PQunescapeBytea((const unsigned char *)text, ret_length);
}

int pg_bytes_take(void *arg, const PGresult *row)
{
	const struct pg_bytes_walk *walk = arg;
	size_t length;
	unsigned char *bytes = pg_bytes_get(row, 0, &length);
	int result = bytes ? walk->take(walk->arg, bytes, length) : -ENOMEM;

	PQfreemem(bytes);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/postgresql/pg_url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

/* What holds where the URL says nothing. */
static const char *const limits[][2] = {
	{"connect_timeout", "5"},    {"tcp_user_timeout", "10000"},
	{"keepalives_idle", "30"},   {"keepalives_interval", "10"},
	{"keepalives_count", "3"},   {"application_name", "blockwatch-collector"},
	{"client_encoding", "UTF8"},
};

static int add(struct pg_url *url, const char *keyword, const char *value)
{
	const size_t n = url->count;

	if (n + 1 >= PG_URL_KEYWORDS)
		return BW_ERR_LIMIT;
	url->keywords[n] = strdup(keyword);
	url->values[n] = strdup(value);
	url->count++;
	return url->keywords[n] && url->values[n] ? 0 : -ENOMEM;
}

static const char *value_of(const struct pg_url *url, const char *keyword)
{
	for (size_t n = 0; n < url->count; n++)
		if (url->keywords[n] && strcmp(url->keywords[n], keyword) == 0)
			return url->values[n];
	return NULL;
}

static int add_limits(struct pg_url *url)
{
	int result = 0;

	for (size_t n = 0; n < sizeof(limits) / sizeof(limits[0]) && result == 0; n++)
		if (!value_of(url, limits[n][0]))
			result = add(url, limits[n][0], limits[n][1]);
	return result;
}

static void name_it(struct pg_url *url)
{
	const char *host = value_of(url, "host"), *port = value_of(url, "port");
	const char *name = value_of(url, "dbname");

	snprintf(url->where, sizeof(url->where), "postgresql://%s%s%s/%s", host ? host : "",
		 port ? ":" : "", port ? port : "", name ? name : "");
}

int pg_url_parse(const char *text, struct pg_url *url, struct bw_err *err)
{
	char *message = NULL; /* it may hold parts of the URL */
	PQconninfoOption *options = PQconninfoParse(text, &message);
	int result = 0;

	*url = (struct pg_url){.count = 0};
	PQfreemem(message);
	if (!options)
		return bw_err_set(err, BW_ERR_VALUE,
				  "is no URL of a PostgreSQL database: "
				  "\"postgresql://USER:PASSWORD@HOST:PORT/NAME\" with %%-escapes");
	for (const PQconninfoOption *option = options; option->keyword && result == 0; option++)
		if (option->val && option->val[0])
			result = add(url, option->keyword, option->val);
	PQconninfoFree(options);
	if (result == 0)
		result = add_limits(url);
	if (result < 0)
		return bw_err_set(err, result, "%s", bw_error_text(result));
	name_it(url);
	return 0;
}

void pg_url_fini(struct pg_url *url)
{
	for (size_t n = 0; n < url->count; n++) {
		if (url->values[n])
			explicit_bzero(url->values[n], strlen(url->values[n]));
		free(url->keywords[n]);
		free(url->values[n]);
	}
	url->count = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/collect/collect_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const schemes[] = {"postgresql://", "postgres://"};

/* What follows the scheme of a PostgreSQL database; NULL: it is none. */
static const char *skip_scheme(const char *store)
{
	for (size_t n = 0; n < sizeof(schemes) / sizeof(schemes[0]); n++)
		if (strncmp(store, schemes[n], strlen(schemes[n])) == 0)
			return store + strlen(schemes[n]);
	return NULL;
}

bool conf_collect_is_postgresql(const struct conf_collect *conf)
{
	return skip_scheme(conf->store) != NULL;
}

static int resolve(struct conf_collect *conf, const char *file, struct bw_err *err)
{
	const char *path = conf->store + strlen(CONF_COLLECT_SQLITE);
	const char *slash = strrchr(file, '/');
	const size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	const size_t size = strlen(conf->store) + folder + 1;
	char *store;

	if (*path == '/' || folder == 0)
		return 0;
	store = pool_take(&conf->pool, size);
	if (!store)
		return bw_err_set(err, -ENOMEM, "out of memory");
	snprintf(store, size, "%s%.*s%s", CONF_COLLECT_SQLITE, (int)folder, file, path);
	conf->store = store;
	return 0;
}

int collect_store_read(struct conf_collect *conf, const char *file, struct bw_err *err)
{
	const struct keys_place *place = &conf->places.store;

	if (skip_scheme(conf->store))
		return 0;
	if (strncmp(conf->store, CONF_COLLECT_SQLITE, strlen(CONF_COLLECT_SQLITE)) == 0 &&
	    conf->store[strlen(CONF_COLLECT_SQLITE)])
		return resolve(conf, file, err);
	if (strcmp(conf->store, CONF_COLLECT_SQLITE) == 0)
		bw_err_set(err, BW_ERR_VALUE,
			   "the path is missing: give \"sqlite:PATH\", as in "
			   "\"sqlite:/var/lib/blockwatch/collector.db\"");
	/* Only its beginning is repeated: what is no store may hold a password all the same. */
	else
		bw_err_set(err, BW_ERR_VALUE,
			   "'%.*s' is no store: give \"sqlite:PATH\" or "
			   "\"postgresql://USER:PASSWORD@HOST/NAME\"",
			   (int)strcspn(conf->store, ":/"), conf->store);
	bw_err_place(err, place->file, place->line, place->column, "store");
	return BW_ERR_VALUE;
}

void collect_store_print(const char *store, char *text, size_t size)
{
	const char *rest = skip_scheme(store);
	const char *at = strrchr(store, '@'), *query = strchr(store, '?');

	if (!rest) {
		snprintf(text, size, "%s", store);
		return;
	}
	/* The values behind '?' may hold a password, too. */
	if (at && query && at > query) {
		snprintf(text, size, "postgresql://...");
		return;
	}
	rest = at ? at + 1 : rest;
	snprintf(text, size, "postgresql://%.*s", (int)strcspn(rest, "?"), rest);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/log.h"
#ifdef BW_WITH_POSTGRESQL
#include "sys/db/postgresql/pg_store.h"
#include "sys/db/postgresql/pg_url.h"
#endif
#include "sys/db/sqlite/sqlite_backup.h"
#include "sys/db/sqlite/sqlite_store.h"

#define MAGIC "SQLite format 3" /* with its terminator: how a database begins */

#define CANNOT_OPEN "cannot open the database: "
#define CANNOT_USE "cannot be used as the collector's database: "

static int fail_database(const char *path, const char *what, const char *why, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "%s%s", what, why);
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int check_folder(const char *path, struct bw_err *err)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *folder;
	int error = 0;

	if (!slash)
		return 0;
	folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (!folder)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (stat(folder, &st) < 0)
		error = errno;
	else if (!S_ISDIR(st.st_mode))
		error = ENOTDIR;
	free(folder);
	if (error == ENOENT)
		return fail_database(path, CANNOT_OPEN, "its folder does not exist", err);
	return error ? fail_database(path, CANNOT_OPEN, strerror(error), err) : 0;
}

/* A file that is there is empty, or begins as a database does. */
static int check_file(const char *path, struct bw_err *err)
{
	char magic[sizeof(MAGIC)];
	FILE *file = fopen(path, "re");
	size_t length;
	int error;

	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return fail_database(path, CANNOT_OPEN, strerror(errno), err);
	errno = 0;
	length = fread(magic, 1, sizeof(magic), file);
	error = ferror(file) ? errno : 0;
	fclose(file);
	if (error)
		return fail_database(path, CANNOT_OPEN, strerror(error), err);
	if (length > 0 && (length < sizeof(magic) || memcmp(magic, MAGIC, sizeof(magic)) != 0))
		return fail_database(path, CANNOT_USE, "file is not a database", err);
	return 0;
}

static int at_store(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.store;
	const int code = err->code;

	bw_err_place(err, place->file, place->line, place->column, "store");
	return code;
}

#ifdef BW_WITH_POSTGRESQL
static int check_url(const struct collect_config *config, struct bw_err *err)
{
	struct pg_url url;
	const int code = pg_url_parse(config->conf.store, &url, err);

	pg_url_fini(&url);
	return code < 0 ? at_store(config, err) : 0;
}

static int open_url(const char *url, struct store *ret_store, struct bw_err *err)
{
	return pg_store_open(url, ret_store, err);
}
#else
static int refuse_url(struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_VALUE,
			  "this program was built without PostgreSQL: give \"sqlite:PATH\"");
}

static int check_url(const struct collect_config *config, struct bw_err *err)
{
	refuse_url(err);
	return at_store(config, err);
}

static int open_url(const char *url, struct store *ret_store, struct bw_err *err)
{
	(void)url;
	(void)ret_store;
	return refuse_url(err);
}
#endif

static const char *database_path(const struct collect_config *config)
{
	return config->conf.store + strlen(CONF_COLLECT_SQLITE);
}

int collect_store_check(const struct collect_config *config, struct bw_err *err)
{
	int code;

	if (conf_collect_is_postgresql(&config->conf))
		return check_url(config, err);
	code = check_folder(database_path(config), err);
	return code == 0 ? check_file(database_path(config), err) : code;
}

int collect_store_open(const struct collect_config *config, struct store *ret_store,
		       struct bw_err *err)
{
	if (conf_collect_is_postgresql(&config->conf))
		return open_url(config->conf.store, ret_store, err);
	return sqlite_store_open(database_path(config), ret_store, err);
}

/* Whether two paths are one file that is there. */
static bool is_same_file(const char *one, const char *other)
{
	struct stat a, b;

	return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static int copy_database(const char *from, const char *to, struct bw_err *err)
{
	struct stat st;
	int code;

	if (is_same_file(from, to)) {
		bw_err_set(err, BW_ERR_USAGE, "is the database itself: give --backup another file");
		bw_err_place(err, to, 0, 0, NULL);
		return BW_ERR_USAGE;
	}
	code = sqlite_store_backup(from, to, err);
	if (code == 0 && stat(to, &st) == 0)
		log_info("copied %.1f MB to %s", (double)st.st_size / 1e6, to);
	return code;
}

int collect_store_backup(const struct collect_config *config, const char *to, struct bw_err *err)
{
	if (!conf_collect_is_postgresql(&config->conf))
		return copy_database(database_path(config), to, err);
	bw_err_set(err, BW_ERR_USAGE, "--backup copies SQLite: use pg_dump for this store");
	return at_store(config, err);
}

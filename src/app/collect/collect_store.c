/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef BW_WITH_POSTGRESQL
#include "sys/db/postgresql/pg_store.h"
#include "sys/db/postgresql/pg_url.h"
#endif
#include "sys/db/sqlite/sqlite_path.h"
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

static int refuse_user(const char *path, const char *what, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_PRIVILEGE,
		   CANNOT_OPEN "the user %u of the collector may not write %s: make it the owner "
			       "(chown)",
		   (unsigned)geteuid(), what);
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_PRIVILEGE;
}

static int fail_system(const char *path, const char *what, int error, struct bw_err *err)
{
	return error == EACCES ? refuse_user(path, what, err)
			       : fail_database(path, CANNOT_OPEN, strerror(error), err);
}

/* 0, or what the system says to the user of this process. */
static int try_access(const char *path, int mode)
{
	return faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0 ? 0 : errno;
}

static int check_folder(const char *path, struct bw_err *err)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *folder =
		slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	int error = 0;

	if (!folder)
		return bw_err_set(err, -ENOMEM, "out of memory");
	if (stat(folder, &st) < 0)
		error = errno;
	else
		error = S_ISDIR(st.st_mode) ? try_access(folder, W_OK | X_OK) : ENOTDIR;
	free(folder);
	if (error == ENOENT)
		return fail_database(path, CANNOT_OPEN, "its folder does not exist", err);
	return error ? fail_system(path, "its folder", error, err) : 0;
}

/* Whether a file is empty, or begins as a database does. */
static int check_beginning(FILE *file, const char *path, struct bw_err *err)
{
	char magic[sizeof(MAGIC)];
	size_t length;

	errno = 0;
	length = fread(magic, 1, sizeof(magic), file);
	if (ferror(file))
		return fail_database(path, CANNOT_OPEN, strerror(errno), err);
	if (length > 0 && (length < sizeof(magic) || memcmp(magic, MAGIC, sizeof(magic)) != 0))
		return fail_database(path, CANNOT_USE, "file is not a database", err);
	return 0;
}

/* Nothing is wrong with one that is not there. */
static int check_file(const char *path, struct bw_err *err)
{
	FILE *file = fopen(path, "re");
	int code, error;

	if (!file)
		return errno == ENOENT ? 0 : fail_system(path, "it", errno, err);
	code = check_beginning(file, path, err);
	fclose(file);
	error = code == 0 ? try_access(path, W_OK) : 0;
	return error ? fail_system(path, "it", error, err) : code;
}

int collect_store_at_key(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.store;
	const int code = err->code;

	bw_err_place(err, place->file, place->line, place->column, "store");
	return code;
}

/* What is wrong with the file that the key names. */
static int at_key(const struct collect_config *config, struct bw_err *err)
{
	const struct bw_err inner = *err;

	if (config->conf.places.store.line == 0)
		return err->code;
	bw_err_set(err, inner.code, "%s: %s", inner.file, inner.message);
	return collect_store_at_key(config, err);
}

#ifdef BW_WITH_POSTGRESQL
static int check_url(const struct collect_config *config, struct bw_err *err)
{
	struct pg_url url;
	const int code = pg_url_parse(config->conf.store, &url, err);

	pg_url_fini(&url);
	return code < 0 ? collect_store_at_key(config, err) : 0;
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
	return collect_store_at_key(config, err);
}

static int open_url(const char *url, struct store *ret_store, struct bw_err *err)
{
	(void)url;
	(void)ret_store;
	return refuse_url(err);
}
#endif

const char *collect_store_path(const struct collect_config *config)
{
	return config->conf.store + strlen(CONF_COLLECT_SQLITE);
}

int collect_store_check(const struct collect_config *config, struct bw_err *err)
{
	char path[PATH_MAX];
	int code;

	if (conf_collect_is_postgresql(&config->conf))
		return check_url(config, err);
	code = sqlite_path_resolve(collect_store_path(config), path, err);
	if (code == 0)
		code = check_folder(path, err);
	if (code == 0)
		code = check_file(path, err);
	return code < 0 ? at_key(config, err) : 0;
}

int collect_store_open(const struct collect_config *config, struct store *ret_store,
		       struct bw_err *err)
{
	if (conf_collect_is_postgresql(&config->conf))
		return open_url(config->conf.store, ret_store, err);
	return sqlite_store_open(collect_store_path(config), ret_store, err);
}

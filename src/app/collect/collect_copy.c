/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_copy.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/collect/collect_store.h"
#include "app/common/log.h"
#include "sys/db/sqlite/sqlite_backup.h"
#include "sys/db/sqlite/sqlite_part.h"
#include "sys/db/sqlite/sqlite_path.h"
#include "sys/disk/writable.h"

/* What an option names: a copy, and the file in which it is made. */
struct copy {
	const char *option, *path;
	char part[PATH_MAX]; /* "": none is made there */
};

static int refuse(const struct copy *copy, const char *path, const char *what, struct bw_err *err)
{
	if (path == copy->part)
		bw_err_set(err, BW_ERR_USAGE, "%s, and %s %s would replace it: give another file",
			   what, copy->option, copy->path);
	else
		bw_err_set(err, BW_ERR_USAGE, "%s: give %s another file", what, copy->option);
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_USAGE;
}

/* FILE is in use, as WHAT says. NULL: there is no such file. */
static int keep(const struct copy *copy, const char *file, const char *what, struct bw_err *err)
{
	if (file && writable_is_same(file, copy->path))
		return refuse(copy, copy->path, what, err);
	if (file && writable_is_same(file, copy->part))
		return refuse(copy, copy->part, what, err);
	return 0;
}

/* The database, what SQLite keeps beside it, and what the collector does. */
static int keep_database(const struct collect_config *config, const struct copy *copy,
			 struct bw_err *err)
{
	static const char *const endings[] = {"-wal", "-shm", "-journal", ".lock",
					      SQLITE_PART_ENDING};
	char store[PATH_MAX], beside[PATH_MAX];
	int code = sqlite_path_resolve(collect_store_path(config), store, err);

	if (code == 0)
		code = keep(copy, store, "is the database itself", err);
	for (size_t n = 0; n < sizeof(endings) / sizeof(endings[0]) && code == 0; n++) {
		code = sqlite_path_beside(store, endings[n], beside, err);
		if (code == 0)
			code = keep(copy, beside, "belongs to the database", err);
	}
	return code;
}

static int keep_webhook(const struct conf_collect_webhook *webhook, const struct copy *copy,
			struct bw_err *err)
{
	int code = keep(copy, webhook->secret_file, "is the secret of a webhook", err);

	for (size_t n = 0; n < webhook->command.count && code == 0; n++)
		code = keep(copy, webhook->command.list[n].text, "is of the command of a webhook",
			    err);
	return code;
}

/* The configuration, and the files that it names. */
static int keep_configuration(const struct collect_config *config, const struct copy *copy,
			      struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	const char *const files[] = {
		conf->read_token_file,       conf->tls.certificate, conf->tls.key,
		conf->nats.credentials_file, conf->nats.ca_file,    conf->nats.client_certificate,
		conf->nats.client_key,
	};
	int code = keep(copy, config->path, "is the configuration", err);

	for (size_t n = 0; n < sizeof(files) / sizeof(files[0]) && code == 0; n++)
		code = keep(copy, files[n], "is a file that the configuration names", err);
	for (size_t n = 0; n < conf->vantages.count && code == 0; n++)
		code = keep(copy, conf->vantages.list[n].token_file, "is the token of a vantage",
			    err);
	for (size_t n = 0; n < conf->webhooks.count && code == 0; n++)
		code = keep_webhook(&conf->webhooks.list[n], copy, err);
	return code;
}

/* What the option names, if it is there, must be a regular file. */
static int check_kind(const struct copy *copy, const struct stat *st, struct bw_err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	bw_err_set(err, BW_ERR_USAGE, "is %s: give %s a file",
		   S_ISDIR(st->st_mode)   ? "a folder"
		   : S_ISLNK(st->st_mode) ? "a symbolic link"
					  : "no regular file",
		   copy->option);
	bw_err_place(err, copy->path, 0, 0, NULL);
	return BW_ERR_USAGE;
}

static int check_store(const struct collect_config *config, const char *option, struct bw_err *err)
{
	if (!conf_collect_is_postgresql(&config->conf))
		return 0;
	bw_err_set(err, BW_ERR_USAGE, "%s is for SQLite: use pg_dump and pg_restore for this store",
		   option);
	return collect_store_at_key(config, err);
}

/* A link is not followed: what it leads to, in a folder of others, is for them to choose. */
static int check_backup(const struct collect_config *config, const char *to, struct bw_err *err)
{
	struct copy copy = {"--backup", to, ""};
	struct stat st;
	int code = check_store(config, copy.option, err);

	if (code == 0)
		code = sqlite_path_beside(to, SQLITE_PART_ENDING, copy.part, err);
	if (code == 0)
		code = keep_database(config, &copy, err);
	if (code == 0)
		code = keep_configuration(config, &copy, err);
	return code == 0 && lstat(to, &st) == 0 ? check_kind(&copy, &st, err) : code;
}

static int check_restore(const struct collect_config *config, const char *from, struct bw_err *err)
{
	const struct copy copy = {"--restore", from, ""};
	struct stat st;
	int code = check_store(config, copy.option, err);

	if (code == 0)
		code = keep_database(config, &copy, err);
	return code == 0 && stat(from, &st) == 0 ? check_kind(&copy, &st, err) : code;
}

static void tell_size(const char *what, const char *path, const char *more)
{
	struct stat st;

	if (stat(path, &st) == 0)
		log_info("%s %.1f MB to %s%s", what, (double)st.st_size / 1e6, path, more);
}

int collect_copy_backup(const struct collect_config *config, const char *to, struct bw_err *err)
{
	int code = check_backup(config, to, err);

	if (code == 0)
		code = sqlite_store_backup(collect_store_path(config), to, err);
	if (code == 0)
		tell_size("copied", to, "");
	return code;
}

int collect_copy_restore(const struct collect_config *config, const char *from, struct bw_err *err)
{
	int code = check_restore(config, from, err);

	if (code == 0)
		code = sqlite_store_restore(from, collect_store_path(config), err);
	if (code == 0)
		tell_size("restored", collect_store_path(config), "; the collector can be started");
	return code;
}

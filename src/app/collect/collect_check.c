/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/log.h"
#include "sys/http/listen.h"
#include "sys/machine/privilege.h"

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

static int check_listen(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.listen;
	int code = listen_check(config->conf.listen, err);

	if (code < 0)
		bw_err_place(err, place->file, place->line, place->column, "listen");
	return code;
}

int collect_check(const struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	int code = check_listen(config, err);

	if (code == 0 && conf->user)
		code = privilege_find(conf->user, err);
	if (code == 0 && conf->vantages.count > FLEET_MAX)
		code = bw_err_set(err, BW_ERR_LIMIT, "%zu vantages are too many: the limit is %d",
				  conf->vantages.count, FLEET_MAX);
	if (code == 0)
		code = check_folder(collect_config_database(config), err);
	return code == 0 ? check_file(collect_config_database(config), err) : code;
}

void collect_check_warn(const struct collect_config *config)
{
	if (config->certificate.bytes || listen_is_loopback(config->conf.listen))
		return;
	log_warn("listen: %s is not loopback, and there is no \"tls\": tokens and records cross "
		 "the network as plain text",
		 config->conf.listen);
}

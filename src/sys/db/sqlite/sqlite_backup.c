/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/db/sqlite/sqlite_backup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#define BACKUP_PAGES 256 /* copied in one step */
#define BACKUP_PAUSE_MS 5

static int copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int code;

	if (!backup)
		return sqlite3_errcode(to);
	do {
		code = sqlite3_backup_step(backup, BACKUP_PAGES);
		if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
			sqlite3_sleep(BACKUP_PAUSE_MS);
	} while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int backup_into(const char *from, const char *part)
{
	sqlite3 *source = NULL, *copied = NULL;
	int code = sqlite3_open_v2(from, &source, SQLITE_OPEN_READONLY, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_open_v2(part, &copied, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
				       NULL);
	if (code == SQLITE_OK)
		code = copy(source, copied);
	sqlite3_close(copied);
	sqlite3_close(source);
	return code;
}

int sqlite_store_backup(const char *from, const char *to, struct bw_err *err)
{
	char part[4096];
	int code;

	if (snprintf(part, sizeof(part), "%s.part", to) >= (int)sizeof(part))
		return bw_err_set(err, BW_ERR_LIMIT, "the path is too long");
	remove(part);
	code = backup_into(from, part);
	if (code == SQLITE_OK && rename(part, to) == 0)
		return 0;
	bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot copy the database to %s: %s", to,
		   code == SQLITE_OK ? strerror(errno) : sqlite3_errstr(code));
	bw_err_place(err, from, 0, 0, NULL);
	remove(part);
	return BW_ERR_UNAVAILABLE;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/spool/spool_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/machine/privilege.h"

static int give(int folder, const char *name, unsigned uid, unsigned gid)
{
	int fd, code = 0;

	if (mkdirat(folder, name, 0755) != 0 && errno != EEXIST)
		return errno == EACCES || errno == EROFS ? 0 : -errno;
	if (geteuid() != 0)
		return 0;
	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchown(fd, uid, gid) != 0)
		code = -errno;
	if (fd >= 0)
		close(fd);
	return code;
}

static int give_both(int folder, const char *user, struct bw_err *err)
{
	unsigned uid = 0, gid = 0;
	int code = geteuid() == 0 ? privilege_numbers(user, &uid, &gid, err) : 0;

	if (code < 0)
		return code;
	code = give(folder, "positions", uid, gid);
	if (code == 0)
		code = give(folder, "refused", uid, gid);
	return code == 0 ? 0
			 : bw_err_set(err, code, "cannot prepare the folders of the spool: %s",
				      strerror(-code));
}

int spool_folder_open(const char *state_directory, const char *user, int *ret_folder,
		      char path[SPOOL_FOLDER_PATH], struct bw_err *err)
{
	int folder, code;

	snprintf(path, SPOOL_FOLDER_PATH, "%s/spool", state_directory);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		code = errno == ENOENT ? BW_ERR_MISSING : -errno;
		bw_err_set(err, code, "cannot open the spool: %s%s", strerror(errno),
			   errno == ENOENT ? "; `run` makes it" : "");
		bw_err_place(err, path, 0, 0, NULL);
		return code;
	}
	code = give_both(folder, user, err);
	if (code < 0)
		close(folder);
	else
		*ret_folder = folder;
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAGIC_MAX 6

extern char **environ;

static const struct packer {
	const char *magic;
	size_t length;
	const char *arguments[5];
} packers[] = {
	{"\x1f\x8b", 2, {"gzip", "-dc", NULL}},
	{"\x28\xb5\x2f\xfd", 4, {"zstd", "-dcq", "--long=31", NULL}},
	{"\xfd\x37zXZ", 6, {"xz", "-dc", NULL}},
};

static const struct packer *find_packer(int fd)
{
	char bytes[MAGIC_MAX];
	ssize_t length = pread(fd, bytes, sizeof(bytes), 0);

	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (length >= (ssize_t)packers[i].length &&
		    memcmp(bytes, packers[i].magic, packers[i].length) == 0)
			return &packers[i];
	return NULL;
}

/* Starts the program with FROM as its input and TO as its output. Returns 0 or an errno. */
static int start(const struct packer *packer, int from, int to, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	int code = posix_spawn_file_actions_init(&actions);

	if (code)
		return code;
	code = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
	if (!code)
		code = posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
	if (!code)
		code = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							O_WRONLY, 0);
	if (!code)
		code = posix_spawnp(ret_pid, packer->arguments[0], &actions, NULL,
				    (char *const *)packer->arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return code;
}

static int run(const struct packer *packer, int from, FILE *to, bool *ret_failed)
{
	pid_t pid;
	int status, code;

	if (lseek(from, 0, SEEK_SET) < 0)
		return -errno;
	code = start(packer, from, fileno(to), &pid);
	if (code)
		return -code;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	*ret_failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	return 0;
}

int unpack(int fd, struct unpacked *ret_unpacked, struct bw_err *err)
{
	const struct packer *packer = find_packer(fd);
	struct unpacked unpacked = {.file = NULL};
	int code;

	*ret_unpacked = unpacked;
	if (!packer)
		return 0;
	unpacked.program = packer->arguments[0];
	unpacked.file = tmpfile();
	if (!unpacked.file)
		return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot make a temporary file for it");
	code = run(packer, fd, unpacked.file, &unpacked.failed);
	if (code == 0) {
		*ret_unpacked = unpacked;
		return 0;
	}
	fclose(unpacked.file);
	if (code == -ENOENT)
		return bw_err_set(
			err, BW_ERR_UNAVAILABLE,
			"compressed, and the program '%s' that unpacks it is not installed",
			unpacked.program);
	return bw_err_set(err, code, "cannot run '%s': %s", unpacked.program, strerror(-code));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/common/log.h"

/* A descriptor of its own, so that the caller may close it. Returns -1 if none was passed. */
static int open_passed(const char *path, const struct options_texts *passed)
{
	size_t length = strlen(path);
	long fd = -1;

	for (size_t i = 0; passed && i < passed->count; i++)
		if (strncmp(passed->list[i], path, length) == 0 && passed->list[i][length] == '=')
			fd = strtol(passed->list[i] + length + 1, NULL, 10);
	return fd >= 0 && fd <= INT_MAX ? fcntl((int)fd, F_DUPFD_CLOEXEC, 3) : -1;
}

static int open_credential(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY"), *name = strrchr(path, '/');
	char credential[4400];
	int length;

	if (!folder)
		return -1;
	length = snprintf(credential, sizeof(credential), "%s/%s", folder, name ? name + 1 : path);
	if (length >= (int)sizeof(credential))
		return -1;
	return open(credential, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static void warn_if_open(int fd, const char *path)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && (status.st_mode & S_IROTH))
		log_warn("warning: everybody can read %s: chmod o-r it", path);
}

static int read_bytes(int fd, struct secret *secret)
{
	off_t offset = 0;
	ssize_t count;

	secret->bytes = malloc(SECRET_MAX + 1);
	if (!secret->bytes)
		return -ENOMEM;
	while ((count = pread(fd, secret->bytes + offset, SECRET_MAX + 1 - (size_t)offset,
			      offset)) > 0)
		offset += count;
	if (count < 0)
		return -errno;
	if ((size_t)offset > SECRET_MAX)
		return BW_ERR_LIMIT;
	secret->bytes[offset] = '\0';
	secret->length = (size_t)offset;
	return 0;
}

static int refuse(const char *path, int code, struct bw_err *err)
{
	if (code == BW_ERR_LIMIT || code == -ENOMEM)
		bw_err_set(err, code, "%s", code == -ENOMEM ? "out of memory" : "is too large");
	else
		bw_err_set(err, BW_ERR_MISSING, "cannot be read: %s", strerror(-code));
	bw_err_place(err, path, 0, 0, NULL);
	return err ? err->code : BW_ERR_MISSING;
}

int secret_read(const char *path, const struct options_texts *passed, int is_private,
		struct secret *ret_secret, struct bw_err *err)
{
	struct secret secret = {0};
	int fd, code;

	*ret_secret = secret;
	if (!path)
		return 0;
	fd = open_passed(path, passed);
	if (fd < 0)
		fd = open_credential(path);
	if (fd < 0)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return refuse(path, -errno, err);
	if (is_private)
		warn_if_open(fd, path);
	code = read_bytes(fd, &secret);
	close(fd);
	if (code < 0) {
		secret_fini(&secret);
		return refuse(path, code, err);
	}
	*ret_secret = secret;
	return 0;
}

int secret_read_pem(const char *path, const struct options_texts *passed, enum pem_kind kind,
		    struct secret *ret_secret, struct bw_err *err)
{
	int code = secret_read(path, passed, kind != PEM_CERTIFICATES, ret_secret, err);

	if (code < 0 || !path)
		return code;
	code = pem_check(kind, ret_secret->bytes, err);
	if (code == 0)
		return 0;
	bw_err_place(err, path, 0, 0, NULL);
	secret_fini(ret_secret);
	return code;
}

int secret_trim(struct secret *secret, const char *path, struct bw_err *err)
{
	if (!secret->bytes)
		return 0;
	while (secret->length > 0 && strchr(" \t\r\n", secret->bytes[secret->length - 1]))
		secret->bytes[--secret->length] = '\0';
	if (secret->length > 0 && strlen(secret->bytes) == secret->length &&
	    strcspn(secret->bytes, "\r\n") == secret->length)
		return 0;
	bw_err_set(err, BW_ERR_VALUE, "has no token: one line of text is wanted");
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_VALUE;
}

void secret_fini(struct secret *secret)
{
	if (secret->bytes)
		explicit_bzero(secret->bytes, secret->length);
	free(secret->bytes);
	*secret = (struct secret){0};
}

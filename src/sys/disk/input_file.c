/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/disk/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#define PIECE ((size_t)256 << 10)
#define GZIP_WINDOW (15 + 16) /* as inflateInit2() wants it: the largest window, gzip only */

struct reading {
	const char *path;
	int fd;
	input_taker take;
	void *self;
	crypto_hash_sha256_state digest;
	unsigned char *piece, *unpacked;
	bool is_begun, is_gzip, is_ended; /* ended: a member of gzip is complete */
	z_stream stream;
};

const char *input_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strcmp(path, "-") == 0)
		return "standard input";
	return slash && slash[1] ? slash + 1 : path;
}

static const char *shown_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int refuse(const char *path, int code, const char *what, const char *why, struct bw_err *err)
{
	bw_err_set(err, code, "%s: %s", what, why);
	bw_err_place(err, shown_name(path), 0, 0, NULL);
	return code;
}

static int begin(struct reading *r, const unsigned char *bytes, size_t length)
{
	r->is_begun = true;
	r->is_gzip = length >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
	if (!r->is_gzip)
		return 0;
	r->unpacked = (unsigned char *)malloc(PIECE);
	return r->unpacked && inflateInit2(&r->stream, GZIP_WINDOW) == Z_OK ? 0 : -ENOMEM;
}

/* One step of inflate. A file may have several members one after the other. */
static int unpack_some(struct reading *r, struct bw_err *err)
{
	int code;

	if (r->is_ended && inflateReset(&r->stream) != Z_OK)
		return -ENOMEM;
	r->is_ended = false;
	r->stream.next_out = r->unpacked;
	r->stream.avail_out = PIECE;
	code = inflate(&r->stream, Z_NO_FLUSH);
	if (code == Z_MEM_ERROR)
		return -ENOMEM;
	if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
		return refuse(r->path, BW_ERR_SYNTAX, "the gzip is damaged", "download it again",
			      err);
	r->is_ended = code == Z_STREAM_END;
	return r->take(r->self, (const char *)r->unpacked, PIECE - r->stream.avail_out, err);
}

static int unpack(struct reading *r, const unsigned char *bytes, size_t length, struct bw_err *err)
{
	int result = 0;

	r->stream.next_in = (z_const Bytef *)bytes;
	r->stream.avail_in = (unsigned)length;
	do
		result = unpack_some(r, err);
	while (result == 0 && (r->stream.avail_in > 0 || r->stream.avail_out == 0));
	return result;
}

static int read_pieces(struct reading *r, struct bw_err *err)
{
	int result = 0;

	while (result == 0) {
		ssize_t got = read(r->fd, r->piece, PIECE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return refuse(r->path, BW_ERR_MISSING, "cannot read it", strerror(errno),
				      err);
		if (got == 0)
			break;
		crypto_hash_sha256_update(&r->digest, r->piece, (size_t)got);
		if (!r->is_begun)
			result = begin(r, r->piece, (size_t)got);
		if (result == 0 && r->is_gzip)
			result = unpack(r, r->piece, (size_t)got, err);
		else if (result == 0)
			result = r->take(r->self, (const char *)r->piece, (size_t)got, err);
	}
	if (result == 0 && r->is_gzip && !r->is_ended)
		return refuse(r->path, BW_ERR_SYNTAX, "the gzip was cut short", "download it again",
			      err);
	return result;
}

static int read_all(struct reading *r, struct input_facts *ret_facts, struct bw_err *err)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	struct stat status;
	int result;

	r->piece = (unsigned char *)malloc(PIECE);
	if (!r->piece)
		return -ENOMEM;
	result = read_pieces(r, err);
	if (result < 0)
		return result;
	crypto_hash_sha256_final(&r->digest, digest);
	sodium_bin2hex(ret_facts->sha256, sizeof(ret_facts->sha256), digest, sizeof(digest));
	ret_facts->has_modified = fstat(r->fd, &status) == 0 && S_ISREG(status.st_mode);
	if (ret_facts->has_modified)
		ret_facts->modified.ns = status.st_mtim.tv_sec * BW_S;
	return 0;
}

int input_file_read(const char *path, input_taker take, void *self, struct input_facts *ret_facts,
		    struct bw_err *err)
{
	struct reading r = {.path = path, .fd = STDIN_FILENO, .take = take, .self = self};
	bool is_stdin = strcmp(path, "-") == 0;
	int result;

	*ret_facts = (struct input_facts){0};
	if (!is_stdin)
		r.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r.fd < 0)
		return refuse(path, BW_ERR_MISSING, "cannot open it", strerror(errno), err);
	crypto_hash_sha256_init(&r.digest);
	result = read_all(&r, ret_facts, err);
	if (r.is_gzip)
		inflateEnd(&r.stream);
	free(r.piece);
	free(r.unpacked);
	if (!is_stdin)
		close(r.fd);
	return result == -ENOMEM ? refuse(path, result, "cannot read it", "out of memory", err)
				 : result;
}

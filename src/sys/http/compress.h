/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_COMPRESS_H
#define SYS_HTTP_COMPRESS_H

#include <stddef.h>

#include <blockwatch/err.h>

/*
 * Compresses bodies of requests, one after the other, in memory that is kept. The fastest level
 * of each method: records shrink to a tenth with it.
 */
#define COMPRESS_LIST(X)         \
	X(COMPRESS_GZIP, "gzip") \
	X(COMPRESS_ZSTD, "zstd") \
	X(COMPRESS_NONE, "none")

enum compress_method {
#define X(name, text) name,
	COMPRESS_LIST(X)
#undef X
		COMPRESS_METHODS
};

struct compress;

/* Returns 0 or -ENOMEM. */
int compress_new(enum compress_method method, struct compress **ret_compress);
void compress_free(struct compress *compress);

/*
 * *RET_BYTES is BYTES itself with COMPRESS_NONE, else memory of COMPRESS, until the next call.
 * Returns 0 or -ENOMEM.
 */
int compress_run(struct compress *compress, const char *bytes, size_t length,
		 const char **ret_bytes, size_t *ret_length);

/* The word for Content-Encoding; NULL for COMPRESS_NONE. */
const char *compress_encoding(const struct compress *compress);

#endif

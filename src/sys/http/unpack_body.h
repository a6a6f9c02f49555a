/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_UNPACK_BODY_H
#define SYS_HTTP_UNPACK_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/err.h>

/*
 * The body of an HTTP request as it comes in, piece by piece, unpacked into memory that grows
 * up to a limit. It is hostile input: its unpacked size is limited, and so is the ratio of
 * unpacked to packed bytes, so that a small body cannot fill the memory.
 */

/* X(NAME, word of Content-Encoding) */
#define UNPACK_BODY_LIST(X)             \
	X(UNPACK_BODY_NONE, "identity") \
	X(UNPACK_BODY_GZIP, "gzip")     \
	X(UNPACK_BODY_ZSTD, "zstd")

enum unpack_body_coding {
#define X(name, word) name,
	UNPACK_BODY_LIST(X)
#undef X
};

struct unpack_body_limits {
	size_t packed;   /* bytes of the body as it was sent */
	size_t unpacked; /* bytes after unpacking */
	unsigned ratio;  /* unpacked bytes for each packed one, beyond the first megabyte */
};

/* The fields are private, except text and length. */
struct unpack_body {
	char *text; /* what was unpacked so far */
	size_t length;
	size_t room, packed;
	struct unpack_body_limits limits;
	enum unpack_body_coding coding;
	void *stream;  /* of zlib or libzstd */
	bool is_whole; /* the last packed frame has ended */
};

/* WORD NULL: no Content-Encoding. Returns 0, or BW_ERR_VALUE for one that is not known. */
int unpack_body_coding(const char *word, enum unpack_body_coding *ret_coding);

/* Returns 0 or -ENOMEM. */
int unpack_body_init(struct unpack_body *body, enum unpack_body_coding coding,
		     const struct unpack_body_limits *limits);

/*
 * Adds a piece. Returns 0; BW_ERR_SYNTAX for what cannot be unpacked; BW_ERR_LIMIT beyond a
 * limit; -ENOMEM. After an error nothing may follow but unpack_body_fini().
 */
int unpack_body_add(struct unpack_body *body, const char *bytes, size_t length);

/* Nothing follows. Returns 0, or BW_ERR_SYNTAX for a packed body that was cut off. */
int unpack_body_end(const struct unpack_body *body);

/* Accepts {0}. */
void unpack_body_fini(struct unpack_body *body);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_PEM_H
#define APP_COMMON_PEM_H

#include <blockwatch/err.h>

/*
 * Whether a text is what a key of a configuration wants of a file, in PEM (RFC 7468): its parts
 * have their begin and end lines, base64 between them, and a whole value of DER in that. Whether
 * a certificate is valid, and whose it is, is for TLS to say.
 */
enum pem_kind {
	PEM_CERTIFICATES, /* one or more, and nothing else that matters */
	PEM_KEY,          /* a private key without a pass phrase */
	PEM_CREDENTIALS,  /* of a user of NATS: a JWT and a seed */
};

/* Returns 0, or BW_ERR_VALUE with a message that needs the file's name before it. */
int pem_check(enum pem_kind kind, const char *text, struct bw_err *err);

#endif

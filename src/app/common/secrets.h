/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_SECRETS_H
#define APP_COMMON_SECRETS_H

#include <stddef.h>

#include "app/common/pem.h"
#include "conf/options/options.h"

/*
 * Tokens, certificates, keys and credentials in files, which are read before root is given up.
 * Each is found in the first of: a descriptor that `run` has passed (`--secret PATH=FD`); the
 * credential of the service manager with the name of the file (systemd's LoadCredential);
 * the file itself.
 */
#define SECRET_MAX ((size_t)1 << 20)

struct secret {
	char *bytes; /* terminated with a NUL; NULL: none */
	size_t length;
};

/*
 * Reads PATH, or nothing when it is NULL. PASSED: the arguments of --secret, or NULL.
 * IS_PRIVATE: warns when others than owner and group may read it. Returns 0 or BW_ERR_MISSING,
 * BW_ERR_LIMIT, -ENOMEM with a message that has the path.
 */
int secret_read(const char *path, const struct options_texts *passed, int is_private,
		struct secret *ret_secret, struct bw_err *err);

/*
 * The same for a file in PEM, which is private unless it has certificates. Returns also
 * BW_ERR_VALUE for what is not of this KIND; then nothing is held.
 */
int secret_read_pem(const char *path, const struct options_texts *passed, enum pem_kind kind,
		    struct secret *ret_secret, struct bw_err *err);

/* A token: takes blanks and line ends at its end away. Returns 0, or BW_ERR_VALUE for no token. */
int secret_trim(struct secret *secret, const char *path, struct bw_err *err);

void secret_fini(struct secret *secret);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_CLIENT_SECRETS_H
#define APP_COMMON_CLIENT_SECRETS_H

#include "app/common/secrets.h"

/*
 * What a client of a server reads from files before root is given up: what it proves itself with
 * (a token, or NATS credentials), and what TLS needs. It is the same for sinks of every type and
 * for the collector's stream.
 */
struct client_files { /* paths; NULL: not given */
	const char *proof, *ca, *certificate, *key;
};

struct client_secrets {
	struct secret proof, ca, certificate, key;
};

/* PASSED: as of secret_read(). Returns 0 or as secret_read(); then nothing is held. */
int client_secrets_read(const struct client_files *files, const struct options_texts *passed,
			struct client_secrets *ret_secrets, struct bw_err *err);

/*
 * Whether the files that are given hold what TLS and NATS need; the proof is a file of credentials.
 * Returns 0, or BW_ERR_VALUE with a message that has the path.
 */
int client_secrets_check(const struct client_files *files, const struct client_secrets *secrets,
			 struct bw_err *err);

/* Accepts {0}. */
void client_secrets_fini(struct client_secrets *secrets);

#endif

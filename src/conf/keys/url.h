/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_URL_H
#define CONF_KEYS_URL_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * What follows "SCHEME://" in URL, when SCHEME is one of SCHEMES ("http https"); NULL when it is
 * none of them.
 */
const char *url_skip_scheme(const char *url, const char *schemes);

/*
 * REST is what url_skip_scheme() returns. Whether it names a user or a password, and whether it
 * begins with a host, and a port of 1 to 65535 if one is given, and has no character that a URL
 * must not have.
 */
bool url_has_user(const char *rest);
bool url_is_valid(const char *rest);

/* A server that records go to or come from. */
enum url_kind { URL_HTTP, URL_NATS };

/* All of these together. Returns 0, or BW_ERR_VALUE with a message that has no place yet. */
int url_check(const char *url, enum url_kind kind, struct bw_err *err);

#endif

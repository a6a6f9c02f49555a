/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_URL_H
#define CONF_KEYS_URL_H

#include <stdbool.h>

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

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_HTTP_LISTEN_H
#define SYS_HTTP_LISTEN_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * A TCP socket that listens on ADDRESS: "127.0.0.1:8080", "[::1]:8080", port 0 for any. It does
 * not block and is closed on exec. Returns the descriptor; BW_ERR_VALUE for another form;
 * BW_ERR_UNAVAILABLE when the system refuses; with a message.
 */
int listen_on(const char *address, struct bw_err *err);

/* Whether the text has this form, without listening. Returns 0 or BW_ERR_VALUE. */
int listen_check(const char *address, struct bw_err *err);

/* Whether the address is one of loopback; false for another form. */
bool listen_is_loopback(const char *address);

/* The port that a socket listens on; 0: it does not. */
unsigned listen_port(int fd);

#endif

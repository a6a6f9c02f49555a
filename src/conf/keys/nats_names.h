/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_NATS_NAMES_H
#define CONF_KEYS_NATS_NAMES_H

#include <stdbool.h>

#include <blockwatch/err.h>

/*
 * Whether SUBJECT can be the "subject" of a sink or of the collector: words between dots, none
 * empty, without blanks and wildcards. {vantage}, {target}, {type} and {boot} are whole words, and
 * nothing else is in braces. Returns 0, or BW_ERR_VALUE with a message that has no place yet.
 */
int nats_names_check_subject(const char *subject, struct bw_err *err);

/* The same of the name of a stream or of a durable consumer, which has no dot. */
int nats_names_check_name(const char *name, struct bw_err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/options/common.h"

#define AT(member) offsetof(struct conf_probing, member)

/* The items of both tables, but for the methods and the references. */
/* clang-format off */
#define WAY_ITEMS \
	{"interface", 'i', OPTIONS_TEXT, AT(interface), "NAME", 1, 15, NULL, \
	 "send and capture on this interface instead of the one that the routing table names"}, \
	{"source", 0, OPTIONS_ADDRESSES, AT(source), "ADDRESS", 0, 0, NULL, \
	 "send from this address; once for IPv4 and once for IPv6"}

#define SENDING_ITEMS \
	{"rate", 'r', OPTIONS_RATE, AT(rate_pps), "PPS", CONF_RATE_MIN, CONF_RATE_MAX, "100", \
	 "packets a second, at most"}, \
	{"timeout", 't', OPTIONS_DURATION, AT(timeout_ns), "DURATION", CONF_TIMEOUT_MIN_S, \
	 CONF_TIMEOUT_MAX_S, "3s", \
	 "a probe without an answer counts as lost after this long; an answer that comes " \
	 "later still counts"}, \
	{"allow-reserved", 0, OPTIONS_FLAG, AT(allow_reserved), NULL, 0, 0, NULL, \
	 "also probe special-purpose addresses (private, loopback, benchmarking ...)"}, \
	{"blocklist", 'b', OPTIONS_TEXTS, AT(blocklists), "FILE", 0, 0, NULL, \
	 "never probe the prefixes and addresses listed in FILE"}

#define OTHER_ITEMS \
	{"dry-run", 'n', OPTIONS_FLAG, AT(dry_run), NULL, 0, 0, NULL, \
	 "print what would be sent to whom, send nothing; needs no privilege"}, \
	{"seed", 0, OPTIONS_COUNT, AT(seed), "NUMBER", 1, 18446744073709551615.0, NULL, \
	 "makes the order of probes repeatable; default: random"}, \
	{"ipv4", '4', OPTIONS_FLAG, AT(v4), NULL, 0, 0, NULL, CONF_V4_HELP}, \
	{"ipv6", '6', OPTIONS_FLAG, AT(v6), NULL, 0, 0, NULL, CONF_V6_HELP}, \
	{"resolve", 0, OPTIONS_FLAG, AT(resolve), NULL, 0, 0, NULL, CONF_RESOLVE_HELP}
/* clang-format on */

const struct options_item conf_probing_items[CONF_PROBING_COUNT] = {
	WAY_ITEMS,
	{"method", 'm', OPTIONS_METHODS, AT(methods), "METHOD", 0, 0, NULL,
	 "how to probe: " BW_METHOD_FORMS ", several with commas between; default: what the target "
	 "says"},
	SENDING_ITEMS,
	{"reference", 0, OPTIONS_TEXTS, AT(references), "ADDRESS|TARGET", 0, 0, NULL,
	 "hosts that tell whether this machine itself is online"},
	OTHER_ITEMS,
};

const struct options_item conf_tracing_items[CONF_TRACING_COUNT] = {
	WAY_ITEMS,
	{"method", 'm', OPTIONS_TRACE_METHODS, AT(methods), "METHOD", 0, 0, NULL,
	 "how to probe: " BW_TRACE_METHOD_FORMS ", several with commas between; default: what the "
	 "target says"},
	SENDING_ITEMS,
	OTHER_ITEMS,
};

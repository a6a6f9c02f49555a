/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/filter.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include <blockwatch/transport.h>

#include "wire/token.h"

/* Where fields are behind a plain IPv6 header; libpcap's tcp[] and icmp6[] stop at IPv4. */
#define V4_TCP_FLAGS "tcp[13]"
#define V6_TCP_FLAGS "ip6[53]"
#define ANSWERS(flags) "((" flags " & 0x12) = 0x12 or (" flags " & 0x04) != 0)"

static const char icmp_v4[] = "(icmp[0] = 0 or icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12)";
static const char icmp_v6[] =
	"(ip6[6] = 58 and (ip6[40] = 129 or (ip6[40] >= 1 and ip6[40] <= 4)))";
static const char extensions_v6[] = "ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60";

__attribute__((format(printf, 3, 4)))
static size_t append(char *text, size_t used, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text + used, FILTER_TEXT - used, format, args);
	va_end(args);
	assert(n >= 0 && used + (size_t)n < FILTER_TEXT);
	return used + (size_t)n;
}

/* "(ip dst host A or ip dst host B)" for the addresses of one family. */
static size_t append_hosts(char *text, size_t used, const struct bw_addr *local, size_t count,
			   int family)
{
	const char *before = "(";
	char host[BW_ADDR_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (local[i].family != family)
			continue;
		used = append(text, used, "%s%s dst host %s", before, family == 4 ? "ip" : "ip6",
			      bw_addr_format(&local[i], host));
		before = " or ";
	}
	return append(text, used, ")");
}

static size_t append_v4(char *text, size_t used, const struct bw_addr *local, size_t count)
{
	used = append_hosts(text, append(text, used, "("), local, count, 4);
	return append(text, used, " and (%s or (tcp dst portrange %d-%d and %s)))",
		      icmp_v4, TOKEN_PORT_FIRST, TOKEN_PORT_LAST, ANSWERS(V4_TCP_FLAGS));
}

static size_t append_v6(char *text, size_t used, const struct bw_addr *local, size_t count)
{
	used = append_hosts(text, append(text, used, "("), local, count, 6);
	return append(text, used, " and (%s or (ip6[6] = 6 and ip6[42:2] >= %d and "
		      "ip6[42:2] <= %d and %s) or %s))", icmp_v6, TOKEN_PORT_FIRST,
		      TOKEN_PORT_LAST, ANSWERS(V6_TCP_FLAGS), extensions_v6);
}

/* Everything is in brackets: in libpcap's language `and` binds no closer than `or`. */
size_t filter_format(const struct bw_addr *local, size_t count, char text[FILTER_TEXT])
{
	bool v4 = false, v6 = false;
	size_t used = 0;

	assert(count >= 1 && count <= BW_EGRESS_MAX);
	for (size_t i = 0; i < count; i++) {
		v4 = v4 || local[i].family == 4;
		v6 = v6 || local[i].family == 6;
	}
	if (v4)
		used = append_v4(text, used, local, count);
	if (v4 && v6)
		used = append(text, used, " or ");
	if (v6)
		used = append_v6(text, used, local, count);
	return used;
}

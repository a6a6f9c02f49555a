/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/rx/filter.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include <blockwatch/transport.h>

#include "wire/method/method_ops.h"

/* ICMP errors, whatever probe they are about; libpcap's icmp6[] is too weak for IPv6. */
static const char errors_v4[] = "icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12";
static const char errors_v6[] = "(ip6[6] = 58 and ip6[40] >= 1 and ip6[40] <= 4)";
static const char extensions_v6[] = "ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60";

__attribute__((format(printf, 3, 4))) static size_t append(char *text, size_t used,
							   const char *format, ...)
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

/* " or ANSWER" for the answers of each method. */
static size_t append_answers(char *text, size_t used, int family)
{
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		const struct method_ops *ops = method_ops(protocol);

		used = append(text, used, " or %s", family == 4 ? ops->filter_v4 : ops->filter_v6);
	}
	return used;
}

static size_t append_family(char *text, size_t used, const struct bw_addr *local, size_t count,
			    int family)
{
	used = append_hosts(text, append(text, used, "("), local, count, family);
	used = append(text, used, " and (%s", family == 4 ? errors_v4 : errors_v6);
	used = append_answers(text, used, family);
	if (family == 6)
		used = append(text, used, " or %s", extensions_v6);
	return append(text, used, "))");
}

/* Everything is in brackets: in libpcap's language `and` and `or` have the same precedence. */
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
		used = append_family(text, used, local, count, 4);
	if (v4 && v6)
		used = append(text, used, " or ");
	if (v6)
		used = append_family(text, used, local, count, 6);
	return used;
}

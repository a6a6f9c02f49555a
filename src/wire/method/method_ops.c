/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/method/method_ops.h"

#include <stddef.h>

static const struct method_ops *const table[BW_PROTOCOL_ALL + 1] = {
#define X(NAME, name, number, has_port) [number] = &method_##name##_ops,
	BW_PROTOCOL_LIST(X) BW_TRACE_PROTOCOL_LIST(X)
#undef X
};

const struct method_ops *method_ops(uint8_t protocol)
{
	return protocol <= BW_PROTOCOL_ALL ? table[protocol] : NULL;
}

static const struct method_ops *find(const struct ip *ip, unsigned last)
{
	for (unsigned i = 1; i <= last; i++) {
		uint8_t number =
			ip->dst.family == 4 ? table[i]->ip_protocol_v4 : table[i]->ip_protocol_v6;

		if (number == ip->protocol)
			return table[i];
	}
	return NULL;
}

const struct method_ops *method_ops_of_ip(const struct ip *ip)
{
	return find(ip, BW_PROTOCOL_COUNT);
}

const struct method_ops *method_ops_of_trace(const struct ip *ip)
{
	return find(ip, BW_PROTOCOL_ALL);
}

bool method_is_echo(uint8_t protocol)
{
	const struct method_ops *ops = method_ops(protocol);

	return ops && ops->evidence == METHOD_ECHO;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/capture_target.h"

#include <stdlib.h>
#include <string.h>

struct bw_target *capture_target(const struct capture_index *index, const char *name)
{
	size_t count;
	const struct bw_addr *hosts = capture_index_hosts(index, &count);
	struct bw_target *target = calloc(1, sizeof(*target));

	if (!target)
		return NULL;
	target->name = strdup(name);
	target->methods = (struct bw_methods){.count = 1, .list = {{BW_PROTOCOL_ICMP, 0}}};
	target->networks = calloc(count + 1, sizeof(*target->networks));
	if (!target->name || !target->networks) {
		bw_target_free(target);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const struct bw_addr *host = &hosts[i];
		struct bw_network *last = &target->networks[target->network_count];

		if (target->network_count > 0 && bw_prefix_contains(&last[-1].prefix, host))
			continue;
		last->prefix = bw_prefix_of(host, host->family == 6 ? BW_BLOCK_LENGTH_V6
								    : BW_BLOCK_LENGTH_V4);
		target->network_count++;
	}
	return target;
}

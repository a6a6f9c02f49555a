/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Target files and plain lists: whatever the bytes, no fault, and what is accepted
 * keeps the promises of blockwatch/target.h and can be written and read again.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/prefix_set.h"
#include "target/file/parse.h"
#include "target/file/write.h"
#include "target/list/blocklist.h"
#include "target/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_hosts(const struct bw_network *network)
{
	for (size_t i = 0; i < network->host_count; i++) {
		const struct bw_host *host = &network->hosts[i];

		assert(bw_prefix_contains(&network->prefix, &host->addr));
		assert(host->availability > 0 && host->availability <= 1);
		assert(i == 0 || bw_addr_compare(&host[-1].addr, &host->addr) < 0);
	}
}

static void check_target(const struct bw_target *target)
{
	assert(target->name && target->methods.count > 0 && target->network_count > 0);
	assert(target_count_blocks(target) <= TARGET_BLOCKS_MAX);
	for (size_t i = 0; i < target->network_count; i++) {
		const struct bw_network *network = &target->networks[i];

		assert(network_check_block_length(network, NULL) == 0);
		assert(network->host_count > 0 ||
		       network_count_blocks(network) <= TARGET_NETWORK_BLOCKS_MAX);
		assert(i == 0 || (bw_prefix_compare(&network[-1].prefix, &network->prefix) < 0 &&
				  !bw_prefix_overlaps(&network[-1].prefix, &network->prefix)));
		check_hosts(network);
	}
}

static void check_written(const struct bw_target *target)
{
	char *text = target_write(target, false), *text_again;
	struct bw_target *again = NULL;

	assert(text);
	assert(target_parse(text, strlen(text), "again.json", &again, NULL) == 0);
	assert(target_count_hosts(again) == target_count_hosts(target));
	assert(target_count_blocks(again) == target_count_blocks(target));
	free(again->name);
	again->name = target->name ? strdup(target->name) : NULL;
	text_again = target_write(again, false);
	assert(text_again && strcmp(text, text_again) == 0);
	bw_target_free(again);
	free(text_again);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct prefix_set *set = prefix_set_new();
	struct bw_target *target = NULL;
	struct bw_err err;
	int result = target_parse_any(text, size, "fuzz.json", &target, &err);

	if (result == 0) {
		check_target(target);
		check_written(target);
	} else {
		assert(result < 0 && err.code == result && err.message[0] && !target);
	}
	bw_target_free(target);
	if (blocklist_parse(text, size, "fuzz.txt", set, &err) >= 0)
		assert(prefix_set_seal(set) == 0);
	prefix_set_free(set);
	return 0;
}

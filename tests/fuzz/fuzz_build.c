/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inputs of `targets build`: whatever the bytes, in whatever pieces they arrive, no fault,
 * and networks that are disjoint. The first byte says which reader gets the rest.
 */
#include <assert.h>
#include <stdlib.h>

#include "target/build/announced.h"
#include "target/build/delegated.h"
#include "target/build/hitlist.h"
#include "target/build/networks.h"
#include "target/tables/ranges.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
	struct networks_inputs inputs;
	struct delegated delegated;
	struct range_set space;
};

/* Reads in pieces of an odd size. */
static int read_text(const char *text, size_t size, text_reader reader, void *self)
{
	struct text_lines lines = text_lines_of("fuzz", reader, self);
	struct bw_err err;
	int result = 0;

	for (size_t at = 0; at < size && result == 0; at += 37)
		result = text_lines_push(&lines, text + at, size - at < 37 ? size - at : 37, &err);
	if (result == 0)
		result = text_lines_end(&lines, &err);
	assert(result == 0 || (err.code == result && err.message[0]));
	text_lines_fini(&lines);
	return result;
}

static void check_networks(const struct bw_target *target)
{
	for (size_t i = 1; i < target->network_count; i++) {
		const struct bw_network *network = &target->networks[i];

		assert(bw_prefix_compare(&network[-1].prefix, &network->prefix) < 0);
		assert(!bw_prefix_overlaps(&network[-1].prefix, &network->prefix));
	}
}

/* Hosts for a network of its own. */
static void read_hits(const char *text, size_t size)
{
	struct bw_network network = {.prefix = {{.family = 4}, 0}};
	struct bw_target *target = calloc(1, sizeof(*target));
	struct hits hits = hits_of(target);
	struct hitlist hitlist = hitlist_of(&hits);
	struct bw_err err;

	target->networks = calloc(1, sizeof(network));
	target->networks[0] = network;
	target->network_count = 1;
	if (read_text(text, size, hitlist_line, &hitlist) == 0)
		(void)hitlist_end(&hitlist, &err);
	assert(hits_assign(&hits, target) == 0);
	for (size_t i = 1; i < target->networks[0].host_count; i++)
		assert(bw_addr_compare(&target->networks[0].hosts[i - 1].addr,
				       &target->networks[0].hosts[i].addr) < 0);
	hits_fini(&hits);
	bw_target_free(target);
}

static void make(struct world *w, const char *text, size_t size, bool has_routes)
{
	struct bw_target *target = calloc(1, sizeof(*target));

	assert(networks_space(&w->inputs, &w->space) == 0);
	w->inputs.announced = announced_of(&w->space, NULL, 0);
	if (has_routes)
		(void)read_text(text, size, announced_line, &w->inputs.announced);
	assert(networks_make(&w->inputs, &w->space, target) == 0);
	check_networks(target);
	bw_target_free(target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct bw_prefix all = {{.family = 4}, 0};
	struct world w = {.inputs.ranges = ranges_of("KP")};
	uint8_t which = size > 0 ? data[0] : 0;
	struct bw_err err;

	if (size-- == 0)
		return 0;
	w.delegated = delegated_of("KP", &w.inputs.delegated);
	if (which == 'd' && read_text(text, size, delegated_line, &w.delegated) == 0)
		(void)delegated_end(&w.delegated, &err);
	if (which == 'r' && read_text(text, size, ranges_line, &w.inputs.ranges) == 0)
		(void)ranges_end(&w.inputs.ranges, &err);
	if (which == 'h')
		read_hits(text, size);
	if (which == 'a')
		assert(range_set_add_prefix(&w.inputs.delegated, &all, 0) == 0);
	make(&w, text, size, which == 'a');
	range_set_fini(&w.inputs.delegated);
	ranges_fini(&w.inputs.ranges);
	announced_fini(&w.inputs.announced);
	range_set_fini(&w.space);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets_show.h"

#include <inttypes.h>
#include <stdio.h>

#include "app/table.h"
#include "target/network.h"

static char *join_methods(const struct bw_methods *methods, char *buffer, size_t size)
{
	char text[BW_METHOD_TEXT];
	size_t used = 0;

	buffer[0] = '\0';
	for (size_t i = 0; i < methods->count && used < size; i++)
		used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : "",
					 bw_method_format(methods->list[i], text));
	return buffer;
}

static void print_head(const struct bw_target *target)
{
	char methods[BW_METHODS_MAX * BW_METHOD_TEXT];

	printf("%s\n\n", target->title ? target->title : target->name);
	printf("  name     %s\n", target->name);
	if (target->country)
		printf("  country  %s\n", target->country);
	if (target->file)
		printf("  file     %s\n", target->file);
	if (target->updated)
		printf("  updated  %s\n", target->updated);
	printf("  methods  %s\n", join_methods(&target->methods, methods, sizeof(methods)));
	printf("  in all   %zu network%s, %" PRIu64 " block%s, %" PRIu64 " host%s\n\n",
	       target->network_count, target->network_count == 1 ? "" : "s",
	       target_count_blocks(target), target_count_blocks(target) == 1 ? "" : "s",
	       target_count_hosts(target), target_count_hosts(target) == 1 ? "" : "s");
}

static void print_references(const struct bw_target *target)
{
	char text[BW_ADDR_TEXT];

	if (target->reference_count + target->reference_target_count == 0)
		return;
	fputs("\nReferences:", stdout);
	for (size_t i = 0; i < target->reference_count; i++)
		printf(" %s", bw_addr_format(&target->references[i], text));
	for (size_t i = 0; i < target->reference_target_count; i++)
		printf(" %s", target->reference_targets[i]);
	putchar('\n');
}

static void add_upstreams(struct table *table, const struct bw_network *network)
{
	char text[120] = "-";
	size_t used = 0;

	for (size_t i = 0; i < network->upstream_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%" PRIu32,
					 used ? " " : "", network->upstreams[i]);
	table_add(table, "%s", text);
}

static int print_networks(const struct bw_target *target)
{
	static const char *const headings[] = {"<NETWORK", "<NAME",   ">AS",    "<UPSTREAMS",
					       ">BLOCKS",  ">HOSTS", NULL};
	struct table *table = table_new(headings);
	char prefix[BW_PREFIX_TEXT];
	int result;

	for (size_t i = 0; i < target->network_count; i++) {
		const struct bw_network *network = &target->networks[i];

		table_add(table, "%s", bw_prefix_format(&network->prefix, prefix));
		table_add(table, "%s", network->name ? network->name : "-");
		if (network->asn)
			table_add(table, "%" PRIu32, network->asn);
		else
			table_add(table, "-");
		add_upstreams(table, network);
		table_add(table, "%" PRIu64, network_count_blocks(network));
		if (network->host_count)
			table_add(table, "%zu", network->host_count);
		else
			table_add(table, "any");
	}
	result = table_print(table, stdout);
	table_free(table);
	return result;
}

static int print_hosts(const struct bw_target *target)
{
	static const char *const headings[] = {"<HOST", ">AVAILABILITY", "<METHODS", NULL};
	struct table *table = table_new(headings);
	char text[BW_ADDR_TEXT], methods[BW_METHODS_MAX * BW_METHOD_TEXT];
	int result;

	for (size_t i = 0; i < target->network_count; i++) {
		const struct bw_network *network = &target->networks[i];

		for (size_t j = 0; j < network->host_count; j++) {
			const struct bw_host *host = &network->hosts[j];

			table_add(table, "%s", bw_addr_format(&host->addr, text));
			table_add(table, "%g", (double)host->availability);
			table_add(table, "%s",
				  join_methods(host->methods.count ? &host->methods
								   : &target->methods,
					       methods, sizeof(methods)));
		}
	}
	result = table_print(table, stdout);
	table_free(table);
	return result;
}

int targets_show(const struct bw_target *target)
{
	int result;

	print_head(target);
	result = print_networks(target);
	if (result == 0 && target_count_hosts(target)) {
		putchar('\n');
		result = print_hosts(target);
	}
	print_references(target);
	if (target->source)
		printf("\nSource: %s\n", target->source);
	return result;
}

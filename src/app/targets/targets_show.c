/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets_show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "app/common/columns.h"
#include "app/targets/targets_cost.h"
#include "app/targets/targets_origin.h"
#include "base/clean.h"
#include "base/day.h"
#include "conf/options/options_help.h"
#include "target/age.h"
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

void targets_show_sum(const struct bw_target *target, FILE *out)
{
	uint64_t blocks = target_count_blocks(target), hosts = target_count_hosts(target);

	fprintf(out, "%zu network%s, %" PRIu64 " block%s, %" PRIu64 " host%s\n",
		target->network_count, target->network_count == 1 ? "" : "s", blocks,
		blocks == 1 ? "" : "s", hosts, hosts == 1 ? "" : "s");
}

/* TEXT is from the target file; NULL: it does not say. */
static void print_fact(const char *name, const char *text)
{
	if (!text)
		return;
	printf("  %-9s", name);
	clean_print(text, stdout);
	putchar('\n');
}

static void print_updated(const struct bw_target *target, struct bw_wall now)
{
	int age = target_age_days(target, now);

	if (age < 0) {
		print_fact("updated", target->updated);
		return;
	}
	fputs("  updated  ", stdout);
	clean_print(target->updated, stdout);
	printf(", %d day%s ago\n", age, age == 1 ? "" : "s");
}

static int compare_asns(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* How many ASes the networks belong to, as far as that is known. */
static void print_ases(const struct bw_target *target)
{
	uint32_t *list = calloc(target->network_count + 1, sizeof(*list));
	size_t count = 0, different = 0;

	for (size_t i = 0; list && i < target->network_count; i++)
		if (target->networks[i].asn)
			list[count++] = target->networks[i].asn;
	if (count > 0) {
		qsort(list, count, sizeof(*list), compare_asns);
		for (size_t i = 0; i < count; i++)
			different += i == 0 || list[i] != list[i - 1];
		printf("  ASes     %zu", different);
		if (count < target->network_count)
			printf(", and of %zu networks it is not known",
			       target->network_count - count);
		putchar('\n');
	}
	free(list);
}

static void print_head(const struct bw_target *target, struct bw_wall now)
{
	char methods[BW_METHODS_MAX * BW_METHOD_TEXT];

	clean_print(target->title ? target->title : target->name, stdout);
	fputs("\n\n", stdout);
	print_fact("name", target->name);
	print_fact("country", target->country);
	print_fact("timezone", target->timezone);
	print_fact("file", target->file);
	print_updated(target, now);
	print_ases(target);
	printf("  methods  %s\n", join_methods(&target->methods, methods, sizeof(methods)));
	fputs("  in all   ", stdout);
	targets_show_sum(target, stdout);
	putchar('\n');
}

static void print_references(const struct bw_target *target)
{
	char text[BW_ADDR_TEXT];

	if (target->reference_count + target->reference_target_count == 0)
		return;
	fputs("\nReferences:", stdout);
	for (size_t i = 0; i < target->reference_count; i++)
		printf(" %s", bw_addr_format(&target->references[i], text));
	for (size_t i = 0; i < target->reference_target_count; i++) {
		putchar(' ');
		clean_print(target->reference_targets[i], stdout);
	}
	putchar('\n');
}

static void add_upstreams(struct columns *columns, const struct bw_network *network)
{
	char text[120] = "-";
	size_t used = 0;

	for (size_t i = 0; i < network->upstream_count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%" PRIu32,
					 used ? " " : "", network->upstreams[i]);
	columns_add(columns, "%s", text);
}

static int print_networks(const struct bw_target *target)
{
	static const struct table_column titles[] = {
		{.title = "NETWORK"},
		{.title = "NAME", .gives_way = true},
		{.title = "AS", .right = true},
		{.title = "UPSTREAMS"},
		{.title = "BLOCKS", .right = true},
		{.title = "HOSTS", .right = true},
	};
	char prefix[BW_PREFIX_TEXT];
	struct columns columns;
	int result;

	columns_init(&columns, titles, sizeof(titles) / sizeof(titles[0]), stdout);
	for (size_t i = 0; i < target->network_count; i++) {
		const struct bw_network *network = &target->networks[i];

		columns_add(&columns, "%s", bw_prefix_format(&network->prefix, prefix));
		columns_add(&columns, "%s", network->name ? network->name : "-");
		if (network->asn)
			columns_add(&columns, "%" PRIu32, network->asn);
		else
			columns_add(&columns, "-");
		add_upstreams(&columns, network);
		columns_add(&columns, "%" PRIu64, network_count_blocks(network));
		if (network->host_count)
			columns_add(&columns, "%zu", network->host_count);
		else
			columns_add(&columns, "any");
	}
	result = columns_print(&columns);
	columns_fini(&columns);
	return result;
}

static void add_host(struct columns *columns, const struct bw_target *target,
		     const struct bw_host *host, struct bw_wall now)
{
	const struct bw_host_note *note = target_host_note(target, &host->addr);
	const struct bw_methods *own = host->methods.count ? &host->methods : &target->methods;
	char text[BW_ADDR_TEXT], methods[BW_METHODS_MAX * BW_METHOD_TEXT], seen[DAY_TEXT] = "";
	int64_t today = now.ns / DAY_NS;

	if (host->seen_day)
		day_format(day_midnight(host->seen_day), seen);
	columns_add(columns, "%s", bw_addr_format(&host->addr, text));
	columns_add(columns, "%g", (double)host->availability);
	columns_add(columns, "%s", seen);
	if (host->seen_day && today >= host->seen_day)
		columns_add(columns, "%" PRId64 " d", today - host->seen_day);
	else
		columns_add(columns, "%s", "");
	columns_add(columns, "%s", join_methods(own, methods, sizeof(methods)));
	columns_add(columns, "%s", note && note->name ? note->name : "");
	columns_add(columns, "%s", note && note->source ? note->source : "");
}

static int print_hosts(const struct bw_target *target, struct bw_wall now)
{
	static const struct table_column titles[] = {
		{.title = "HOST"},
		{.title = "AVAILABILITY", .right = true},
		{.title = "SEEN"},
		{.title = "AGE", .right = true},
		{.title = "METHODS"},
		{.title = "NAME"},
		{.title = "SOURCE", .gives_way = true},
	};
	struct columns columns;
	int result;

	columns_init(&columns, titles, sizeof(titles) / sizeof(titles[0]), stdout);
	for (size_t i = 0; i < target->network_count; i++)
		for (size_t j = 0; j < target->networks[i].host_count; j++)
			add_host(&columns, target, &target->networks[i].hosts[j], now);
	result = columns_print(&columns);
	columns_fini(&columns);
	return result;
}

/* HEAD is clean. Returns 0 or -ENOMEM. */
static int print_source(const char *head, const char *source)
{
	size_t size = strlen(source) + 1;
	char *clean = malloc(size);

	if (!clean)
		return -ENOMEM;
	clean_append(clean, size, 0, source);
	printf("\n%s: ", head);
	options_print_wrapped(stdout, clean, strlen(head) + 2, 0);
	free(clean);
	return 0;
}

static int print_network_sources(const struct bw_target *target)
{
	char prefix[BW_PREFIX_TEXT], head[BW_PREFIX_TEXT + sizeof("Source of ")];
	int result = 0;

	for (size_t i = 0; i < target->network_count && result == 0; i++) {
		const struct bw_network *network = &target->networks[i];

		snprintf(head, sizeof(head), "Source of %s",
			 bw_prefix_format(&network->prefix, prefix));
		if (network->source)
			result = print_source(head, network->source);
	}
	return result;
}

int targets_show(const struct bw_target *target, const struct prefix_set *blocklist,
		 struct bw_wall now, struct bw_err *err)
{
	int result;

	print_head(target, now);
	result = print_networks(target);
	if (result == 0 && target_count_hosts(target)) {
		putchar('\n');
		result = print_hosts(target, now);
	}
	print_references(target);
	if (result == 0)
		result = print_network_sources(target);
	if (result == 0 && target->source)
		result = print_source("Source", target->source);
	if (result == 0)
		result = targets_origin_print(target->origin, stdout);
	if (result < 0)
		return bw_err_set(err, result, "out of memory");
	return targets_cost_print(target, blocklist, stdout, err);
}

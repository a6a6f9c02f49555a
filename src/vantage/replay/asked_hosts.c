/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/replay/asked_hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/prefix_set.h"

static int add_prefixes(struct prefix_set *set, const struct roster *roster)
{
	int code = 0;

	for (uint32_t i = 0; i < roster->block_count && code == 0; i++) {
		struct bw_prefix prefix = roster_prefix(roster, i);

		code = prefix_set_add(set, &prefix, i);
	}
	return code == 0 ? prefix_set_seal(set) : code;
}

/* A block has at most UINT16_MAX hosts. Those beyond are in no block. */
static void place(struct asked_hosts *hosts, const struct prefix_set *set, uint32_t block_count)
{
	uint32_t last = block_count, number = 0, block;

	for (size_t i = 0; i < hosts->count; i++) {
		struct asked_host *host = &hosts->list[i];

		host->block = block_count;
		if (!prefix_set_find(set, &hosts->addrs[i], NULL, &block))
			continue;
		number = block == last ? number + 1 : 0;
		last = block;
		host->number = (uint16_t)number;
		if (number < UINT16_MAX)
			host->block = block;
	}
}

int asked_hosts_init(struct asked_hosts *hosts, const struct capture_index *index,
		     const struct roster *roster)
{
	struct prefix_set *set = prefix_set_new();
	int code = set ? add_prefixes(set, roster) : -ENOMEM;

	hosts->addrs = capture_index_hosts(index, &hosts->count);
	hosts->list = calloc(hosts->count + 1, sizeof(*hosts->list));
	if (code == 0 && !hosts->list)
		code = -ENOMEM;
	if (code == 0)
		place(hosts, set, roster->block_count);
	prefix_set_free(set);
	return code;
}

void asked_hosts_fini(struct asked_hosts *hosts)
{
	free(hosts->list);
	*hosts = (struct asked_hosts){.count = 0};
}

struct asked_host *asked_hosts_find(const struct asked_hosts *hosts, const struct bw_addr *addr)
{
	size_t low = 0, high = hosts->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = bw_addr_compare(&hosts->addrs[middle], addr);

		if (order == 0)
			return &hosts->list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_same(const struct bw_method *a, const struct bw_method *b)
{
	return a->protocol == b->protocol && a->port == b->port;
}

/* The place of METHOD in the list, method_count when it is not there. */
static unsigned find_method(const struct asked_host *host, const struct bw_method *method)
{
	unsigned i = 0;

	while (i < host->method_count && !is_same(&host->methods[i], method))
		i++;
	return i;
}

void asked_host_note_method(struct asked_host *host, const struct bw_method *method)
{
	const struct bw_method first = *method;
	unsigned place = find_method(host, method);

	if (place == host->method_count && place < ASKED_HOST_METHODS)
		host->method_count++;
	else if (place == ASKED_HOST_METHODS)
		place--;
	memmove(&host->methods[1], &host->methods[0], place * sizeof(first));
	host->methods[0] = first;
}

void asked_host_note_reach(struct asked_host *host, uint8_t ttl)
{
	if (host->reach == 0 || ttl < host->reach)
		host->reach = ttl;
}

void asked_host_note_hop(struct asked_host *host, uint8_t ttl)
{
	if (host->reach != 0 && host->reach <= ttl && ttl < ASKED_HOST_HOPS)
		host->reach = (uint8_t)(ttl + 1);
}

bool asked_host_is_reached(const struct asked_host *host, uint8_t ttl)
{
	return ttl >= ASKED_HOST_HOPS || (host->reach != 0 && ttl >= host->reach);
}

bool asked_host_would_answer(const struct asked_host *host, const struct probe *probe)
{
	return find_method(host, &probe->method) < host->method_count &&
	       asked_host_is_reached(host, probe->ttl);
}

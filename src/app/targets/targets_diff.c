/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets_diff.h"

#include <string.h>

#include <blockwatch/time.h>

#include "app/targets/difference.h"
#include "base/day.h"
#include "target/network.h"

#define METHODS_TEXT (BW_METHODS_MAX * (BW_METHOD_TEXT + 1))

struct diff {
	FILE *out;
	bool json;
	size_t lines;
	const char *subject; /* what is compared: a prefix or an address; NULL: the target */
};

static void put(struct diff *diff, struct difference difference)
{
	diff->lines++;
	difference.subject = diff->subject;
	difference_print(&difference, diff->json, diff->out);
}

static void compare_texts(struct diff *diff, const char *what, const char *a, const char *b)
{
	if (a == b || (a && b && strcmp(a, b) == 0))
		return;
	put(diff, (struct difference){
			  .sign = '~',
			  .what = what,
			  .has_values = true,
			  .from = {.text = a},
			  .to = {.text = b},
		  });
}

/* 0: none. DIGITS that are significant. */
static void compare_numbers(struct diff *diff, const char *what, int digits, double a, double b)
{
	if (a == b)
		return;
	put(diff, (struct difference){
			  .sign = '~',
			  .what = what,
			  .has_values = true,
			  .from = {.number = a, .digits = digits},
			  .to = {.number = b, .digits = digits},
		  });
}

static const char *join(const struct bw_methods *methods, char buffer[METHODS_TEXT])
{
	char text[BW_METHOD_TEXT];
	size_t used = 0;

	buffer[0] = '\0';
	for (unsigned i = 0; i < methods->count && used < METHODS_TEXT; i++)
		used += (size_t)snprintf(buffer + used, METHODS_TEXT - used, "%s%s", i ? "," : "",
					 bw_method_format(methods->list[i], text));
	return methods->count ? buffer : NULL;
}

static void compare_methods(struct diff *diff, const struct bw_methods *a,
			    const struct bw_methods *b)
{
	char left[METHODS_TEXT], right[METHODS_TEXT];

	compare_texts(diff, "methods", join(a, left), join(b, right));
}

static const char *format_day(uint16_t day, char buffer[BW_WALL_TEXT])
{
	if (day == 0)
		return NULL;
	return day_format(day_midnight(day), buffer);
}

/* Two targets and a network that both have. */
struct pair {
	const struct bw_target *targets[2];
	const struct bw_network *networks[2];
};

static void compare_host(struct diff *diff, const struct pair *pair, const struct bw_host *a,
			 const struct bw_host *b)
{
	const struct bw_host_note *left = target_host_note(pair->targets[0], &a->addr);
	const struct bw_host_note *right = target_host_note(pair->targets[1], &b->addr);
	char one[BW_WALL_TEXT], two[BW_WALL_TEXT];

	compare_numbers(diff, "availability", 6, (double)a->availability, (double)b->availability);
	compare_methods(diff, &a->methods, &b->methods);
	compare_texts(diff, "seen", format_day(a->seen_day, one), format_day(b->seen_day, two));
	compare_texts(diff, "name", left ? left->name : NULL, right ? right->name : NULL);
	compare_texts(diff, "source", left ? left->source : NULL, right ? right->source : NULL);
}

static void put_only(struct diff *diff, char sign, const char *what)
{
	put(diff, (struct difference){.sign = sign, .what = what});
}

static void compare_hosts(struct diff *diff, const struct pair *pair)
{
	const struct bw_network *a = pair->networks[0], *b = pair->networks[1];
	size_t i = 0, j = 0;
	char text[BW_ADDR_TEXT];

	diff->subject = text;
	while (i < a->host_count || j < b->host_count) {
		int order = i == a->host_count ? 1
			    : j == b->host_count
				    ? -1
				    : bw_addr_compare(&a->hosts[i].addr, &b->hosts[j].addr);

		bw_addr_format(order <= 0 ? &a->hosts[i].addr : &b->hosts[j].addr, text);
		if (order == 0)
			compare_host(diff, pair, &a->hosts[i], &b->hosts[j]);
		else
			put_only(diff, order < 0 ? '-' : '+', "host");
		i += order <= 0;
		j += order >= 0;
	}
	diff->subject = NULL;
}

static bool has_same_upstreams(const struct bw_network *a, const struct bw_network *b)
{
	for (size_t i = 0; i < a->upstream_count && i < b->upstream_count; i++)
		if (a->upstreams[i] != b->upstreams[i])
			return false;
	return a->upstream_count == b->upstream_count;
}

static bool has_same_blocks(const struct bw_network *a, const struct bw_network *b)
{
	for (size_t i = 0; i < a->blocks.count && i < b->blocks.count; i++)
		if (bw_prefix_compare(&a->blocks.list[i], &b->blocks.list[i]) != 0)
			return false;
	return a->blocks.count == b->blocks.count;
}

static void compare_networks(struct diff *diff, const struct pair *pair)
{
	const struct bw_network *a = pair->networks[0], *b = pair->networks[1];

	compare_texts(diff, "name", a->name, b->name);
	compare_numbers(diff, "asn", 10, a->asn, b->asn);
	compare_numbers(diff, "block_length", 3, a->block_length, b->block_length);
	compare_texts(diff, "source", a->source, b->source);
	if (!has_same_upstreams(a, b))
		put_only(diff, '~', "upstreams");
	if (!has_same_blocks(a, b))
		put_only(diff, '~', "blocks");
	compare_hosts(diff, pair);
}

static void put_network(struct diff *diff, char sign, const struct bw_network *network)
{
	put(diff, (struct difference){
			  .sign = sign,
			  .what = "network",
			  .name = network->name,
			  .asn = network->asn,
			  .hosts = network->host_count,
		  });
}

static void compare_all_networks(struct diff *diff, const struct bw_target *a,
				 const struct bw_target *b)
{
	struct pair pair = {.targets = {a, b}};
	size_t i = 0, j = 0;
	char text[BW_PREFIX_TEXT];

	while (i < a->network_count || j < b->network_count) {
		const struct bw_network *x = &a->networks[i], *y = &b->networks[j];
		int order = i == a->network_count   ? 1
			    : j == b->network_count ? -1
						    : bw_prefix_compare(&x->prefix, &y->prefix);

		diff->subject = bw_prefix_format(order <= 0 ? &x->prefix : &y->prefix, text);
		if (order == 0) {
			pair.networks[0] = x;
			pair.networks[1] = y;
			compare_networks(diff, &pair);
		} else {
			put_network(diff, order < 0 ? '-' : '+', order < 0 ? x : y);
		}
		i += order <= 0;
		j += order >= 0;
	}
	diff->subject = NULL;
}

static bool has_same_references(const struct bw_target *a, const struct bw_target *b)
{
	if (a->reference_count != b->reference_count ||
	    a->reference_target_count != b->reference_target_count)
		return false;
	for (size_t i = 0; i < a->reference_count; i++)
		if (!bw_addr_equal(&a->references[i], &b->references[i]))
			return false;
	for (size_t i = 0; i < a->reference_target_count; i++)
		if (strcmp(a->reference_targets[i], b->reference_targets[i]) != 0)
			return false;
	return true;
}

size_t targets_diff(const struct bw_target *first, const struct bw_target *second, bool json,
		    FILE *out)
{
	struct diff diff = {.out = out, .json = json};

	compare_texts(&diff, "name", first->name, second->name);
	compare_texts(&diff, "title", first->title, second->title);
	compare_texts(&diff, "country", first->country, second->country);
	compare_texts(&diff, "timezone", first->timezone, second->timezone);
	compare_texts(&diff, "source", first->source, second->source);
	compare_texts(&diff, "updated", first->updated, second->updated);
	compare_methods(&diff, &first->methods, &second->methods);
	if (!has_same_references(first, second))
		put_only(&diff, '~', "references");
	compare_all_networks(&diff, first, second);
	return diff.lines;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/origin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "base/day.h"
#include "json/field.h"

#define NAME_MAX_BYTES 255
#define USE_MAX 32
#define DIGEST_TEXT 64

static const char *const input_fields[] = {"name", "use", "date", "date_from", "sha256", NULL};
static const char *const left_out_fields[] = {"ipv4", "ipv6", NULL};
static const char *const extent_fields[] = {"networks", "addresses", "blocks", NULL};
#define X(name, text) text,
static const char *const date_words[] = {BW_DATE_LIST(X) NULL};
static const char *const opinion_words[] = {BW_OPINION_LIST(X) NULL};
#undef X

struct bw_origin *origin_of(struct bw_target *target)
{
	if (!target->origin)
		target->origin = (struct bw_origin *)calloc(1, sizeof(*target->origin));
	return target->origin;
}

void origin_free(struct bw_origin *origin)
{
	if (!origin)
		return;
	for (size_t i = 0; i < origin->input_count; i++) {
		free(origin->inputs[i].name);
		free(origin->inputs[i].use);
	}
	for (int i = 0; i < BW_OPINIONS; i++)
		free(origin->second[i].list);
	free(origin->inputs);
	free(origin);
}

static int read_day(const struct node *parent, char ret_day[11])
{
	const struct node node = node_member(parent, "date");
	struct bw_wall time;
	const char *text = "";
	int result = field_text(&node, 10, &text);

	if (result < 0 || !node_exists(&node))
		return result;
	if (day_parse(text, &time) < 0)
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%.20s' is no day: write it like 2026-11-21", text);
	snprintf(ret_day, 11, "%s", text);
	return 0;
}

static int read_digest(const struct node *parent, char ret_digest[DIGEST_TEXT + 1])
{
	const struct node node = node_member(parent, "sha256");
	const char *text = "";
	int result = field_text(&node, DIGEST_TEXT, &text);

	if (result < 0 || !node_exists(&node))
		return result;
	if (strlen(text) != DIGEST_TEXT || strspn(text, "0123456789abcdef") != DIGEST_TEXT)
		return refuse_value(&node, BW_ERR_VALUE,
				    "this is no SHA-256: 64 hexadecimal digits");
	memcpy(ret_digest, text, DIGEST_TEXT + 1);
	return 0;
}

static int read_input(const struct node *node, struct bw_input *input)
{
	const struct node name = node_member(node, "name"), use = node_member(node, "use");
	const struct node from = node_member(node, "date_from");
	unsigned word = BW_DATE_HEADER;
	int result = field_object_of(node, "an input", input_fields);

	if (result == 0)
		result = field_require(node, "name", "\"delegated-apnic-latest\"");
	if (result == 0)
		result = field_copy_text(&name, NAME_MAX_BYTES, &input->name);
	if (result == 0)
		result = field_copy_text(&use, USE_MAX, &input->use);
	if (result == 0)
		result = read_day(node, input->date);
	if (result == 0 && node_exists(&from))
		result = field_word(&from, date_words, &word);
	input->date_from = (enum bw_date)word;
	return result == 0 ? read_digest(node, input->sha256) : result;
}

static int read_inputs(const struct node *node, struct bw_origin *origin)
{
	size_t count = node_count(node);
	struct node element = {0};
	int result = field_list(node);

	if (result < 0)
		return result;
	if (count > ORIGIN_INPUTS_MAX)
		return refuse_count(node, ORIGIN_INPUTS_MAX);
	origin->inputs = (struct bw_input *)calloc(count + 1, sizeof(*origin->inputs));
	if (!origin->inputs)
		return -ENOMEM;
	while (result == 0 && node_next(node, &element))
		result = read_input(&element, &origin->inputs[origin->input_count++]);
	return result;
}

static int read_extent(const struct node *parent, const char *family, struct bw_left_out *extent)
{
	const struct node node = node_member(parent, family);
	const struct node networks = node_member(&node, "networks");
	const struct node addresses = node_member(&node, "addresses");
	const struct node blocks = node_member(&node, "blocks");
	int result;

	if (!node_exists(&node))
		return 0;
	result = field_object_of(&node, "what is left out", extent_fields);
	if (result == 0)
		result = field_unsigned(&networks, 0, INT64_MAX, &extent->networks);
	if (result == 0)
		result = field_unsigned(&addresses, 0, INT64_MAX, &extent->addresses);
	return result == 0 ? field_unsigned(&blocks, 0, INT64_MAX, &extent->blocks) : result;
}

static int read_left_out(const struct node *node, struct bw_origin *origin)
{
	int result = field_object_of(node, "left_out", left_out_fields);

	if (result == 0)
		result = read_extent(node, "ipv4", &origin->left_out_v4);
	return result == 0 ? read_extent(node, "ipv6", &origin->left_out_v6) : result;
}

static int read_prefixes(const struct node *parent, const char *key, struct bw_prefixes *prefixes)
{
	const struct node node = node_member(parent, key);
	size_t count = node_count(&node);
	struct node element = {0};
	int result = field_list(&node);

	if (result < 0 || !node_exists(&node))
		return result;
	prefixes->list = (struct bw_prefix *)calloc(count + 1, sizeof(*prefixes->list));
	if (!prefixes->list)
		return -ENOMEM;
	while (result == 0 && node_next(&node, &element)) {
		const char *text = node_text(&element);

		if (!text || bw_prefix_parse(text, &prefixes->list[prefixes->count++], NULL) < 0)
			result = refuse_type(&element, "a prefix");
	}
	return result;
}

static int read_second(const struct node *node, struct bw_origin *origin)
{
	int result = field_object_of(node, "second", opinion_words);

	origin->has_second = true;
	for (int i = 0; i < BW_OPINIONS && result == 0; i++)
		result = read_prefixes(node, opinion_words[i], &origin->second[i]);
	return result;
}

int origin_read(const struct node *target_node, struct bw_target *target)
{
	const struct node inputs = node_member(target_node, "inputs");
	const struct node left_out = node_member(target_node, "left_out");
	const struct node second = node_member(target_node, "second");
	int result = 0;

	if (!node_exists(&inputs) && !node_exists(&left_out) && !node_exists(&second))
		return 0;
	if (!origin_of(target))
		return -ENOMEM;
	if (node_exists(&inputs))
		result = read_inputs(&inputs, target->origin);
	if (result == 0 && node_exists(&left_out))
		result = read_left_out(&left_out, target->origin);
	if (result == 0 && node_exists(&second))
		result = read_second(&second, target->origin);
	return result;
}

static void put_text(struct json_out *out, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_input(struct json_out *out, const struct bw_input *input)
{
	json_out_object(out);
	put_text(out, "name", input->name);
	put_text(out, "use", input->use);
	put_text(out, "date", input->date);
	if (input->date[0])
		put_text(out, "date_from", date_words[input->date_from]);
	put_text(out, "sha256", input->sha256);
	json_out_object_end(out);
}

static void put_extent(struct json_out *out, const char *family, const struct bw_left_out *extent)
{
	if (extent->networks == 0)
		return;
	json_out_key(out, family);
	json_out_object(out);
	json_out_key(out, "networks");
	json_out_uint(out, extent->networks);
	if (extent->addresses) {
		json_out_key(out, "addresses");
		json_out_uint(out, extent->addresses);
	}
	json_out_key(out, "blocks");
	json_out_uint(out, extent->blocks);
	json_out_object_end(out);
}

static void put_second(struct json_out *out, const struct bw_origin *origin)
{
	char text[BW_PREFIX_TEXT];

	json_out_key(out, "second");
	json_out_object(out);
	for (int i = 0; i < BW_OPINIONS; i++) {
		json_out_key(out, opinion_words[i]);
		json_out_array(out);
		for (size_t n = 0; n < origin->second[i].count; n++)
			json_out_string(out, bw_prefix_format(&origin->second[i].list[n], text));
		json_out_array_end(out);
	}
	json_out_object_end(out);
}

void origin_write(struct json_out *out, const struct bw_origin *origin)
{
	if (!origin)
		return;
	if (origin->input_count) {
		json_out_key(out, "inputs");
		json_out_array(out);
		for (size_t i = 0; i < origin->input_count; i++)
			put_input(out, &origin->inputs[i]);
		json_out_array_end(out);
	}
	if (origin->left_out_v4.networks || origin->left_out_v6.networks) {
		json_out_key(out, "left_out");
		json_out_object(out);
		put_extent(out, "ipv4", &origin->left_out_v4);
		put_extent(out, "ipv6", &origin->left_out_v6);
		json_out_object_end(out);
	}
	if (origin->has_second)
		put_second(out, origin);
}

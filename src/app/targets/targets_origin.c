/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/targets_origin.h"

#include <inttypes.h>

#include "app/common/columns.h"

#define DIGEST_SHOWN 16 /* digits of a SHA-256; `show --json` has all */

static void print_left_out(FILE *out, const char *family, const struct bw_left_out *left)
{
	if (left->networks > 0)
		fprintf(out,
			"  left out, not announced: %" PRIu64 " %s network%s of %" PRIu64
			" block%s\n",
			left->networks, family, left->networks == 1 ? "" : "s", left->blocks,
			left->blocks == 1 ? "" : "s");
}

static uint64_t count_v4(const struct bw_prefixes *prefixes)
{
	uint64_t addresses = 0;

	for (size_t i = 0; i < prefixes->count; i++)
		if (prefixes->list[i].addr.family == 4)
			addresses += bw_prefix_size(&prefixes->list[i]);
	return addresses;
}

static void print_second(FILE *out, const struct bw_origin *origin)
{
	if (origin->has_second)
		fprintf(out,
			"  second opinion, IPv4 addresses: %" PRIu64 " in both, %" PRIu64
			" only in the first, %" PRIu64 " only in the second\n",
			count_v4(&origin->second[BW_OPINION_BOTH]),
			count_v4(&origin->second[BW_OPINION_ONLY_FIRST]),
			count_v4(&origin->second[BW_OPINION_ONLY_SECOND]));
}

void targets_origin_print_sums(const struct bw_origin *origin, FILE *out)
{
	print_left_out(out, "IPv4", &origin->left_out_v4);
	print_left_out(out, "IPv6", &origin->left_out_v6);
	print_second(out, origin);
}

static int print_inputs(const struct bw_origin *origin, FILE *out)
{
	static const struct table_column titles[] = {
		{.title = "INPUT", .gives_way = true},
		{.title = "USE"},
		{.title = "DATE"},
		{.title = "DATE FROM"},
		{.title = "SHA-256"},
	};
#define X(name, text) text,
	static const char *const froms[] = { BW_DATE_LIST(X) };
#undef X
	struct columns columns;
	int result;

	columns_init(&columns, titles, sizeof(titles) / sizeof(titles[0]), out);
	for (size_t i = 0; i < origin->input_count; i++) {
		const struct bw_input *input = &origin->inputs[i];

		columns_add(&columns, "%s", input->name);
		columns_add(&columns, "%s", input->use ? input->use : "-");
		columns_add(&columns, "%s", input->date[0] ? input->date : "-");
		columns_add(&columns, "%s", input->date[0] ? froms[input->date_from] : "-");
		columns_add(&columns, "%.*s", DIGEST_SHOWN, input->sha256[0] ? input->sha256 : "-");
	}
	result = columns_print(&columns);
	columns_fini(&columns);
	return result;
}

int targets_origin_print(const struct bw_origin *origin, FILE *out)
{
	int result = 0;

	if (!origin)
		return 0;
	if (origin->input_count > 0) {
		fputc('\n', out);
		result = print_inputs(origin, out);
	}
	if (origin->left_out_v4.networks || origin->left_out_v6.networks || origin->has_second)
		fputc('\n', out);
	targets_origin_print_sums(origin, out);
	return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey/survey_dry_run.h"

#include <inttypes.h>

#include "app/common/log.h"
#include "probe/sweep/sweep_order.h"

void survey_dry_run(const struct survey_options *options, const struct survey_input *input,
		    FILE *out)
{
	struct sweep_order order =
		sweep_order_of(sweep_space_count(input->space), survey_options_seed(options),
			       options->shard_number - 1, options->shards);
	uint64_t total = order.share * options->methods.count;

	for (uint64_t i = 0; i < total && !ferror(out); i++) {
		char text[BW_ADDR_TEXT], method[BW_METHOD_TEXT];
		struct bw_addr addr =
			sweep_space_at(input->space, sweep_order_at(&order, i % order.share));

		fprintf(out, "%s %s\n", bw_addr_format(&addr, text),
			bw_method_format(options->methods.list[i / order.share], method));
	}
	log_warn("dry run: %" PRIu64 " address%s would be asked by %u method%s; nothing was sent",
		 order.share, order.share == 1 ? "" : "es", options->methods.count,
		 options->methods.count == 1 ? "" : "s");
}

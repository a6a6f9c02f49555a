/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/build/build_facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/origin.h"

int build_facts_add(const struct build_request *request, struct bw_target *target,
		    const struct build_facts *facts, struct bw_err *err)
{
	struct bw_origin *origin = origin_of(target);
	struct bw_input *list, *input;
	char modified[BW_WALL_TEXT];
	const char *day = facts->day;

	list = origin ? realloc(origin->inputs, (origin->input_count + 1) * sizeof(*list)) : NULL;
	if (!list)
		return bw_err_set(err, -ENOMEM, "out of memory");
	origin->inputs = list;
	input = &list[origin->input_count++];
	*input = (struct bw_input){.name = strdup(input_file_name(facts->path)),
				   .use = strdup(facts->use)};
	if (!input->name || !input->use)
		return bw_err_set(err, -ENOMEM, "out of memory");
	memcpy(input->sha256, facts->file->sha256, sizeof(input->sha256));
	if (*day) {
		input->date_from = BW_DATE_HEADER;
	} else if (*request->day) {
		day = request->day;
		input->date_from = BW_DATE_OPTION;
	} else if (facts->file->has_modified) {
		day = bw_wall_format(facts->file->modified, modified);
		input->date_from = BW_DATE_MODIFICATION;
	} else {
		bw_err_set(err, BW_ERR_USAGE, "it has no date: give --date");
		bw_err_place(err, input->name, 0, 0, NULL);
		return BW_ERR_USAGE;
	}
	snprintf(input->date, sizeof(input->date), "%.10s", day);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_records.h"

#include <errno.h>

#include "collect/api/api_access.h"

void api_take_records(struct collector *collector, const struct api_request *request,
		      struct bw_wall now, struct api_answer *answer)
{
	const struct fleet_member *member = api_vantage(collector, request);
	struct admit_result result;
	struct json_out out;

	json_out_init_heap(&out, false);
	result = collector_take(collector, member, request->text, request->length, now, &out);
	api_answer_json(answer, result.status, &out);
	if (result.status == 503)
		api_answer_field(answer, "Retry-After",
				 collector->admit.why.code == -EBUSY ? "1" : "10");
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_answer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

void api_answer_field(struct api_answer *answer, const char *name, const char *value)
{
	if (answer->field_count == API_FIELDS_MAX)
		return;
	answer->fields[answer->field_count].name = name;
	snprintf(answer->fields[answer->field_count++].value, sizeof(answer->fields[0].value), "%s",
		 value);
}

void api_answer_json(struct api_answer *answer, unsigned status, struct json_out *out)
{
	json_out_newline(out);
	answer->body = json_out_take(out);
	answer->length = answer->body ? strlen(answer->body) : 0;
	answer->status = answer->body ? status : 500;
	answer->type = API_JSON;
}

void api_answer_error(struct api_answer *answer, unsigned status, const char *message)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_object(&out);
	json_out_key(&out, "error");
	json_out_string(&out, message);
	json_out_object_end(&out);
	api_answer_json(answer, status, &out);
}

static const char *text_of(int result)
{
	if (result == -ENOMEM)
		return "out of memory";
	if (result == -EAGAIN)
		return "what is shown was read anew meanwhile: ask again";
	return bw_error_text(result);
}

void api_answer_failure(struct api_answer *answer, int result)
{
	free(answer->body);
	answer->field_count = 0;
	api_answer_error(answer, 503, text_of(result));
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_tag.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HASH 16
#define TAG_TEXT (2 * HASH + 3) /* with its quotes */

static bool has_field(const struct api_answer *answer, const char *name)
{
	for (size_t n = 0; n < answer->field_count; n++)
		if (strcmp(answer->fields[n].name, name) == 0)
			return true;
	return false;
}

static void make_tag(const struct api_answer *answer, char tag[TAG_TEXT])
{
	unsigned char hash[HASH];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)answer->body, answer->length,
			   NULL, 0);
	sodium_bin2hex(tag + 1, TAG_TEXT - 1, hash, sizeof(hash));
	tag[0] = tag[TAG_TEXT - 2] = '"';
	tag[TAG_TEXT - 1] = '\0';
}

/* One of a list; W/ before it makes no difference here. */
static bool is_known(const struct api_request *request, const char *tag)
{
	const char *known = request->header(request->arg, "If-None-Match");

	return known && (strcmp(known, "*") == 0 || strstr(known, tag));
}

void api_tag(const struct api_request *request, struct api_answer *answer)
{
	char tag[TAG_TEXT];

	if (answer->status != 200 || answer->streams || !answer->body ||
	    has_field(answer, "Cache-Control") || strcmp(request->method, "POST") == 0)
		return;
	make_tag(answer, tag);
	api_answer_field(answer, "ETag", tag);
	api_answer_field(answer, "Cache-Control", "no-cache");
	if (!is_known(request, tag))
		return;
	free(answer->body);
	answer->body = NULL;
	answer->length = 0;
	answer->type = NULL;
	answer->status = 304;
}

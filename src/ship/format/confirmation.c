/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/confirmation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json_out.h"
#include "json/node.h"

#define SCHEMA "blockwatch/stored/1"

static void put_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

int confirmation_encode(const struct confirmation *confirmation, char *text, size_t size)
{
	char created[24];
	struct json_out out;

	/* As a string: it is more than a double can hold. */
	snprintf(created, sizeof(created), "%" PRId64, confirmation->created);
	json_out_init(&out, text, size);
	json_out_object(&out);
	put_text(&out, "schema", SCHEMA);
	put_text(&out, "vantage", confirmation->vantage);
	put_text(&out, "boot", confirmation->boot);
	json_out_key(&out, "seq");
	json_out_uint(&out, confirmation->seq);
	put_text(&out, "stream", confirmation->stream);
	put_text(&out, "created", created);
	json_out_key(&out, "sequence");
	json_out_uint(&out, confirmation->sequence);
	json_out_object_end(&out);
	return json_out_end(&out);
}

static bool get_text(const struct node *root, const char *key, char *buffer, size_t size)
{
	const struct node member = node_member(root, key);
	const char *text = node_text(&member);

	if (!text || strlen(text) >= size)
		return false;
	snprintf(buffer, size, "%s", text);
	return true;
}

static bool get_created(const struct node *root, int64_t *ret_created)
{
	const struct node member = node_member(root, "created");
	const char *text = node_text(&member);
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	*ret_created = strtoll(text, &end, 10);
	return !*end;
}

static bool read_members(const struct node *root, struct confirmation *read)
{
	const struct node seq = node_member(root, "seq");
	const struct node sequence = node_member(root, "sequence");
	char schema[sizeof(SCHEMA) + 1];

	return get_text(root, "schema", schema, sizeof(schema)) && strcmp(schema, SCHEMA) == 0 &&
	       get_text(root, "vantage", read->vantage, sizeof(read->vantage)) &&
	       get_text(root, "boot", read->boot, sizeof(read->boot)) &&
	       get_text(root, "stream", read->stream, sizeof(read->stream)) &&
	       get_created(root, &read->created) && node_unsigned(&seq, &read->seq) &&
	       node_unsigned(&sequence, &read->sequence);
}

int confirmation_decode(const char *text, size_t length, struct confirmation *ret_confirmation)
{
	static const struct document_form form = {.max = CONFIRMATION_TEXT, .wide = true};
	struct document document = {.file = "confirmation"};
	struct confirmation read = {.seq = 0};
	struct node root;
	bool good;

	if (document_parse(&document, &form, text, length) < 0)
		return BW_ERR_SYNTAX;
	root = node_root(&document);
	good = node_is_object(&root) && read_members(&root, &read);
	document_fini(&document);
	if (good)
		*ret_confirmation = read;
	return good ? 0 : BW_ERR_SYNTAX;
}

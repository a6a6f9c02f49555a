/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/schema_default.h"

#include <math.h>
#include <stdio.h>

#include "conf/keys/keys.h"
#include "json/node.h"

#define REAL_DIGITS 9

void schema_default_number(struct json_out *out, double value)
{
	if (value == floor(value))
		json_out_int(out, (int64_t)value);
	else
		json_out_real(out, value, REAL_DIGITS);
}

/* The recursion is as deep as the default, which is text of this program. */
static void put_node(struct json_out *out, const struct node *node)
{
	struct node child = {0};

	if (node_is_object(node)) {
		json_out_object(out);
		while (node_next(node, &child)) {
			json_out_key(out, child.key);
			put_node(out, &child);
		}
		json_out_object_end(out);
	} else if (node_is_list(node)) {
		json_out_array(out);
		while (node_next(node, &child))
			put_node(out, &child);
		json_out_array_end(out);
	} else if (node_is_number(node)) {
		schema_default_number(out, node_number(node));
	} else if (node_is_bool(node)) {
		json_out_bool(out, node_bool(node));
	} else {
		json_out_string(out, node_text(node));
	}
}

void schema_default_put(struct json_out *out, const char *standard)
{
	struct document document = {.file = "the defaults"};
	char text[256];
	int length = snprintf(text, sizeof(text), "[%s]", standard);
	struct node root, value;

	if (document_parse(&document, &keys_form, text, (size_t)length) < 0)
		return;
	root = node_root(&document);
	value = node_element(&root, 0);
	json_out_key(out, "default");
	put_node(out, &value);
	document_fini(&document);
}

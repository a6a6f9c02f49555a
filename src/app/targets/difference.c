/* SPDX-License-Identifier: Apache-2.0 */
#include "app/targets/difference.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clean.h"
#include "json/json_out.h"

#define DECIMALS 6 /* of an availability */

static void print_value(const struct difference_value *value, FILE *out)
{
	if (value->text)
		clean_print(value->text, out);
	else if (value->number > 0)
		fprintf(out, "%.*g", value->digits, value->number);
	else
		fputs("(none)", out);
}

static void print_text(const struct difference *d, FILE *out)
{
	fprintf(out, "%c ", d->sign);
	if (d->subject)
		fprintf(out, "%s ", d->subject);
	fputs(d->what, out);
	if (d->has_values) {
		fputs(": ", out);
		print_value(&d->from, out);
		fputs(" -> ", out);
		print_value(&d->to, out);
	}
	if (d->name) {
		fputc(' ', out);
		clean_print(d->name, out);
	}
	if (d->asn)
		fprintf(out, " AS%" PRIu32, d->asn);
	if (d->hosts)
		fprintf(out, " with %zu host%s", d->hosts, d->hosts == 1 ? "" : "s");
	fputc('\n', out);
}

static void put_text(struct json_out *json, const char *key, const char *text)
{
	json_out_key(json, key);
	json_out_string(json, text);
}

static void put_value(struct json_out *json, const char *key, const struct difference_value *value)
{
	json_out_key(json, key);
	if (value->text)
		json_out_string(json, value->text);
	else if (value->number > 0)
		json_out_number(json, value->number, DECIMALS);
	else
		json_out_null(json);
}

static const char *change_of(char sign)
{
	return sign == '-' ? "removed" : sign == '+' ? "added" : "changed";
}

static void print_json(const struct difference *d, FILE *out)
{
	struct json_out json;
	char *text;

	json_out_init_heap(&json, false);
	json_out_object(&json);
	put_text(&json, "change", change_of(d->sign));
	put_text(&json, "subject", d->subject);
	put_text(&json, "what", d->what);
	if (d->has_values) {
		put_value(&json, "from", &d->from);
		put_value(&json, "to", &d->to);
	}
	if (d->name)
		put_text(&json, "name", d->name);
	if (d->asn) {
		json_out_key(&json, "asn");
		json_out_uint(&json, d->asn);
	}
	if (d->hosts) {
		json_out_key(&json, "hosts");
		json_out_uint(&json, d->hosts);
	}
	json_out_object_end(&json);
	text = json_out_take(&json);
	if (text)
		fprintf(out, "%s\n", text);
	free(text);
}

void difference_print(const struct difference *difference, bool json, FILE *out)
{
	if (json)
		print_json(difference, out);
	else
		print_text(difference, out);
}

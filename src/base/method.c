/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/method.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A port without sign, space or leading zero; 0 when TEXT is none. */
static unsigned parse_port(const char *text)
{
	unsigned port = 0;

	if (*text == '0')
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		port = port * 10 + (unsigned)(*text - '0');
		if (port > UINT16_MAX)
			return 0;
	}
	return port;
}

static const struct form {
	const char *name;
	bool has_port;
} forms[BW_PROTOCOL_ALL + 1] = {{"-", false},
#define X(NAME, name, number, has_port) [number] = {#name, has_port},
				BW_PROTOCOL_LIST(X) BW_TRACE_PROTOCOL_LIST(X)
#undef X
};

/* Whether TEXT is a method of this form; *ret_port: 0 where it has no port. */
static bool is_form(const struct form *form, const char *text, unsigned *ret_port)
{
	size_t length = strlen(form->name);

	*ret_port = 0;
	if (strncmp(text, form->name, length) != 0)
		return false;
	if (!form->has_port)
		return text[length] == '\0';
	if (text[length] == ':')
		*ret_port = parse_port(text + length + 1);
	return *ret_port > 0;
}

/* Whether TEXT is a method of one of the protocols FIRST to LAST. */
static bool find_form(const char *text, uint8_t first, uint8_t last, struct bw_method *ret_method)
{
	unsigned port;

	for (uint8_t protocol = first; protocol <= last; protocol++) {
		if (!is_form(&forms[protocol], text, &port))
			continue;
		*ret_method = (struct bw_method){protocol, (uint16_t)port};
		return true;
	}
	return false;
}

int bw_method_parse(const char *text, struct bw_method *ret_method, struct bw_err *err)
{
	struct bw_method other;

	if (find_form(text, 1, BW_PROTOCOL_COUNT, ret_method))
		return 0;
	if (find_form(text, BW_PROTOCOL_COUNT + 1, BW_PROTOCOL_ALL, &other))
		return bw_err_set(err, BW_ERR_VALUE,
				  "'%.40s' serves 'blockwatch trace' only; use " BW_METHOD_FORMS,
				  text);
	return bw_err_set(err, BW_ERR_VALUE,
			  "'%.40s' is no method; use " BW_METHOD_FORMS ", PORT from 1 to 65535",
			  text);
}

int bw_trace_method_parse(const char *text, struct bw_method *ret_method, struct bw_err *err)
{
	if (find_form(text, 1, BW_PROTOCOL_ALL, ret_method))
		return 0;
	return bw_err_set(err, BW_ERR_VALUE,
			  "'%.40s' is no method; use " BW_TRACE_METHOD_FORMS
			  ", PORT from 1 to 65535",
			  text);
}

char *bw_method_format(struct bw_method method, char *buffer)
{
	const struct form *form = &forms[method.protocol <= BW_PROTOCOL_ALL ? method.protocol : 0];

	if (form->has_port)
		snprintf(buffer, BW_METHOD_TEXT, "%s:%u", form->name, method.port);
	else
		snprintf(buffer, BW_METHOD_TEXT, "%s", form->name);
	return buffer;
}

int bw_methods_add(struct bw_methods *methods, struct bw_method method, struct bw_err *err)
{
	char text[BW_METHOD_TEXT];

	if (bw_methods_has(methods, method))
		return bw_err_set(err, BW_ERR_OVERLAP, "method '%s' is given twice",
				  bw_method_format(method, text));
	if (methods->count >= BW_METHODS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "more than %d methods; leave some out",
				  BW_METHODS_MAX);
	methods->list[methods->count++] = method;
	return 0;
}

/* Parses one method. */
typedef int (*parser)(const char *text, struct bw_method *ret_method, struct bw_err *err);

static int add_item(struct bw_methods *methods, const char *text, size_t length, parser parse,
		    struct bw_err *err)
{
	char item[64];
	struct bw_method method = {0};
	int result;

	snprintf(item, sizeof(item), "%.*s", (int)(length < sizeof(item) ? length : sizeof(item)),
		 text);
	result = parse(item, &method, err);
	return result < 0 ? result : bw_methods_add(methods, method, err);
}

static int add_items(struct bw_methods *methods, const char *text, parser parse, struct bw_err *err)
{
	struct bw_methods all = *methods;

	for (;;) {
		size_t length = strcspn(text, ",");
		int result = add_item(&all, text, length, parse, err);

		if (result < 0)
			return result;
		if (text[length] == '\0')
			break;
		text += length + 1;
	}
	*methods = all;
	return 0;
}

int bw_methods_parse(const char *text, struct bw_methods *methods, struct bw_err *err)
{
	return add_items(methods, text, bw_method_parse, err);
}

int bw_trace_methods_parse(const char *text, struct bw_methods *methods, struct bw_err *err)
{
	return add_items(methods, text, bw_trace_method_parse, err);
}

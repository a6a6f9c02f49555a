/* SPDX-License-Identifier: Apache-2.0 */
#include "report/survey/survey_csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/method/method_ops.h"
#include "json/json_out.h"

/* What a field is made of. */
struct source {
	const struct survey_answer *answer;
	bool in_cooldown;
};

#define FIELD_MAX 64 /* bytes of one value */

static void put_addr(const struct bw_addr *addr, char *text)
{
	bw_addr_format(addr, text);
}

/* zmap's way: the IPv4 address as a number in network order, read on a little-endian machine. */
static void put_raw(const struct bw_addr *addr, char *text)
{
	uint32_t value = addr->family == 4 ? __builtin_bswap32(bw_addr_to_v4(addr)) : 0;

	snprintf(text, FIELD_MAX, "%" PRIu32, value);
}

static void put_number(uint64_t value, char *text)
{
	snprintf(text, FIELD_MAX, "%" PRIu64, value);
}

/* zmap's word for a reply: of an answer its name without dashes ("synack", "echoreply"). */
static void classify(enum reply_kind kind, char *text)
{
	const char *name = reply_kind_name(kind);

	if (reply_kind_is_direct(kind)) {
		for (; *name; name++)
			if (*name != '-')
				*text++ = *name;
		*text = '\0';
		return;
	}
	if (kind == REPLY_TIME_EXCEEDED)
		name = "timxceed";
	else
		name = kind == REPLY_OTHER_ERROR ? "other" : "unreach";
	snprintf(text, FIELD_MAX, "%s", name);
}

static bool is_echo(const struct source *source)
{
	return method_is_echo(source->answer->method.protocol);
}

static bool is_acknowledged(const struct source *source)
{
	return method_ops(source->answer->method.protocol)->is_acknowledged;
}

static bool has_port(const struct source *source)
{
	return bw_protocol_has_port(source->answer->method.protocol);
}

static void put_saddr(const struct source *source, char *text)
{
	put_addr(&source->answer->host, text);
}
static void put_saddr_raw(const struct source *source, char *text)
{
	put_raw(&source->answer->host, text);
}
static void put_daddr(const struct source *source, char *text)
{
	put_addr(&source->answer->to, text);
}
static void put_daddr_raw(const struct source *source, char *text)
{
	put_raw(&source->answer->to, text);
}
static void put_ttl(const struct source *source, char *text)
{
	put_number(source->answer->ttl, text);
}
static void put_classification(const struct source *source, char *text)
{
	classify(source->answer->kind, text);
}
/* A RST is an answer, and for zmap no success. */
static void put_success(const struct source *source, char *text)
{
	put_number(!source->answer->is_error && source->answer->kind != REPLY_RST, text);
}
static void put_repeat(const struct source *source, char *text)
{
	(void)source;
	put_number(0, text);
}
static void put_cooldown(const struct source *source, char *text)
{
	put_number(source->in_cooldown, text);
}
/* As zmap: with milliseconds and the offset of the time zone. */
static void put_timestamp_str(const struct source *source, char *text)
{
	bw_wall_format(source->answer->at, text);
	memcpy(text + strlen("2014-12-22T16:15:00.000"), "+0000", sizeof("+0000"));
}
static void put_timestamp_ts(const struct source *source, char *text)
{
	put_number((uint64_t)(source->answer->at.ns / BW_S), text);
}
static void put_timestamp_us(const struct source *source, char *text)
{
	put_number((uint64_t)(source->answer->at.ns % BW_S / BW_US), text);
}
static void put_icmp_type(const struct source *source, char *text)
{
	if (is_echo(source) || source->answer->is_error)
		put_number(source->answer->icmp_type, text);
}
static void put_icmp_code(const struct source *source, char *text)
{
	if (is_echo(source) || source->answer->is_error)
		put_number(source->answer->icmp_code, text);
}
static void put_icmp_id(const struct source *source, char *text)
{
	if (is_echo(source))
		put_number(source->answer->brief >> 16, text);
}
static void put_icmp_seq(const struct source *source, char *text)
{
	if (is_echo(source))
		put_number(source->answer->brief & UINT16_MAX, text);
}
static void put_sport(const struct source *source, char *text)
{
	if (has_port(source))
		put_number(source->answer->method.port, text);
}
static void put_dport(const struct source *source, char *text)
{
	if (has_port(source))
		put_number(source->answer->local_port, text);
}
static void put_acknum(const struct source *source, char *text)
{
	if (is_acknowledged(source) && !source->answer->is_error)
		put_number(source->answer->brief + UINT32_C(1), text);
}
static void put_outer(const struct source *source, char *text)
{
	if (source->answer->is_error)
		put_addr(&source->answer->from, text);
}
static void put_unreach(const struct source *source, char *text)
{
	if (source->answer->is_error)
		snprintf(text, FIELD_MAX, "%s", reply_kind_name(source->answer->kind));
}
static void put_from(const struct source *source, char *text)
{
	put_addr(&source->answer->from, text);
}
static void put_method(const struct source *source, char *text)
{
	bw_method_format(source->answer->method, text);
}
static void put_kind(const struct source *source, char *text)
{
	snprintf(text, FIELD_MAX, "%s", reply_kind_name(source->answer->kind));
}
/* The point is a point in every locale. */
static void put_rtt(const struct source *source, char *text)
{
	struct json_out out;

	json_out_init(&out, text, FIELD_MAX);
	json_out_number(&out, (double)source->answer->rtt_ns / (double)BW_MS, 3);
	json_out_end(&out);
}
static void put_block(const struct source *source, char *text)
{
	struct bw_prefix block = survey_block(&source->answer->host);

	bw_prefix_format(&block, text);
}

static const struct field {
	const char *name;
	void (*put)(const struct source *source, char *text);
} fields[] = {
	{"saddr", put_saddr},
	{"saddr_raw", put_saddr_raw},
	{"daddr", put_daddr},
	{"daddr_raw", put_daddr_raw},
	{"ttl", put_ttl},
	{"classification", put_classification},
	{"success", put_success},
	{"repeat", put_repeat},
	{"cooldown", put_cooldown},
	{"timestamp_str", put_timestamp_str},
	{"timestamp_ts", put_timestamp_ts},
	{"timestamp_us", put_timestamp_us},
	{"icmp_type", put_icmp_type},
	{"icmp_code", put_icmp_code},
	{"icmp_id", put_icmp_id},
	{"icmp_seq", put_icmp_seq},
	{"icmp_unreach_str", put_unreach},
	{"outersaddr", put_outer},
	{"sport", put_sport},
	{"dport", put_dport},
	{"acknum", put_acknum},
	{"host", put_saddr},
	{"from", put_from},
	{"method", put_method},
	{"kind", put_kind},
	{"rtt_ms", put_rtt},
	{"block", put_block},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

_Static_assert(SURVEY_CSV_MAX *FIELD_MAX <= SURVEY_CSV_LINE, "a line of the longest fields");

/* A dash is as good as an underscore. */
static bool is_name(const char *name, const char *text, size_t length)
{
	if (strlen(name) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (name[i] != (text[i] == '-' ? '_' : text[i]))
			return false;
	return true;
}

static int refuse(const char *text, size_t length, struct bw_err *err)
{
	char names[260] = "";
	size_t used = 0;

	for (size_t i = 0; i < FIELDS; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 i > 0 ? " " : "", fields[i].name);
	return bw_err_set(err, BW_ERR_USAGE, "unknown field '%.*s'; there are: %s",
			  length > 24 ? 24 : (int)length, text, names);
}

static int add_field(struct survey_csv *csv, const char *text, size_t length, struct bw_err *err)
{
	size_t i = 0;

	while (i < FIELDS && !is_name(fields[i].name, text, length))
		i++;
	if (i == FIELDS)
		return refuse(text, length, err);
	if (csv->count == SURVEY_CSV_MAX)
		return bw_err_set(err, BW_ERR_USAGE, "more than %d fields", SURVEY_CSV_MAX);
	csv->fields[csv->count++] = (uint8_t)i;
	return 0;
}

int survey_csv_parse(const char *text, struct survey_csv *ret_csv, struct bw_err *err)
{
	struct survey_csv csv = {.count = 0};
	int code = 0;

	for (bool more = true; more && code == 0;) {
		size_t length = strcspn(text, ",");

		code = add_field(&csv, text, length, err);
		more = text[length] == ',';
		text += length + more;
	}
	if (code == 0)
		*ret_csv = csv;
	return code;
}

size_t survey_csv_header(const struct survey_csv *csv, char line[SURVEY_CSV_LINE])
{
	size_t used = 0;

	for (unsigned i = 0; i < csv->count; i++)
		used += (size_t)snprintf(line + used, SURVEY_CSV_LINE - used, "%s%c",
					 fields[csv->fields[i]].name,
					 i + 1 < csv->count ? ',' : '\n');
	return used;
}

size_t survey_csv_line(const struct survey_csv *csv, const struct survey_answer *answer,
		       bool in_cooldown, char line[SURVEY_CSV_LINE])
{
	const struct source source = {answer, in_cooldown};
	size_t used = 0;

	for (unsigned i = 0; i < csv->count; i++) {
		line[used] = '\0';
		fields[csv->fields[i]].put(&source, line + used);
		used += strlen(line + used);
		line[used++] = i + 1 < csv->count ? ',' : '\n';
	}
	return used;
}

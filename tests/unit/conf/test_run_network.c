/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "conf/run/run.h"
#include "ship/spool/spool_type.h"

#define HEAD "{\"vantage\": \"v\", \"targets\": [\"kp\"], \"state_directory\": \"s\",\n"
#define HTTP "\"type\": \"http\", \"name\": \"a\", \"url\": "
#define NATS "\"type\": \"nats\", \"name\": \"a\", \"url\": "

#define ALL_KEYS                                                                             \
	"\"sinks\": [{\"type\": \"http\", \"name\": \"centre\", \"framing\": \"loki\","          \
	" \"url\": \"https://c:8443/v1\", \"compression\": \"zstd\", \"token_file\": \"t\","       \
	" \"ca_file\": null, \"types\": [\"event\", \"probe\"], \"targets\": [\"kp\", \"tv\"],"    \
	" \"client_certificate\": \"c\", \"client_key\": \"k\", \"headers\": {\"X-A\": \"b\"}},"   \
	" {\"type\": \"nats\", \"name\": \"s\", \"url\": \"tls://[2001:db8::1]:4222\"}],"          \
	" \"spool\": {\"size\": \"16M\", \"age\": \"1d\"}, \"ship\": \"external\"}"

static int parse(const char *text, struct conf_run *conf, struct bw_err *err)
{
	return conf_run_parse(text, strlen(text), "/etc/bw/c.json", conf, err);
}

/* SINKS is the content of the list, in line 2. MESSAGE NULL: it is right. */
static void check_sinks(const char *sinks, const char *message)
{
	char text[2048], words[1024] = "";
	struct conf_run conf;
	struct bw_err err;

	snprintf(text, sizeof(text), HEAD "\"sinks\": [%s]}", sinks);
	if (parse(text, &conf, &err) < 0)
		bw_err_format(&err, words, sizeof(words));
	conf_run_fini(&conf);
	assert_string_equal(words, message ? message : "");
}

static void test_all_keys(void **state)
{
	struct conf_run conf;
	struct bw_err err;
	const struct conf_run_sink *sink;

	(void)state;
	assert_int_equal(parse(HEAD ALL_KEYS, &conf, &err), 0);
	sink = &conf.sinks.list[0];
	assert_true(conf_run_sink_is_network(sink));
	assert_string_equal(sink->name, "centre");
	assert_int_equal(sink->framing, CONF_RUN_LOKI);
	assert_int_equal(sink->compression, CONF_RUN_ZSTD);
	assert_string_equal(sink->token_file, "/etc/bw/t");
	assert_null(sink->ca_file);
	assert_int_equal(sink->types, 1 << SPOOL_EVENT | 1 << SPOOL_PROBE);
	assert_int_equal(sink->targets.count, 2);
	assert_string_equal(sink->headers.list[0].name, "X-A");
	assert_string_equal(sink->headers.list[0].text, "b");
	sink = &conf.sinks.list[1];
	assert_string_equal(sink->stream, "BLOCKWATCH");
	assert_string_equal(sink->subject, CONF_RUN_SUBJECT);
	assert_int_equal(conf.spool.size, 16 << 20);
	assert_int_equal(conf.spool.age_ns, 86400 * BW_S);
	assert_int_equal(conf.ship, CONF_RUN_SHIP_EXTERNAL);
	conf_run_fini(&conf);
}

static void test_standards(void **state)
{
	struct conf_run conf;
	struct bw_err err;

	(void)state;
	assert_int_equal(parse(HEAD "\"sinks\": [{" HTTP "\"http://c\"}]}", &conf, &err), 0);
	assert_int_equal(conf.sinks.list[0].framing, CONF_RUN_NDJSON);
	assert_int_equal(conf.sinks.list[0].compression, CONF_RUN_GZIP);
	assert_int_equal(conf.spool.size, 1 << 30);
	assert_int_equal(conf.spool.age_ns, 7 * 86400 * BW_S);
	assert_int_equal(conf.ship, CONF_RUN_SHIP_CHILD);
	conf_run_fini(&conf);
}

static void test_bad_urls(void **state)
{
	(void)state;
	check_sinks(
		"{" HTTP "\"centre.example\"}",
		"/etc/bw/c.json:2:11: url: 'centre.example' must begin with http:// or https://");
	check_sinks("{" HTTP "\"tls://centre.example\"}",
		    "/etc/bw/c.json:2:11: url: 'tls://centre.example' must begin with http:// or "
		    "https://");
	check_sinks("{" NATS "\"https://s\"}",
		    "/etc/bw/c.json:2:11: url: 'https://s' must begin with nats:// or tls://");
	check_sinks("{" HTTP "\"https://u:p@c\"}",
		    "/etc/bw/c.json:2:11: url: has a user or a password in it: give it in "
		    "\"token_file\"");
	static const char *const bad[] = {"https://",     "https:///v1",  "https://:80",
					  "https://c:",   "https://c:0",  "https://c:65536",
					  "https://c:x",  "https://[::1", "https://[]",
					  "https://c/a b"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char text[128], message[256];

		snprintf(text, sizeof(text), "{" HTTP "\"%s\"}", bad[i]);
		snprintf(message, sizeof(message),
			 "/etc/bw/c.json:2:11: url: '%s' is no URL: it has a host, and a port from "
			 "1 to 65535 if need be, as in \"https://centre.example:8443/v1/records\"",
			 bad[i]);
		check_sinks(text, message);
	}
	check_sinks("{" HTTP "\"HTTPS://[::1]:8443/v1?a=b\"}", NULL);
	check_sinks("{" NATS "\"nats://127.0.0.1\"}", NULL);
}

static void test_bad_names_in_nats(void **state)
{
	(void)state;
	check_sinks("{" NATS "\"nats://s\", \"stream\": \"a.b\"}",
		    "/etc/bw/c.json:2:11: stream: has a '.', which names in JetStream do not have");
	check_sinks(
		"{" NATS "\"nats://s\", \"subject\": \"a..b\"}",
		"/etc/bw/c.json:2:11: subject: 'a..b' is no subject: it has words between dots, "
		"without blanks, '*' and '>'");
	check_sinks(
		"{" NATS "\"nats://s\", \"subject\": \"a.{foo}\"}",
		"/etc/bw/c.json:2:11: subject: 'a.{foo}' has '{foo}' in it: {vantage}, {target}, "
		"{type} and {boot} are there, each a whole word between dots");
	check_sinks("{" NATS "\"nats://s\", \"subject\": \"a.{boot}.{type}\"}", NULL);
}

static void test_keys_that_need_each_other(void **state)
{
	(void)state;
	check_sinks(
		"{" HTTP "\"https://c\", \"client_key\": \"k\"}",
		"/etc/bw/c.json:2:11: sinks: \"client_certificate\" and \"client_key\" need each "
		"other");
	check_sinks("{" HTTP "\"http://c\", \"client_key\": \"k\", \"client_certificate\": \"c\"}",
		    "/etc/bw/c.json:2:11: sinks: a client certificate needs a URL with https://");
	check_sinks("{" HTTP "\"http://c\", \"stream\": \"k\"}",
		    "/etc/bw/c.json:2:60: sinks[0].stream: only for \"type\": \"nats\"");
	check_sinks("{\"type\": \"http\", \"url\": \"http://c\"}",
		    "/etc/bw/c.json:2:11: sinks[0].name: missing: write it, as in \"name\": "
		    "\"centre\"");
	check_sinks("{" HTTP "\"http://c\"}, {" NATS "\"nats://c\"}",
		    "/etc/bw/c.json:2:61: sinks[1]: 'a' is given twice, first in /etc/bw/c.json, "
		    "line 2");
	check_sinks(
		"{" HTTP "\"http://c\", \"headers\": {\"content-length\": \"1\"}}",
		"/etc/bw/c.json:2:90: headers: 'content-length' is written by blockwatch: leave "
		"it out");
	check_sinks(
		"{" HTTP "\"http://c\", \"headers\": {\"X-A\": 1}}",
		"/etc/bw/c.json:2:79: sinks[0].headers.X-A: must be an object of strings, not a "
		"number");
}

static void test_network_sink_needs_a_state_directory(void **state)
{
	struct conf_run conf;
	struct bw_err err;
	char text[256];

	(void)state;
	assert_int_equal(parse("{\"vantage\": \"v\", \"targets\": [\"kp\"],\n\"sinks\": [{" HTTP
			       "\"http://c\"}]}",
			       &conf, &err),
			 BW_ERR_VALUE);
	bw_err_format(&err, text, sizeof(text));
	assert_string_equal(text, "/etc/bw/c.json:2:11: sinks: a sink of this type needs a "
				  "\"state_directory\" for its spool");
	conf_run_fini(&conf);
	assert_int_equal(parse("{\"vantage\": \"v\", \"targets\": [\"kp\"],\n\"spool\": {}}", &conf,
			       &err),
			 BW_ERR_VALUE);
	conf_run_fini(&conf);
}

static unsigned types_of(const char *rest)
{
	struct conf_run conf;
	struct bw_err err;
	char text[512];
	unsigned types;

	snprintf(text, sizeof(text), HEAD "%s}", rest);
	assert_int_equal(parse(text, &conf, &err), 0);
	types = conf_run_has_spool(&conf) ? conf_run_spool_types_of(&conf, NULL) : 0;
	if (conf_run_tells_probes(&conf))
		types |= 1U << 31;
	conf_run_fini(&conf);
	return types;
}

static void test_types_of_the_spool(void **state)
{
	const unsigned event = 1U << SPOOL_EVENT, probe = 1U << SPOOL_PROBE | 1U << 31;
	const unsigned block = 1U << SPOOL_BLOCK;

	(void)state;
	assert_int_equal(types_of("\"records\": \"event\""), 0);
	assert_int_equal(types_of("\"records\": \"event\", \"spool\": {}"), event);
	assert_int_equal(types_of("\"records\": \"event\", \"sinks\": [{" HTTP "\"http://c\"}]"),
			 event);
	assert_int_equal(types_of("\"records\": \"event\", \"sinks\": [{" HTTP
				  "\"http://c\", \"types\": [\"probe\", \"block\"]}]"),
			 probe | block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_standards),
		cmocka_unit_test(test_bad_urls),
		cmocka_unit_test(test_bad_names_in_nats),
		cmocka_unit_test(test_keys_that_need_each_other),
		cmocka_unit_test(test_network_sink_needs_a_state_directory),
		cmocka_unit_test(test_types_of_the_spool),
	};

	return cmocka_run_group_tests_name("conf/run_network", tests, NULL, NULL);
}

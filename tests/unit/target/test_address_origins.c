/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/address_origins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int parse(struct address_origins *origins, const char *text, struct bw_err *err)
{
	return address_origins_parse(origins, text, strlen(text), "f", err);
}

static void assert_origin(const struct address_origins *origins, const char *text,
			  uint32_t wanted_asn, const char *wanted_country)
{
	char country[3] = "";
	struct bw_addr addr;
	uint32_t asn = 0;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	address_origins_find(origins, &addr, &asn, country);
	assert_int_equal(asn, wanted_asn);
	assert_string_equal(country, wanted_country);
}

static void finds_the_smallest_range(void **state)
{
	struct address_origins origins = address_origins_of();

	(void)state;
	assert_int_equal(parse(&origins,
			       "198.18.0.0,198.18.255.255,KP\n"
			       "198.18.4.0,198.18.4.255,CN\n"
			       "198.18.4.128,198.18.4.129,RU\n"
			       "198.18.0.0,198.18.127.255,64496\n",
			       NULL),
			 0);
	assert_int_equal(parse(&origins, "2001:db8::,2001:db8:ffff::,AS4294967295", NULL), 0);
	assert_int_equal(address_origins_seal(&origins), 0);
	assert_origin(&origins, "198.18.0.0", 64496, "KP");
	assert_origin(&origins, "198.18.4.7", 64496, "CN");
	assert_origin(&origins, "198.18.4.129", 64496, "RU");
	assert_origin(&origins, "198.18.4.130", 64496, "CN");
	assert_origin(&origins, "198.18.5.0", 64496, "KP");
	assert_origin(&origins, "198.18.255.255", 0, "KP");
	assert_origin(&origins, "198.19.0.0", 0, "");
	assert_origin(&origins, "0.0.0.0", 0, "");
	assert_origin(&origins, "2001:db8:1::1", UINT32_MAX, "");
	assert_origin(&origins, "c612:400::", 0, ""); /* the same bits as 198.18.4.0 */
	address_origins_fini(&origins);
}

/* Tabs, quotes, decimal numbers, comments, more fields, CRLF, a byte order mark. */
static void reads_every_form(void **state)
{
	struct address_origins origins = address_origins_of();

	(void)state;
	assert_int_equal(parse(&origins,
			       "\xef\xbb\xbf# start,end\r\n"
			       "\"3323068416\",\"3323068671\",\"KP\",\"North Korea\"\r\n"
			       "\r\n"
			       "198.18.1.0,198.18.1.255,AS64497,STAR\r"
			       "198.18.2.0, 198.18.2.255, CN",
			       NULL),
			 0);
	assert_int_equal(address_origins_seal(&origins), 0);
	assert_origin(&origins, "198.18.0.255", 0, "KP");
	assert_origin(&origins, "198.18.1.1", 64497, "");
	assert_origin(&origins, "198.18.2.1", 0, "CN");
	address_origins_fini(&origins);
}

static void refuses_what_is_no_range(void **state)
{
	static const struct {
		const char *text;
		int code, line;
	} bad[] = {
		{"198.18.0.0,198.18.0.255", BW_ERR_SYNTAX, 1},
		{"198.18.0.0,198.18.0.255,KPX", BW_ERR_SYNTAX, 1},
		{"198.18.0.0,198.18.0.255,KP\n198.18,198.18.0.255,KP", BW_ERR_SYNTAX, 2},
		{"198.18.1.0,198.18.0.255,KP", BW_ERR_VALUE, 1},
		{"198.18.1.0,2001:db8::,KP", BW_ERR_VALUE, 1},
		{"", BW_ERR_VALUE, 0},
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		struct address_origins origins = address_origins_of();
		struct bw_err err = {0};
		int code = parse(&origins, bad[n].text, &err);

		assert_int_equal(code, bad[n].code);
		assert_string_equal(err.file, "f");
		assert_int_equal(err.line, bad[n].line);
		address_origins_fini(&origins);
	}
}

static void knows_nothing_without_files(void **state)
{
	struct address_origins origins = address_origins_of();

	(void)state;
	assert_int_equal(address_origins_seal(&origins), 0);
	assert_origin(&origins, "198.18.0.1", 0, "");
	address_origins_fini(&origins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_smallest_range),
		cmocka_unit_test(reads_every_form),
		cmocka_unit_test(refuses_what_is_no_range),
		cmocka_unit_test(knows_nothing_without_files),
	};

	return cmocka_run_group_tests_name("target/address_origins", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/mmdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target/tables/address_origins.h"
#include "target/tables/mmdb_file.h"

/* libmaxminddb 1.7.1 itself leaks 4 kB where MMDB_open() fails for damaged metadata. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libmaxminddb";
}

struct world {
	const char *folder; /* of the databases that tests/cli/mmdb.py has made */
	char path[512];
};

static const char *path_of(struct world *w, const char *name)
{
	snprintf(w->path, sizeof(w->path), "%s/%s", w->folder, name);
	return w->path;
}

static struct mmdb *open_one(struct world *w, const char *name)
{
	struct mmdb *mmdb = NULL;

	assert_int_equal(mmdb_open(path_of(w, name), MMDB_WANT_EITHER, &mmdb, NULL), 0);
	return mmdb;
}

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static void assert_answer(const struct mmdb *mmdb, const char *text, uint32_t asn,
			  const char *country, const char *name)
{
	struct bw_addr addr = addr_of(text);
	struct mmdb_answer answer = mmdb_find(mmdb, &addr);

	assert_int_equal(answer.asn, asn);
	assert_string_equal(answer.country, country);
	assert_int_equal(answer.name_length, strlen(name));
	assert_memory_equal(answer.name ? answer.name : "", name, strlen(name));
}

static void finds_countries_and_ases_of_several_makers(void **state)
{
	struct world *w = *state;
	struct mmdb *mmdb = open_one(w, "country.mmdb");

	assert_answer(mmdb, "198.18.3.255", 0, "TV", "");
	assert_answer(mmdb, "198.18.4.0", 0, "KI", "");
	assert_answer(mmdb, "203.0.113.1", 0, "", ""); /* a continent alone */
	assert_answer(mmdb, "192.0.2.1", 0, "", "");
	assert_answer(mmdb, "2001:db8::1", 0, "TV", "");
	assert_string_equal(mmdb_day(mmdb), "2026-06-17");
	mmdb_close(mmdb);
	mmdb = open_one(w, "country-v4.mmdb"); /* has no IPv6 at all */
	assert_answer(mmdb, "198.18.9.9", 0, "TV", "");
	assert_answer(mmdb, "2001:db8::1", 0, "", "");
	mmdb_close(mmdb);
	mmdb = open_one(w, "asn.mmdb");
	assert_answer(mmdb, "198.18.9.1", 4200000000, "", "Other");
	assert_answer(mmdb, "198.18.10.1", 0, "", "");
	mmdb_close(mmdb);
	mmdb = open_one(w, "lite.mmdb"); /* both, and the AS as a text */
	assert_answer(mmdb, "198.18.0.1", 64496, "TV", "Star JV");
	mmdb_close(mmdb);
}

static void assert_country(const struct mmdb *mmdb, const char *country, const char *const *wanted)
{
	struct range_set set = {0};
	struct bw_prefix prefix;
	char text[BW_PREFIX_TEXT];

	assert_int_equal(mmdb_add_country(mmdb, country, &set), 0);
	range_set_merge(&set, true);
	for (uint32_t i = 0; i < range_set_count(&set); i++)
		while (range_take(range_set_at(&set, i), &prefix))
			assert_string_equal(bw_prefix_format(&prefix, text), *wanted++);
	assert_null(*wanted);
	range_set_fini(&set);
}

/* IPv4 is there once, although other places of the tree lead to it, too. */
static void lists_the_networks_of_a_country(void **state)
{
	static const char *const tv[] = {"198.18.0.0/22", "198.18.8.0/23", "2001:db8::/32", NULL};
	static const char *const v4[] = {"198.18.0.0/22", "198.18.8.0/23", NULL};
	static const char *const none[] = {NULL};
	struct mmdb *mmdb = open_one(*state, "country.mmdb");

	assert_country(mmdb, "TV", tv);
	assert_country(mmdb, "ER", none);
	mmdb_close(mmdb);
	mmdb = open_one(*state, "country-v4.mmdb");
	assert_country(mmdb, "TV", v4);
	mmdb_close(mmdb);
}

static void refuses_what_it_cannot_use(void **state)
{
	static const struct {
		const char *name;
		enum mmdb_want want;
		int code;
	} bad[] = {
		{"domain.mmdb", MMDB_WANT_EITHER, BW_ERR_VALUE},
		{"empty.mmdb", MMDB_WANT_EITHER, BW_ERR_VALUE},
		{"country.mmdb", MMDB_WANT_ASES, BW_ERR_VALUE},
		{"asn.mmdb", MMDB_WANT_COUNTRIES, BW_ERR_VALUE},
		{"cut.mmdb", MMDB_WANT_EITHER, BW_ERR_SYNTAX},
		{"torn.mmdb", MMDB_WANT_EITHER, BW_ERR_SYNTAX},
		{"missing.mmdb", MMDB_WANT_EITHER, BW_ERR_MISSING},
	};
	struct world *w = *state;

	for (unsigned n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		struct mmdb *mmdb = NULL;
		struct bw_err err = {0};
		const char *path = path_of(w, bad[n].name);

		assert_int_equal(mmdb_open(path, bad[n].want, &mmdb, &err), bad[n].code);
		assert_null(mmdb);
		assert_string_equal(err.file, path);
	}
}

/* A database whose bytes were changed gives an answer or an error, and nothing worse. */
static void survives_damage(void **state)
{
	struct world *w = *state;
	char bytes[8192], path[600];
	FILE *file = fopen(path_of(w, "country.mmdb"), "rb");
	size_t length = fread(bytes, 1, sizeof(bytes), file);

	fclose(file);
	snprintf(path, sizeof(path), "%s/damaged.mmdb", w->folder);
	for (size_t at = 0; at < length; at += 7) {
		struct range_set set = {0};
		struct bw_addr addr = addr_of("198.18.1.1");
		struct mmdb *mmdb = NULL;

		bytes[at] ^= 0x55;
		file = fopen(path, "wb");
		assert_int_equal(fwrite(bytes, 1, length, file), length);
		fclose(file);
		bytes[at] ^= 0x55;
		if (mmdb_open(path, MMDB_WANT_EITHER, &mmdb, NULL) < 0)
			continue;
		(void)mmdb_find(mmdb, &addr);
		(void)mmdb_add_country(mmdb, "TV", &set);
		range_set_fini(&set);
		mmdb_close(mmdb);
	}
	remove(path);
}

static void tables_count_before_databases(void **state)
{
	static const char table[] = "198.18.1.0,198.18.1.255,64511,Own\n";
	struct address_origins origins = address_origins_of();
	struct bw_addr own = addr_of("198.18.1.1"), other = addr_of("198.18.0.1");
	char country[3] = "", *name = NULL;
	struct world *w = *state;
	uint32_t asn = 0;

	assert_int_equal(address_origins_parse(&origins, table, strlen(table), "f", NULL), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(address_origins_read_mmdb(&origins,
							   path_of(w,
								   i ? "country.mmdb" : "asn.mmdb"),
							   MMDB_WANT_EITHER, NULL),
				 0);
	assert_int_equal(address_origins_seal(&origins), 0);
	address_origins_find(&origins, &own, &asn, country);
	assert_int_equal(asn, 64511);
	assert_string_equal(country, "TV");
	assert_int_equal(address_origins_name(&origins, &own, 64511, &name), 0);
	assert_string_equal(name, "Own");
	free(name);
	address_origins_find(&origins, &other, &asn, country);
	assert_int_equal(asn, 64496);
	assert_int_equal(address_origins_name(&origins, &other, 64496, &name), 0);
	assert_string_equal(name, "Star JV");
	free(name);
	assert_int_equal(address_origins_name(&origins, &other, 64499, &name), 0);
	assert_null(name);
	address_origins_fini(&origins);
}

static void tells_an_mmdb_by_its_bytes(void **state)
{
	struct world *w = *state;

	assert_true(mmdb_file_is(path_of(w, "country.mmdb")));
	assert_false(mmdb_file_is(path_of(w, "missing.mmdb")));
	assert_false(mmdb_file_is(w->folder));
	assert_false(mmdb_file_is("/dev/null"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_countries_and_ases_of_several_makers),
		cmocka_unit_test(lists_the_networks_of_a_country),
		cmocka_unit_test(refuses_what_it_cannot_use),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(tables_count_before_databases),
		cmocka_unit_test(tells_an_mmdb_by_its_bytes),
	};
	static struct world world;
	struct CMUnitTest with_state[sizeof(tests) / sizeof(tests[0])];

	if (argc != 2)
		return 2;
	world.folder = argv[1];
	memcpy(with_state, tests, sizeof(tests));
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		with_state[i].initial_state = &world;
	return cmocka_run_group_tests_name("target/mmdb", with_state, NULL, NULL);
}

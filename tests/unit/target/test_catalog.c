/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target/catalog/catalog_list.h"
#include "target/catalog/catalog_references.h"

#define JSON "{\"schema\":\"blockwatch/target/1\",\"networks\":[{\"prefix\":\"198.18.%d.0/24\"%s}]}"

/* A folder with two directories of a target path, which the catalog has. */
struct fixture {
	char root[64];
	struct catalog *catalog;
	struct bw_target *target;
	struct bw_err err;
};

static void put(const struct fixture *fixture, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", fixture->root, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void put_json(const struct fixture *fixture, const char *name, int third, const char *rest)
{
	char text[512];

	snprintf(text, sizeof(text), JSON, third, rest);
	put(fixture, name, text);
}

static int set_up(void **state)
{
	static struct fixture fixture;
	struct catalog_environment environment = {NULL, NULL, NULL};
	char path[256];

	fixture = (struct fixture){.root = "/tmp/blockwatch-catalog-XXXXXX"};
	if (!mkdtemp(fixture.root))
		return -1;
	for (const char *const *name = (const char *const[]){"one", "two", NULL}; *name; name++) {
		snprintf(path, sizeof(path), "%s/%s", fixture.root, *name);
		if (mkdir(path, 0700) < 0)
			return -1;
	}
	snprintf(path, sizeof(path), "%s/none::%s/one:%s/two", fixture.root, fixture.root,
		 fixture.root);
	environment.target_path = path;
	fixture.catalog = catalog_new(&environment);
	put_json(&fixture, "one/kp.json", 1, "");
	put_json(&fixture, "two/kp.json", 2, "");
	put_json(&fixture, "two/tv.json", 3, ",\"hosts\":[\"198.18.3.1\",\"198.18.3.2\"]");
	put(&fixture, "two/plain.txt", "198.18.4.0/24\n");
	put(&fixture, "two/Upper.json", "not for names");
	put(&fixture, "two/notes.md", "not a target");
	put(&fixture, "two/broken.json", "{\n \"schema\": 1 }");
	*state = &fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int tear_down(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;

	catalog_free(fixture->catalog);
	return nftw(fixture->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int resolve(struct fixture *fixture, const char *argument)
{
	fixture->target = NULL;
	memset(&fixture->err, 0, sizeof(fixture->err));
	return catalog_resolve(fixture->catalog, argument, &fixture->target, &fixture->err);
}

static void drop(struct fixture *fixture)
{
	bw_target_free(fixture->target);
	fixture->target = NULL;
}

static void the_first_directory_wins(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;

	assert_int_equal(resolve(fixture, "kp"), 0);
	assert_string_equal(fixture->target->name, "kp");
	assert_int_equal(fixture->target->networks[0].prefix.addr.bytes[2], 1);
	drop(fixture);
	assert_int_equal(resolve(fixture, "plain"), 0);
	assert_int_equal(fixture->target->networks[0].prefix.addr.bytes[2], 4);
	drop(fixture);
}

static void paths(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;
	char path[256];

	snprintf(path, sizeof(path), "%s/two/kp.json", fixture->root);
	assert_int_equal(resolve(fixture, path), 0);
	assert_string_equal(fixture->target->file, path);
	assert_int_equal(fixture->target->networks[0].prefix.addr.bytes[2], 2);
	drop(fixture);
	assert_int_equal(resolve(fixture, "./nothing"), BW_ERR_MISSING);
	assert_string_equal(fixture->err.file, "./nothing");
	assert_int_equal(resolve(fixture, "nothing.json"), BW_ERR_MISSING);
	assert_string_equal(fixture->err.file, "nothing.json");
	assert_int_equal(resolve(fixture, "broken"), BW_ERR_VALUE);
	assert_int_equal(fixture->err.line, 2);
}

static void prefixes_and_addresses(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;

	assert_int_equal(resolve(fixture, "198.18.8.0/22"), 0);
	assert_string_equal(fixture->target->name, "198.18.8.0/22");
	assert_null(fixture->target->file);
	assert_int_equal(fixture->target->network_count, 1);
	assert_int_equal(fixture->target->networks[0].prefix.length, 22);
	drop(fixture);
	assert_int_equal(resolve(fixture, "2001:db8::5"), 0);
	assert_string_equal(fixture->target->name, "2001:db8::5");
	assert_int_equal(fixture->target->networks[0].prefix.length, 128);
	assert_int_equal(bw_network_block_length(&fixture->target->networks[0]), 128);
	assert_false(fixture->target->networks[0].known);
	drop(fixture);
	assert_int_equal(resolve(fixture, "198.18.8.1/22"), BW_ERR_VALUE);
	assert_string_equal(fixture->err.field, "198.18.8.1/22");
	assert_non_null(strstr(fixture->err.message, "198.18.8.0/22"));
	assert_int_equal(fixture->err.line, 0);
	assert_int_equal(resolve(fixture, "10.0.0.0/7"), 0);
	assert_int_equal(fixture->target->networks[0].sample, 65536);
	drop(fixture);
}

static void capitals_make_no_difference(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;

	assert_int_equal(resolve(fixture, "KP"), 0);
	assert_string_equal(fixture->target->name, "kp");
	drop(fixture);
}

static void a_slip_gets_a_hint(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;

	assert_int_equal(resolve(fixture, "KPP"), BW_ERR_MISSING);
	assert_string_equal(fixture->err.field, "KPP");
	assert_non_null(strstr(fixture->err.message, "did you mean 'kp'?"));
	assert_int_equal(resolve(fixture, "palin"), BW_ERR_MISSING);
	assert_non_null(strstr(fixture->err.message, "did you mean 'plain'?"));
	assert_non_null(strstr(fixture->err.message, fixture->root));
	assert_int_equal(resolve(fixture, "atlantis"), BW_ERR_MISSING);
	assert_null(strstr(fixture->err.message, "did you mean"));
	assert_non_null(strstr(fixture->err.message, fixture->root));
	assert_int_equal(resolve(fixture, ""), BW_ERR_MISSING);
}

static void a_shipped_target_that_is_not_there(void **state)
{
	static const char *const names[] = {"nr", "NR", "Nauru", "references"};
	struct fixture *fixture = (struct fixture *)*state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(resolve(fixture, names[i]), BW_ERR_MISSING);
		assert_non_null(strstr(fixture->err.message, "is shipped"));
		assert_non_null(strstr(fixture->err.message, "BLOCKWATCH_TARGET_PATH"));
		assert_non_null(strstr(fixture->err.message, fixture->root));
		assert_null(strstr(fixture->err.message, "build"));
	}
	/* Their names are whole words. */
	assert_int_equal(resolve(fixture, "reference"), BW_ERR_MISSING);
	assert_null(strstr(fixture->err.message, "is shipped"));
}

static void a_country_without_a_target(void **state)
{
	static const char command[] = "blockwatch targets build --country KR --delegated FILE";
	static const char *const names[] = {"kr", "south-korea", "South Korea", "KOR"};
	struct fixture *fixture = (struct fixture *)*state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(resolve(fixture, names[i]), BW_ERR_MISSING);
		assert_non_null(strstr(fixture->err.message, command));
	}
	assert_int_equal(resolve(fixture, "tuvalu"), BW_ERR_MISSING);
	assert_non_null(strstr(fixture->err.message, "did you mean 'tv' (Tuvalu)?"));
}

static void listing(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;
	static const char *const names[] = {"broken", "kp", "plain", "tv"};
	struct catalog_entries entries;

	assert_int_equal(catalog_list(fixture->catalog, &entries), 0);
	assert_int_equal(entries.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(entries.list[i].name, names[i]);
	assert_non_null(strstr(entries.list[1].path, "/one/kp.json"));
	catalog_entries_fini(&entries);
	assert_int_equal(entries.count, 0);
	catalog_entries_fini(NULL);
}

static void references(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;
	struct catalog_references references = {NULL, 0};

	put(fixture, "two/ref.json",
	    "{\"schema\":\"blockwatch/target/1\",\"networks\":[{\"prefix\":\"198.18.9.0/24\"}],"
	    "\"references\":[\"198.18.3.2\",\"tv\"]}");
	assert_int_equal(resolve(fixture, "ref"), 0);
	assert_int_equal(catalog_references(fixture->catalog, fixture->target, &references,
					    &fixture->err),
			 0);
	assert_int_equal(references.count, 2);
	assert_int_equal(references.list[0].bytes[3], 2);
	assert_int_equal(references.list[1].bytes[3], 1);
	assert_int_equal(catalog_add_reference(fixture->catalog, "2001:db8::1", &references, NULL),
			 0);
	assert_int_equal(references.count, 3);
	assert_int_equal(catalog_add_reference(fixture->catalog, "kp", &references, &fixture->err),
			 BW_ERR_VALUE);
	assert_string_equal(fixture->err.field, "kp");
	assert_non_null(strstr(fixture->err.message, "lists no hosts"));
	assert_int_equal(catalog_add_reference(fixture->catalog, "tvv", &references, NULL),
			 BW_ERR_MISSING);
	assert_int_equal(references.count, 3);
	catalog_references_fini(&references);
	drop(fixture);
}

static void too_many_references(void **state)
{
	struct fixture *fixture = (struct fixture *)*state;
	struct catalog_references references = {NULL, 0};
	char path[256], text[1025 * 16];
	size_t used = 0;

	for (int i = 0; i < 1025; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "10.0.%d.%d\n", i / 256,
					 i % 256);
	put(fixture, "many.txt", text);
	snprintf(path, sizeof(path), "%s/many.txt", fixture->root);
	assert_int_equal(catalog_add_reference(fixture->catalog, path, &references, NULL),
			 BW_ERR_LIMIT);
	assert_int_equal(references.count, 1024);
	catalog_references_fini(&references);
}

static void assert_path(struct catalog_environment environment, const char *wanted)
{
	struct catalog *catalog = catalog_new(&environment);

	assert_int_equal(strncmp(catalog_path(catalog), wanted, strlen(wanted)), 0);
	catalog_free(catalog);
}

static void the_path_and_the_environment(void **state)
{
	(void)state;
	assert_path((struct catalog_environment){NULL, NULL, "/home/a"},
		    "./targets:/home/a/.config/blockwatch/targets:/etc/blockwatch/targets:/");
	assert_path((struct catalog_environment){"", "/x", "/home/a"},
		    "./targets:/x/blockwatch/targets:/etc/blockwatch/targets:/");
	assert_path((struct catalog_environment){NULL, "relative", "/home/a"},
		    "./targets:/home/a/.config/blockwatch/targets:/etc/");
	assert_path((struct catalog_environment){NULL, NULL, NULL},
		    "./targets:/etc/blockwatch/targets:/");
	assert_path((struct catalog_environment){"/a:/b", "/x", "/home/a"}, "/a:/b");
	catalog_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_directory_wins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(paths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(prefixes_and_addresses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(capitals_make_no_difference, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_slip_gets_a_hint, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_shipped_target_that_is_not_there, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(a_country_without_a_target, set_up, tear_down),
		cmocka_unit_test_setup_teardown(listing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(references, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_references, set_up, tear_down),
		cmocka_unit_test(the_path_and_the_environment),
	};

	return cmocka_run_group_tests_name("target/catalog", tests, NULL, NULL);
}

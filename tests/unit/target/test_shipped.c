/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/special_purpose.h"
#include "target/catalog/catalog.h"
#include "target/network.h"

/* The target files that come with the program, from the source tree. */
static struct bw_target *read_shipped(const char *name)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	struct bw_target *target = NULL;
	struct bw_err err = {0};
	char path[4096];

	snprintf(path, sizeof(path), "%s/targets/%s.json", root ? root : ".", name);
	if (catalog_read(path, &target, &err) < 0)
		fail_msg("%s:%d: %s: %s", err.file, err.line, err.field, err.message);
	assert_string_equal(target->name, name);
	assert_non_null(target->title);
	assert_non_null(target->source);
	assert_non_null(target->updated);
	return target;
}

static void assert_nothing_is_special(const struct bw_target *target)
{
	for (size_t i = 0; i < target->network_count; i++)
		assert_int_equal(special_purpose_find(&target->networks[i].prefix.addr), -1);
}

static void north_korea(void **state)
{
	struct bw_target *target = read_shipped("kp");

	(void)state;
	assert_string_equal(target->country, "KP");
	assert_int_equal(target->network_count, 4);
	assert_int_equal(target_count_blocks(target), 4);
	for (unsigned i = 0; i < 4; i++) {
		const struct bw_network *network = &target->networks[i];
		char prefix[BW_PREFIX_TEXT], wanted[BW_PREFIX_TEXT];

		snprintf(wanted, sizeof(wanted), "175.45.%u.0/24", 176 + i);
		assert_string_equal(bw_prefix_format(&network->prefix, prefix), wanted);
		assert_int_equal(network->asn, 131279);
		assert_int_equal(network->upstreams[0], 4837);
		for (size_t j = 0; j < network->host_count; j++) {
			assert_true(network->hosts[j].methods.count > 0);
			assert_true(network->hosts[j].availability <= BW_AVAILABILITY_DEFAULT);
		}
	}
	assert_int_equal(target->reference_count + target->reference_target_count, 0);
	assert_nothing_is_special(target);
	bw_target_free(target);
}

static double count_slash24s(const struct bw_target *target)
{
	uint64_t addresses = 0;

	for (size_t i = 0; i < target->network_count; i++)
		if (target->networks[i].prefix.addr.family == 4)
			addresses += bw_prefix_size(&target->networks[i].prefix);
	return (double)addresses / 256;
}

/* Made by `targets build`; sizes in /24 of IPv4, what is announced and what is left out. */
static void countries(void **state)
{
	static const struct {
		const char *name;
		double kept, left_out;
	} sizes[] = {
		{"tv", 32, 0},    {"er", 16, 0},    {"nu", 8, 0},    {"tk", 12, 0},
		{"tm", 86, 1.25}, {"sy", 4997, 23}, {"cu", 1001, 3}, {"gm", 1068, 6},
		{"ki", 16, 0},    {"to", 40, 5},    {"pw", 24, 0},   {"nr", 40, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bw_target *target = read_shipped(sizes[i].name);

		assert_true(count_slash24s(target) == sizes[i].kept);
		assert_true((double)target->origin->left_out_v4.addresses / 256 ==
			    sizes[i].left_out);
		assert_int_equal(target_count_hosts(target), 0);
		assert_int_equal(target->origin->input_count, 4);
		assert_int_equal(strlen(target->origin->inputs[0].sha256), 64);
		assert_non_null(target->timezone);
		assert_non_null(strstr(target->source, "CC BY 4.0"));
		assert_nothing_is_special(target);
		bw_target_free(target);
	}
}

static void root_servers(void **state)
{
	struct bw_target *target = read_shipped("references");

	(void)state;
	assert_int_equal(target->network_count, 26);
	assert_int_equal(target_count_hosts(target), 26);
	assert_int_equal(target->methods.count, 2);
	assert_nothing_is_special(target);
	bw_target_free(target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(north_korea),
		cmocka_unit_test(countries),
		cmocka_unit_test(root_servers),
	};

	return cmocka_run_group_tests_name("target/shipped", tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target/file/parse.h"
#include "target/file/write.h"
#include "target/network.h"

#define HEAD "{\"schema\": \"blockwatch/target/1\", \"name\": \"t\", \"networks\": ["

static struct bw_target *parse(const char *networks)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};
	char text[4096];

	snprintf(text, sizeof(text), HEAD "%s]}", networks);
	if (target_parse(text, strlen(text), "t", &target, &err) < 0)
		fail_msg("%s", err.message);
	return target;
}

/* The number of a block in its network, counted in blocks. */
static uint32_t number_of(const struct bw_network *network, size_t i)
{
	return (bw_addr_to_v4(&network->blocks.list[i].addr) -
		bw_addr_to_v4(&network->prefix.addr)) >>
	       8;
}

static void one_block_of_each_part(void **state)
{
	struct bw_target *target = parse("{\"prefix\": \"10.0.0.0/16\"}");
	const struct bw_network *network = &target->networks[0];
	uint32_t places = 0;

	(void)state;
	assert_int_equal(sample_take(target, 8, 1), 0);
	assert_int_equal(network->blocks.count, 8);
	assert_int_equal(target_count_blocks(target), 8);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(number_of(network, i) / 32, i);
		places |= 1U << number_of(network, i) % 32;
	}
	/* Not always the same place of its part. */
	assert_true((places & (places - 1)) != 0);
	bw_target_free(target);
}

static void the_same_seed_gives_the_same_sample(void **state)
{
	static const char networks[] = "{\"prefix\": \"10.0.0.0/16\", \"asn\": 64496},"
				       "{\"prefix\": \"10.1.0.0/17\", \"asn\": 64497}";
	char first[8192] = "";

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		for (int again = 0; again < 2; again++) {
			struct bw_target *target = parse(networks);
			char *text;

			assert_int_equal(sample_take(target, 16, seed), 0);
			text = target_write(target, false);
			assert_true(strlen(text) < sizeof(first));
			if (again)
				assert_string_equal(text, first);
			else
				assert_string_not_equal(text, first);
			memcpy(first, text, strlen(text) + 1);
			free(text);
			bw_target_free(target);
		}
	}
}

/* 256, 128 and 1 blocks of one AS share 24; a network without an AS is for itself. */
static void networks_of_an_as_share(void **state)
{
	struct bw_target *target = parse("{\"prefix\": \"10.0.0.0/16\", \"asn\": 64496},"
					 "{\"prefix\": \"10.1.0.0/17\", \"asn\": 64496},"
					 "{\"prefix\": \"10.2.0.0/24\", \"asn\": 64496},"
					 "{\"prefix\": \"10.3.0.0/18\"},"
					 "{\"prefix\": \"10.4.0.0/22\", \"asn\": 64497}");

	(void)state;
	assert_int_equal(sample_take(target, 24, 1), 0);
	assert_int_equal(target->networks[0].blocks.count, 24 * 256 / 385);
	assert_int_equal(target->networks[1].blocks.count, 24 * 128 / 385);
	assert_int_equal(network_count_blocks(&target->networks[2]), 1);
	assert_int_equal(target->networks[3].blocks.count, 24);
	assert_int_equal(target->networks[4].blocks.count, 0); /* all of its four */
	assert_int_equal(network_count_blocks(&target->networks[4]), 4);
	bw_target_free(target);
}

static void blocks_with_hosts_come_first(void **state)
{
	struct bw_target *target =
		parse("{\"prefix\": \"10.0.0.0/20\", \"hosts\": [\"10.0.1.1\", \"10.0.2.1\", "
		      "\"10.0.2.2\", \"10.0.9.9\", \"10.0.12.1\"]}");
	const struct bw_network *network = &target->networks[0];
	static const uint32_t wanted[] = {2, 9, 12};

	(void)state;
	assert_int_equal(sample_take(target, 4, 7), 0);
	assert_int_equal(network->blocks.count, 4);
	assert_int_equal(number_of(network, 0), wanted[0]);
	assert_in_range(number_of(network, 1), 4, 7);
	assert_int_equal(number_of(network, 2), wanted[1]);
	assert_int_equal(number_of(network, 3), wanted[2]);
	/* Hosts of blocks that are not watched are left out. */
	assert_int_equal(network->host_count, 4);
	for (size_t i = 0; i < network->host_count; i++)
		assert_int_not_equal(network->hosts[i].addr.bytes[2], 1);
	bw_target_free(target);
}

/* Of an IPv6 network only blocks with hosts are watched, sampled or not. */
static void ipv6_is_sampled_by_its_hosts(void **state)
{
	struct bw_target *target =
		parse("{\"prefix\": \"2001:db8::/32\", \"hosts\": [\"2001:db8:1::1\", "
		      "\"2001:db8:2::1\", \"2001:db8:3::1\", \"2001:db8:4::1\"]},"
		      "{\"prefix\": \"2001:db9::/32\"}");

	(void)state;
	assert_int_equal(sample_take(target, 2, 1), 0);
	assert_int_equal(network_count_blocks(&target->networks[0]), 2);
	assert_int_equal(target->networks[0].host_count, 2);
	assert_int_equal(target->networks[0].blocks.count, 0);
	assert_int_equal(network_count_blocks(&target->networks[1]), 1);
	bw_target_free(target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_block_of_each_part),
		cmocka_unit_test(the_same_seed_gives_the_same_sample),
		cmocka_unit_test(networks_of_an_as_share),
		cmocka_unit_test(blocks_with_hosts_come_first),
		cmocka_unit_test(ipv6_is_sampled_by_its_hosts),
	};

	return cmocka_run_group_tests_name("target/sample", tests, NULL, NULL);
}

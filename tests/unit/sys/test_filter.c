/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pcap/pcap.h>

#include <blockwatch/transport.h>

#include "base/cursor.h"
#include "sys/rx/capture.h"
#include "sys/rx/filter.h"
#include "wire/method/method_ops.h"
#include "wire/token.h"

/* libpcap's own interpreter runs the filter over frames made here: no root, no packets. */

#define FRAME_MAX 128
#define SYN 0x02
#define RST 0x04
#define ACK 0x10

static const char us_v4[] = "198.18.0.1", us_v6[] = "2001:db8::1", other_v4[] = "198.18.0.9";
static const char other_v6[] = "2001:db8::9";

struct frame {
	uint8_t bytes[FRAME_MAX];
	uint32_t length;
};

static struct bw_addr addr(const char *text)
{
	struct bw_addr parsed;

	assert_int_equal(bw_addr_parse(text, &parsed), 0);
	return parsed;
}

/* What stands before an IP packet on a link of that type. */
static struct frame link_header(int linktype, int family)
{
	struct frame f = {.length = 0};
	uint32_t null_family = family == 4 ? 2 : 10;
	uint16_t ethertype = family == 4 ? 0x0800 : 0x86dd;

	if (linktype == DLT_EN10MB) {
		f.length = 14;
		put_u16(f.bytes + 12, ethertype);
	} else if (linktype == DLT_LINUX_SLL) {
		f.length = 16;
		put_u16(f.bytes + 14, ethertype);
	} else if (linktype == DLT_LINUX_SLL2) {
		f.length = 20;
		put_u16(f.bytes, ethertype);
	} else if (linktype == DLT_NULL) {
		f.length = 4;
		memcpy(f.bytes, &null_family, sizeof(null_family));
	}
	return f;
}

/* An IPv4 packet with OPTIONS bytes of options, or an IPv6 one, and 24 bytes of payload. */
static struct frame packet(int linktype, const char *dst, uint8_t protocol, uint8_t options,
			   const uint8_t payload[24])
{
	struct bw_addr to = addr(dst);
	struct frame f = link_header(linktype, to.family);
	uint8_t *ip = f.bytes + f.length;

	if (to.family == 4) {
		ip[0] = (uint8_t)(0x45 + options / 4);
		put_u16(ip + 2, (uint16_t)(44 + options));
		ip[9] = protocol;
		memcpy(ip + 16, to.bytes, 4);
		memcpy(ip + 20 + options, payload, 24);
		f.length += 44 + options;
	} else {
		ip[0] = 0x60;
		put_u16(ip + 4, 24);
		ip[6] = protocol;
		memcpy(ip + 24, to.bytes, 16);
		memcpy(ip + 40, payload, 24);
		f.length += 64;
	}
	return f;
}

static struct frame icmp(int linktype, const char *dst, uint8_t type)
{
	uint8_t payload[24] = {type};

	return packet(linktype, dst, strchr(dst, ':') ? 58 : 1, 0, payload);
}

static struct frame tcp(int linktype, const char *dst, uint16_t port, uint8_t flags)
{
	uint8_t payload[24] = {0};

	put_u16(payload, 443);
	put_u16(payload + 2, port);
	payload[12] = 0x50;
	payload[13] = flags;
	return packet(linktype, dst, 6, 0, payload);
}

static void compile(int linktype, struct bpf_program *program)
{
	struct bw_addr local[2] = {addr(us_v4), addr(us_v6)};
	pcap_t *dead = pcap_open_dead(linktype, CAPTURE_SNAPLEN);
	char text[FILTER_TEXT];
	size_t length = filter_format(local, 2, text);

	assert_int_equal(length, strlen(text));
	assert_non_null(dead);
	if (pcap_compile(dead, program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		fail_msg("%s: %s", text, pcap_geterr(dead));
	pcap_close(dead);
}

static bool passes(const struct bpf_program *program, struct frame frame)
{
	struct pcap_pkthdr header = {.caplen = frame.length, .len = frame.length};

	return pcap_offline_filter(program, &header, frame.bytes) != 0;
}

static void check_icmp(const struct bpf_program *p, int link)
{
	static const uint8_t v4[] = {0, 3, 11, 12}, v6[] = {1, 2, 3, 4, 129};

	for (unsigned type = 0; type < 256; type++) {
		bool in_v4 = memchr(v4, (int)type, sizeof(v4)) != NULL;
		bool in_v6 = memchr(v6, (int)type, sizeof(v6)) != NULL;

		assert_int_equal(passes(p, icmp(link, us_v4, (uint8_t)type)), in_v4);
		assert_int_equal(passes(p, icmp(link, us_v6, (uint8_t)type)), in_v6);
		assert_false(passes(p, icmp(link, other_v4, (uint8_t)type)));
		assert_false(passes(p, icmp(link, other_v6, (uint8_t)type)));
	}
}

static void check_tcp(const struct bpf_program *p, int link, const char *us, const char *other)
{
	assert_true(passes(p, tcp(link, us, TOKEN_PORT_FIRST, SYN | ACK)));
	assert_true(passes(p, tcp(link, us, TOKEN_PORT_LAST, SYN | ACK)));
	assert_true(passes(p, tcp(link, us, TOKEN_PORT_FIRST, RST | ACK)));
	assert_true(passes(p, tcp(link, us, TOKEN_PORT_FIRST, RST)));
	assert_false(passes(p, tcp(link, us, TOKEN_PORT_FIRST - 1, SYN | ACK)));
	assert_false(passes(p, tcp(link, us, 443, RST)));
	assert_false(passes(p, tcp(link, us, TOKEN_PORT_FIRST, SYN)));
	assert_false(passes(p, tcp(link, us, TOKEN_PORT_FIRST, ACK)));
	assert_false(passes(p, tcp(link, other, TOKEN_PORT_FIRST, SYN | ACK)));
}

static void check_others(const struct bpf_program *p, int link)
{
	static const uint8_t extensions[] = {0, 43, 44, 60};
	uint8_t payload[24] = {0};
	struct frame fragment = icmp(link, us_v4, 0);
	uint8_t *ip = fragment.bytes + fragment.length - 44;

	for (unsigned next = 0; next < 256; next++) {
		bool wanted = memchr(extensions, (int)next, sizeof(extensions)) != NULL;

		if (next != 6 && next != 58)
			assert_int_equal(passes(p, packet(link, us_v6, (uint8_t)next, 0, payload)),
					 wanted);
		/* Protocol 1 with type 0 is an echo reply. */
		assert_int_equal(passes(p, packet(link, us_v4, (uint8_t)next, 0, payload)),
				 next == 1);
	}
	assert_false(passes(p, packet(link, other_v6, 0, 0, payload)));
	assert_true(passes(p, packet(link, us_v4, 1, 40, payload)));
	put_u16(ip + 6, 0x2000);
	assert_true(passes(p, fragment));
	put_u16(ip + 6, 0x2001);
	assert_false(passes(p, fragment));
}

static void check_link(int linktype)
{
	struct bpf_program program;

	compile(linktype, &program);
	check_icmp(&program, linktype);
	check_tcp(&program, linktype, us_v4, other_v4);
	check_tcp(&program, linktype, us_v6, other_v6);
	check_others(&program, linktype);
	pcap_freecode(&program);
}

static void test_ethernet(void **state)
{
	(void)state;
	check_link(DLT_EN10MB);
}

static void test_raw(void **state)
{
	(void)state;
	check_link(DLT_RAW);
}

static void test_cooked(void **state)
{
	(void)state;
	check_link(DLT_LINUX_SLL);
	check_link(DLT_LINUX_SLL2);
}

static void test_null(void **state)
{
	(void)state;
	check_link(DLT_NULL);
}

static void test_arp_does_not_pass(void **state)
{
	struct frame f = icmp(DLT_EN10MB, us_v4, 0);
	struct bpf_program program;

	(void)state;
	compile(DLT_EN10MB, &program);
	put_u16(f.bytes + 12, 0x0806);
	memcpy(f.bytes + 14 + 24, addr(us_v4).bytes, 4);
	assert_false(passes(&program, f));
	pcap_freecode(&program);
}

static void test_cut_frames_do_not_pass(void **state)
{
	struct frame f = tcp(DLT_EN10MB, us_v6, TOKEN_PORT_FIRST, SYN | ACK);
	struct bpf_program program;

	(void)state;
	compile(DLT_EN10MB, &program);
	assert_true(passes(&program, f));
	for (f.length = 0; f.length < 14 + 40 + 14; f.length++)
		assert_false(passes(&program, f));
	pcap_freecode(&program);
}

static void test_one_family_only(void **state)
{
	struct bw_addr v4 = addr(us_v4), v6 = addr(us_v6);
	char text[FILTER_TEXT];

	(void)state;
	filter_format(&v4, 1, text);
	assert_null(strstr(text, "ip6"));
	filter_format(&v6, 1, text);
	assert_null(strstr(text, "icmp["));
}

static void compile_alone(int linktype, const char *text)
{
	pcap_t *dead = pcap_open_dead(linktype, CAPTURE_SNAPLEN);
	struct bpf_program program;

	if (pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		fail_msg("%s: %s", text, pcap_geterr(dead));
	pcap_freecode(&program);
	pcap_close(dead);
}

/* The expression of each method of the list is one by itself, and part of the filter. */
static void test_every_method(void **state)
{
	struct bw_addr local[2] = {addr(us_v4), addr(us_v6)};
	char text[FILTER_TEXT];

	(void)state;
	filter_format(local, 2, text);
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		const struct method_ops *ops = method_ops(protocol);

		compile_alone(DLT_EN10MB, ops->filter_v4);
		compile_alone(DLT_EN10MB, ops->filter_v6);
		compile_alone(DLT_RAW, ops->filter_v4);
		compile_alone(DLT_RAW, ops->filter_v6);
		assert_non_null(strstr(text, ops->filter_v4));
		assert_non_null(strstr(text, ops->filter_v6));
	}
}

/* The longest filter there can be fits and compiles. */
static void test_as_many_addresses_as_ways_out(void **state)
{
	struct bw_addr local[BW_EGRESS_MAX];
	pcap_t *dead = pcap_open_dead(DLT_EN10MB, CAPTURE_SNAPLEN);
	struct bpf_program program;
	char text[FILTER_TEXT];

	(void)state;
	for (unsigned i = 0; i < BW_EGRESS_MAX; i++)
		local[i] = i % 2 ? addr("2001:db8:1111:2222:3333:4444:5555:6666")
				 : addr("198.100.100.100");
	filter_format(local, BW_EGRESS_MAX, text);
	assert_int_equal(pcap_compile(dead, &program, text, 1, PCAP_NETMASK_UNKNOWN), 0);
	pcap_freecode(&program);
	pcap_close(dead);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ethernet),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_cooked),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_arp_does_not_pass),
		cmocka_unit_test(test_cut_frames_do_not_pass),
		cmocka_unit_test(test_one_family_only),
		cmocka_unit_test(test_every_method),
		cmocka_unit_test(test_as_many_addresses_as_ways_out),
	};

	return cmocka_run_group_tests_name("sys/filter", tests, NULL, NULL);
}

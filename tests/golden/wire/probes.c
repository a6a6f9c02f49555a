/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes two captures (pcap, raw IP) of probes of every kind: both families, echo and
 * SYN, payloads of even and odd length, with and without contact. The first has several
 * TTLs and destinations and no flows. The second has several flows with two probes each,
 * and this program verifies that the two differ in nothing that load balancers hash. Key,
 * nonces and times are fixed, so that both are always the same to the last byte. Packets
 * are written, never sent.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/build.h"

#define LINKTYPE_RAW 101
#define SNAPLEN 65535

static const char *const contacts[] = {NULL, "https://example.net/probing", "noc@example.net"};
static const char *const methods[] = {"icmp", "tcp:443", "tcp:53"};
static const uint8_t ttls[] = {1, 2, 64, 255}, flows[] = {1, 2, 128, 255};
static const struct {
	const char *source, *destinations[3];
} families[] = {
	{"198.18.0.1", {"198.18.4.9", "198.18.255.255", "10.0.0.0"}},
	{"2001:db8::1", {"2001:db8:4::9", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::"}},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct writer {
	FILE *file;
	bool flows;
	uint32_t packets;
};

static void put_words(const struct writer *w, const uint32_t *words, size_t count)
{
	uint8_t bytes[4];

	for (size_t n = 0; n < count; n++) {
		put_u32(bytes, words[n]);
		fwrite(bytes, 1, sizeof(bytes), w->file);
	}
}

static void put_packet(struct writer *w, const uint8_t *bytes, uint32_t length)
{
	const uint32_t header[] = {w->packets, 0, length, length};

	put_words(w, header, COUNT(header));
	fwrite(bytes, 1, length, w->file);
	w->packets++;
}

/* What a load balancer may hash: first word of the message, and IPv6's flow label. */
static void read_hashed(const uint8_t *packet, uint8_t hashed[8])
{
	bool v4 = packet[0] >> 4 == 4;

	memset(hashed, 0, 8);
	memcpy(hashed, packet + (v4 ? 20 : 40), 4);
	if (!v4)
		memcpy(hashed + 4, packet, 4);
}

static int put_flows(struct writer *w, const struct build_template *template,
		     const struct bw_addr *dst)
{
	struct siphash_key key = {.bytes = "golden wire key"};
	uint8_t bytes[BW_PACKET_MAX], hashed[2][8], before[8] = {0};

	for (unsigned n = 0; n < COUNT(flows); n++) {
		for (unsigned copy = 0; copy < 2; copy++) {
			int64_t sent_us = 1000000 + (int64_t)w->packets * 1001;
			struct token token = token_make(&key, dst, template->method, w->packets,
							sent_us, flows[n]);

			put_packet(w, bytes, build_probe(template, dst, &token, 3, sent_us, bytes));
			read_hashed(bytes, hashed[copy]);
		}
		if (memcmp(hashed[0], hashed[1], 8) != 0 || memcmp(hashed[0], before, 8) == 0)
			return -1;
		memcpy(before, hashed[0], 8);
	}
	return 0;
}

static int put_probes(struct writer *w, const char *source, const char *const destinations[3],
		      const char *method_text, const char *contact)
{
	struct siphash_key key = {.bytes = "golden wire key"};
	struct build_template template;
	struct bw_method method;
	struct bw_addr src, dst;
	uint8_t bytes[BW_PACKET_MAX];

	if (bw_addr_parse(source, &src) || bw_method_parse(method_text, &method, NULL) ||
	    build_template_init(&template, &src, method, contact, NULL))
		return -1;
	if (w->flows)
		return bw_addr_parse(destinations[0], &dst) ? -1 : put_flows(w, &template, &dst);
	for (size_t n = 0; n < 3 * COUNT(ttls); n++) {
		int64_t sent_us = 1000000 + (int64_t)w->packets * 1001;
		struct token token;

		if (bw_addr_parse(destinations[n % 3], &dst))
			return -1;
		token = token_make(&key, &dst, method, (uint64_t)7 << 32 | w->packets, sent_us, 0);
		build_probe(&template, &dst, &token, ttls[n / 3], sent_us, bytes);
		put_packet(w, bytes, template.length);
	}
	return 0;
}

static int put_all(struct writer *w)
{
	const uint32_t header[] = {0xa1b2c3d4, 2 << 16 | 4, 0, 0, SNAPLEN, LINKTYPE_RAW};

	put_words(w, header, COUNT(header));
	for (size_t f = 0; f < COUNT(families); f++) {
		for (size_t m = 0; m < COUNT(methods); m++) {
			for (size_t c = 0; c < COUNT(contacts); c++) {
				if (put_probes(w, families[f].source, families[f].destinations,
					       methods[m], contacts[c]))
					return -1;
			}
		}
	}
	return 0;
}

static int write_capture(const char *path, bool of_flows)
{
	struct writer w = {.file = fopen(path, "wb"), .flows = of_flows};
	int ret = w.file ? put_all(&w) : -1;

	if (w.file && ferror(w.file))
		ret = -1;
	if (w.file && fclose(w.file))
		ret = -1;
	if (ret)
		fprintf(stderr, "%s: could not be written\n", path);
	return ret;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s PROBES FLOWS (files to write)\n", argv[0]);
		return EXIT_FAILURE;
	}
	return write_capture(argv[1], false) || write_capture(argv[2], true) ? EXIT_FAILURE
									     : EXIT_SUCCESS;
}

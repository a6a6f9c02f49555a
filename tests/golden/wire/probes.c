/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a capture (pcap, raw IP) with a probe of every kind: both families,
 * echo and SYN, payloads of even and odd length, with and without contact,
 * several TTLs. Key, nonces and times are fixed, so that it is always the same
 * to the last byte. Packets are written, never sent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/build.h"

#define LINKTYPE_RAW 101
#define SNAPLEN 65535

static const char *const contacts[] = {NULL, "https://example.net/probing", "noc@example.net"};
static const char *const methods[] = {"icmp", "tcp:443", "tcp:53"};
static const uint8_t ttls[] = {1, 2, 64, 255};
static const struct {
	const char *source, *destinations[3];
} families[] = {
	{"198.18.0.1", {"198.18.4.9", "198.18.255.255", "10.0.0.0"}},
	{"2001:db8::1", {"2001:db8:4::9", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::"}},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct writer {
	FILE *file;
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

int main(int argc, char **argv)
{
	struct writer w = {.file = argc == 2 ? fopen(argv[1], "wb") : NULL};
	int ret;

	if (!w.file) {
		fprintf(stderr, "usage: %s FILE (which must be writable)\n", argv[0]);
		return EXIT_FAILURE;
	}
	ret = put_all(&w);
	if (ferror(w.file))
		ret = -1;
	if (fclose(w.file) || ret) {
		fprintf(stderr, "%s: could not be written\n", argv[1]);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of the machine for traceroutes: the least that can be done, so that the speed of a real
 * one can be told as a share of it. An echo request for each TTL to each address of a /16, one
 * sender, and one bit for each answer. No token, no order, no stop set, no pacing, no output.
 *
 *	bare_trace SOURCE TTLS COUNT    to the first COUNT addresses of 198.18.0.0/16
 *
 * Prints one line of JSON: sent, answered, seconds. For the namespaces of a lab only: it has no
 * other destination than 198.18.0.0/16.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define IP 20
#define ECHO 36 /* ICMP header and 28 bytes of payload, as blockwatch's probes */
#define FIRST 0xc6120000U
#define QUIET_MS 500
#define ID 0x6277

struct bare {
	int in, out;
	uint32_t source, count;
	unsigned ttls;
	uint8_t *seen; /* [address][ttl] */
	atomic_uint_fast64_t answered;
	atomic_bool done;
	double last_answer_s;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint16_t checksum(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, (uint16_t)(value >> 16));
	put16(p + 2, (uint16_t)value);
}

static void fill(const struct bare *bare, uint32_t number, unsigned ttl, uint8_t *p)
{
	memset(p, 0, IP + ECHO);
	p[0] = 0x45;
	put16(p + 2, IP + ECHO);
	p[8] = (uint8_t)ttl;
	p[9] = 1;
	put32(p + 12, bare->source);
	put32(p + 16, FIRST + number);
	p[IP] = 8;
	put16(p + IP + 4, ID);
	put16(p + IP + 6, (uint16_t)ttl);
	put16(p + IP + 2, checksum(p + IP, ECHO));
}

static void note(struct bare *bare, uint32_t addr, unsigned ttl)
{
	uint32_t number = addr - FIRST;
	uint8_t *seen;

	if (number >= bare->count || ttl == 0 || ttl > bare->ttls)
		return;
	seen = &bare->seen[(size_t)number * (bare->ttls + 1) + ttl];
	if (*seen)
		return;
	*seen = 1;
	bare->answered++;
	bare->last_answer_s = now_s();
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void take(struct bare *bare, const uint8_t *p, size_t length)
{
	const uint8_t *icmp = p + IP, *quote = icmp + 8;

	if (length >= IP + 8 && icmp[0] == 0 && icmp[4] == ID >> 8)
		note(bare, get32(p + 12), icmp[7]);
	else if (length >= IP + 8 + IP + 8 && icmp[0] == 11 && quote[IP + 4] == ID >> 8)
		note(bare, get32(quote + 16), quote[IP + 7]);
}

static void *receive(void *self)
{
	static uint8_t buffers[BATCH][256];
	static struct mmsghdr messages[BATCH];
	static struct iovec parts[BATCH];
	struct bare *bare = self;
	struct pollfd waits = {.fd = bare->in, .events = POLLIN};

	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){buffers[i], sizeof(buffers[i])};
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
	}
	for (;;) {
		bool done = bare->done;
		int count;

		if (poll(&waits, 1, QUIET_MS) == 0 && done)
			return NULL;
		count = recvmmsg(bare->in, messages, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < count; i++)
			take(bare, buffers[i], messages[i].msg_len);
	}
}

static uint64_t send_all(struct bare *bare)
{
	static uint8_t packets[BATCH][IP + ECHO];
	static struct mmsghdr messages[BATCH];
	static struct iovec parts[BATCH];
	static struct sockaddr_in to[BATCH];
	uint64_t sent = 0;

	for (uint64_t n = 0; n < (uint64_t)bare->count * bare->ttls;) {
		int filled = 0, done = 0;

		for (; filled < BATCH && n < (uint64_t)bare->count * bare->ttls; filled++, n++) {
			uint32_t number = (uint32_t)(n / bare->ttls);

			fill(bare, number, (unsigned)(n % bare->ttls) + 1, packets[filled]);
			parts[filled] = (struct iovec){packets[filled], IP + ECHO};
			to[filled] = (struct sockaddr_in){.sin_family = AF_INET,
							  .sin_addr = {htonl(FIRST + number)}};
			messages[filled].msg_hdr = (struct msghdr){.msg_name = &to[filled],
								   .msg_namelen = sizeof(to[0]),
								   .msg_iov = &parts[filled],
								   .msg_iovlen = 1};
		}
		while (done < filled) {
			int rc = sendmmsg(bare->out, messages + done, (unsigned)(filled - done), 0);

			done += rc > 0 ? rc : 0;
		}
		sent += (uint64_t)filled;
	}
	return sent;
}

int main(int argc, char **argv)
{
	struct bare bare = {0};
	int room = 64 << 20, one = 1;
	struct in_addr source;
	pthread_t reader;
	uint64_t sent;
	double begin;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &source) != 1)
		return 64;
	bare.source = ntohl(source.s_addr);
	bare.ttls = (unsigned)strtoul(argv[2], NULL, 10);
	bare.count = (uint32_t)strtoul(argv[3], NULL, 10);
	if (bare.ttls == 0 || bare.ttls > 64 || bare.count == 0 || bare.count > 65536)
		return 64;
	bare.seen = calloc(bare.count, bare.ttls + 1);
	bare.in = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
	bare.out = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (!bare.seen || bare.in < 0 || bare.out < 0)
		return 77;
	setsockopt(bare.in, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(bare.out, IPPROTO_IP, IP_HDRINCL, &one, sizeof(one));
	begin = now_s();
	pthread_create(&reader, NULL, receive, &bare);
	sent = send_all(&bare);
	bare.done = true;
	pthread_join(reader, NULL);
	printf("{\"sent\":%llu,\"answered\":%llu,\"seconds\":%.3f}\n", (unsigned long long)sent,
	       (unsigned long long)bare.answered, bare.last_answer_s - begin);
	return 0;
}

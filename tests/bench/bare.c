/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of the machine: the least that a sweep can do, so that the speed of a
 * real one can be told as a share of it. No token, no permutation, no guard, no
 * pacing, no output: an echo request to each address in turn, one bit for each
 * answer.
 *
 *	bare raw INTERFACE SOURCE PREFIX        one thread, raw socket, sendmmsg()
 *	bare packet INTERFACE SOURCE PREFIX MAC two threads, AF_PACKET, sendmmsg()
 *	bare drop-raw | drop-packet ...         sending alone, nothing is captured
 *	bare raw-syn | packet-syn ...           TCP SYN to port 80
 *
 * Prints one line of JSON: sent, answered, seconds (of sending), cpu_s, dropped.
 * For the namespaces of a lab only: it refuses to go elsewhere than 10.0.0.0/8.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define RING (64 << 20)
#define LINK 14 /* Ethernet header */
#define IP 20
#define SYN 24               /* TCP header and the MSS option */
#define ECHO 36              /* ICMP header and 28 bytes of payload, as blockwatch's probes */
#define QUIET_NS 500000000LL /* the end: nothing has come in for so long */

struct bare {
	bool link, capturing, syn;
	uint32_t first, count, answered;
	int fd;
	pcap_t *pcap;
	uint8_t *seen;
	int64_t begin, end, last_answer;
	atomic_bool sent_all;
	uint8_t frames[BATCH][LINK + IP + ECHO];
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	struct sockaddr_in names[BATCH];
};

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "bare: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint16_t sum_up(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t) ~((sum & 0xffff) + (sum >> 16));
}

static void put_16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void make_syn(uint8_t *ip, uint8_t *tcp)
{
	static const uint8_t header[SYN] = {0xf1,   0x23, 0,    0,    1, 2, 3, 4, 0, 0, 0, 0,
					    6 << 4, 2,    0xfa, 0xf0, 0, 0, 0, 0, 2, 4, 5, 0xb4};

	memcpy(tcp, header, SYN);
	put_16(tcp + 2, 80);
	put_16(ip + 2, IP + SYN);
	ip[9] = 6;
}

/* A whole frame to no address; the checksum of the IP header is made when it has one. */
static void make_frame(uint8_t *frame, uint32_t source, const uint8_t macs[12], bool syn)
{
	uint8_t *ip = frame + LINK, *echo = ip + IP;

	memset(frame, 0, LINK + IP + ECHO);
	memcpy(frame, macs, 12);
	put_16(frame + 12, ETHERTYPE_IP);
	ip[0] = 0x45;
	put_16(ip + 2, IP + ECHO);
	put_16(ip + 4, 1);
	ip[8] = 64;
	ip[9] = 1;
	put_16(ip + 12, (uint16_t)(source >> 16));
	put_16(ip + 14, (uint16_t)source);
	if (syn) {
		make_syn(ip, echo);
		return;
	}
	echo[0] = 8;
	put_16(echo + 2, sum_up(echo, ECHO));
}

/* Over the pseudo-header too: its addresses are those of the IP header. */
static void sum_up_syn(uint8_t *ip)
{
	uint8_t whole[12 + SYN] = {0};

	memcpy(whole, ip + 12, 8);
	whole[9] = 6;
	whole[11] = SYN;
	put_16(ip + IP + 16, 0);
	memcpy(whole + 12, ip + IP, SYN);
	put_16(ip + IP + 16, sum_up(whole, sizeof(whole)));
}

static void aim(struct bare *bare, unsigned slot, uint32_t addr)
{
	uint8_t *ip = bare->frames[slot] + LINK;

	put_16(ip + 16, (uint16_t)(addr >> 16));
	put_16(ip + 18, (uint16_t)addr);
	put_16(ip + 10, 0);
	put_16(ip + 10, sum_up(ip, IP));
	if (bare->syn)
		sum_up_syn(ip);
	bare->names[slot].sin_addr.s_addr = htonl(addr);
}

static void on_frame(u_char *self, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct bare *bare = (struct bare *)(void *)self;
	uint32_t from, index;

	if (header->caplen < LINK + IP + 8 || (!bare->syn && bytes[LINK + IP] != 0))
		return;
	memcpy(&from, bytes + LINK + 12, 4);
	index = ntohl(from) - bare->first;
	if (index < bare->count && !(bare->seen[index / 8] & 1 << index % 8)) {
		bare->seen[index / 8] |= (uint8_t)(1 << index % 8);
		bare->answered++;
	}
}

/* Takes in what waits; returns how much that was. */
static int drain(struct bare *bare)
{
	int taken = bare->capturing ? pcap_dispatch(bare->pcap, -1, on_frame, (u_char *)bare) : 0;

	if (taken > 0)
		bare->last_answer = now_ns();
	return taken;
}

static void send_batch(struct bare *bare, uint32_t next, unsigned count)
{
	unsigned done = 0;

	for (unsigned i = 0; i < count; i++)
		aim(bare, i, bare->first + next + i);
	while (done < count) {
		int r = sendmmsg(bare->fd, bare->headers + done, count - done, 0);

		if (r < 0 && errno != EAGAIN && errno != ENOBUFS && errno != EINTR)
			fail("sendmmsg");
		done += r > 0 ? (unsigned)r : 0;
	}
}

static void *send_all(void *self)
{
	struct bare *bare = (struct bare *)self;

	bare->begin = now_ns();
	for (uint32_t next = 0; next < bare->count; next += BATCH) {
		uint32_t left = bare->count - next;

		send_batch(bare, next, left < BATCH ? left : BATCH);
		if (!bare->link && next % 4096 == 0)
			drain(bare);
	}
	bare->end = now_ns();
	atomic_store(&bare->sent_all, true);
	return NULL;
}

static void receive_rest(struct bare *bare)
{
	struct timeval wait;
	fd_set set;

	bare->last_answer = now_ns();
	while (bare->capturing && bare->answered < bare->count &&
	       (!atomic_load(&bare->sent_all) || now_ns() - bare->last_answer < QUIET_NS)) {
		if (drain(bare) > 0)
			continue;
		FD_ZERO(&set);
		FD_SET(pcap_fileno(bare->pcap), &set);
		wait = (struct timeval){0, 10000};
		select(pcap_fileno(bare->pcap) + 1, &set, NULL, NULL, &wait);
	}
}

static void open_capture(struct bare *bare, const char *interface)
{
	char text[PCAP_ERRBUF_SIZE];
	struct bpf_program program;

	bare->pcap = pcap_create(interface, text);
	pcap_set_snaplen(bare->pcap, 128);
	pcap_set_timeout(bare->pcap, 5);
	pcap_set_buffer_size(bare->pcap, RING);
	if (pcap_activate(bare->pcap) < 0 || pcap_setnonblock(bare->pcap, 1, text) < 0 ||
	    pcap_compile(bare->pcap, &program,
			 bare->syn ? "tcp[13] & 16 != 0 and src port 80" : "icmp[0] = 0", 1,
			 PCAP_NETMASK_UNKNOWN) < 0 ||
	    pcap_setfilter(bare->pcap, &program) < 0)
		fail("pcap");
	pcap_freecode(&program);
}

static void open_socket(struct bare *bare, const char *interface)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_ifindex = (int)if_nametoindex(interface)};
	int one = 1, size = 4 << 20;

	bare->fd = bare->link ? socket(AF_PACKET, SOCK_RAW, 0)
			      : socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	if (bare->fd < 0)
		fail("socket");
	setsockopt(bare->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	if (!bare->link)
		return;
	setsockopt(bare->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	if (bind(bare->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		fail("bind");
}

static void prepare(struct bare *bare, uint32_t source, const uint8_t macs[12])
{
	unsigned skip = bare->link ? 0 : LINK;

	bare->seen = calloc(1, bare->count / 8 + 1);
	for (unsigned i = 0; i < BATCH; i++) {
		make_frame(bare->frames[i], source, macs, bare->syn);
		bare->parts[i] = (struct iovec){bare->frames[i] + skip,
						LINK + IP + (bare->syn ? SYN : ECHO) - skip};
		bare->headers[i].msg_hdr.msg_iov = &bare->parts[i];
		bare->headers[i].msg_hdr.msg_iovlen = 1;
		bare->names[i].sin_family = AF_INET;
		if (bare->link)
			continue;
		bare->headers[i].msg_hdr.msg_name = &bare->names[i];
		bare->headers[i].msg_hdr.msg_namelen = sizeof(bare->names[i]);
	}
}

static void print(const struct bare *bare)
{
	struct rusage use;
	struct pcap_stat stat = {0};

	getrusage(RUSAGE_SELF, &use);
	if (bare->capturing)
		pcap_stats(bare->pcap, &stat);
	printf("{\"sent\":%u,\"answered\":%u,\"seconds\":%.6f,\"cpu_s\":%.6f,\"dropped\":%u}\n",
	       bare->count, bare->answered, (double)(bare->end - bare->begin) / 1e9,
	       (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
		       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
	       stat.ps_drop);
}

static void parse_macs(const char *text, const char *interface, uint8_t macs[12])
{
	char path[128];
	unsigned v[6];
	FILE *file;

	for (int half = 0; half < 2; half++) {
		if (half == 0 &&
		    sscanf(text, "%x:%x:%x:%x:%x:%x", v, v + 1, v + 2, v + 3, v + 4, v + 5) != 6)
			fail("MAC");
		snprintf(path, sizeof(path), "/sys/class/net/%s/address", interface);
		file = half ? fopen(path, "r") : NULL;
		if (half && (!file || fscanf(file, "%x:%x:%x:%x:%x:%x", v, v + 1, v + 2, v + 3,
					     v + 4, v + 5) != 6))
			fail(path);
		if (file)
			fclose(file);
		for (int i = 0; i < 6; i++)
			macs[6 * half + i] = (uint8_t)v[i];
	}
}

int main(int argc, char **argv)
{
	static struct bare bare;
	uint8_t macs[12] = {0};
	struct in_addr source, first;
	pthread_t sender;
	char *slash = argc > 4 ? strchr(argv[4], '/') : NULL;

	if (!slash || !(strstr(argv[1], "raw") || (strstr(argv[1], "packet") && argc > 5))) {
		fputs("usage: bare MODE INTERFACE SOURCE PREFIX [MAC]\n", stderr);
		return 64;
	}
	*slash = '\0';
	if (!inet_aton(argv[3], &source) || !inet_aton(argv[4], &first) ||
	    (ntohl(first.s_addr) >> 24) != 10)
		fail("addresses of 10.0.0.0/8 are wanted");
	bare.link = strstr(argv[1], "packet") != NULL;
	bare.syn = strstr(argv[1], "syn") != NULL;
	bare.capturing = strncmp(argv[1], "drop", 4) != 0;
	bare.first = ntohl(first.s_addr);
	bare.count = 1u << (32 - strtoul(slash + 1, NULL, 10));
	if (bare.link)
		parse_macs(argv[5], argv[2], macs);
	prepare(&bare, ntohl(source.s_addr), macs);
	if (bare.capturing)
		open_capture(&bare, argv[2]);
	open_socket(&bare, argv[2]);
	if (!bare.link)
		send_all(&bare);
	else if (pthread_create(&sender, NULL, send_all, &bare) != 0)
		fail("thread");
	receive_rest(&bare);
	if (bare.link)
		pthread_join(sender, NULL);
	print(&bare);
	return 0;
}

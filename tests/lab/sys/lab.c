/* SPDX-License-Identifier: Apache-2.0 */
#include "lab.h"

#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/machine/clock.h"
#include "sys/net/route.h"

#define COMMAND_TEXT 512

__attribute__((noreturn))
static void die(const char *what)
{
	fprintf(stderr, "lab: %s\n", what);
	exit(99);
}

static void run(const char *before, const char *format, va_list args)
{
	char command[COMMAND_TEXT], whole[2 * COMMAND_TEXT];

	vsnprintf(command, sizeof(command), format, args);
	snprintf(whole, sizeof(whole), "%s%s", before, command);
	if (system(whole) != 0)
		die(whole);
}

void lab_run(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	run("", format, args);
	va_end(args);
}

void lab_run_there(pid_t there, const char *format, ...)
{
	char before[64];
	va_list args;

	snprintf(before, sizeof(before), "nsenter -t %d -n ", (int)there);
	va_start(args, format);
	run(before, format, args);
	va_end(args);
}

void lab_enter(void)
{
	if (geteuid() != 0 || system("command -v ip nft nsenter awk >/dev/null") != 0 ||
	    unshare(CLONE_NEWNET) != 0) {
		fputs("skipped: needs root, ip, nft, nsenter and awk\n", stderr);
		exit(77);
	}
	lab_run("ip link set lo up");
}

/* The far end: a namespace, an open port, and then only its kernel works. */
static void stay_there(int ready)
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	int s;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWNET) != 0 || system("ip link set lo up") != 0)
		die("cannot make the far namespace");
	s = socket(AF_INET6, SOCK_STREAM, 0);
	if (s < 0 || bind(s, (struct sockaddr *)&any, sizeof(any)) != 0 || listen(s, 64) != 0)
		die("cannot listen at the far end");
	if (write(ready, "", 1) != 1)
		die("cannot report");
	for (;;)
		pause();
}

pid_t lab_connect(void)
{
	int ready[2];
	char byte;
	pid_t there;

	lab_enter();
	if (pipe(ready) != 0 || (there = fork()) < 0)
		die("cannot fork");
	if (there == 0)
		stay_there(ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		die("the far end did not start");
	close(ready[0]);
	lab_run("ip link add v0 type veth peer name v1 netns %d", (int)there);
	lab_run("ip addr add %s/24 dev v0", LAB_HERE_V4);
	lab_run("ip addr add %s/64 dev v0 nodad", LAB_HERE_V6);
	lab_run_there(there, "ip addr add %s/24 dev v1", LAB_THERE_V4);
	lab_run_there(there, "ip addr add %s/64 dev v1 nodad", LAB_THERE_V6);
	lab_run_there(there, "ip link set v1 up");
	lab_run("ip link set v0 up");
	lab_run("ip route add default via %s", LAB_THERE_V4);
	lab_run("ip route add default via %s", LAB_THERE_V6);
	lab_run_there(there, "ip route add local 198.18.4.0/24 dev lo");
	lab_run_there(there, "ip route add local 2001:db8:4::/48 dev lo");
	return there;
}

void lab_leave(pid_t there)
{
	kill(there, SIGKILL);
	waitpid(there, NULL, 0);
}

struct bw_addr lab_addr(const char *text)
{
	struct bw_addr addr;

	if (bw_addr_parse(text, &addr) != 0)
		die(text);
	return addr;
}

/* The number that a command prints at the far end. */
static unsigned long read_counter(pid_t there, const char *command)
{
	char whole[COMMAND_TEXT];
	unsigned long value = 0;
	FILE *out;

	snprintf(whole, sizeof(whole), "nsenter -t %d -n sh -c \"%s\"", (int)there, command);
	out = popen(whole, "r");
	if (!out || fscanf(out, "%lu", &value) != 1)
		die(whole);
	pclose(out);
	return value;
}

unsigned long lab_echoes_there(pid_t there)
{
	return read_counter(there, "awk '/^Icmp: [0-9]/ {print \\$10}' /proc/net/snmp") +
	       read_counter(there, "awk '/^Icmp6InEchos / {print \\$2}' /proc/net/snmp6");
}

static void take_frame(void *self, const struct bw_rx *rx)
{
	struct lab *lab = self;
	struct lab_reply got = {.at = rx->at};

	if (reply_decode(rx->linktype, rx->bytes, rx->length, rx->wire_length, &got.reply) !=
	    REJECT_NONE)
		lab->other_count++;
	else if (lab->reply_count < LAB_REPLIES)
		lab->replies[lab->reply_count++] = got;
}

static void wake(void *self, struct bw_now now)
{
	struct lab *lab = self;
	const char *command = lab->on_wake;
	int r = 0;

	lab->on_wake = NULL;
	if (command)
		lab_run("%s", command);
	if (lab->wakes++ > 0 && bw_mono_before(now.mono, lab->until))
		r = netio_dispatch(lab->netio, now, &lab->err);
	if (r < 0)
		lab->error = r;
	if (r < 0 || lab->reply_count >= lab->wanted || !bw_mono_before(now.mono, lab->until))
		loop_stop(lab->loop);
	loop_set_deadline(lab->loop, lab->until);
}

static void take_signal(void *self, int number)
{
	(void)number;
	loop_stop(((struct lab *)self)->loop);
}

static void find_egress(struct lab *lab, const struct bw_addr *destinations, size_t count)
{
	struct interface_wish wish = {0};
	struct route_socket *routes;
	struct route route;

	if (route_open(&routes, NULL) < 0)
		die("cannot open netlink");
	for (size_t i = 0; i < count; i++)
		if (route_lookup(routes, &wish, &destinations[i], 1, &route) != 1 ||
		    route_egress(&route, lab->egress, &lab->egress_count, NULL) < 0)
			die("no route");
	route_close(routes);
}

void lab_open(struct lab *lab, const struct bw_addr *destinations, size_t count,
	      const struct netio_config *wanted)
{
	struct netio_config config = *wanted;
	struct loop_callbacks callbacks = {wake, take_signal};
	struct bw_err err;

	*lab = (struct lab){.permit = {.allow_reserved = true}, .key = siphash_key_of(1)};
	find_egress(lab, destinations, count);
	if (loop_new(&callbacks, lab, &lab->loop, &err) < 0)
		die(err.message);
	config.egress = lab->egress;
	config.egress_count = lab->egress_count;
	config.permit = &lab->permit;
	config.loop = lab->loop;
	config.on_frame = take_frame;
	config.self = lab;
	if (netio_open(&config, &lab->netio, &err) < 0)
		die(err.message);
}

void lab_close(struct lab *lab)
{
	netio_close(lab->netio);
	loop_free(lab->loop);
}

struct bw_tx lab_probe(struct lab *lab, const char *dst, const char *method)
{
	struct bw_tx tx = {.dst = lab_addr(dst), .status = 1};
	struct build_template template;
	struct bw_method how;
	struct token token;
	struct bw_err err;

	while (tx.egress < lab->egress_count &&
	       lab->egress[tx.egress].source.family != tx.dst.family)
		tx.egress++;
	if (tx.egress == lab->egress_count || bw_method_parse(method, &how, NULL) < 0)
		die("no way out, or bad method");
	if (build_template_init(&template, &lab->egress[tx.egress].source, how, NULL, &err) < 0)
		die(err.message);
	token = token_make(&lab->key, &tx.dst, how, ++lab->nonce, 0, 0);
	tx.length = build_probe(&template, &tx.dst, &token, 64, 0, tx.bytes);
	return tx;
}

void lab_send(struct lab *lab, struct bw_tx *batch, size_t count)
{
	struct bw_transport transport = netio_transport(lab->netio);
	size_t done = 0;

	while (done < count)
		done += transport.ops->send(transport.self, batch + done, count - done);
}

void lab_wait(struct lab *lab, unsigned wanted, int64_t timeout_ns)
{
	lab->wanted = wanted;
	lab->until = bw_mono_add(clock_now().mono, timeout_ns);
	lab->wakes = 0;
	loop_run(lab->loop);
}

struct bw_transport_stats lab_stats(struct lab *lab)
{
	struct bw_transport transport = netio_transport(lab->netio);
	struct bw_transport_stats stats;

	transport.ops->stats(transport.self, &stats);
	return stats;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/net/rtnetlink.h"

/*
 * Look-ups are pipelined. The kernel works through all requests of one send() before that
 * returns, and leaves the answers in the receive queue of the socket. So a batch costs two
 * system calls: one with up to BATCH requests, one that takes up to BATCH answers. The
 * sequence number of an answer is the place of its request in the batch. When the queue
 * overflows (ENOBUFS; the answers are lost), the batch is repeated in smaller pieces.
 *
 * When an output interface is demanded and no route leads through it, the IPv4 code of the
 * kernel answers that the destination is on that link, and would later resolve every address
 * with ARP. Such an answer belongs to no table. RTM_F_LOOKUP_TABLE makes the kernel name
 * the table, so that these answers can be told from real routes.
 */

#define BATCH 128
#define ANSWER_SIZE 512 /* an answer is some 120 bytes */
#define DUMP_SIZE 32768
#define QUEUE_SIZE (1 << 20)

struct route_socket {
	int fd;
	unsigned batch; /* requests in one send */
	struct rtnetlink_request requests[BATCH];
	struct iovec sent[BATCH], answered[BATCH];
	struct mmsghdr headers[BATCH];
	uint8_t answers[BATCH][ANSWER_SIZE];
	uint8_t dump[DUMP_SIZE];
};

int route_open(struct route_socket **ret_socket, struct bw_err *err)
{
	struct route_socket *s = calloc(1, sizeof(*s));
	int one = 1, queue = QUEUE_SIZE;

	if (!s)
		return bw_err_set(err, -ENOMEM, "out of memory");
	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (s->fd < 0) {
		int code = -errno;

		free(s);
		return bw_err_set(err, code, "cannot ask for routes: netlink: %s", strerror(-code));
	}
	/* Both are only for speed: errors without the request, and a longer queue. */
	setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	s->batch = BATCH;
	for (unsigned i = 0; i < BATCH; i++) {
		s->answered[i] = (struct iovec){s->answers[i], ANSWER_SIZE};
		s->headers[i].msg_hdr.msg_iov = &s->answered[i];
		s->headers[i].msg_hdr.msg_iovlen = 1;
	}
	*ret_socket = s;
	return 0;
}

void route_close(struct route_socket *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s);
}

static bool leads_somewhere(const struct rtnetlink_reply *answer)
{
	return answer->kind == RTM_NEWROUTE && answer->interface_index != 0 &&
	       answer->type != RTN_UNREACHABLE && answer->type != RTN_PROHIBIT &&
	       answer->type != RTN_BLACKHOLE && answer->type != RTN_THROW;
}

static struct route route_of(const struct rtnetlink_reply *answer,
			     const struct interface_wish *wish, const struct bw_addr *dst)
{
	struct route none = {.status = BW_ERR_NO_ROUTE};
	struct route route = {
		.interface_index = answer->interface_index,
		.source = answer->source,
		.gateway = answer->gateway,
	};

	if (!leads_somewhere(answer))
		return none;
	if (wish->index != 0 &&
	    (answer->table == RT_TABLE_UNSPEC || answer->interface_index != wish->index))
		return none;
	if (wish->source.family == dst->family)
		route.source = wish->source;
	return route.source.family == dst->family ? route : none;
}

static int send_requests(struct route_socket *s, const struct interface_wish *wish,
			 const struct bw_addr *destinations, unsigned count)
{
	struct msghdr message = {.msg_iov = s->sent, .msg_iovlen = count};

	for (unsigned i = 0; i < count; i++) {
		rtnetlink_request_route(&s->requests[i], wish, &destinations[i], i);
		s->sent[i] = (struct iovec){&s->requests[i], s->requests[i].header.nlmsg_len};
	}
	return sendmsg(s->fd, &message, 0) < 0 ? -errno : 0;
}

/* Takes the answers to COUNT requests. Returns how many have a route, or -errno. */
static int take_answers(struct route_socket *s, const struct interface_wish *wish,
			const struct bw_addr *destinations, unsigned count, struct route *routes)
{
	unsigned taken = 0;
	int found = 0;

	while (taken < count) {
		int got = recvmmsg(s->fd, s->headers, count - taken, MSG_DONTWAIT, NULL);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -EIO;
		for (int i = 0; i < got; i++) {
			struct cursor messages = cursor_of(s->answers[i], s->headers[i].msg_len);
			struct rtnetlink_reply answer;

			if (!rtnetlink_next(&messages, &answer) || answer.seq >= count)
				return -EIO;
			routes[answer.seq] = route_of(&answer, wish, &destinations[answer.seq]);
			found += routes[answer.seq].status == 0;
		}
		taken += (unsigned)got;
	}
	return found;
}

/* Throws away what is left in the queue after a failure. */
static void drain(struct route_socket *s)
{
	while (recv(s->fd, s->dump, sizeof(s->dump), MSG_DONTWAIT) >= 0 || errno == ENOBUFS)
		;
}

int route_lookup(struct route_socket *s, const struct interface_wish *wish,
		 const struct bw_addr *destinations, size_t count, struct route *routes)
{
	size_t done = 0;
	int found = 0;

	while (done < count) {
		unsigned n = count - done < s->batch ? (unsigned)(count - done) : s->batch;
		int r = send_requests(s, wish, destinations + done, n);

		if (r == 0)
			r = take_answers(s, wish, destinations + done, n, routes + done);
		if (r < 0)
			drain(s);
		if ((r == -ENOBUFS || r == -EAGAIN) && s->batch > 1) {
			s->batch /= 2;
			continue;
		}
		if (r < 0)
			return r;
		found += r;
		done += n;
	}
	return found;
}

/* Whether the route of a dump is a better default than the best so far. */
static bool is_better_default(const struct rtnetlink_reply *answer,
			      const struct interface_wish *wish, const struct rtnetlink_reply *best)
{
	if (!leads_somewhere(answer) || answer->dst_length != 0 || answer->table != RT_TABLE_MAIN ||
	    answer->gateway.family == 0)
		return false;
	if (wish->index != 0 && answer->interface_index != wish->index)
		return false;
	return best->interface_index == 0 || answer->metric < best->metric;
}

static void share(struct route_shared *shared, const struct rtnetlink_hop *hop)
{
	for (unsigned i = 0; i < shared->count; i++)
		if (shared->hops[i].interface_index == hop->interface_index &&
		    bw_addr_equal(&shared->hops[i].gateway, &hop->gateway))
			return;
	if (shared->count < ROUTE_SHARED_MAX)
		shared->hops[shared->count++] = *hop;
}

/* The gateways of a route with several next hops. */
static void share_hops(const struct rtnetlink_reply *answer, const struct interface_wish *wish,
		       struct route_shared *shared)
{
	if (answer->type != RTN_UNICAST || answer->hop_count < 2)
		return;
	for (unsigned i = 0; i < answer->hop_count; i++)
		if (answer->hops[i].gateway.family != 0 &&
		    (wish->index == 0 || wish->index == answer->hops[i].interface_index))
			share(shared, &answer->hops[i]);
}

/* One datagram of a dump. Returns 1 when more follow, 0 at the end, -errno. */
static int take_dump(struct route_socket *s, const struct interface_wish *wish,
		     struct rtnetlink_reply *best, struct route_shared *shared)
{
	ssize_t got = recv(s->fd, s->dump, sizeof(s->dump), 0);
	struct rtnetlink_reply answer;
	struct cursor messages;

	if (got < 0)
		return errno == EINTR ? 1 : -errno;
	messages = cursor_of(s->dump, (size_t)got);
	while (rtnetlink_next(&messages, &answer)) {
		if (answer.kind == NLMSG_DONE)
			return 0;
		if (answer.kind == NLMSG_ERROR)
			return -EIO;
		share_hops(&answer, wish, shared);
		if (is_better_default(&answer, wish, best))
			*best = answer;
	}
	return messages.failed ? -EIO : 1;
}

int route_default_gateway(struct route_socket *s, const struct interface_wish *wish, int family,
			  struct route *ret_route, struct route_shared *ret_shared)
{
	struct rtnetlink_reply best = {0};
	struct interface_wish through = *wish;
	struct rtnetlink_request request;
	struct route route;
	int r = 1;

	*ret_shared = (struct route_shared){.count = 0};
	rtnetlink_request_dump(&request, family);
	if (send(s->fd, &request, request.header.nlmsg_len, 0) < 0)
		return -errno;
	while (r == 1)
		r = take_dump(s, wish, &best, ret_shared);
	if (r < 0) {
		drain(s);
		return r;
	}
	if (best.interface_index == 0)
		return BW_ERR_MISSING;
	through.index = best.interface_index;
	r = route_lookup(s, &through, &best.gateway, 1, &route);
	if (r <= 0)
		return r < 0 ? r : BW_ERR_MISSING;
	route.gateway = best.gateway;
	*ret_route = route;
	return 0;
}

int route_egress(const struct route *route, struct bw_egress *table, uint8_t *count,
		 struct bw_err *err)
{
	struct bw_egress *egress = table;

	for (; egress < table + *count; egress++) {
		if (egress->interface_index != route->interface_index ||
		    !bw_addr_equal(&egress->source, &route->source))
			continue;
		if (egress->gateway.family == 0)
			egress->gateway = route->gateway;
		return (int)(egress - table);
	}
	if (*count == BW_EGRESS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "the destinations need more than %d ways out "
				  "(interface and source address): check fewer at a time, or name "
				  "one with --interface",
				  BW_EGRESS_MAX);
	*egress = (struct bw_egress){.interface_index = route->interface_index,
				     .source = route->source,
				     .gateway = route->gateway};
	if (interface_name(route->interface_index, egress->interface)[0] == '\0')
		return bw_err_set(err, -ENODEV, "an interface vanished during start-up");
	return (*count)++;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/neighbour.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* A request for one entry, by interface and address. */
struct request {
	struct nlmsghdr header;
	struct ndmsg neighbour;
	struct rtattr attribute;
	uint8_t addr[16];
};

/* States of an entry that was confirmed and not given up since. */
#define VALID_STATES (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE)

static void read_attributes(const uint8_t *bytes, size_t length, struct neighbour *neighbour,
			    bool *found)
{
	struct rtattr attribute;

	while (length >= sizeof(attribute)) {
		size_t step;

		memcpy(&attribute, bytes, sizeof(attribute));
		if (attribute.rta_len < sizeof(attribute) || attribute.rta_len > length)
			return;
		if (attribute.rta_type == NDA_LLADDR &&
		    attribute.rta_len == sizeof(attribute) + NEIGHBOUR_LINK_ADDR) {
			memcpy(neighbour->link_addr, bytes + sizeof(attribute),
			       NEIGHBOUR_LINK_ADDR);
			*found = true;
		}
		step = RTA_ALIGN(attribute.rta_len);
		if (step > length)
			return;
		bytes += step;
		length -= step;
	}
}

static int read_answer(const uint8_t *bytes, size_t length, struct neighbour *ret_neighbour)
{
	const size_t fixed = NLMSG_HDRLEN + sizeof(struct ndmsg);
	struct neighbour neighbour = {.valid = false};
	struct nlmsghdr header;
	struct ndmsg entry;
	bool found = false;

	if (length < fixed)
		return BW_ERR_MISSING;
	memcpy(&header, bytes, sizeof(header));
	memcpy(&entry, bytes + NLMSG_HDRLEN, sizeof(entry));
	if (header.nlmsg_type != RTM_NEWNEIGH || header.nlmsg_len > length)
		return BW_ERR_MISSING;
	read_attributes(bytes + fixed, header.nlmsg_len - fixed, &neighbour, &found);
	if (!found)
		return BW_ERR_MISSING;
	neighbour.valid = entry.ndm_state & VALID_STATES;
	*ret_neighbour = neighbour;
	return 0;
}

int neighbour_find(unsigned interface_index, const struct bw_addr *addr,
		   struct neighbour *ret_neighbour)
{
	size_t size = addr->family == 4 ? 4 : 16;
	struct request request = {
		.header = {.nlmsg_type = RTM_GETNEIGH,
			   .nlmsg_flags = NLM_F_REQUEST,
			   .nlmsg_seq = 1},
		.neighbour = {.ndm_family = addr->family == 4 ? AF_INET : AF_INET6,
			      .ndm_ifindex = (int)interface_index},
		.attribute = {.rta_len = (uint16_t)(sizeof(struct rtattr) + size),
			      .rta_type = NDA_DST},
	};
	uint8_t answer[1024];
	ssize_t length;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	memcpy(request.addr, addr->bytes, size);
	request.header.nlmsg_len = (uint32_t)(sizeof(request) - sizeof(request.addr) + size);
	length = send(fd, &request, request.header.nlmsg_len, 0);
	if (length >= 0)
		length = recv(fd, answer, sizeof(answer), 0);
	if (length < 0)
		length = -errno;
	close(fd);
	return length < 0 ? (int)length : read_answer(answer, (size_t)length, ret_neighbour);
}

int neighbour_own(const char *interface, uint8_t ret_link_addr[NEIGHBOUR_LINK_ADDR])
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	r = ioctl(fd, SIOCGIFHWADDR, &request) < 0 ? -errno : 0;
	close(fd);
	if (r < 0)
		return r;
	if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return BW_ERR_VALUE;
	memcpy(ret_link_addr, request.ifr_hwaddr.sa_data, NEIGHBOUR_LINK_ADDR);
	return 0;
}

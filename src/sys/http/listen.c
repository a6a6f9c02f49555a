/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/http/listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <blockwatch/addr.h>

#define BACKLOG 128

union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int refuse(const char *address, struct bw_err *err)
{
	return bw_err_set(err, BW_ERR_VALUE,
			  "'%.80s' is no address with a port, as in \"127.0.0.1:8080\" or "
			  "\"[::1]:8080\"",
			  address);
}

static bool split(const char *text, char host[BW_ADDR_TEXT], unsigned *ret_port)
{
	const char *colon = strrchr(text, ':');
	const bool bracketed = *text == '[';
	const char *from = text + bracketed;
	size_t length;
	char *end;
	unsigned long port;

	if (!colon || colon == text || !colon[1] || strspn(colon + 1, "0123456789") > 5)
		return false;
	port = strtoul(colon + 1, &end, 10);
	length = (size_t)(colon - from) - bracketed;
	if (*end || port > 65535 || length == 0 || length >= BW_ADDR_TEXT ||
	    (bracketed && colon[-1] != ']'))
		return false;
	memcpy(host, from, length);
	host[length] = '\0';
	*ret_port = (unsigned)port;
	return bracketed == (strchr(host, ':') != NULL);
}

static socklen_t parse(const char *text, union endpoint *endpoint)
{
	char host[BW_ADDR_TEXT];
	struct bw_addr addr;
	unsigned port;

	memset(endpoint, 0, sizeof(*endpoint));
	if (!split(text, host, &port) || bw_addr_parse(host, &addr) < 0)
		return 0;
	if (addr.family == 4) {
		endpoint->v4.sin_family = AF_INET;
		endpoint->v4.sin_port = htons((uint16_t)port);
		memcpy(&endpoint->v4.sin_addr, addr.bytes, 4);
		return sizeof(endpoint->v4);
	}
	endpoint->v6.sin6_family = AF_INET6;
	endpoint->v6.sin6_port = htons((uint16_t)port);
	memcpy(&endpoint->v6.sin6_addr, addr.bytes, 16);
	return sizeof(endpoint->v6);
}

int listen_check(const char *address, struct bw_err *err)
{
	union endpoint endpoint;

	return parse(address, &endpoint) > 0 ? 0 : refuse(address, err);
}

bool listen_is_loopback(const char *address)
{
	union endpoint endpoint;

	if (parse(address, &endpoint) == 0)
		return false;
	if (endpoint.any.sa_family == AF_INET)
		return ntohl(endpoint.v4.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&endpoint.v6.sin6_addr);
}

int listen_on(const char *address, struct bw_err *err)
{
	union endpoint endpoint;
	const socklen_t length = parse(address, &endpoint);
	const int on = 1;
	int fd, error;

	if (length == 0)
		return refuse(address, err);
	fd = socket(endpoint.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, &endpoint.any, length) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	return bw_err_set(err, BW_ERR_UNAVAILABLE, "cannot listen on %s: %s", address,
			  strerror(error));
}

unsigned listen_port(int fd)
{
	union endpoint endpoint;
	socklen_t length = sizeof(endpoint);

	if (getsockname(fd, &endpoint.any, &length) < 0)
		return 0;
	return ntohs(endpoint.any.sa_family == AF_INET ? endpoint.v4.sin_port
						       : endpoint.v6.sin6_port);
}

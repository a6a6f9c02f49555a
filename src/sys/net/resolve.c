/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <uv.h>

#define NAME_MAX_BYTES 253 /* RFC 1035 */

bool resolve_is_name(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length <= NAME_MAX_BYTES && text[0] != '-' && text[0] != '.' &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.")];
}

static bool take_addr(const struct sockaddr *from, struct bw_addr *ret_addr)
{
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)from;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)from;

	*ret_addr = (struct bw_addr){.family = from->sa_family == AF_INET ? 4 : 6};
	if (from->sa_family == AF_INET)
		memcpy(ret_addr->bytes, &v4->sin_addr, sizeof(v4->sin_addr));
	else if (from->sa_family == AF_INET6)
		memcpy(ret_addr->bytes, &v6->sin6_addr, sizeof(v6->sin6_addr));
	return from->sa_family == AF_INET || from->sa_family == AF_INET6;
}

static bool has(const struct bw_addr *list, int count, const struct bw_addr *addr)
{
	for (int i = 0; i < count; i++)
		if (bw_addr_equal(&list[i], addr))
			return true;
	return false;
}

static int take_all(const struct addrinfo *found, struct bw_addr *list)
{
	int count = 0;

	for (; found && count < RESOLVE_MAX; found = found->ai_next)
		if (take_addr(found->ai_addr, &list[count]) && !has(list, count, &list[count]))
			count++;
	return count;
}

static int refuse(int error, const char *name, struct bw_err *err)
{
	bool missing = error == 0 || error == UV_EAI_NONAME || error == UV_EAI_NODATA ||
		       error == UV_EAI_ADDRFAMILY;
	int code = error == UV_EAI_MEMORY || error == UV_ENOMEM ? -ENOMEM
		   : missing                                    ? BW_ERR_MISSING
								: BW_ERR_UNAVAILABLE;

	bw_err_set(err, code, "the name cannot be looked up: %s",
		   error ? uv_strerror(error) : "it has no address");
	bw_err_place(err, NULL, 0, 0, name);
	return code;
}

int resolve_name(const char *name, int family, struct bw_addr ret_list[RESOLVE_MAX],
		 struct bw_err *err)
{
	const struct addrinfo hints = {
		.ai_family = family == 4   ? AF_INET
			     : family == 6 ? AF_INET6
					   : AF_UNSPEC,
		.ai_socktype = SOCK_STREAM, /* each address once */
	};
	uv_getaddrinfo_t request;
	uv_loop_t loop;
	int error = uv_loop_init(&loop), count = 0;

	if (error < 0)
		return refuse(error, name, err);
	/* Without a callback it waits. */
	error = uv_getaddrinfo(&loop, &request, NULL, name, NULL, &hints);
	if (error == 0) {
		count = take_all(request.addrinfo, ret_list);
		uv_freeaddrinfo(request.addrinfo);
	}
	uv_loop_close(&loop);
	return count > 0 ? count : refuse(error, name, err);
}

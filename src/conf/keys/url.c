/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/url.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *url_skip_scheme(const char *url, const char *schemes)
{
	const char *end = strstr(url, "://");

	while (end && *schemes) {
		size_t length = strcspn(schemes, " ");

		if (length == (size_t)(end - url) && strncasecmp(url, schemes, length) == 0)
			return end + 3;
		schemes += length + strspn(schemes + length, " ");
	}
	return NULL;
}

/* A host, or an IPv6 address in brackets, and a port of 1 to 65535 if one is given. */
static bool is_authority(const char *text, size_t length)
{
	const char *end = text + length, *port = memchr(text, ':', length);
	unsigned number = 0;

	if (*text == '[') {
		port = memchr(text, ']', length);
		if (!port || port == text + 1)
			return false;
		port = port + 1 < end ? port + 1 : NULL;
	}
	if (!port)
		return length > 0;
	if (port == text || *port != ':' || port + 1 == end)
		return false;
	while (++port < end && number < 65536) {
		if (*port < '0' || *port > '9')
			return false;
		number = number * 10 + (unsigned)(*port - '0');
	}
	return number > 0 && number < 65536;
}

static size_t authority_length(const char *rest)
{
	return strcspn(rest, "/?#");
}

bool url_has_user(const char *rest)
{
	return memchr(rest, '@', authority_length(rest)) != NULL;
}

bool url_is_valid(const char *rest)
{
	return is_authority(rest, authority_length(rest)) && !strpbrk(rest, " \"<>\\^`{|}");
}

int url_check(const char *url, enum url_kind kind, struct bw_err *err)
{
	const bool http = kind == URL_HTTP;
	const char *rest = url_skip_scheme(url, http ? "http https" : "nats tls");

	if (!rest)
		return bw_err_set(err, BW_ERR_VALUE, "'%.200s' must begin with %s", url,
				  http ? "http:// or https://" : "nats:// or tls://");
	if (url_has_user(rest))
		return bw_err_set(err, BW_ERR_VALUE,
				  "has a user or a password in it: give it in \"%s\"",
				  http ? "token_file" : "credentials_file");
	if (!url_is_valid(rest))
		return bw_err_set(err, BW_ERR_VALUE,
				  "'%.200s' is no URL: it has a host, and a port from "
				  "1 to 65535 if need be, as in \"%s\"",
				  url,
				  http ? "https://centre.example:8443/v1/records"
				       : "tls://stream.example:4222");
	return 0;
}

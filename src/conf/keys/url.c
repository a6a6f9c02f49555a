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

/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api_access.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define BEARER "Bearer "
#define BASIC "Basic "
#define CREDENTIALS_MAX 512

const struct fleet_member *api_vantage(const struct collector *collector,
				       const struct api_request *request)
{
	const char *field = request->header(request->arg, "Authorization");

	if (!field || strncasecmp(field, BEARER, strlen(BEARER)) != 0)
		return NULL;
	return fleet_by_token(&collector->fleet, field + strlen(BEARER));
}

bool api_says_vantage(const struct api_request *request, const struct fleet_member *member)
{
	const char *name = request->header(request->arg, API_VANTAGE_HEADER);

	return !name || strcmp(name, member->name) == 0;
}

/* A browser gives the token as password, with any name. */
static bool has_password(const char *ours, const char *base64)
{
	char text[CREDENTIALS_MAX + 1];
	size_t length;
	const char *colon;

	if (sodium_base642bin((unsigned char *)text, CREDENTIALS_MAX, base64, strlen(base64), NULL,
			      &length, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return false;
	text[length] = '\0';
	colon = strchr(text, ':');
	return colon && fleet_is_secret(ours, colon + 1);
}

bool api_may_read(const struct collector *collector, const struct api_request *request)
{
	const char *field = request->header(request->arg, "Authorization");

	if (!collector->read_token)
		return true;
	if (!field)
		return false;
	if (strncasecmp(field, BEARER, strlen(BEARER)) == 0)
		return fleet_is_secret(collector->read_token, field + strlen(BEARER));
	return strncasecmp(field, BASIC, strlen(BASIC)) == 0 &&
	       has_password(collector->read_token, field + strlen(BASIC));
}

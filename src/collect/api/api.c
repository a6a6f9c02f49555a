/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/api/api.h"

#include <stdio.h>
#include <string.h>

#include "collect/api/api_access.h"
#include "collect/api/api_events.h"
#include "collect/api/api_metrics.h"
#include "collect/api/api_outages.h"
#include "collect/api/api_records.h"
#include "collect/api/api_signals.h"
#include "collect/api/api_sums.h"
#include "collect/api/api_tag.h"
#include "collect/api/api_targets.h"
#include "collect/api/api_timeline.h"
#include "collect/api/api_vantages.h"
#include "collect/page/page_asset.h"
#include "collect/page/page_index.h"
#include "collect/page/page_target.h"

/* Who may ask. */
enum access {
	ANYBODY,
	READER,  /* the token for reading, where there is one */
	VANTAGE, /* the token of a vantage */
};

struct route {
	const char *method, *path; /* the first that fits counts; path_fits() */
	enum access access;
	void (*handle)(struct collector *collector, const struct api_request *request,
		       struct bw_wall now, struct api_answer *answer);
};

static const struct route routes[] = {
	{"POST", "/v1/records", VANTAGE, api_take_records},
	{"GET", "/v1/vantages", READER, api_list_vantages},
	{"GET", "/v1/targets", READER, api_list_targets},
	{"GET", "/v1/targets/**/timeline", READER, api_timeline}, /* NAME may be a prefix */
	{"GET", "/v1/targets/**/sums", READER, api_sums},
	{"GET", "/v1/targets/**", READER, api_show_target},
	{"GET", "/v1/outages", READER, api_outages},
	{"GET", "/v1/events", READER, api_events},
	{"GET", "/v1/signals/*/**", READER, api_signals},
	{"GET", "/metrics", READER, api_metrics},
	{"GET", "/healthz", ANYBODY, api_health},
	{"GET", "/", READER, page_index},
	{"GET", "/t/**", READER, page_target},
	{"GET", "/page/*", ANYBODY, page_asset},
	{"GET", "/favicon.ico", ANYBODY, page_asset},
};
#define ROUTES (sizeof(routes) / sizeof(routes[0]))

static bool ends_with(const char *path, const char *end)
{
	const size_t length = strlen(path), end_length = strlen(end);

	return length > end_length && strcmp(path + length - end_length, end) == 0;
}

/*
 * '*' in a pattern stands for a name: anything without '/'. "**" stands for anything, and what is
 * behind it is the end of the path.
 */
static bool path_fits(const char *pattern, const char *path)
{
	while (*pattern) {
		if (strncmp(pattern, "**", 2) == 0)
			return ends_with(path, pattern + 2);
		if (*pattern == '*') {
			const size_t length = strcspn(path, "/");

			if (length == 0)
				return false;
			path += length;
			pattern++;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*path;
}

/* NULL: none; *RET_STATUS says why. HEAD asks as GET does. */
static const struct route *find_route(const struct api_request *request, unsigned *ret_status)
{
	const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;

	*ret_status = 404;
	for (size_t i = 0; i < ROUTES; i++) {
		if (!path_fits(routes[i].path, request->path))
			continue;
		if (strcmp(routes[i].method, method) == 0)
			return &routes[i];
		*ret_status = 405;
	}
	return NULL;
}

/* 0, or the status with which it is refused. */
static unsigned check_access(const struct collector *collector, const struct route *route,
			     const struct api_request *request)
{
	const struct fleet_member *member;

	switch (route->access) {
	case ANYBODY:
		return 0;
	case READER:
		return api_may_read(collector, request) ? 0 : 401;
	case VANTAGE:
		member = api_vantage(collector, request);
		if (!member)
			return 401;
		return api_says_vantage(request, member) ? 0 : 403;
	}
	return 401;
}

unsigned api_check(const struct collector *collector, const struct api_request *request)
{
	unsigned status;
	const struct route *route = find_route(request, &status);

	return route ? check_access(collector, route, request) : status;
}

static const char *words_of(unsigned status)
{
	switch (status) {
	case 400:
		return "the body cannot be unpacked: is Content-Encoding right?";
	case 401:
		return "a token that is known here is wanted, as Authorization: Bearer TOKEN";
	case 404:
		return "there is no such path";
	case 405:
		return "the path does not take this method";
	case 413:
		return "the body is too large: send less at once";
	case 415:
		return "Content-Encoding is gzip, zstd or identity";
	case 429:
		return "too much is waiting: send it again later";
	default:
		return "it was refused";
	}
}

/* The method that a path takes; there is one each. */
static const char *allowed(const struct api_request *request)
{
	for (size_t i = 0; i < ROUTES; i++)
		if (path_fits(routes[i].path, request->path))
			return strcmp(routes[i].method, "GET") == 0 ? "GET, HEAD"
								    : routes[i].method;
	return "";
}

static void refuse_vantage(const struct collector *collector, const struct api_request *request,
			   struct api_answer *answer)
{
	const struct fleet_member *member = api_vantage(collector, request);
	const char *said = request->header(request->arg, API_VANTAGE_HEADER);
	char message[256];

	snprintf(message, sizeof(message),
		 API_VANTAGE_HEADER " says \"%.63s\", the token is that of \"%s\"",
		 said ? said : "", member ? member->name : "");
	api_answer_error(answer, 403, message);
}

static void refuse(const struct collector *collector, const struct api_request *request,
		   unsigned status, struct api_answer *answer)
{
	if (status == 403)
		refuse_vantage(collector, request, answer);
	else
		api_answer_error(answer, status, words_of(status));
	if (status == 405)
		api_answer_field(answer, "Allow", allowed(request));
	if (status == 429)
		api_answer_field(answer, "Retry-After", "5");
	if (status == 401 && strcmp(request->method, "POST") != 0 && collector->read_token)
		api_answer_field(answer, "WWW-Authenticate", "Basic realm=\"blockwatch\"");
}

void api_respond(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	unsigned status = api_check(collector, request);

	if (status == 0)
		status = request->refused;
	if (status != 0) {
		refuse(collector, request, status, answer);
		return;
	}
	find_route(request, &status)->handle(collector, request, now, answer);
	api_tag(request, answer);
}

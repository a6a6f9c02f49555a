/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_H
#define COLLECT_API_API_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/*
 * The requests that the collector answers. The table of paths is in api.c; each handler is in a
 * file of its own.
 */

/*
 * Before the body of a request is read. Returns 0, or the status with which it is refused: 401
 * for a wrong token, 403 for the token of another vantage than the request says, 404 for an
 * unknown path, 405 for a wrong method.
 */
unsigned api_check(const struct collector *collector, const struct api_request *request);

/* Answers a request. ANSWER is zero bytes. */
void api_respond(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer);

#endif

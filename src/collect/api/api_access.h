/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_ACCESS_H
#define COLLECT_API_API_ACCESS_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"

/* Whose token came with the request; NULL: nobody's. */
const struct fleet_member *api_vantage(const struct collector *collector,
				       const struct api_request *request);

/*
 * The header in which a vantage may say its name, so that a token of another is noticed before a
 * record comes. Whether the request has none, or says MEMBER.
 */
#define API_VANTAGE_HEADER "X-Blockwatch-Vantage"
bool api_says_vantage(const struct api_request *request, const struct fleet_member *member);

/* Whether it has the token for reading, where there is one. */
bool api_may_read(const struct collector *collector, const struct api_request *request);

#endif

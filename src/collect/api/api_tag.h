/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_API_API_TAG_H
#define COLLECT_API_API_TAG_H

#include "collect/api/api_answer.h"

/*
 * Gives a whole answer an ETag, the hash of its body, and makes it 304 without a body where the
 * request has that one (If-None-Match). Streams, errors, and answers that have a Cache-Control of
 * their own stay as they are.
 */
void api_tag(const struct api_request *request, struct api_answer *answer);

#endif

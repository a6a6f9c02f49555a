/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_FORMAT_FRAMING_H
#define SHIP_FORMAT_FRAMING_H

#include "ship/delivery/batch.h"

/*
 * The body of a request. `ndjson`: the lines as they are. `es_bulk`: an action line before
 * each, `create` with the id VANTAGE-BOOT-SEQ, so that a repeated record is 409. `loki`:
 * streams with the labels `vantage`, `type` and `target`; the lines are their values.
 */
enum framing { FRAMING_NDJSON, FRAMING_ES_BULK, FRAMING_LOKI, FRAMINGS };

/* The media type of the body. */
const char *framing_content_type(enum framing framing);

/* Bytes that grow; {0} is empty. */
struct framing_body {
	char *bytes;
	size_t length, room;
};

/*
 * Makes the body of a slice. *RET_BYTES points into BODY, whose former content is gone, or
 * into the batch. Returns 0 or -ENOMEM.
 */
int framing_make(enum framing framing, const struct batch_slice *slice, struct framing_body *body,
		 const char **ret_bytes, size_t *ret_length);

void framing_body_fini(struct framing_body *body);

/*
 * The id of a record, VANTAGE-BOOT-SEQ, into ID of FRAMING_ID_TEXT bytes; what does not fit is
 * cut off. LINE has been scanned.
 */
#define FRAMING_ID_TEXT 400
struct ship_line;
size_t framing_id(const struct ship_line *line, char *id);

#endif

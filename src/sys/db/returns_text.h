/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_DB_RETURNS_TEXT_H
#define SYS_DB_RETURNS_TEXT_H

#include "collect/board/outages.h"

/*
 * The returns of an outage as one text of a database: "START END START END ... /WITHIN". Older
 * texts have no WITHIN, and older programs pass by it.
 */
#define RETURNS_TEXT (OUTAGE_RETURNS_MAX * 44 + 24)

void returns_text_format(const struct outage *outage, char text[RETURNS_TEXT]);

/* Adds what the text has, up to what is wrong in it. */
void returns_text_parse(const char *text, struct outage *outage);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_FRAME_H
#define COLLECT_PAGE_PAGE_FRAME_H

#include "collect/api/api_answer.h"
#include "report/text/markup.h"

/* What all pages have in common: head and foot, and how they are sent. */

#define PAGE_HTML "text/html; charset=utf-8"
#define PAGE_SVG "image/svg+xml"

/*
 * Begins a page up to the beginning of its content. TITLE is escaped. TARGET is whose events make
 * it new, NULL: all.
 */
void page_frame_begin(struct markup *out, const char *title, const char *target);
void page_frame_end(struct markup *out);

/*
 * Answers with what was written, as TYPE, under a policy that allows nothing from elsewhere.
 * STYLE_HASH is that of a style sheet in a picture that stands alone, else NULL.
 */
void page_frame_send(struct api_answer *answer, struct markup *out, const char *type,
		     const char *style_hash);

/* Answers 404 with a page of its own. */
void page_frame_not_found(struct api_answer *answer);

/* A box with the pattern of a state. */
void page_frame_swatch(struct markup *out, uint8_t state);

#endif

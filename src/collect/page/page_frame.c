/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_frame.h"

#include <stdio.h>

#include "report/timeline/picture.h"

static struct picture swatches(struct markup *out)
{
	return (struct picture){.out = out, .id = "s"};
}

void page_frame_swatch(struct markup *out, uint8_t state)
{
	const struct picture picture = swatches(out);

	picture_swatch(&picture, state);
}

void page_frame_begin(struct markup *out, const char *title, const char *target)
{
	const struct picture picture = swatches(out);

	markup_raw(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	markup_text(out, title);
	markup_raw(out, " - blockwatch</title>\n"
			"<link rel=\"stylesheet\" href=\"/page/page.css\">\n"
			"<link rel=\"icon\" href=\"/page/icon.svg\" type=\"image/svg+xml\">\n"
			"<script src=\"/page/page.js\" defer></script>\n</head>\n<body");
	if (target) {
		markup_raw(out, " data-target=\"");
		markup_text(out, target);
		markup_raw(out, "\"");
	}
	markup_raw(out, ">\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n"
			"<header><a class=\"home\" href=\"/\">blockwatch</a>"
			"<span id=\"live\" role=\"status\"></span></header>\n");
	picture_swatches(&picture);
	markup_raw(out, "<main id=\"content\">\n");
}

void page_frame_end(struct markup *out)
{
	markup_raw(out,
		   "</main>\n<footer><p>Times are in UTC unless it says otherwise. The same as "
		   "JSON: <a href=\"/v1/targets\">targets</a>, "
		   "<a href=\"/v1/outages\">outages</a>, <a href=\"/v1/events\">events</a>, "
		   "<a href=\"/v1/vantages\">vantages</a>.</p></footer>\n</body>\n</html>\n");
}

static void put_policy(struct api_answer *answer, const char *style_hash)
{
	char policy[sizeof(answer->fields[0].value)];

	snprintf(policy, sizeof(policy),
		 "default-src 'none'; style-src %s%s%s; script-src 'self'; connect-src 'self'; "
		 "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		 style_hash ? "'" : "'self'", style_hash ? style_hash : "", style_hash ? "'" : "");
	api_answer_field(answer, "Content-Security-Policy", policy);
	api_answer_field(answer, "X-Content-Type-Options", "nosniff");
	api_answer_field(answer, "Referrer-Policy", "no-referrer");
}

void page_frame_send(struct api_answer *answer, struct markup *out, const char *type,
		     const char *style_hash)
{
	answer->body = markup_take(out, &answer->length);
	if (!answer->body) {
		api_answer_error(answer, 500, "out of memory");
		return;
	}
	put_policy(answer, style_hash);
	answer->status = 200;
	answer->type = type;
}

void page_frame_not_found(struct api_answer *answer)
{
	struct markup out = {.failed = false};

	page_frame_begin(&out, "Not found", NULL);
	markup_raw(&out, "<h1>Not found</h1>\n<p>No vantage has told of such a target. "
			 "<a href=\"/\">All targets</a></p>\n");
	page_frame_end(&out);
	answer->body = markup_take(&out, &answer->length);
	put_policy(answer, NULL);
	api_answer_field(answer, "Cache-Control", "no-cache");
	answer->status = answer->body ? 404 : 500;
	answer->type = PAGE_HTML;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "json/utf8.h"

#include <string.h>

/* What may follow a lead byte (Unicode 15, table 3-7). */
struct form {
	int length;          /* 0: no lead byte */
	uint8_t first, last; /* of the second byte */
	uint8_t bits;        /* that the lead byte carries */
};

static struct form form_of(uint8_t lead)
{
	if (lead >= 0xc2 && lead <= 0xdf)
		return (struct form){2, 0x80, 0xbf, 0x1f};
	if (lead >= 0xe0 && lead <= 0xef)
		return (struct form){3, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf,
				     0x0f};
	if (lead >= 0xf0 && lead <= 0xf4)
		return (struct form){4, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf,
				     0x07};
	return (struct form){0};
}

uint32_t utf8_next(const char **at)
{
	const uint8_t *bytes = (const uint8_t *)*at;
	struct form form;
	uint32_t point;
	int n;

	if (bytes[0] < 0x80) {
		*at += bytes[0] != 0;
		return bytes[0];
	}
	form = form_of(bytes[0]);
	point = bytes[0] & form.bits;
	for (n = 1; n < form.length; n++) {
		uint8_t first = n == 1 ? form.first : 0x80, last = n == 1 ? form.last : 0xbf;

		if (bytes[n] < first || bytes[n] > last)
			break;
		point = point << 6 | (bytes[n] & 0x3f);
	}
	*at += n;
	return form.length && n == form.length ? point : UTF8_REPLACEMENT;
}

bool utf8_is_valid(const char *text)
{
	const char *from = text;
	uint32_t point;

	while ((point = utf8_next(&text))) {
		if (point == UTF8_REPLACEMENT && strncmp(from, "\xef\xbf\xbd", 3) != 0)
			return false;
		from = text;
	}
	return true;
}

int utf8_put(uint32_t point, char *ret_bytes)
{
	static const uint8_t lead[UTF8_MAX + 1] = {0, 0, 0xc0, 0xe0, 0xf0};
	int length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (int n = length - 1; n > 0; n--) {
		ret_bytes[n] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	ret_bytes[0] = (char)(lead[length] | point);
	return length;
}

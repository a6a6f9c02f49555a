/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/pem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BEGIN "-----BEGIN "
#define END "-----END "
#define DASHES "-----"
#define DER_SEQUENCE 0x30
#define DER_HEAD 6 /* a tag, the length of the length, up to 4 bytes of it */

/* One part: its label, and what stands between its begin and end lines. */
struct part {
	const char *label, *body;
	size_t label_length, body_length;
};

/* Takes the next part from *AT. Returns false when none begins, or when it does not end. */
static bool next_part(const char **at, struct part *ret_part)
{
	const char *label = strstr(*at, BEGIN), *label_end, *end;

	if (!label)
		return false;
	label += strlen(BEGIN);
	label_end = strstr(label, DASHES);
	end = label_end ? strstr(label_end, END) : NULL;
	if (!end)
		return false;
	*ret_part = (struct part){label, label_end + strlen(DASHES), (size_t)(label_end - label),
				  (size_t)(end - label_end) - strlen(DASHES)};
	*at = end;
	return strncmp(end + strlen(END), label, ret_part->label_length) == 0;
}

static bool label_ends_with(const struct part *part, const char *word)
{
	const size_t length = strlen(word);

	return part->label_length >= length &&
	       memcmp(part->label + part->label_length - length, word, length) == 0;
}

static int digit_of(char character)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = character ? strchr(digits, character) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* The bytes that base64 stands for: how many, and the first ones. Returns false for no base64. */
static bool decode_head(const struct part *part, uint8_t head[DER_HEAD], size_t *ret_length)
{
	uint32_t bits = 0;
	size_t digits = 0, padding = 0, length = 0;

	for (size_t i = 0; i < part->body_length; i++) {
		const char character = part->body[i];
		const int digit = digit_of(character);

		if (strchr(" \t\r\n", character) && character)
			continue;
		padding += character == '=';
		if (digit < 0 && character != '=')
			return false;
		if (digit < 0)
			continue;
		bits = bits << 6 | (uint32_t)digit;
		if (padding > 0 || ++digits % 4 == 1)
			continue;
		if (length < DER_HEAD)
			head[length] = (uint8_t)(bits >> (6 - 2 * ((digits - 1) % 4)));
		length++;
	}
	*ret_length = length;
	return (digits + padding) % 4 == 0 && padding <= 2;
}

/* The value of DER that begins with HEAD, a sequence, is within LENGTH bytes: it is not cut. */
static bool is_whole(const uint8_t head[DER_HEAD], size_t length)
{
	const size_t more = head[1] & 0x80 ? head[1] & 0x7f : 0;
	size_t inside = more ? 0 : head[1];

	if (length < 2 || head[0] != DER_SEQUENCE || more > DER_HEAD - 2 || length < 2 + more)
		return false;
	for (size_t i = 0; i < more; i++)
		inside = inside << 8 | head[2 + i];
	return inside <= length - 2 - more;
}

static bool is_good(const struct part *part)
{
	uint8_t head[DER_HEAD] = {0};
	size_t length;

	return decode_head(part, head, &length) && is_whole(head, length);
}

static bool is_encrypted(const struct part *part)
{
	return label_ends_with(part, "ENCRYPTED PRIVATE KEY") ||
	       memmem(part->body, part->body_length, "ENCRYPTED", strlen("ENCRYPTED"));
}

static int check_parts(const char *text, const char *word, const char *what, struct bw_err *err)
{
	struct part part;
	size_t found = 0;

	while (next_part(&text, &part)) {
		if (!label_ends_with(&part, word))
			continue;
		if (is_encrypted(&part))
			return bw_err_set(err, BW_ERR_VALUE,
					  "the %s has a pass phrase: one without is wanted", what);
		if (!is_good(&part))
			return bw_err_set(err, BW_ERR_VALUE, "the %s in it is damaged", what);
		found++;
	}
	if (strstr(text, BEGIN))
		return bw_err_set(err, BW_ERR_VALUE, "a part of it has no end: it is cut off");
	if (found > 0)
		return 0;
	return bw_err_set(err, BW_ERR_VALUE,
			  "has no %s: PEM is wanted, with the line -----BEGIN %s-----", what, word);
}

int pem_check(enum pem_kind kind, const char *text, struct bw_err *err)
{
	switch (kind) {
	case PEM_CERTIFICATES:
		return check_parts(text, "CERTIFICATE", "certificate", err);
	case PEM_KEY:
		return check_parts(text, "PRIVATE KEY", "private key", err);
	case PEM_CREDENTIALS:
		break;
	}
	if (strstr(text, BEGIN "NATS USER JWT") && strstr(text, BEGIN "USER NKEY SEED"))
		return 0;
	return bw_err_set(err, BW_ERR_VALUE,
			  "has no credentials of NATS: a user's JWT and seed are wanted, as "
			  "`nsc generate creds` writes them");
}

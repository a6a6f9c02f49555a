/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/nats_names.h"

#include <string.h>

/* What a word of a subject cannot have: blanks, control characters, wildcards. */
static bool is_forbidden(char character)
{
	return (unsigned char)character <= ' ' || strchr("*>\x7f", character);
}

static bool is_plain(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (is_forbidden(word[i]))
			return false;
	return length > 0;
}

static bool is_value(const char *word, size_t length)
{
	static const char *const values[] = {"{vantage}", "{target}", "{type}", "{boot}"};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strlen(values[i]) == length && strncmp(word, values[i], length) == 0)
			return true;
	return false;
}

static bool has_brace(const char *word, size_t length)
{
	return memchr(word, '{', length) || memchr(word, '}', length);
}

int nats_names_check_subject(const char *subject, struct bw_err *err)
{
	for (const char *word = subject;; word++) {
		const size_t length = strcspn(word, ".");

		if (!is_plain(word, length))
			return bw_err_set(err, BW_ERR_VALUE,
					  "'%.200s' is no subject: it has words between dots, "
					  "without blanks, '*' and '>'",
					  subject);
		if (has_brace(word, length) && !is_value(word, length))
			return bw_err_set(err, BW_ERR_VALUE,
					  "'%.200s' has '%.*s' in it: {vantage}, {target}, {type} "
					  "and {boot} are there, each a whole word between dots",
					  subject, (int)(length < 200 ? length : 200), word);
		word += length;
		if (!*word)
			return 0;
	}
}

int nats_names_check_name(const char *name, struct bw_err *err)
{
	if (!strchr(name, '.'))
		return 0;
	return bw_err_set(err, BW_ERR_VALUE, "has a '.', which names in JetStream do not have");
}

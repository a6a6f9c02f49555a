/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/read/sound.h"

#include <string.h>

/* The text that is left. Each function moves AT behind what it takes, or returns false. */
struct sound {
	const char *at, *end;
};

static bool take(struct sound *sound, char character)
{
	if (sound->at == sound->end || *sound->at != character)
		return false;
	sound->at++;
	return true;
}

static bool is_digit(const struct sound *sound)
{
	return sound->at < sound->end && *sound->at >= '0' && *sound->at <= '9';
}

static bool take_digits(struct sound *sound)
{
	if (!is_digit(sound))
		return false;
	while (is_digit(sound))
		sound->at++;
	return true;
}

static bool take_number(struct sound *sound)
{
	take(sound, '-');
	if (!take(sound, '0') && !take_digits(sound))
		return false;
	if (take(sound, '.') && !take_digits(sound))
		return false;
	if (!take(sound, 'e') && !take(sound, 'E'))
		return true;
	if (!take(sound, '+'))
		take(sound, '-');
	return take_digits(sound);
}

static bool take_word(struct sound *sound, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(sound->end - sound->at) < length || memcmp(sound->at, word, length) != 0)
		return false;
	sound->at += length;
	return true;
}

static bool take_hex(struct sound *sound)
{
	for (int i = 0; i < 4; i++) {
		if (sound->at == sound->end || !*sound->at ||
		    !strchr("0123456789abcdefABCDEF", *sound->at))
			return false;
		sound->at++;
	}
	return true;
}

static bool take_escape(struct sound *sound)
{
	if (sound->at == sound->end)
		return false;
	if (take(sound, 'u'))
		return take_hex(sound);
	return *sound->at && strchr("\"\\/bfnrt", *sound->at++);
}

/* How many bytes a character has that begins with this byte; 0: none does. */
static int width_of(unsigned char first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* A character beyond ASCII: no overlong form, no surrogate, not beyond U+10FFFF. */
static bool take_wide(struct sound *sound)
{
	const unsigned char *at = (const unsigned char *)sound->at;
	int width = width_of(at[0]);

	if (width == 0 || sound->end - sound->at < width)
		return false;
	for (int i = 1; i < width; i++)
		if ((at[i] & 0xc0) != 0x80)
			return false;
	if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
	    (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
		return false;
	sound->at += width;
	return true;
}

/* Behind the first quotation mark. */
static bool take_string(struct sound *sound)
{
	while (sound->at < sound->end) {
		unsigned char byte = (unsigned char)*sound->at;

		if (byte >= 0x80) {
			if (!take_wide(sound))
				return false;
			continue;
		}
		sound->at++;
		if (byte == '"')
			return true;
		if (byte < 0x20 || (byte == '\\' && !take_escape(sound)))
			return false;
	}
	return false;
}

static bool take_value(struct sound *sound, int depth);

static bool take_member(struct sound *sound, int depth)
{
	return take(sound, '"') && take_string(sound) && take(sound, ':') &&
	       take_value(sound, depth);
}

/* Behind the opening brace or bracket, up to CLOSE. */
static bool take_inside(struct sound *sound, char close, int depth)
{
	if (depth == SOUND_DEPTH)
		return false;
	if (take(sound, close))
		return true;
	do {
		if (!(close == '}' ? take_member(sound, depth + 1) : take_value(sound, depth + 1)))
			return false;
	} while (take(sound, ','));
	return take(sound, close);
}

static bool take_value(struct sound *sound, int depth)
{
	if (sound->at == sound->end)
		return false;
	switch (*sound->at) {
	case '"':
		sound->at++;
		return take_string(sound);
	case '{':
		sound->at++;
		return take_inside(sound, '}', depth);
	case '[':
		sound->at++;
		return take_inside(sound, ']', depth);
	case 't':
		return take_word(sound, "true");
	case 'f':
		return take_word(sound, "false");
	case 'n':
		return take_word(sound, "null");
	default:
		return take_number(sound);
	}
}

bool sound_is_object(const char *text, size_t length)
{
	struct sound sound = {text, text + length};

	return take(&sound, '{') && take_inside(&sound, '}', 0) && sound.at == sound.end;
}

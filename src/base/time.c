/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/time.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE (60 * BW_S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define DURATION_MAX (INT64_C(36525) * DAY) /* 100 years */

/* Writes VALUE in COUNT decimal digits; returns the end. */
static char *put_digits(char *at, unsigned value, unsigned count)
{
	for (unsigned i = count; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + count;
}

char *bw_wall_format(struct bw_wall time, char *buffer)
{
	int64_t seconds = time.ns / BW_S - (time.ns % BW_S < 0);
	time_t clock = (time_t)seconds;
	unsigned fraction_us = (unsigned)((time.ns - seconds * BW_S) / BW_US);
	struct tm tm;
	char *at = buffer;

	gmtime_r(&clock, &tm);
	at = put_digits(at, (unsigned)tm.tm_year + 1900, 4);
	*at++ = '-';
	at = put_digits(at, (unsigned)tm.tm_mon + 1, 2);
	*at++ = '-';
	at = put_digits(at, (unsigned)tm.tm_mday, 2);
	*at++ = 'T';
	at = put_digits(at, (unsigned)tm.tm_hour, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)tm.tm_min, 2);
	*at++ = ':';
	at = put_digits(at, (unsigned)tm.tm_sec, 2);
	*at++ = '.';
	at = put_digits(at, fraction_us, 6);
	memcpy(at, "Z", 2);
	return buffer;
}

/* Takes COUNT digits at *AT; -1 when they are not there. */
static int take_digits(const char **at, unsigned count)
{
	int value = 0;

	for (unsigned i = 0; i < count; i++) {
		char digit = (*at)[i];

		if (digit < '0' || digit > '9')
			return -1;
		value = value * 10 + (digit - '0');
	}
	*at += count;
	return value;
}

/* Takes COUNT digits and the character BEHIND them; -1 when they are not there. */
static int take_field(const char **at, unsigned count, char behind)
{
	int value = take_digits(at, count);

	if (value < 0 || **at != behind)
		return -1;
	(*at)++;
	return value;
}

static int days_of(int year, int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool take_date(const char **at, struct tm *tm)
{
	int year = take_field(at, 4, '-');
	int month = year < 0 ? -1 : take_field(at, 2, '-');
	int day = month < 0 ? -1 : take_field(at, 2, 'T');

	if (month < 1 || month > 12 || day < 1 || day > days_of(year, month))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

static bool take_clock(const char **at, struct tm *tm)
{
	tm->tm_hour = take_field(at, 2, ':');
	tm->tm_min = tm->tm_hour < 0 ? -1 : take_field(at, 2, ':');
	tm->tm_sec = tm->tm_min < 0 ? -1 : take_digits(at, 2);
	return tm->tm_sec >= 0 && tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec < 60;
}

/* Takes "" or "." and up to nine digits; -1 when malformed. */
static int64_t take_fraction(const char **at)
{
	int64_t ns = 0, unit = BW_S;
	const char *from;

	if (**at != '.')
		return 0;
	for (from = ++*at; **at >= '0' && **at <= '9'; (*at)++) {
		unit /= 10;
		ns += unit * (**at - '0');
	}
	return *at > from && *at - from <= 9 ? ns : -1;
}

/* timegm() of a date and time that are checked, without its search for the year. */
static int64_t seconds_of(const struct tm *tm)
{
	/* Years from 400 years earlier on, each from March, so that a leap day is the last. */
	const int month = (tm->tm_mon + 10) % 12, year = tm->tm_year + 1900 + 400 - (month >= 10);
	const int64_t days = 365 * (int64_t)year + year / 4 - year / 100 + year / 400 +
			     (153 * month + 2) / 5 + tm->tm_mday - 1 - (719468 + 146097);

	return days * (DAY / BW_S) + tm->tm_hour * (HOUR / BW_S) + tm->tm_min * (MINUTE / BW_S) +
	       tm->tm_sec;
}

int bw_wall_parse(const char *text, struct bw_wall *ret_time)
{
	struct tm tm = {0};
	int64_t fraction, ns;

	if (!take_date(&text, &tm) || !take_clock(&text, &tm))
		return BW_ERR_SYNTAX;
	fraction = take_fraction(&text);
	if (fraction < 0 || (strcmp(text, "Z") != 0 && strcmp(text, "+00:00") != 0))
		return BW_ERR_SYNTAX;
	if (__builtin_mul_overflow(seconds_of(&tm), BW_S, &ns) ||
	    __builtin_add_overflow(ns, fraction, &ns))
		return BW_ERR_SYNTAX;
	ret_time->ns = ns;
	return 0;
}

/* The length of a unit in ns, or 0 when TEXT is none. */
static int64_t unit_of(const char *text)
{
	static const struct {
		char name[4];
		int64_t ns;
	} units[] = {{"us", BW_US}, {"ms", BW_MS}, {"s", BW_S},
		     {"m", MINUTE}, {"h", HOUR},   {"d", DAY}};

	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text, units[i].name) == 0)
			return units[i].ns;
	}
	return 0;
}

/*
 * NUMBER (digits, perhaps with a fraction) times UNIT; above DURATION_MAX any
 * value above it. What is finer than a nanosecond is cut off.
 */
static int64_t scale_number(const char *number, int64_t unit)
{
	int64_t ns = 0;

	for (; *number >= '0' && *number <= '9'; number++) {
		if (__builtin_mul_overflow(ns, 10, &ns) ||
		    __builtin_add_overflow(ns, unit * (*number - '0'), &ns))
			return INT64_MAX;
	}
	if (ns > DURATION_MAX)
		return ns;
	if (*number == '.')
		number++;
	for (; *number >= '0' && *number <= '9'; number++) {
		unit /= 10;
		ns += unit * (*number - '0');
	}
	return ns;
}

int bw_duration_parse(const char *text, int64_t *ret_ns, struct bw_err *err)
{
	bool negative = text[0] == '-';
	const char *number = text + negative;
	size_t whole = strspn(number, "0123456789"), length = whole;
	int64_t unit, ns;

	if (number[whole] == '.') {
		size_t fraction = strspn(number + whole + 1, "0123456789");
		length = fraction > 0 ? whole + 1 + fraction : 0;
	}
	unit = unit_of(number + length);
	if (whole == 0 || length == 0 || unit == 0)
		return bw_err_set(err, BW_ERR_SYNTAX,
				  "'%.40s' is no duration; use a number with one of the units "
				  "us, ms, s, m, h, d, as in 500ms or 10s",
				  text);
	ns = scale_number(number, unit);
	if (negative || ns > DURATION_MAX)
		return bw_err_set(err, BW_ERR_VALUE, "duration '%.40s' is %s", text,
				  negative ? "negative" : "longer than 100 years");
	*ret_ns = ns;
	return 0;
}

/* NS to the nearest multiple of QUANTUM, halves up. */
static uint64_t round_to(uint64_t ns, uint64_t quantum)
{
	return (ns + quantum / 2) / quantum * quantum;
}

/* Three digits at most for short ones, two units for long ones: what an eye takes in. */
static uint64_t round_for_people(uint64_t ns)
{
	static const struct {
		int64_t limit, quantum;
	} steps[] = {{BW_MS, 10 * BW_US}, {10 * BW_MS, 100 * BW_US}, {BW_S, BW_MS},
		     {10 * BW_S, 100 * BW_MS}, {HOUR, BW_S}, {DAY, MINUTE}};

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		uint64_t rounded = round_to(ns, (uint64_t)steps[i].quantum);

		if (rounded < (uint64_t)steps[i].limit)
			return rounded;
	}
	return round_to(ns, HOUR);
}

/* "9 h 31 min", or "9 h" when nothing is left. */
static void put_pair(char *buffer, const char *sign, uint64_t ns, int64_t large, int64_t small,
		     const char *const names[2])
{
	unsigned first = (unsigned)(ns / (uint64_t)large);
	unsigned second = (unsigned)(ns % (uint64_t)large / (uint64_t)small);

	if (second)
		snprintf(buffer, BW_DURATION_TEXT, "%s%u %s %u %s", sign, first, names[0], second,
			 names[1]);
	else
		snprintf(buffer, BW_DURATION_TEXT, "%s%u %s", sign, first, names[0]);
}

char *bw_duration_format(int64_t ns, char *buffer)
{
	const char *sign = ns < 0 ? "-" : "";
	uint64_t size = round_for_people(ns < 0 ? -(uint64_t)ns : (uint64_t)ns);

	if (size == 0)
		snprintf(buffer, BW_DURATION_TEXT, "0 s");
	else if (size < (uint64_t)BW_S)
		snprintf(buffer, BW_DURATION_TEXT, "%s%.3g ms", sign, (double)size / (double)BW_MS);
	else if (size < (uint64_t)MINUTE)
		snprintf(buffer, BW_DURATION_TEXT, "%s%.3g s", sign, (double)size / (double)BW_S);
	else if (size < (uint64_t)HOUR)
		put_pair(buffer, sign, size, MINUTE, BW_S, (const char *const[]){"min", "s"});
	else if (size < (uint64_t)DAY)
		put_pair(buffer, sign, size, HOUR, MINUTE, (const char *const[]){"h", "min"});
	else
		put_pair(buffer, sign, size, DAY, HOUR, (const char *const[]){"d", "h"});
	return buffer;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "sys/http/unpack_body.h"

#define PLAIN 300000

static const struct unpack_body_limits limits = {.packed = 1 << 20,
						 .unpacked = 8 << 20,
						 .ratio = 100};

static char *make_text(size_t length)
{
	char *text = malloc(length);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)('a' + i * i % 26);
	return text;
}

static size_t pack_gzip(const char *text, size_t length, unsigned char *packed, size_t size)
{
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)text,
			   .avail_in = (uInt)length,
			   .next_out = packed,
			   .avail_out = (uInt)size};

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return stream.total_out;
}

static size_t pack_zstd(const char *text, size_t length, unsigned char *packed, size_t size)
{
	const size_t used = ZSTD_compress(packed, size, text, length, 3);

	assert_false(ZSTD_isError(used));
	return used;
}

/* In pieces of STEP bytes. Returns the first error. */
static int unpack(struct unpack_body *body, enum unpack_body_coding coding,
		  const unsigned char *packed, size_t length, size_t step)
{
	int result = unpack_body_init(body, coding, &limits);

	for (size_t at = 0; at < length && result == 0; at += step)
		result = unpack_body_add(body, (const char *)packed + at,
					 length - at < step ? length - at : step);
	return result < 0 ? result : unpack_body_end(body);
}

static void check_coding(enum unpack_body_coding coding,
			 size_t (*pack)(const char *, size_t, unsigned char *, size_t))
{
	static const size_t steps[] = {1, 7, 65536, 1 << 20};
	char *text = make_text(PLAIN);
	unsigned char *packed = malloc(2 * PLAIN);
	size_t used = pack(text, PLAIN, packed, 2 * PLAIN);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct unpack_body body;

		assert_int_equal(unpack(&body, coding, packed, used, steps[i]), 0);
		assert_int_equal(body.length, PLAIN);
		assert_memory_equal(body.text, text, PLAIN);
		unpack_body_fini(&body);
		assert_int_equal(unpack(&body, coding, packed, used - 1, steps[i]), BW_ERR_SYNTAX);
		unpack_body_fini(&body);
	}
	/* Two frames, one after the other. */
	memcpy(packed + used, packed, used);
	{
		struct unpack_body body;

		assert_int_equal(unpack(&body, coding, packed, 2 * used, 65536), 0);
		assert_int_equal(body.length, 2 * PLAIN);
		unpack_body_fini(&body);
	}
	packed[used / 2] ^= 0x55;
	{
		struct unpack_body body;

		assert_int_equal(unpack(&body, coding, packed, used, 65536), BW_ERR_SYNTAX);
		unpack_body_fini(&body);
	}
	free(packed);
	free(text);
}

static void test_gzip(void **state)
{
	(void)state;
	check_coding(UNPACK_BODY_GZIP, pack_gzip);
}

static size_t pack_zstd_checked(const char *text, size_t length, unsigned char *packed, size_t size)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t used;

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	used = ZSTD_compress2(context, packed, size, text, length);
	ZSTD_freeCCtx(context);
	assert_false(ZSTD_isError(used));
	return used;
}

static void test_zstd(void **state)
{
	(void)state;
	check_coding(UNPACK_BODY_ZSTD, pack_zstd_checked);
}

/* A few kilobytes that unpack to a hundred times as much and more. */
static void test_bombs(void **state)
{
	char *zeros = calloc(1, 7 << 20);
	unsigned char *packed = malloc(1 << 20);
	struct unpack_body body;
	size_t used;

	(void)state;
	used = pack_gzip(zeros, 7 << 20, packed, 1 << 20);
	assert_int_equal(unpack(&body, UNPACK_BODY_GZIP, packed, used, 4096), BW_ERR_LIMIT);
	unpack_body_fini(&body);
	used = pack_zstd(zeros, 7 << 20, packed, 1 << 20);
	assert_int_equal(unpack(&body, UNPACK_BODY_ZSTD, packed, used, 4096), BW_ERR_LIMIT);
	unpack_body_fini(&body);
	free(packed);
	free(zeros);
}

static void test_plain(void **state)
{
	char *text = make_text(2 << 20);
	struct unpack_body body;

	(void)state;
	assert_int_equal(unpack(&body, UNPACK_BODY_NONE, (unsigned char *)text, 1 << 20, 1000), 0);
	assert_int_equal(body.length, 1 << 20);
	unpack_body_fini(&body);
	assert_int_equal(unpack(&body, UNPACK_BODY_NONE, (unsigned char *)text, (1 << 20) + 1,
				4096),
			 BW_ERR_LIMIT);
	unpack_body_fini(&body);
	free(text);
}

static void test_words(void **state)
{
	enum unpack_body_coding coding;

	(void)state;
	assert_int_equal(unpack_body_coding(NULL, &coding), 0);
	assert_int_equal(coding, UNPACK_BODY_NONE);
	assert_int_equal(unpack_body_coding("GZip", &coding), 0);
	assert_int_equal(coding, UNPACK_BODY_GZIP);
	assert_int_equal(unpack_body_coding("br", &coding), BW_ERR_VALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip),  cmocka_unit_test(test_zstd),
		cmocka_unit_test(test_bombs), cmocka_unit_test(test_plain),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("sys/unpack_body", tests, NULL, NULL);
}

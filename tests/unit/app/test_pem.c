/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/common/pem.h"

#define PART(label, body) "-----BEGIN " label "-----\n" body "\n-----END " label "-----\n"
#define WHOLE "MAMCAQE="    /* a sequence of 3 bytes */
#define LONG "MIGAAgEBAgEB" /* of 128 bytes, of which 6 are there */
#define CREDENTIALS PART("NATS USER JWT", "eyJ0") PART("USER NKEY SEED", "SUAA")

static void expect(enum pem_kind kind, const char *text, const char *words)
{
	struct bw_err err = {0};
	const int code = pem_check(kind, text, &err);

	assert_int_equal(code, words ? BW_ERR_VALUE : 0);
	if (words && !strstr(err.message, words))
		fail_msg("'%s' has no '%s'", err.message, words);
}

static void test_what_is_good(void **state)
{
	(void)state;
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", WHOLE), NULL);
	expect(PEM_CERTIFICATES, "CA of the centre\r\n" PART("CERTIFICATE", "MAMC\r\nAQE="), NULL);
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", WHOLE) PART("CERTIFICATE", WHOLE), NULL);
	expect(PEM_CERTIFICATES, PART("PRIVATE KEY", WHOLE) PART("CERTIFICATE", WHOLE), NULL);
	expect(PEM_KEY, PART("PRIVATE KEY", WHOLE), NULL);
	expect(PEM_KEY, PART("EC PARAMETERS", "BggqhkjOPQMBBw==") PART("EC PRIVATE KEY", WHOLE),
	       NULL);
	expect(PEM_CREDENTIALS, CREDENTIALS, NULL);
}

static void test_another_file(void **state)
{
	(void)state;
	expect(PEM_CERTIFICATES, "", "has no certificate");
	expect(PEM_CERTIFICATES, "0\x82\x01", "-----BEGIN CERTIFICATE-----");
	expect(PEM_CERTIFICATES, PART("PRIVATE KEY", WHOLE), "has no certificate");
	expect(PEM_CERTIFICATES, PART("CERTIFICATE REQUEST", WHOLE), "has no certificate");
	expect(PEM_KEY, PART("CERTIFICATE", WHOLE), "has no private key");
	expect(PEM_KEY, PART("ENCRYPTED PRIVATE KEY", WHOLE), "pass phrase");
	expect(PEM_KEY, PART("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\n" WHOLE), "pass phrase");
	expect(PEM_CREDENTIALS, PART("USER NKEY SEED", "SUAA"), "has no credentials of NATS");
}

static void test_a_damaged_file(void **state)
{
	(void)state;
	expect(PEM_CERTIFICATES, "-----BEGIN CERTIFICATE-----\n" WHOLE "\n", "cut off");
	expect(PEM_CERTIFICATES, "-----BEGIN CERTIF", "cut off");
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", LONG), "damaged");
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", "MAMCAQ"), "damaged");
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", "MAM?AQE="), "damaged");
	expect(PEM_CERTIFICATES, PART("CERTIFICATE", ""), "damaged");
	expect(PEM_CERTIFICATES,
	       PART("CERTIFICATE", WHOLE) "-----BEGIN CERTIFICATE-----\n" PART("CERTIFICATE",
									       WHOLE),
	       "damaged");
	expect(PEM_KEY, PART("PRIVATE KEY", "BAEB"), "damaged");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_good),
		cmocka_unit_test(test_another_file),
		cmocka_unit_test(test_a_damaged_file),
	};

	return cmocka_run_group_tests_name("app/pem", tests, NULL, NULL);
}

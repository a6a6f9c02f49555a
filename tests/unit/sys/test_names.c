/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/names.h"

#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include <blockwatch/time.h>

/* What /etc/hosts says of this machine, without a server. */
static void finds_the_name_of_this_machine(void **state)
{
	struct sockaddr_in local = {.sin_family = AF_INET};
	struct names *names;
	struct bw_addr addr;
	char wanted[NI_MAXHOST];

	(void)state;
	local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (getnameinfo((struct sockaddr *)&local, sizeof(local), wanted, sizeof(wanted), NULL, 0,
			NI_NAMEREQD))
		skip();
	assert_int_equal(bw_addr_parse("127.0.0.1", &addr), 0);
	assert_int_equal(names_new(&names, NULL), 0);
	assert_null(names_find(names, &addr));
	names_ask(names, &addr);
	names_ask(names, &addr);
	names_wait(names, 60 * BW_S);
	assert_string_equal(names_find(names, &addr), wanted);
	names_free(names);
}

static void has_no_name_for_what_was_not_asked(void **state)
{
	struct names *names;
	struct bw_addr addr;

	(void)state;
	assert_int_equal(bw_addr_parse("2001:db8::1", &addr), 0);
	assert_int_equal(names_new(&names, NULL), 0);
	names_wait(names, 60 * BW_S);
	assert_null(names_find(names, &addr));
	names_free(names);
	names_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_name_of_this_machine),
		cmocka_unit_test(has_no_name_for_what_was_not_asked),
	};

	return cmocka_run_group_tests_name("sys/names", tests, NULL, NULL);
}

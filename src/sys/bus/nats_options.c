/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/bus/nats_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECONNECT_WAIT_MS 2000
#define RECONNECT_BUFFER 1 /* nothing waits for the next server; 0 is the default of 8 MiB */
#define PING_MS 20000
#define BUFFER (256 * 1024)

/* The line behind the one that begins with BEGIN; a copy of the caller. NULL: it is not there. */
static char *copy_line_behind(const char *text, const char *begin)
{
	const char *at = strstr(text, begin);

	at = at ? strchr(at, '\n') : NULL;
	return at ? strndup(at + 1, strcspn(at + 1, "\r\n")) : NULL;
}

static natsStatus give_jwt(char **ret_jwt, char **ret_error, void *self)
{
	const struct nats_link_options *options = self;

	*ret_jwt = copy_line_behind(options->credentials, "-----BEGIN NATS USER JWT-----");
	if (!*ret_jwt)
		*ret_error = strdup("the credentials file has no user JWT");
	return *ret_jwt ? NATS_OK : NATS_ERR;
}

static natsStatus sign(char **ret_error, unsigned char **ret_signature, int *ret_length,
		       const char *nonce, void *self)
{
	const struct nats_link_options *options = self;
	char *seed = copy_line_behind(options->credentials, "-----BEGIN USER NKEY SEED-----");
	natsStatus status = seed ? nats_Sign(seed, nonce, ret_signature, ret_length) : NATS_ERR;

	if (status != NATS_OK)
		*ret_error = strdup("the credentials file has no usable seed");
	if (seed)
		explicit_bzero(seed, strlen(seed));
	free(seed);
	return status;
}

/* The name in the URL, which the server's certificate must have. */
static natsStatus expect_host(natsOptions *options, const char *url)
{
	const char *from = strstr(url, "://"), *at;
	char host[256];

	from = from ? from + 3 : url;
	at = strchr(from, '@');
	from = at ? at + 1 : from;
	if (*from == '[')
		snprintf(host, sizeof(host), "%.*s", (int)strcspn(from + 1, "]"), from + 1);
	else
		snprintf(host, sizeof(host), "%.*s", (int)strcspn(from, ":/"), from);
	return natsOptions_SetExpectedHostname(options, host);
}

static natsStatus set_tls(natsOptions *options, const struct nats_link_options *link)
{
	natsStatus status = NATS_OK;

	if (strncmp(link->url, "tls://", 6) != 0)
		return NATS_OK;
	status = natsOptions_SetSecure(options, true);
	if (status == NATS_OK)
		status = expect_host(options, link->url);
	if (status == NATS_OK && link->ca)
		status = natsOptions_SetCATrustedCertificates(options, link->ca);
	if (status == NATS_OK && link->certificate)
		status = natsOptions_SetCertificatesChain(options, link->certificate, link->key);
	return status;
}

static natsStatus set_limits(natsOptions *options, const struct nats_link_options *link)
{
	int64_t timeout_ms = link->timeout_ns / 1000000;
	natsStatus status =
		natsOptions_SetTimeout(options, timeout_ms < 15000 ? timeout_ms : 15000);

	if (status == NATS_OK)
		status = natsOptions_SetWriteDeadline(options,
						      timeout_ms < 5000 ? timeout_ms : 5000);
	if (status == NATS_OK)
		status = natsOptions_SetMaxReconnect(options, -1);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectWait(options, RECONNECT_WAIT_MS);
	if (status == NATS_OK)
		status = natsOptions_SetReconnectBufSize(options, RECONNECT_BUFFER);
	if (status == NATS_OK)
		status = natsOptions_SetPingInterval(options, PING_MS);
	if (status == NATS_OK)
		status = natsOptions_SetIOBufSize(options, BUFFER);
	return status;
}

natsStatus nats_options_make(const struct nats_link_options *link, natsOptions **ret_options)
{
	natsStatus status = natsOptions_Create(ret_options);

	if (status == NATS_OK)
		status = natsOptions_SetURL(*ret_options, link->url);
	if (status == NATS_OK)
		status = natsOptions_SetName(*ret_options, link->name);
	if (status == NATS_OK)
		status = set_limits(*ret_options, link);
	if (status == NATS_OK)
		status = set_tls(*ret_options, link);
	if (status == NATS_OK && link->credentials)
		status = natsOptions_SetUserCredentialsCallbacks(*ret_options, give_jwt,
								 (void *)(uintptr_t)link, sign,
								 (void *)(uintptr_t)link);
	return status;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/collect/collect.h"

#include <errno.h>
#include <string.h>

#include "base/clean.h"
#include "conf/collect/collect_keys.h"
#include "conf/collect/collect_nats.h"
#include "conf/collect/collect_store.h"
#include "conf/keys/print.h"
#include "conf/keys/schema.h"
#include "conf/keys/url.h"

static void note_place(const struct node *root, const char *key, struct keys_place *ret_place)
{
	const struct node value = node_member(root, key);

	if (node_exists(&value))
		*ret_place = keys_place_of(&value);
}

static int check_webhook_url(const char *url, struct bw_err *err)
{
	const char *rest = url_skip_scheme(url, "http https");

	if (!rest)
		return bw_err_set(err, BW_ERR_VALUE, "'%.200s' must begin with http:// or https://",
				  url);
	if (url_has_user(rest))
		return bw_err_set(err, BW_ERR_VALUE, "has a user or a password in it");
	if (!url_is_valid(rest))
		return bw_err_set(err, BW_ERR_VALUE,
				  "'%.200s' is no URL: it has a host, and a port from 1 to 65535 "
				  "if need be, as in \"https://alarm.example:8443/blockwatch\"",
				  url);
	return 0;
}

static int check_webhook(const struct conf_collect_webhook *webhook, size_t number,
			 struct bw_err *err)
{
	char field[64];
	const bool runs = webhook->command.count > 0;
	int result;

	if (!webhook->url == !runs)
		result = bw_err_set(err, BW_ERR_VALUE,
				    "a webhook has one of \"url\" and \"command\"");
	else if (runs && webhook->secret_file)
		result = bw_err_set(err, BW_ERR_VALUE,
				    "\"secret_file\" signs what goes to a URL: a command has none");
	else
		result = runs ? 0 : check_webhook_url(webhook->url, err);
	snprintf(field, sizeof(field), "webhooks[%zu]%s", number,
		 webhook->url && !runs ? ".url" : "");
	if (result < 0)
		bw_err_place(err, webhook->place.file, webhook->place.line, webhook->place.column,
			     field);
	return result;
}

static int check_webhooks(const struct conf_collect *conf, struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < conf->webhooks.count && result == 0; i++)
		result = check_webhook(&conf->webhooks.list[i], i, err);
	return result;
}

static int check_tokens(const struct conf_collect *conf, struct bw_err *err)
{
	for (size_t i = 0; i < conf->vantages.count; i++) {
		const struct conf_collect_vantage *vantage = &conf->vantages.list[i];
		char field[64];

		if (vantage->token_file || conf->nats.url)
			continue;
		snprintf(field, sizeof(field), "vantages[%zu].token_file", i);
		bw_err_set(err, BW_ERR_VALUE,
			   "is required: without \"nats\" records come over HTTP alone");
		bw_err_place(err, vantage->place.file, vantage->place.line, vantage->place.column,
			     field);
		return BW_ERR_VALUE;
	}
	return 0;
}

static int read_root(struct conf_collect *conf, const struct document *document, struct bw_err *err)
{
	const struct node root = node_root(document);
	int result = keys_read(&collect_keys, &root, conf, &conf->pool);

	note_place(&root, "listen", &conf->places.listen);
	note_place(&root, "store", &conf->places.store);
	note_place(&root, "read_token_file", &conf->places.read_token_file);
	note_place(&root, "user", &conf->places.user);
	note_place(&root, "quorum", &conf->places.quorum);
	note_place(&root, "tls", &conf->tls.place);
	note_place(&root, "nats", &conf->nats.place);
	if (result == 0)
		result = keys_finish(&collect_keys, &root, conf, &conf->pool);
	if (result == 0)
		result = collect_store_read(conf, document->file, err);
	if (result == 0)
		result = check_webhooks(conf, err);
	if (result == 0)
		result = check_tokens(conf, err);
	return result == 0 ? collect_nats_check(conf, err) : result;
}

int conf_collect_parse(const char *bytes, size_t length, const char *file_name,
		       struct conf_collect *conf, struct bw_err *err)
{
	struct document document = {.file = file_name, .err = err};
	int result = keys_init(&collect_keys, conf, &conf->pool);

	if (result < 0)
		return bw_err_set(err, result, "out of memory");
	result = document_parse(&document, &keys_form, bytes, length);
	if (result == 0)
		result = read_root(conf, &document, err);
	document_fini(&document);
	return result;
}

void conf_collect_fini(struct conf_collect *conf)
{
	pool_fini(&conf->pool);
	*conf = (struct conf_collect){.listen = NULL};
}

void conf_collect_print(const struct conf_collect *conf, FILE *out)
{
	struct conf_collect shown = *conf;
	char store[4096];

	collect_store_print(conf->store, store, sizeof(store));
	shown.store = store;
	keys_print_values(&collect_keys, &shown, out);
}

int conf_collect_print_schema(FILE *out)
{
	return keys_print_schema(&collect_keys, "urn:blockwatch:collector-config:1",
				 "blockwatch-collector: configuration file, version 1", out);
}

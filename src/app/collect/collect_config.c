/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_MIN 16

static int at_place(const struct keys_place *place, const char *field, struct bw_err *err)
{
	const int code = err->code;
	struct bw_err inner = *err;

	bw_err_set(err, code, "%s: %s", inner.file, inner.message);
	bw_err_place(err, place->file, place->line, place->column, field);
	return code;
}

static int check_token(const struct secret *token, const char *path, struct bw_err *err)
{
	if (token->length >= TOKEN_MIN)
		return 0;
	bw_err_set(err, BW_ERR_VALUE, "holds no token: one line of at least %d characters",
		   TOKEN_MIN);
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_VALUE;
}

static int read_token(const char *path, const struct keys_place *place, const char *field,
		      struct secret *ret_token, struct bw_err *err)
{
	int code = secret_read(path, NULL, true, ret_token, err);

	if (code == 0)
		code = secret_trim(ret_token, path, err);
	if (code == 0)
		code = check_token(ret_token, path, err);
	return code < 0 ? at_place(place, field, err) : 0;
}

static int read_vantage(struct collect_config *config, size_t number, struct bw_err *err)
{
	const struct conf_collect_vantage *vantage = &config->conf.vantages.list[number];
	char field[64];
	int code;

	if (!vantage->token_file)
		return 0;
	snprintf(field, sizeof(field), "vantages[%zu].token_file", number);
	code = read_token(vantage->token_file, &vantage->place, field, &config->tokens[number],
			  err);
	for (size_t i = 0; i < number && code == 0; i++) {
		if (!config->tokens[i].bytes ||
		    strcmp(config->tokens[i].bytes, config->tokens[number].bytes) != 0)
			continue;
		code = bw_err_set(err, BW_ERR_OVERLAP,
				  "the token is that of \"%s\": each vantage has its own",
				  config->conf.vantages.list[i].name);
		bw_err_place(err, vantage->place.file, vantage->place.line, vantage->place.column,
			     field);
	}
	return code;
}

/* What identifies a webhook: its URL, or the words of its command. */
static char *name_of(const struct conf_collect_webhook *conf)
{
	char *name = strdup(conf->url ? conf->url : "command"), *longer;

	for (size_t n = 0; name && n < conf->command.count; n++) {
		if (asprintf(&longer, "%s %s", name, conf->command.list[n].text) < 0)
			longer = NULL;
		free(name);
		name = longer;
	}
	return name;
}

static int check_webhook_name(const struct collect_config *config, size_t number,
			      struct bw_err *err)
{
	const struct keys_place *place = &config->conf.webhooks.list[number].place;

	for (size_t n = 0; n < number; n++) {
		if (strcmp(config->webhooks[n].name, config->webhooks[number].name) != 0)
			continue;
		bw_err_set(err, BW_ERR_OVERLAP, "the same command is given twice");
		bw_err_place(err, place->file, place->line, place->column, "webhooks");
		return BW_ERR_OVERLAP;
	}
	return 0;
}

static int read_webhook(struct collect_config *config, size_t number, struct bw_err *err)
{
	const struct conf_collect_webhook *conf = &config->conf.webhooks.list[number];
	struct collect_config_webhook *webhook = &config->webhooks[number];
	char field[64];
	int code;

	snprintf(field, sizeof(field), "webhooks[%zu].secret_file", number);
	webhook->name = name_of(conf);
	webhook->targets = calloc(conf->targets.count + 1, sizeof(webhook->targets[0]));
	if (!webhook->name || !webhook->targets)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t n = 0; n < conf->targets.count; n++)
		webhook->targets[n] = conf->targets.list[n].text;
	code = secret_read(conf->secret_file, NULL, true, &webhook->secret, err);
	if (code == 0)
		code = secret_trim(&webhook->secret, conf->secret_file, err);
	if (code < 0)
		return at_place(&conf->place, field, err);
	return check_webhook_name(config, number, err);
}

static int read_webhooks(struct collect_config *config, struct bw_err *err)
{
	const size_t count = config->conf.webhooks.count;
	int code = 0;

	if (count > WEBHOOKS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "%zu webhooks are too many: the limit is %d",
				  count, WEBHOOKS_MAX);
	config->webhooks = calloc(count + 1, sizeof(*config->webhooks));
	if (!config->webhooks)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t n = 0; n < count && code == 0; n++)
		code = read_webhook(config, n, err);
	return code;
}

static int read_tls(struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	const struct keys_place *place = &conf->tls.place;

	if (secret_read_pem(conf->tls.certificate, NULL, PEM_CERTIFICATES, &config->certificate,
			    err) < 0)
		return at_place(place, "tls.certificate", err);
	if (secret_read_pem(conf->tls.key, NULL, PEM_KEY, &config->key, err) < 0)
		return at_place(place, "tls.key", err);
	return 0;
}

static int read_nats(struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	const struct client_files files = {conf->nats.credentials_file, conf->nats.ca_file,
					   conf->nats.client_certificate, conf->nats.client_key};

	if (!conf->nats.url)
		return 0;
#ifdef BW_WITH_NATS
	if (client_secrets_read(&files, NULL, &config->nats, err) == 0 &&
	    client_secrets_check(&files, &config->nats, err) == 0)
		return 0;
	return at_place(&conf->nats.place, "nats", err);
#else
	(void)files;
	bw_err_set(err, BW_ERR_VALUE, "this program was built without libnats");
	bw_err_place(err, conf->nats.place.file, conf->nats.place.line, conf->nats.place.column,
		     "nats");
	return BW_ERR_VALUE;
#endif
}

/* A vantage that sends must not be able to read by the same token, nor the other way round. */
static int read_read_token(struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	const struct keys_place *place = &conf->places.read_token_file;
	int code = read_token(conf->read_token_file, place, "read_token_file", &config->read_token,
			      err);

	for (size_t i = 0; i < conf->vantages.count && code == 0; i++) {
		if (!config->tokens[i].bytes ||
		    strcmp(config->tokens[i].bytes, config->read_token.bytes) != 0)
			continue;
		code = bw_err_set(err, BW_ERR_OVERLAP,
				  "the token is that of \"%s\": reading has its own",
				  conf->vantages.list[i].name);
		bw_err_place(err, place->file, place->line, place->column, "read_token_file");
	}
	return code;
}

static int read_secrets(struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	int code = 0;

	config->tokens = calloc(conf->vantages.count, sizeof(*config->tokens));
	if (!config->tokens)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < conf->vantages.count && code == 0; i++)
		code = read_vantage(config, i, err);
	if (code == 0 && conf->read_token_file)
		code = read_read_token(config, err);
	if (code == 0)
		code = read_nats(config, err);
	if (code == 0)
		code = read_webhooks(config, err);
	return code == 0 ? read_tls(config, err) : code;
}

int collect_config_read(const char *path, struct collect_config *config, struct bw_err *err)
{
	struct secret text;
	int code = secret_read(path, NULL, false, &text, err);

	if (code < 0)
		return code;
	code = conf_collect_parse(text.bytes, text.length, path, &config->conf, err);
	secret_fini(&text);
	return code == 0 ? read_secrets(config, err) : code;
}

void collect_config_fleet(const struct collect_config *config, struct fleet *fleet)
{
	const struct conf_collect *conf = &config->conf;

	fleet->count = conf->vantages.count;
	fleet->stale_after = (unsigned)conf->stale_after;
	for (size_t i = 0; i < fleet->count; i++)
		fleet->list[i] = (struct fleet_member){
			.name = conf->vantages.list[i].name,
			.token = config->tokens[i].bytes,
			.asn = (uint32_t)conf->vantages.list[i].asn,
		};
}

void collect_config_webhooks(const struct collect_config *config, struct webhooks *webhooks)
{
	webhooks->count = config->conf.webhooks.count;
	for (size_t n = 0; n < webhooks->count; n++)
		webhooks->list[n] = (struct webhook){
			.name = config->webhooks[n].name,
			.secret = config->webhooks[n].secret.bytes,
			.targets = config->webhooks[n].targets,
			.target_count = config->conf.webhooks.list[n].targets.count,
		};
}

void collect_config_fini(struct collect_config *config)
{
	for (size_t i = 0; config->tokens && i < config->conf.vantages.count; i++)
		secret_fini(&config->tokens[i]);
	free(config->tokens);
	for (size_t i = 0; config->webhooks && i < config->conf.webhooks.count; i++) {
		free(config->webhooks[i].name);
		free(config->webhooks[i].targets);
		secret_fini(&config->webhooks[i].secret);
	}
	free(config->webhooks);
	secret_fini(&config->read_token);
	client_secrets_fini(&config->nats);
	secret_fini(&config->certificate);
	secret_fini(&config->key);
	conf_collect_fini(&config->conf);
}

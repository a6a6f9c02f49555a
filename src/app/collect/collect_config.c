/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/common/log.h"

#define TEXT_MAX ((size_t)1 << 20)
#define TOKEN_MIN 16

struct text {
	char *bytes;
	size_t length;
};

static int fail(const char *path, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_MISSING, "cannot read it: %s", strerror(errno));
	bw_err_place(err, path, 0, 0, NULL);
	return BW_ERR_MISSING;
}

/* The whole of a file, terminated. */
static int read_text(const char *path, struct text *ret_text, struct bw_err *err)
{
	FILE *file = fopen(path, "re");
	struct text text;

	if (!file)
		return fail(path, err);
	text.bytes = calloc(1, TEXT_MAX + 1);
	if (!text.bytes) {
		fclose(file);
		return bw_err_set(err, -ENOMEM, "out of memory");
	}
	errno = 0;
	text.length = fread(text.bytes, 1, TEXT_MAX, file);
	if (ferror(file)) {
		fail(path, err);
		free(text.bytes);
		fclose(file);
		return BW_ERR_MISSING;
	}
	fclose(file);
	*ret_text = text;
	return 0;
}

static void warn_of_readers(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & S_IROTH))
		log_warn("%s: others may read this token: chmod o-r it", path);
}

static int at_place(const struct keys_place *place, const char *field, struct bw_err *err)
{
	const int code = err->code;
	struct bw_err inner = *err;

	bw_err_set(err, code, "%s: %s", inner.file, inner.message);
	bw_err_place(err, place->file, place->line, place->column, field);
	return code;
}

static int read_token(const char *path, const struct keys_place *place, const char *field,
		      char **ret_token, struct bw_err *err)
{
	struct text text;
	size_t length;
	int code = read_text(path, &text, err);

	if (code < 0)
		return at_place(place, field, err);
	warn_of_readers(path);
	length = strcspn(text.bytes, "\r\n");
	if (length < TOKEN_MIN || text.bytes[length + strspn(text.bytes + length, "\r\n")]) {
		bw_err_set(err, BW_ERR_VALUE, "holds no token: one line of at least %d characters",
			   TOKEN_MIN);
		bw_err_place(err, path, 0, 0, NULL);
		code = at_place(place, field, err);
		free(text.bytes);
		return code;
	}
	text.bytes[length] = '\0';
	*ret_token = text.bytes;
	return 0;
}

static int read_vantage(struct collect_config *config, size_t number, struct bw_err *err)
{
	const struct conf_collect_vantage *vantage = &config->conf.vantages.list[number];
	char field[64];
	int code;

	snprintf(field, sizeof(field), "vantages[%zu].token_file", number);
	code = read_token(vantage->token_file, &vantage->place, field, &config->tokens[number],
			  err);
	for (size_t i = 0; i < number && code == 0; i++) {
		if (strcmp(config->tokens[i], config->tokens[number]) != 0)
			continue;
		code = bw_err_set(err, BW_ERR_OVERLAP,
				  "the token is that of \"%s\": each vantage has its own",
				  config->conf.vantages.list[i].name);
		bw_err_place(err, vantage->place.file, vantage->place.line, vantage->place.column,
			     field);
	}
	return code;
}

static int read_tls(struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	struct text certificate, key;
	int code;

	if (!conf->tls.certificate)
		return 0;
	code = read_text(conf->tls.certificate, &certificate, err);
	if (code < 0)
		return at_place(&conf->tls.place, "tls.certificate", err);
	config->certificate = certificate.bytes;
	code = read_text(conf->tls.key, &key, err);
	if (code < 0)
		return at_place(&conf->tls.place, "tls.key", err);
	config->key = key.bytes;
	return 0;
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
		code = read_token(conf->read_token_file, &conf->places.read_token_file,
				  "read_token_file", &config->read_token, err);
	return code == 0 ? read_tls(config, err) : code;
}

int collect_config_read(const char *path, struct collect_config *config, struct bw_err *err)
{
	struct text text;
	int code = read_text(path, &text, err);

	if (code < 0)
		return code;
	code = conf_collect_parse(text.bytes, text.length, path, &config->conf, err);
	free(text.bytes);
	return code == 0 ? read_secrets(config, err) : code;
}

const char *collect_config_database(const struct collect_config *config)
{
	return config->conf.store + strlen(CONF_COLLECT_SQLITE);
}

void collect_config_fleet(const struct collect_config *config, struct fleet *fleet)
{
	const struct conf_collect *conf = &config->conf;

	fleet->count = conf->vantages.count;
	fleet->stale_after = (unsigned)conf->stale_after;
	for (size_t i = 0; i < fleet->count; i++)
		fleet->list[i] = (struct fleet_member){
			.name = conf->vantages.list[i].name,
			.token = config->tokens[i],
			.asn = (uint32_t)conf->vantages.list[i].asn,
		};
}

void collect_config_fini(struct collect_config *config)
{
	for (size_t i = 0; config->tokens && i < config->conf.vantages.count; i++)
		free(config->tokens[i]);
	free(config->tokens);
	free(config->read_token);
	free(config->certificate);
	free(config->key);
	conf_collect_fini(&config->conf);
}

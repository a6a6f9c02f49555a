/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/collect/collect_nats.h"

#include <stddef.h>
#include <string.h>

#include "conf/keys/nats_names.h"
#include "conf/keys/url.h"
#include "conf/run/run_sinks.h"

#define OFFSET(member) \
	(offsetof(struct conf_collect, nats.member) - offsetof(struct conf_collect, nats))
#define FILE_KEY(key, member, ...)                                                                \
	{                                                                                         \
		.name = key, .type = KEYS_PATH, .flags = KEYS_MAY_BE_NULL, .min = 1, .max = 4000, \
		.offset = OFFSET(member), __VA_ARGS__                                             \
	}

static const struct keys_key keys[] = {
	{
		.name = "url",
		.type = KEYS_TEXT,
		.flags = KEYS_REQUIRED,
		.offset = OFFSET(url),
		.min = 1,
		.max = 2000,
		.example = "\"tls://stream.example:4222\"",
		.help = "The NATS server: nats:// or tls://.",
	},
	{
		.name = "stream",
		.type = KEYS_NAME,
		.offset = OFFSET(stream),
		.min = 1,
		.max = 255,
		.standard = "\"BLOCKWATCH\"",
		.help = "The stream of JetStream into which the vantages publish.",
	},
	{
		.name = "durable",
		.type = KEYS_NAME,
		.offset = OFFSET(durable),
		.min = 1,
		.max = 255,
		.standard = "\"collector\"",
		.help = "The durable consumer of the stream. It is made if there is none. Each "
			"database needs one of its own: those who share one share the messages.",
	},
	{
		.name = "subject",
		.type = KEYS_TEXT,
		.offset = OFFSET(subject),
		.min = 1,
		.max = 1000,
		.standard = "\"" CONF_RUN_SUBJECT "\"",
		.help = "The subjects of the records, as in the sinks of the vantages. The word "
			"that is {vantage} must be the record's.",
	},
	FILE_KEY("credentials_file", credentials_file,
		 .example = "\"/etc/blockwatch/stream.creds\"",
		 .help = "The credentials file (JWT and seed) of the user at the NATS server."),
	FILE_KEY("ca_file", ca_file, .absent = "those of the system",
		 .example = "\"/etc/blockwatch/ca.pem\"",
		 .help = "The certificates of the authorities that the server's certificate is "
			 "checked by, as PEM."),
	FILE_KEY("client_certificate", client_certificate,
		 .example = "\"/etc/blockwatch/client.pem\"",
		 .help = "The certificate of this client for mutual TLS, as PEM."),
	FILE_KEY("client_key", client_key, .example = "\"/etc/blockwatch/client.key\"",
		 .help = "The private key of \"client_certificate\", as PEM."),
};

const struct keys_group collect_nats_keys = {
	.what = "\"nats\"",
	.keys = keys,
	.count = sizeof(keys) / sizeof(keys[0]),
	.size = sizeof(((struct conf_collect *)NULL)->nats),
};

static int refuse(const struct keys_place *place, const char *field, struct bw_err *err)
{
	bw_err_place(err, place->file, place->line, place->column, field);
	return err ? err->code : BW_ERR_VALUE;
}

/* The key whose name JetStream cannot have, which ERR is of; NULL: none. */
static const char *find_bad_name(const struct conf_collect *conf, struct bw_err *err)
{
	if (nats_names_check_name(conf->nats.stream, err) < 0)
		return "nats.stream";
	if (nats_names_check_name(conf->nats.durable, err) < 0)
		return "nats.durable";
	return nats_names_check_subject(conf->nats.subject, err) < 0 ? "nats.subject" : NULL;
}

static bool has_vantage(const char *subject)
{
	static const char name[] = "{vantage}";

	for (; subject; subject = strchr(subject, '.'), subject += subject != NULL)
		if (strcspn(subject, ".") == sizeof(name) - 1 &&
		    strncmp(subject, name, sizeof(name) - 1) == 0)
			return true;
	return false;
}

/* In subjects a dot of a name becomes '_'. */
static bool are_one_subject(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if ((*a == '.' ? '_' : *a) != (*b == '.' ? '_' : *b))
			return false;
	return !*a && !*b;
}

static int check_vantage(const struct conf_collect *conf, size_t n, struct bw_err *err)
{
	const struct conf_collect_vantage *vantage = &conf->vantages.list[n];

	for (size_t i = 0; i < n; i++) {
		const char *other = conf->vantages.list[i].name;

		if (!are_one_subject(vantage->name, other))
			continue;
		bw_err_set(err, BW_ERR_OVERLAP,
			   "\"%s\" and \"%s\" have the same subject in NATS, where '.' is '_'",
			   other, vantage->name);
		return refuse(&vantage->place, "vantages", err);
	}
	return 0;
}

static int check_vantages(const struct conf_collect *conf, struct bw_err *err)
{
	int result = 0;

	for (size_t i = 0; i < conf->vantages.count && result == 0; i++)
		result = check_vantage(conf, i, err);
	return result;
}

int collect_nats_check(const struct conf_collect *conf, struct bw_err *err)
{
	const struct keys_place *place = &conf->nats.place;
	const char *bad;

	if (!conf->nats.url)
		return 0;
	if (url_check(conf->nats.url, URL_NATS, err) < 0)
		return refuse(place, "nats.url", err);
	bad = find_bad_name(conf, err);
	if (bad)
		return refuse(place, bad, err);
	if (!has_vantage(conf->nats.subject))
		bw_err_set(err, BW_ERR_VALUE,
			   "one word of \"subject\", between dots, must be "
			   "{vantage}");
	else if (!conf->nats.client_certificate != !conf->nats.client_key)
		bw_err_set(err, BW_ERR_VALUE,
			   "\"client_certificate\" and \"client_key\" need each other");
	else if (conf->nats.client_key && !url_skip_scheme(conf->nats.url, "tls"))
		bw_err_set(err, BW_ERR_VALUE, "a client certificate needs a URL with tls://");
	else
		return check_vantages(conf, err);
	return refuse(place, "nats", err);
}

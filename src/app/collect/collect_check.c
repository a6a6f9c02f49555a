/* SPDX-License-Identifier: Apache-2.0 */
#include "app/collect/collect_check.h"

#include <stdlib.h>
#include <string.h>

#include "app/collect/collect_store.h"
#include "app/common/log.h"
#include "sys/http/listen.h"
#include "sys/machine/privilege.h"

static int check_listen(const struct collect_config *config, struct bw_err *err)
{
	const struct keys_place *place = &config->conf.places.listen;
	int code = listen_check(config->conf.listen, err);

	if (code < 0)
		bw_err_place(err, place->file, place->line, place->column, "listen");
	return code;
}

int collect_check(const struct collect_config *config, struct bw_err *err)
{
	const struct conf_collect *conf = &config->conf;
	int code = check_listen(config, err);

	if (code == 0 && conf->user)
		code = privilege_find(conf->user, err);
	if (code == 0 && conf->vantages.count > FLEET_MAX)
		code = bw_err_set(err, BW_ERR_LIMIT, "%zu vantages are too many: the limit is %d",
				  conf->vantages.count, FLEET_MAX);
	return code == 0 ? collect_store_check(config, err) : code;
}

void collect_check_warn(const struct collect_config *config)
{
	if (config->certificate.bytes || listen_is_loopback(config->conf.listen))
		return;
	log_warn("listen: %s is not loopback, and there is no \"tls\": tokens and records cross "
		 "the network as plain text",
		 config->conf.listen);
}
